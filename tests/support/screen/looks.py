"""What pictures are drawn with in tests: dark colours with each set of shapes. Knows chainstep.tui.render.style."""

from __future__ import annotations

from chainstep.tui.render.style.glyphs import ASCII, MONOCHROME, UNICODE
from chainstep.tui.render.style.look import Look
from chainstep.tui.render.style.palette import Palette

PALETTE = Palette.dark()
IN_COLOUR = Look(PALETTE, UNICODE)
IN_BLACK_AND_WHITE = Look(PALETTE, MONOCHROME)
IN_ASCII = Look(PALETTE, ASCII)
EVERY_LOOK = {"unicode": IN_COLOUR, "monochrome": IN_BLACK_AND_WHITE, "ascii": IN_ASCII}


def spelt(*, unicode: bool) -> Look:
    """The look of a terminal that shows more than ASCII, or no more."""
    return IN_COLOUR if unicode else IN_ASCII
