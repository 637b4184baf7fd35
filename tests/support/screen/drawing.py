"""The screen of an app as text: every letter, and roughly every colour. Must not know which app, or what is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from rich.segment import Segment
from rich.style import Style
from textual._context import visible_screen_stack
from textual.app import App
from textual.color import Color
from textual.geometry import Region
from textual.strip import Strip
from textual.theme import Theme


def drawn(app: App[None]) -> str:
    """The rows of the screen, or of its dialog, and below them a letter for the colour of each cell that is not blank.

    Of the theme's colours the nearest: `.` foreground, `q` quiet, `p` primary, `s` secondary, `a` accent, `w` warning,
    `e` error, large (`:`) where bold; `#` where the background is lit.
    """
    colours = _named(app.current_theme)
    # A screen keeps what it has rendered: whoever looks before the first paint has to give it what lies behind it.
    visible_screen_stack.set(app._background_screens)
    strips = app.screen._compositor.render_strips()
    dialog = [child.region for child in app.screen.children if child.region] if app.screen.is_modal else []
    if dialog:
        box = Region.from_union(dialog)
        strips = [strip.crop(box.x, box.right) for strip in strips[box.y : box.bottom]]
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
