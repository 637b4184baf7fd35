"""A field of numbers over two inputs -> strips: shades, the line between regions, points, axes. Must not know widgets,
the session, or how the numbers were made.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich.cells import cell_len
from rich.style import Style

from chainstep.engine.records import record
from chainstep.engine.training.snapshot.closeup import MapPoint

from ..canvas.braille import Braille, Path
from ..canvas.sheet import Sheet
from ..canvas.text import fitted
from ..curve import axis
from ..style.glyphs import Glyphs
from ..style.palette import Palette
from .contour import contour
from .shades import SHADES, Ground, ground

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


def heat(
    field: Field, sheet: Sheet, area: tuple[int, int, int, int], palette: Palette, glyphs: Glyphs, depth: str
) -> None:
    """Draw a field onto a sheet, in (left, top, width, height) cells of it; `depth` is the terminal's colour system."""
    x, y, width, height = area
    left, below = _axes(width, height)
    columns, rows = width - left, height - below
    if columns < 1 or rows < 1 or not field.values:
        return
    values, labels = _fitted(field, columns, 2 * rows)
    paint = ground(palette, glyphs, depth, many=field.many)
    steps = _steps(values, field.full)
    _ground(sheet, x + left, y, steps, labels, columns, paint, glyphs)
    lines = Braille(sheet.width, sheet.height)
    _lines(lines, field, values, labels, columns, steps, (x + left, y), palette, paint)
    lines.onto(sheet, glyphs)
    _points(sheet, field, (x + left, y, columns, rows), steps, labels, palette, glyphs, paint)
    if left:
        _scales(sheet, field, (x, y, width, height), palette, glyphs)


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


def _ground(
    sheet: Sheet,
    left: int,
    top: int,
    steps: Sequence[int | None],
    labels: Sequence[int],
    columns: int,
    paint: Ground,
    glyphs: Glyphs,
) -> None:
    """The shades: two samples a cell where there are colours for it, else a texture."""
    known: dict[tuple[int | None, int, int | None, int], tuple[str, Style]] = {}
    for row in range(0, len(steps), 2 * columns):
        y = top + row // (2 * columns)
        upper, lower = slice(row, row + columns), slice(row + columns, row + 2 * columns)
        for x, cell in enumerate(zip(steps[upper], labels[upper], steps[lower], labels[lower], strict=True), left):
            if cell not in known:
                known[cell] = paint.cell(*cell)
            sheet.glyph(x, y, *known[cell])


def _lines(
    canvas: Braille,
    field: Field,
    values: Sequence[float],
    labels: Sequence[int],
    columns: int,
    steps: Sequence[int | None],
    corner: tuple[int, int],
    palette: Palette,
    paint: Ground,
) -> None:
    """The line between the regions, and the margin's on either side of it."""
    sizes = [abs(value) for value in values]
    drawn = [(contour(labels, sizes, columns), palette.strong)]
    if field.margin is not None:
        edge = field.margin
        inside = [(value >= edge) - (value <= -edge) for value in values]
        drawn.insert(0, (contour(inside, [abs(size - edge) for size in sizes], columns, dashed=True), palette.text))
    for masks, ink in drawn:
        for (x, y), bits in masks.items():
            upper = 2 * y * columns + x
            if upper + columns < len(values):
                style = paint.under(ink, steps[upper], labels[upper], steps[upper + columns], labels[upper + columns])
                canvas.draw(Path(((corner[1] + y) * canvas.width + corner[0] + x,), bytes([bits])), style)


def _points(
    sheet: Sheet,
    field: Field,
    area: tuple[int, int, int, int],
    steps: Sequence[int | None],
    labels: Sequence[int],
    palette: Palette,
    glyphs: Glyphs,
    paint: Ground,
) -> None:
    """Samples; of several in one cell a wrong one is seen, else one for training."""
    left, top, columns, rows = area
    cells: dict[tuple[int, int], tuple[str, Style, int]] = {}

    def put(place: tuple[float, float], glyph: str, style: Style) -> None:
        column, row = _sample(place, field.extent, columns, 2 * rows)
        cells[column, row // 2] = glyph, style, row * columns + column

    for point in sorted(field.points, key=lambda point: (point.wrong, not point.test)):
        kind = int(point.target > 0.0) if field.regression else int(point.target)
        style = palette.alarm_cell if point.wrong else paint.ink(kind)
        put((point.x, point.y), paint.point(kind, test=point.test, wrong=point.wrong), style)
    if field.here is not None:
        put(field.here, "◉" if glyphs.unicode else "@", palette.lit_cell)
    for (column, row), (glyph, style, half) in cells.items():
        # It lies in one half of the cell: that one's region decides it.
        under = paint.under(style, steps[half], labels[half], steps[half], labels[half])
        sheet.glyph(left + column, top + row, glyph, under)
        if not paint.halves:
            # A texture would hide it.
            for beside in (column - 1, column + 1):
                if 0 <= beside < columns and (beside, row) not in cells:
                    sheet.glyph(left + beside, top + row, " ", None)


def _sample(
    place: tuple[float, float], extent: tuple[float, float, float, float], columns: int, rows: int
) -> tuple[int, int]:
    """The (column, row) of the sample that is nearest to a place."""
    left, right, bottom, top = extent
    column = int((place[0] - left) / (right - left) * columns)
    row = int((top - place[1]) / (top - bottom) * rows)
    return min(max(column, 0), columns - 1), min(max(row, 0), rows - 1)


def _scales(sheet: Sheet, field: Field, area: tuple[int, int, int, int], palette: Palette, glyphs: Glyphs) -> None:
    """Ends and names of both axes."""
    x, y, width, height = area
    left, right, bottom, top = field.extent
    for row, number in ((y, top), (y + height - 2, bottom)):
        sheet.put(x, row, _short(number).rjust(GUTTER - 1), palette.quiet)
    name = fitted(field.features[1], GUTTER - 1, glyphs)
    sheet.put(x, y + (height - 1) // 2, name.rjust(GUTTER - 1), palette.text)
    start, end = _short(left), _short(right)
    below = y + height - 1
    sheet.put(x + GUTTER, below, start, palette.quiet)
    sheet.put(x + width - len(end), below, end, palette.quiet)
    across = fitted(field.features[0], max(1, width - GUTTER - len(start) - len(end) - 4), glyphs)
    sheet.put(x + GUTTER + (width - GUTTER - cell_len(across)) // 2, below, across, palette.text)


def _short(number: float) -> str:
    """An end of an axis in at most five cells."""
    return axis.short(float(f"{number:.2g}"))
