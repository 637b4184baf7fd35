"""How a text is written where it may be too long. Must not know what it says, nor where it stands."""

from __future__ import annotations

import re

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.strip import Strip

from ..style.glyphs import Glyphs
from ..style.look import Look
from .row import Row
from .sheet import Sheet


def cut(text: str, width: int, ellipsis: str) -> str:
    """A text in at most `width` cells, the last of them an ellipsis where it is longer."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - cell_len(ellipsis)).rstrip() + ellipsis if width > 0 else ""


def fitted(name: str, width: int, glyphs: Glyphs) -> str:
    """A name in at most `width` cells, in characters that the terminal has."""
    return cut(glyphs.spell(name), width, glyphs.ellipsis)


def shorten(text: str, width: int) -> str:
    """The text in at most `width` cells, cut between its words and numbers, with an ellipsis."""
    if cell_len(text) <= width:
        return text
    if width < 1:
        return ""
    cut = set_cell_size(text, width - 1)
    # A number that loses a digit would be another number.
    if text[len(cut)].isalnum() or text[len(cut)] == ".":
        cut = re.sub(r"[\w.+-]*\d[\w.]*$", "", cut) or cut
    return cut.rstrip(" +-*/…") + "…"


def in_lines(text: str, width: int, height: int) -> list[str]:
    """The text in at most `height` lines of `width` cells, broken between words, or between entries where these are
    three blanks apart; the last line is cut where that is not enough.
    """
    if height < 1 or not text:
        return []
    gap = "   " if "   " in text else " "
    line, *rest = text.split(gap)
    while rest and (height == 1 or cell_len(line + gap + rest[0]) <= width):
        line += gap + rest.pop(0)
    return [shorten(line, width), *in_lines(gap.join(rest), width, height - 1)]


def paragraph(text: str, width: int, height: int, look: Look) -> list[Strip]:
    """A quiet text from the top of `height` strips of `width` cells."""
    sheet = Sheet(width, height)
    for y, line in enumerate(in_lines(text, width, height)):
        sheet.put(0, y, look.glyphs.in_place(line), look.palette.quiet)
    return sheet.strips()


def centred(text: str, width: int, height: int, look: Look) -> list[Strip]:
    """A quiet sentence in the middle of `height` strips of `width` cells, up to its colon where it is too long."""
    text = look.glyphs.say(text)
    if len(text) > width:
        text = cut(text.split(":")[0], width, look.glyphs.ellipsis)
    rows = [""] * height
    rows[(height - 1) // 2] = " " * ((width - len(text)) // 2) + text
    return [Row([Segment(row.ljust(width), look.palette.quiet)], width) for row in rows]
