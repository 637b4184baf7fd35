"""The frame round a pane, as strips. Must not know what is inside it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from .palette import Glyphs


def frame(
    content: Sequence[Strip], width: int, title: str, note: str, line: Style, heading: Style, glyphs: Glyphs
) -> list[Strip]:
    """`content`, whose strips are width − 2 cells wide, in a box; `title` stands in its upper edge, and `note` at its
    right end.
    """
    across, down, top_left, top_right, bottom_left, bottom_right = tuple(glyphs.lines)[:6]
    room = width - 4
    title = _fitted(title, room)
    note = _fitted(note, room - cell_len(title) - 2) if room - cell_len(title) > 6 else ""
    fill = room - cell_len(title) - cell_len(note) - (1 if note else 0)
    top = [Segment(top_left, line)]
    if title:
        top += [Segment(" ", line), Segment(title, heading), Segment(" ", line)]
    else:
        fill += 2
    top.append(Segment(across * (fill - (1 if note else 0)), line))
    if note:
        top += [Segment(" ", line), Segment(note, heading), Segment(" ", line)]
    top.append(Segment(top_right, line))
    side = [Segment(down, line)]
    middle = [Strip([*side, *row, *side], width) for row in content]
    bottom = Strip([Segment(bottom_left + across * (width - 2) + bottom_right, line)], width)
    return [Strip(top).adjust_cell_length(width), *middle, bottom]


def _fitted(text: str, width: int) -> str:
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(0, width - 1)).rstrip() + "…" if width > 1 else ""
