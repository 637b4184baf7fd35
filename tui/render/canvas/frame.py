"""The frame round a pane, edge by edge. Must not know what is inside it."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from ..style.glyphs import Glyphs


def upper(width: int, title: str, note: str, line: Style, heading: Style, glyphs: Glyphs) -> Strip:
    """The upper edge, with `title` at its left and `note` at its right end."""
    across, _, left, right = tuple(glyphs.lines)[:4]
    room = width - 4
    title = _fitted(title, room, glyphs)
    note = _fitted(note, room - cell_len(title) - 2, glyphs) if room - cell_len(title) > 6 else ""
    fill = room - cell_len(title) - cell_len(note) - (1 if note else 0)
    top = [Segment(left, line)]
    if title:
        top += [Segment(" ", line), Segment(title, heading), Segment(" ", line)]
    else:
        fill += 2
    top.append(Segment(across * (fill - (1 if note else 0)), line))
    if note:
        top += [Segment(" ", line), Segment(note, heading), Segment(" ", line)]
    top.append(Segment(right, line))
    return Strip(top).adjust_cell_length(width)


def lower(width: int, text: str, line: Style, words: Style, glyphs: Glyphs) -> Strip:
    """The lower edge, with `text` at its right end."""
    across, left, right = glyphs.lines[0], glyphs.lines[4], glyphs.lines[5]
    text = _fitted(text, width - 6, glyphs)
    if not text:
        return Strip([Segment(left + across * (width - 2) + right, line)], width)
    fill = width - cell_len(text) - 5
    return Strip([Segment(left + across * fill + " ", line), Segment(text, words), Segment(f" {across}{right}", line)])


def side(line: Style, glyphs: Glyphs) -> Segment:
    """What stands at either end of a row."""
    return Segment(glyphs.lines[1], line)


def _fitted(text: str, width: int, glyphs: Glyphs) -> str:
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(0, width - 1)).rstrip() + glyphs.ellipsis if width > 1 else ""
