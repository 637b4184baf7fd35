"""A row of the screen, sent in few bytes: only what changes from one piece to the next. Must not know what it shows."""

from __future__ import annotations

from functools import lru_cache

from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style
from textual.strip import Strip

_LETTERS_ONLY = 0b111
"""Bold, dim and italic: attributes that a blank does not show."""


class Row(Strip):
    """A strip without links. Textual would set out all of every piece's style, and reset it after each."""

    __slots__ = ()

    def render(self, console: Console) -> str:
        if self._render_cache is None:
            system = console._color_system or ColorSystem.TRUECOLOR
            sent: list[str] = []
            before: Style | None = None
            for text, style, _ in self._segments:
                now = style or _PLAIN
                if now is not before:
                    codes = _turn(before, now, text.isspace(), system)
                    if codes is not None:
                        before = now
                        sent.append(codes)
                sent.append(text)
            self._render_cache = "".join([*sent, "\x1b[0m"])
        return self._render_cache


_PLAIN = Style()


@lru_cache(maxsize=4096)
def _turn(before: Style | None, now: Style, blank: bool, system: ColorSystem) -> str | None:
    """What leads from one style to another; None where blanks look the same in both."""
    codes = Strip.render_ansi(now, system)
    if before is None:
        return f"\x1b[{codes}m" if codes else ""
    if before.bgcolor == now.bgcolor:
        if blank and not (_attributes(before) | _attributes(now)) & ~_LETTERS_ONLY:
            return None
        if _attributes(before) == _attributes(now) and now.color is not None:
            return f"\x1b[{';'.join(now.color.downgrade(system).get_ansi_codes())}m"
    return f"\x1b[0;{codes}m" if codes else "\x1b[0m"


def _attributes(style: Style) -> int:
    return style._attributes & style._set_attributes
