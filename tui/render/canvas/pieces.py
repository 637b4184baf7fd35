"""Pieces of text in styles of their own, side by side in one line; keys with their words are such. Must not know where
the line stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from .row import Row

Piece = tuple[str, Style]
"""Text in one style."""

Hint = tuple[str, str]
"""A key and the word for what it does."""

GAP = 2
"""Cells between a key's word and the next key."""


def strip(pieces: Iterable[Piece], width: int) -> Strip:
    """Pieces as one strip of `width` cells."""
    return Row([Segment(text, style) for text, style in pieces if text]).adjust_cell_length(width)


def joined(pieces: Iterable[Sequence[Piece]], gap: int) -> list[Piece]:
    """Pieces side by side with `gap` cells between them."""
    line: list[Piece] = []
    for piece in pieces:
        if line:
            line.append((" " * gap, piece[0][1]))
        line += piece
    return line


def cells(line: Iterable[Piece]) -> int:
    """How many cells a line takes."""
    return sum(cell_len(text) for text, _ in line)


def shortened(line: Sequence[Piece], room: int, ellipsis: str) -> list[Piece]:
    """A line in at most `room` cells, the last of them an ellipsis where it is longer."""
    if cells(line) <= room:
        return list(line)
    left: list[Piece] = []
    room -= cell_len(ellipsis)
    for text, style in line:
        size = cell_len(text)
        if size > room:
            return [*left, (set_cell_size(text, room).rstrip() + ellipsis, style)] if room > 0 else left
        left.append((text, style))
        room -= size
    return left


# --- keys


def hint(key: str, word: str, key_style: Style, word_style: Style) -> list[Piece]:
    """A key and its word."""
    return [(key, key_style), (f" {word}", word_style)]


def cells_of(hints: Iterable[Hint]) -> int:
    """How many cells hints take side by side; none where there are none."""
    return max(0, sum(cell_len(key) + 1 + cell_len(word) + GAP for key, word in hints) - GAP)


def fitting(hints: Sequence[Hint], room: int) -> int:
    """How many of the first hints have room side by side."""
    taken = -GAP
    for count, (key, word) in enumerate(hints):
        taken += GAP + cell_len(key) + 1 + cell_len(word)
        if taken > room:
            return count
    return len(hints)


def hint_at(hints: Iterable[Hint], x: int) -> int | None:
    """Which of the hints that stand side by side is at a cell; None where it is between them, or beyond."""
    start = 0
    for place, (key, word) in enumerate(hints):
        end = start + cell_len(key) + 1 + cell_len(word)
        if start <= x < end:
            return place
        start = end + GAP
    return None
