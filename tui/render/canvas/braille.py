"""Curves in dots, 2 x 4 to a cell. Must not know networks, weights or what a curve stands for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from rich.style import Style

from ..style.glyphs import Glyphs
from .sheet import Sheet

DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""The bit of each dot: by column, then by row."""


_GAP = 3
"""Dots between two dashes."""


class Path(NamedTuple):
    """Dots gathered by cell: for each cell its place in the canvas, row by row, and its bits."""

    cells: tuple[int, ...]
    bits: bytes


class Braille:
    """A canvas of dots, with one colour a cell: the last one drawn."""

    def __init__(self, width: int, height: int) -> None:
        self.width = max(0, width)
        self.height = max(0, height)
        self._bits = [0] * (self.width * self.height)
        self._styles: list[Style | None] = [None] * (self.width * self.height)
        self._ranks = [0] * (self.width * self.height)

    def draw(self, path: Path, style: Style, rank: int = 0) -> None:
        """Add a path that was made for a canvas of this size; in its cells nothing of a lower rank is left."""
        bits, styles, ranks = self._bits, self._styles, self._ranks
        for cell, mask in zip(path.cells, path.bits, strict=True):
            bits[cell] = bits[cell] | mask if rank <= ranks[cell] else mask
            ranks[cell] = max(rank, ranks[cell])
            styles[cell] = style

    def onto(self, sheet: Sheet, glyphs: Glyphs) -> None:
        """Write the cells that have dots onto a sheet of the same width."""
        for cell, bits in enumerate(self._bits):
            if bits:
                y, x = divmod(cell, self.width)
                sheet.glyph(x, y, chr(0x2800 + bits) if glyphs.unicode else _ascii(bits), self._styles[cell])


@lru_cache(maxsize=4096)
def curve(size: tuple[int, int], start: tuple[int, int], end: tuple[int, int], dash: int = 1) -> Path:
    """A curve that leaves `start` and reaches `end` level; in dashes of so many dots, where these are more than 1.

    `size` is the canvas in cells; `start` and `end` are (x, y) in dots, `start` to the left. Dots outside are
    left out. Pure geometry, hence remembered: a picture is redrawn far oftener than its layout changes.
    """
    dots, cycle = _dots(start, end), dash + _GAP
    return gathered(size, dots if dash == 1 else [dot for k, dot in enumerate(dots) if (k + _GAP // 2) % cycle < dash])


def _dots(start: tuple[int, int], end: tuple[int, int]) -> list[tuple[int, int]]:
    """Every dot of the curve, each touching the next."""
    (left, top), (right, bottom) = start, end
    dots = [(left, top)]
    before, fall = top, bottom - top
    for x, (t, slower) in enumerate(_eased(right - left), start=left + 1):
        y = round(top + fall * t * t * slower)
        if not -2 < y - before < 2:
            # A steep piece is filled half in the old column and half in the new one, so that it has no steps.
            middle = (before + y) // 2
            way = 1 if y > before else -1
            steep = range(before + way, y, way)
            dots += [(x - 1 if (between - middle) * way <= 0 else x, between) for between in steep]
        dots.append((x, y))
        before = y
    return dots


@lru_cache(maxsize=64)
def _eased(width: int) -> tuple[tuple[float, float], ...]:
    """At each dot across: t, and the 3 - 2t of t * t * (3 - 2t), the share of the way that a curve has gone by then."""
    return tuple((x / width, 3 - 2 * (x / width)) for x in range(1, width + 1))


def gathered(size: tuple[int, int], dots: Iterable[tuple[int, int]]) -> Path:
    """The dots (x, y) that lie on a canvas of so many cells."""
    width, height = size
    right, below = 2 * width, 4 * height
    masks: dict[int, int] = {}
    for x, y in dots:
        if 0 <= x < right and 0 <= y < below:
            cell = (y >> 2) * width + (x >> 1)
            masks[cell] = masks.get(cell, 0) | DOTS[x & 1][y & 3]
    return Path(tuple(masks), bytes(masks.values()))


@lru_cache(maxsize=256)
def _ascii(bits: int) -> str:
    """The ASCII character that looks most like the dots."""
    columns = [[y for y in range(4) if bits & DOTS[x][y]] for x in (0, 1)]
    rows = [y for column in columns for y in column]
    if len(rows) >= 7:
        return "#"
    if all(columns):
        left, right = (sum(column) / len(column) for column in columns)
        if abs(left - right) >= 1:
            return "/" if left > right else "\\"
    if max(rows) - min(rows) >= 2:
        return ":" if all(columns) and len(rows) > 4 else "|"
    mean = sum(rows) / len(rows)
    if len(rows) == 1:
        return "'" if mean < 1 else "." if mean > 1 else "-"
    return '"' if mean < 1 else "_" if mean > 2.4 else "-"
