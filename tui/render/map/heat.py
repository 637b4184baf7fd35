"""A field of numbers over two inputs -> strips: shades, the line between regions, points, axes. Must not know widgets,
the session, or how the numbers were made.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich.cells import cell_len
from rich.style import Style

from chainstep.engine.records import record
from chainstep.engine.training.snapshot.plots.map import MapPoint

from ..canvas.braille import Braille, Path
from ..canvas.sheet import Sheet
from ..canvas.shortened import shortened
from ..curve import axis
from ..style.look import Look
from .contour import contour
from .shades import SHADES, ground

GUTTER = 6
"""Cells for the labels of the axis upwards."""

_SMALLEST = 30, 6
"""Cells below which there is no room for axes."""


@record(eq=False)
class Field:
    """What is drawn: `columns` samples to a row, from the top left."""

    features: tuple[str, str]
    extent: tuple[float, float, float, float]
    columns: int
    values: Sequence[float]
    labels: Sequence[int]
    """The region of each sample; 1 and 0 for above and below zero."""
    many: bool
    """There are more than two regions; values then say how far a sample lies inside its own."""
    full: float
    """The |value| of the strongest shade."""
    margin: float | None
    """The |value| at which a second, dashed line is drawn."""
    points: Sequence[MapPoint]
    regression: bool = False
    """Points have numbers, not classes."""
    here: tuple[float, float] | None = None
    """The input that is looked at."""

    @property
    def rows(self) -> int:
        """Rows of samples."""
        return len(self.values) // self.columns if self.columns else 0


def room(width: int, height: int) -> tuple[int, int]:
    """(columns, rows) of samples that `width` x `height` cells can show."""
    left, below = _axes(width, height)
    return max(1, width - left), max(2, 2 * (height - below))


def _axes(width: int, height: int) -> tuple[int, int]:
    """Cells that the axes take, at the left and below."""
    return (GUTTER, 1) if width >= _SMALLEST[0] and height >= _SMALLEST[1] else (0, 0)


def nice(size: float) -> float:
    """A round number that is not below `size`, so that shades do not flicker."""
    if not 0.0 < size < math.inf:
        return 1.0
    power = 10.0 ** math.floor(math.log10(size))
    return next((m * power for m in (1.0, 1.5, 2.0, 3.0, 5.0, 7.0) if m * power >= size), 10.0 * power)


def heat(field: Field, sheet: Sheet, area: tuple[int, int, int, int], look: Look) -> None:
    """Draw a field onto a sheet, in (left, top, width, height) cells of it."""
    x, y, width, height = area
    left, below = _axes(width, height)
    columns, rows = width - left, height - below
    if columns < 1 or rows < 1 or not field.values:
        return
    drawing = _Drawing(field, sheet, (x + left, y, columns, rows), look)
    drawing.shades()
    drawing.lines()
    drawing.points()
    if left:
        _scales(sheet, field, area, look)


class _Drawing:
    """A field on its way to a sheet, in (left, top, columns, rows) cells of it; a cell holds two samples."""

    def __init__(self, field: Field, sheet: Sheet, area: tuple[int, int, int, int], look: Look) -> None:
        self.field, self.sheet = field, sheet
        self.left, self.top, self.columns, self.rows = area
        self.palette, self.glyphs = look.palette, look.glyphs
        self.ground = ground(look, many=field.many)
        self.values, self.labels = _fitted(field, self.columns, 2 * self.rows)
        self.steps = _steps(self.values, field.full)

    def shades(self) -> None:
        """The regions: two samples a cell where there are colours for it, else a texture."""
        known: dict[tuple[int | None, int, int | None, int], tuple[str, Style]] = {}
        sheet, steps, labels, columns = self.sheet, self.steps, self.labels, self.columns
        for row in range(0, len(steps), 2 * columns):
            y = self.top + row // (2 * columns)
            upper, lower = slice(row, row + columns), slice(row + columns, row + 2 * columns)
            cells = zip(steps[upper], labels[upper], steps[lower], labels[lower], strict=True)
            for x, cell in enumerate(cells, start=self.left):
                if cell not in known:
                    known[cell] = self.ground.cell(*cell)
                sheet.glyph(x, y, *known[cell])

    def lines(self) -> None:
        """The line between the regions, and the margin's on either side of it."""
        canvas = Braille(self.sheet.width, self.sheet.height)
        steps, labels, columns, edge = self.steps, self.labels, self.columns, self.field.margin
        sizes = [abs(value) for value in self.values]
        drawn = [(contour(labels, sizes, columns), self.palette.strong)]
        if edge is not None:
            inside = [(value >= edge) - (value <= -edge) for value in self.values]
            margin = contour(inside, [abs(size - edge) for size in sizes], columns, dashed=True)
            drawn.insert(0, (margin, self.palette.text))
        for masks, ink in drawn:
            for (x, y), bits in masks.items():
                upper, lower = 2 * y * columns + x, (2 * y + 1) * columns + x
                if lower < len(steps):
                    style = self.ground.under(ink, steps[upper], labels[upper], steps[lower], labels[lower])
                    cell = (self.top + y) * canvas.width + self.left + x
                    canvas.draw(Path((cell,), bytes([bits])), style)
        canvas.onto(self.sheet, self.glyphs)

    def points(self) -> None:
        """Samples; of several in one cell a wrong one is seen, else one for training."""
        field, steps, labels = self.field, self.steps, self.labels
        cells: dict[tuple[int, int], tuple[str, Style, int]] = {}

        def put(place: tuple[float, float], glyph: str, style: Style) -> None:
            column, row = _sample(place, field.extent, self.columns, 2 * self.rows)
            cells[column, row // 2] = glyph, style, row * self.columns + column

        for point in sorted(field.points, key=lambda point: (point.wrong, not point.test)):
            kind = int(point.target > 0.0) if field.regression else int(point.target)
            style = self.palette.alarm_cell if point.wrong else self.ground.ink(kind)
            put((point.x, point.y), self.ground.point(kind, test=point.test, wrong=point.wrong), style)
        if field.here is not None:
            put(field.here, "◉" if self.glyphs.unicode else "@", self.palette.lit_cell)
        for (column, row), (glyph, style, half) in cells.items():
            # It lies in one half of the cell: that one's region decides it.
            under = self.ground.under(style, steps[half], labels[half], steps[half], labels[half])
            self.sheet.glyph(self.left + column, self.top + row, glyph, under)
            if not self.ground.halves:
                # A texture would hide it.
                for beside in (column - 1, column + 1):
                    if 0 <= beside < self.columns and (beside, row) not in cells:
                        self.sheet.glyph(self.left + beside, self.top + row, " ", None)


def _fitted(field: Field, columns: int, rows: int) -> tuple[Sequence[float], Sequence[int]]:
    """The samples in so many columns and rows, the nearest of each."""
    if (columns, rows) == (field.columns, field.rows):
        return field.values, field.labels
    across = [column * field.columns // columns for column in range(columns)]
    starts = [row * field.rows // rows * field.columns for row in range(rows)]
    return (
        [field.values[start + column] for start in starts for column in across],
        [field.labels[start + column] for start in starts for column in across],
    )


def _steps(values: Sequence[float], full: float) -> list[int | None]:
    """Each |value| in shades, 0 for none; None for what is not finite."""
    share = SHADES / full
    sizes = [abs(value) * share for value in values]
    return [SHADES if SHADES <= size < math.inf else math.ceil(size) if size < SHADES else None for size in sizes]


def _sample(
    place: tuple[float, float], extent: tuple[float, float, float, float], columns: int, rows: int
) -> tuple[int, int]:
    """The (column, row) of the sample that is nearest to a place."""
    left, right, bottom, top = extent
    column = int((place[0] - left) / (right - left) * columns)
    row = int((top - place[1]) / (top - bottom) * rows)
    return min(max(column, 0), columns - 1), min(max(row, 0), rows - 1)


def _scales(sheet: Sheet, field: Field, area: tuple[int, int, int, int], look: Look) -> None:
    """Ends and names of both axes."""
    palette, glyphs = look.palette, look.glyphs
    x, y, width, height = area
    left, right, bottom, top = field.extent
    for row, number in ((y, top), (y + height - 2, bottom)):
        sheet.put(x, row, _short(number).rjust(GUTTER - 1), palette.quiet)
    name = shortened(field.features, GUTTER - 1, glyphs)[1]
    sheet.put(x, y + (height - 1) // 2, name.rjust(GUTTER - 1), palette.text)
    start, end = _short(left), _short(right)
    below = y + height - 1
    sheet.put(x + GUTTER, below, start, palette.quiet)
    sheet.put(x + width - len(end), below, end, palette.quiet)
    room = max(1, width - GUTTER - len(start) - len(end) - 4)
    across = shortened(field.features, room, glyphs)[0]
    sheet.put(x + GUTTER + (width - GUTTER - cell_len(across)) // 2, below, across, palette.text)


def _short(number: float) -> str:
    """An end of an axis in at most five cells."""
    return axis.short(float(f"{number:.2g}"))
