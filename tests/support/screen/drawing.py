"""The screen of an app under a pilot: as text, every letter and roughly every colour, and how often it is painted. Must
not know which app, or what is drawn.

Knows what is private to Textual 8.2.8, which is pinned: a screen's compositor paints, and remembers what it has yet to.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from rich.console import RenderableType
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, Compositor
from textual._context import visible_screen_stack
from textual.app import App
from textual.color import Color
from textual.geometry import Region, Size
from textual.renderables.background_screen import BackgroundScreen
from textual.renderables.blank import Blank
from textual.strip import Strip
from textual.theme import Theme

paint = Compositor.render_update


def strips_of(app: App[None]) -> list[Strip]:
    """The rows of the screen, or of its dialog."""
    # A screen keeps what it has rendered: whoever looks before the first paint has to give it what lies behind it.
    visible_screen_stack.set(app._background_screens)
    strips = app.screen._compositor.render_strips()
    dialog = [child.region for child in app.screen.children if child.region] if app.screen.is_modal else []
    if dialog:
        box = Region.from_union(dialog)
        strips = [strip.crop(box.x, box.right) for strip in strips[box.y : box.bottom]]
    return strips


def text(strips: Sequence[Strip]) -> str:
    """Rows, whatever their colours."""
    return "\n".join(strip.text for strip in strips)


def spelt(strips: Sequence[Strip], theme: Theme) -> str:
    """Rows as text, and below them a letter for the colour of each cell that is not blank.

    Of the theme's colours the nearest: `.` foreground, `q` quiet, `p` primary, `s` secondary, `a` accent, `w` warning,
    `e` error, large (`:`) where bold; `#` where the background is lit.
    """
    colours = _named(theme)
    # A screen has some thirty styles in a thousand segments.
    letter = cache(lambda style: _letter(style, colours))
    maps = ["".join([_letters(segment, letter) for segment in strip]).rstrip() for strip in strips]
    return "\n".join([*(strip.text.rstrip() for strip in strips), "", *maps])


def _named(theme: Theme) -> dict[str, Color]:
    foreground, background = Color.parse(theme.foreground or ""), Color.parse(theme.background or "")
    found = {
        "p": theme.primary,
        "s": theme.secondary,
        "a": theme.accent,
        "w": theme.warning,
        "e": theme.error,
        " ": theme.panel,
    }
    colours = {letter: Color.parse(colour or "") for letter, colour in found.items()}
    return {".": foreground, "q": background.blend(foreground, 0.5), "  ": background, **colours}


def _letters(segment: Segment, letter_of: Callable[[Style], str]) -> str:
    letter = letter_of(segment.style) if segment.style else ""
    if not letter:
        return " " * segment.cell_length
    return "".join([letter if letter == "#" or not sign.isspace() else " " for sign in segment.text])


def _letter(style: Style, colours: dict[str, Color]) -> str:
    """What stands for a style; nothing for one without colours."""
    if style.color is None or style.bgcolor is None:
        return ""
    ground, ink = (_nearest(Color.from_rich_color(colour), colours) for colour in (style.bgcolor, style.color))
    letter = "#" if ground.strip() else ink.strip() or "q"
    return letter.upper().replace(".", ":") if style.bold else letter


def _nearest(colour: Color, colours: dict[str, Color]) -> str:
    def distance(letter: str) -> int:
        return sum((a - b) ** 2 for a, b in zip(colour.rgb, colours[letter].rgb, strict=True))

    return min(colours, key=distance)


def cells(strips: Sequence[Strip]) -> dict[tuple[int, int], tuple[str, Style | None]]:
    """(x, y) -> character and style; where every character is one cell wide."""
    result = {}
    for y, strip in enumerate(strips):
        x = 0
        for segment in strip:
            for character in segment.text:
                result[x, y] = (character, segment.style)
                x += 1
    return result


def paint_first_and_last(patch: pytest.MonkeyPatch) -> None:
    """From now on a screen is painted once in each size: what it is between costs a fourth of a pilot's CPU and is sent
    to nobody. Panes draw all the same, and whoever looks at a screen has it rendered. `painted` then paints the rest.
    Behind a dialog there is nothing: to tint what was painted there takes longer than the dialog.
    """
    sizes: WeakKeyDictionary[Compositor, Size] = WeakKeyDictionary()

    def rarely(compositor: Compositor, full: bool = False, **how: Any) -> RenderableType | None:
        if not full and sizes.get(compositor) == compositor.size:
            return None
        sizes[compositor] = compositor.size
        return paint(compositor, full, **how)

    patch.setattr(Compositor, "render_update", rarely)
    patch.setattr("textual.screen.BackgroundScreen", lambda _, tint: Blank(tint))


def paint_always(patch: pytest.MonkeyPatch) -> None:
    """From now on it is painted as often as for a user, where what that costs is measured."""
    patch.setattr(Compositor, "render_update", paint)
    patch.setattr("textual.screen.BackgroundScreen", BackgroundScreen)


def painted(app: App[None]) -> set[int]:
    """Paint what has changed on the screen since it was painted, and say which rows that touches.

    Raises:
        Exception: something on it cannot be rendered.
    """
    update = paint(app.screen._compositor, screen_stack=app._background_screens)
    if update is None:
        return set()
    return {row for row, *_ in update.spans} if isinstance(update, ChopsUpdate) else {*range(app.size.height)}
