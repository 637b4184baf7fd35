"""The frame round a pane, edge by edge. Must not know what is inside it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from ..style.glyphs import Glyphs
from ..style.palette import Palette
from .pieces import GAP, Hint, Piece, cells, cells_of, fitting, hint, hint_at, joined, shortened, strip


def upper(
    width: int,
    title: str,
    note: Sequence[Piece],
    line: Style,
    heading: Style,
    glyphs: Glyphs,
    *,
    heavy: bool = False,
) -> Strip:
    """The upper edge, with `title` at its left and `note` at its right end."""
    return _upper(width, title, tuple(note), line, heading, _edges(glyphs, heavy=heavy), glyphs.ellipsis)


@lru_cache(maxsize=64)
def _upper(
    width: int, title: str, note: tuple[Piece, ...], line: Style, heading: Style, edges: str, ellipsis: str
) -> Strip:
    """The same strip for the same edge, as most of them are from picture to picture."""
    across, left, right = edges[0], edges[2], edges[3]
    room = width - 4
    title = _fitted(title, room, ellipsis)
    words = shortened(note, room - cell_len(title) - 2, ellipsis) if room - cell_len(title) > 6 else []
    fill = room - cell_len(title) - cells(words) - (2 if words else 0)
    top: list[Piece] = [(left, line)]
    if title:
        top += [(" ", line), (title, heading), (" ", line)]
    else:
        fill += 2
    top.append((across * fill, line))
    if words:
        top += [(" ", line), *words, (" ", line)]
    return strip([*top, (right, line)], width)


def lower(
    width: int,
    text: Sequence[Piece],
    hints: Sequence[Hint],
    line: Style,
    palette: Palette,
    glyphs: Glyphs,
    *,
    heavy: bool = False,
) -> Strip:
    """The lower edge, with `text` at its left end and, where that leaves room for whole ones, keys at its right."""
    inks = line, palette.key, palette.quiet
    return _lower(width, tuple(text), tuple(hints), inks, _edges(glyphs, heavy=heavy), glyphs.ellipsis)


@lru_cache(maxsize=64)
def _lower(
    width: int,
    text: Sequence[Piece],
    hints: tuple[Hint, ...],
    inks: tuple[Style, Style, Style],
    edges: str,
    ellipsis: str,
) -> Strip:
    """The same strip for the same edge; `inks` are of the line, of keys and of their words."""
    line, key, word = inks
    across, left, right = edges[0], edges[4], edges[5]
    text = shortened(text, width - 6, ellipsis)
    keys = joined((hint(*one, key, word) for one in in_lower(width, text, hints)), GAP)
    fill = width - 2 - sum(cells(part) + 3 for part in (text, keys) if part)
    edge: list[Piece] = [(left, line)]
    if text:
        edge += [(f"{across} ", line), *text, (" ", line)]
    edge.append((across * fill, line))
    if keys:
        edge += [(" ", line), *keys, (f" {across}", line)]
    return strip([*edge, (right, line)], width)


def in_lower(width: int, text: Sequence[Piece], hints: Sequence[Hint]) -> Sequence[Hint]:
    """The keys that have room in the lower edge."""
    taken = cells(text)
    return hints[: fitting(hints, width - 6 - (taken + 3 if taken else 0))]


def lower_hint_at(width: int, text: Sequence[Piece], hints: Sequence[Hint], x: int) -> int | None:
    """Which of the keys in the lower edge is at a cell of it."""
    shown = in_lower(width, text, hints)
    return hint_at(shown, x - (width - 3 - cells_of(shown)))


def side(line: Style, glyphs: Glyphs, *, heavy: bool = False) -> Segment:
    """What stands at either end of a row."""
    return Segment(_edges(glyphs, heavy=heavy)[1], line)


def _edges(glyphs: Glyphs, *, heavy: bool) -> str:
    """Horizontal, vertical, and the corners."""
    return glyphs.heavy if heavy else glyphs.lines


def _fitted(text: str, width: int, ellipsis: str) -> str:
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(0, width - 1)).rstrip() + ellipsis if width > 1 else ""
