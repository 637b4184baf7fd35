"""ListDialog: a list whose rows commands change; what cannot be done is said beneath it. Must not know what is
listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from textwrap import wrap
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from chainstep.engine.training.commands import Command

from ...render.canvas import text as canvas_text
from ...theme import glyphs
from .dialog import Answer, Dialog
from .options import Options

Send = Callable[[Command], str | None]
"""Carries a command out; what is wrong with it where it cannot be, and nothing has changed."""


class ListDialog(Dialog[Answer]):
    """A title, a list, what is wrong, and the keys."""

    TITLE: ClassVar[str]
    KEYS: ClassVar[str]
    NOTHING: ClassVar[str]
    """What stands in place of an empty list."""

    def __init__(self, send: Send) -> None:
        super().__init__()
        self._send = send

    # --- what a dialog is made of

    def rows(self) -> Sequence[Text]:
        """The list as it stands, each row at most `room` cells wide."""
        raise NotImplementedError

    def above(self) -> Iterator[Widget]:
        """What stands between title and list."""
        yield from ()

    def below(self) -> Iterator[Widget]:
        """What stands between list and keys."""
        yield from ()

    def first(self) -> Widget:
        """What has the focus when it opens."""
        return self.options

    def start(self) -> int:
        """The row that is highlighted when it opens."""
        return 0

    def locked(self, place: int) -> bool:
        """Whether a row cannot be chosen."""
        return False

    def keys(self) -> str:
        """What the keys do now."""
        return self.KEYS

    # --- the frame

    @property
    def line(self) -> int:
        """Cells of a line outside of the list, where no bar scrolls."""
        return self.room + 2

    @property
    def options(self) -> OptionList:
        """The list."""
        return self.query_one(OptionList)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog list") as box:
            box.styles.width = self.WIDTH
            yield Static(self.TITLE, classes="title", markup=False)
            yield from self.above()
            yield Options()
            yield from self.below()
            yield Static("", classes="error", markup=False)
            yield Static("", classes="words keys", markup=False)

    def on_mount(self) -> None:
        self.refill()
        self.first().focus()

    def on_resize(self) -> None:
        self.refill()

    def refill(self) -> None:
        """Make the rows anew; the same place stays highlighted."""
        options, rows = self.options, self.rows()
        chosen = self.start() if options.highlighted is None else options.highlighted
        options.set_options(
            [Option(row, disabled=self.locked(place)) for place, row in enumerate(rows)]
            or [Option(glyphs().say(self.NOTHING), disabled=True)]
        )
        options.highlighted = min(chosen, len(rows) - 1) if rows else None
        self.query_one(".keys", Static).update(in_lines(glyphs().say(self.keys()), self.line))

    def tell(self, command: Command) -> bool:
        """Carry out a command and show the list as it then stands; or what is wrong."""
        wrong = self._send(command)
        self.complain(wrong)
        if wrong is None:
            self.refill()
        return wrong is None


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` characters, or of one where the terminal has no room at all."""
    return wrap(text, max(1, width))


def in_lines(keys: str, width: int) -> str:
    """Keys and their words, two blanks or three apart, in lines of at most `width` characters; none is parted from its
    words.
    """
    gap = "   " if "   " in keys else "  "
    lines = [""]
    for entry in keys.split(gap):
        line = f"{lines[-1]}{gap}{entry}" if lines[-1] else entry
        lines[-1:] = [line] if len(line) <= width else [*filter(None, lines[-1:]), entry]
    return "\n".join(lines)


def cut(text: str, width: int) -> str:
    """The text in at most `width` cells, in the terminal's own signs."""
    return canvas_text.cut(text, width, glyphs().ellipsis)
