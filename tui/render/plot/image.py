"""A sample that is a picture -> strips: its pixels in shades, and beside them what the network takes it for. Must not
know widgets or the session.
"""

from __future__ import annotations

from textual.strip import Strip

from chainstep.engine.training.snapshot.plots.image import ImageView

from ..canvas.sheet import Sheet
from ..style.look import Look
from .marks import fitting

_SHADES, _ASCII_SHADES = " ░▒▓█", " .:#@"

_BESIDE = 9
"""Columns at least for the classes and their probabilities."""


def headings(view: ImageView, width: int, look: Look) -> tuple[str, str]:
    """Which sample it is, and what it is taken for."""
    mark = look.glyphs.right if view.decision == view.target else look.glyphs.wrong
    said = f"ŷ {view.classes[view.decision]} {mark}"
    return fitting([f"Sample #{view.sample + 1} is {view.classes[view.target]}", "Sample"], [said, ""], width, look)


def image(view: ImageView, width: int, height: int, look: Look) -> list[Strip]:
    """The picture in `height` strips of `width` cells, a pixel twice as wide as it is high; the classes beside it where
    there is room.
    """
    sheet = Sheet(width, height)
    beside = _BESIDE if view.probabilities and width >= 2 * view.columns + _BESIDE else 0
    scale = max(1, min((width - beside) // (2 * view.columns), height // view.rows))
    shades = _SHADES if look.glyphs.unicode else _ASCII_SHADES
    for y in range(view.rows * scale):
        for x in range(view.columns):
            ink = view.pixels[y // scale * view.columns + x]
            shade = shades[round(ink * (len(shades) - 1))]
            sheet.put(x * 2 * scale, y, shade * 2 * scale, look.palette.text)
    if beside:
        _classes(sheet, view, 2 * view.columns * scale + 2, look)
    return sheet.strips()


def _classes(sheet: Sheet, view: ImageView, left: int, look: Look) -> None:
    """A row a class: its name, its probability, and a bar of it."""
    palette, names = look.palette, max(map(len, view.classes))
    bar = "▪" if look.glyphs.unicode else "="
    for y, (name, share) in enumerate(zip(view.classes, view.probabilities, strict=True)):
        style = palette.lit_line if y == view.decision else palette.strong if y == view.target else palette.quiet
        sheet.put(left, y, f"{name:>{names}} {share:.2f} ", style)
        sheet.put(left + names + 6, y, bar * round(share * (sheet.width - left - names - 6)), style)
