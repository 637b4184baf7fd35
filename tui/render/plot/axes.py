"""Two axes with round numbers, and what is drawn between them in dots and glyphs. Must not know what they measure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence

from rich.style import Style

from ..canvas.braille import Braille, gathered
from ..canvas.sheet import Sheet
from ..curve.axis import LABEL, round_numbers, short
from ..style.look import Look

Span = tuple[float, float]
Area = tuple[int, int, int, int]
"""Left, top, width, height in cells of a sheet."""

GUTTER = LABEL + 1
"""Cells for the labels of the axis upwards, and its line."""

_SMALLEST = 24, 5
"""Cells below which there is no room for labels."""

_USUAL = 0.05
"""The share of the lowest and of the highest numbers that may lie outside where they stand out."""

_LARGEST = 1e300
"""The largest number on an axis: the distance between two of them is still a float."""

_STANDS_OUT = 4.0
"""How far a number stands out, as a multiple of what the others span."""


class Axes:
    """A drawing of x over `across` and y over `upwards`, in an area of a sheet."""

    def __init__(self, sheet: Sheet, area: Area, across: Span, upwards: Span, look: Look) -> None:
        self._sheet, self._look = sheet, look
        left, top, width, height = area
        self.labelled = width >= _SMALLEST[0] and height >= _SMALLEST[1]
        self.left, self.top = left + GUTTER * self.labelled, top
        self.columns, self.rows = max(0, width - GUTTER * self.labelled), max(0, height - self.labelled)
        self._across, self._upwards = across, upwards
        self._canvas = Braille(self.columns, self.rows)

    # --- where things lie

    def _column(self, x: float) -> float:
        """In dots from the left."""
        low, high = self._across
        return (x - low) / (high - low) * (2 * self.columns - 1)

    def _row(self, y: float) -> float:
        """In dots from the top."""
        low, high = self._upwards
        return (high - y) / (high - low) * (4 * self.rows - 1)

    def cell(self, x: float, y: float) -> tuple[int, int] | None:
        """The cell of the sheet at (x, y); None outside."""
        column, row = self._column(x), self._row(y)
        if not (-0.5 <= column < 2 * self.columns - 0.5 and -0.5 <= row < 4 * self.rows - 0.5):
            return None
        return self.left + round(column) // 2, self.top + round(row) // 4

    def nearest_column(self, x: float) -> int:
        """The column of the sheet at x or, outside, the last one on that side."""
        return self.left + min(max(round(self._column(x)) // 2, 0), self.columns - 1)

    # --- dots

    def curve(self, values: Sequence[float], style: Style) -> None:
        """Numbers in even steps over the whole of x; where one is not finite there is a gap."""
        last, dots = len(values) - 1, 2 * self.columns - 1

        def between(dot: int) -> float:
            place = dot / dots * last
            k = min(int(place), last - 1)
            return values[k] + (values[k + 1] - values[k]) * (place - k) if place > k else values[k]

        self._draw(between, style)

    def line(self, point: tuple[float, float], slope: float, style: Style, *, dashed: bool = False) -> None:
        """The straight line through a point."""
        low, high = self._across
        share = (high - low) / (2 * self.columns - 1)
        x, y = point
        self._draw(lambda dot: y + slope * (low + share * dot - x), style, dashed=dashed)

    def zero(self) -> None:
        """Where x and y are 0, faintly."""
        style, size = self._look.palette.faint, (self.columns, self.rows)
        column, row = self._column(0.0), self._row(0.0)
        if 0.0 <= row < 4 * self.rows:
            self._canvas.draw(gathered(size, ((x, round(row)) for x in range(0, 2 * self.columns, 2))), style)
        if 0.0 <= column < 2 * self.columns:
            self._canvas.draw(gathered(size, ((round(column), y) for y in range(0, 4 * self.rows, 2))), style)

    def _draw(self, value: Callable[[int], float], style: Style, *, dashed: bool = False) -> None:
        if not self.columns or not self.rows:
            return
        dots: Iterable[tuple[int, int]] = _joined([self._row(value(dot)) for dot in range(2 * self.columns)], self.rows)
        if dashed:
            dots = (dot for index, dot in enumerate(dots) if index % 6 < 3)
        self._canvas.draw(gathered((self.columns, self.rows), dots), style)

    # --- glyphs

    def put(self, x: float, y: float, glyph: str, style: Style) -> None:
        """A glyph at (x, y), over the dots; nothing outside."""
        if place := self.cell(x, y):
            self._sheet.glyph(*place, glyph, style)

    def finish_dots(self) -> None:
        """Write the dots onto the sheet: what is put comes on top of them."""
        layer = Sheet(self.columns, self.rows)
        self._canvas.onto(layer, self._look.glyphs)
        for y, strip in enumerate(layer.strips()):
            x = self.left
            for text, style, _ in strip:
                self._sheet.put(x, self.top + y, text, style)
                x += len(text)

    def labels(self) -> None:
        """The numbers of both axes, and the line of the one upwards."""
        if not self.labelled:
            return
        palette, glyphs = self._look.palette, self._look.glyphs
        line = glyphs.lines[1]
        for row in range(self.rows):
            self._sheet.put(self.left - 1, self.top + row, line, palette.faint)
        for y in round_numbers(*self._upwards, max(3, self.rows // 3)):
            row = round(self._row(y)) // 4
            if 0 <= row < self.rows and len(short(y)) <= LABEL:
                self._sheet.put(self.left - GUTTER, self.top + row, short(y).rjust(LABEL), palette.quiet)
                self._sheet.put(self.left - 1, self.top + row, glyphs.lines[7], palette.faint)
        free = self.left - GUTTER
        for x in round_numbers(*self._across, max(3, self.columns // 7)):
            label = short(x)
            start = self.left + round(self._column(x)) // 2 - len(label) // 2
            start = min(start, self.left + self.columns - len(label))
            if start >= free:
                self._sheet.put(start, self.top + self.rows, label, palette.quiet)
                free = start + len(label) + 1


def _joined(rows: Sequence[float], height: int) -> Iterator[tuple[int, int]]:
    """The dots of a curve that is in these rows at each dot across, in `height` cells; each touches the next."""
    last, before = 4 * height, None
    for x, row in enumerate(rows):
        if not math.isfinite(row):
            before = None
            continue
        here = round(min(max(row, -1.0), float(last)))
        if before is None or before == here:
            if 0 <= here < last:
                yield x, here
        else:
            way = 1 if here > before else -1
            yield from ((x, y) for y in range(before + way, here + way, way) if 0 <= y < last)
        before = here


def span(numbers: Sequence[float], needed: Sequence[float] = ()) -> Span:
    """The stretch that shows the finite ones of many numbers well, and all that are needed: what stands out far, as a
    pole does, is left out.
    """
    finite = sorted(number for number in numbers if math.isfinite(number))
    needed = [number for number in needed if math.isfinite(number)]
    if not finite and not needed:
        return -1.0, 1.0
    if finite:
        edge = int(len(finite) * _USUAL)
        low, high = finite[edge], finite[len(finite) - 1 - edge]
        beyond = _STANDS_OUT * (high - low)
        low, high = max(finite[0], low - beyond), min(finite[-1], high + beyond)
        needed = [low, high, *needed]
    low, high = (min(max(end, -_LARGEST), _LARGEST) for end in (min(needed), max(needed)))
    if high - low <= 1e-12 * max(abs(low), abs(high)):
        margin = 0.1 * max(abs(low), abs(high)) or 1.0
        return low - margin, high + margin
    return low - 0.02 * (high - low), high + 0.02 * (high - low)
