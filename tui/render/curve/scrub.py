"""A cursor on the drawn loss curve, and the way between its columns and steps. Must not know the app or the session."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual.strip import Strip

from chainstep.engine.records import record
from chainstep.engine.training.snapshot.curve import Curve, ForkView

from ..style.look import Look
from ..style.palette import Palette
from .axis import LABEL
from .plan import SMALLEST
from .window import CurveOptions, column_of, window

_LEFT = LABEL + 1
"""Cells before the first column: the labels, and the axis."""

_BELOW = 2
"""Rows beneath the curve: the axis, and its labels."""


def columns(width: int) -> int:
    """Columns of a curve that is drawn in `width` cells."""
    return max(1, width - _LEFT)


def column(step: int, width: int, span: int) -> int:
    """The column in which a step of steps 0 … span−1 is drawn."""
    return column_of(step, columns(width), span)


def step_at(x: int, width: int, span: int) -> int:
    """The step that is drawn in cell `x`, of steps 0 … span−1; the nearest one where the cell is beside the curve."""
    count = columns(width)
    column = min(max(x - _LEFT, 0), count - 1)
    return 0 if count == 1 else round(column * (span - 1) / (count - 1))


def moved(step: int, by: int, width: int, span: int) -> int:
    """The step that is `by` columns from `step`; where a column is less than a step, `by` steps."""
    count = columns(width)
    if span <= count:
        return min(max(step + by, 0), span - 1)
    return step_at(_LEFT + column_of(step, count, span) + by, width, span)


@record(eq=False)
class Along:
    """A curve as it is looked at in `width` x `height` cells."""

    curve: Curve
    forks: Sequence[ForkView]
    options: CurveOptions
    width: int
    height: int

    @property
    def scaled(self) -> bool:
        """There is room for axes: its columns are steps."""
        return self.width >= SMALLEST[0] and self.height >= SMALLEST[1]

    def moved(self, at: int | None, by: int) -> int | None:
        """The step so many columns from step `at`, which comes in at an end for None, and leaves behind the last one.

        In a column where a knob was turned, a breakpoint hit or the test loss measured, that step.
        """
        first, span, *_ = window(self.curve, self.forks, self.options)
        newest = self.curve.length - 1
        if at is None or at > newest:
            return newest if by < 0 else first
        if by > 0 and at >= newest:
            return None
        if not self.scaled:
            return max(0, min(newest, at + by))
        return self._marked(min(first + moved(max(0, at - first), by, self.width, span), newest))

    def step_at(self, x: int) -> int | None:
        """The step in cell `x`; None where no column is a step."""
        if not self.scaled:
            return None
        first, span, *_ = window(self.curve, self.forks, self.options)
        return self._marked(min(first + step_at(x, self.width, span), self.curve.length - 1))

    def _marked(self, step: int) -> int:
        """A step of the same column at which something happened, or the step itself."""
        curve = self.curve
        first, span, *_ = window(curve, self.forks, self.options)
        happened = (*(at for at, _ in (*curve.marks, *curve.stops)), *curve.test_steps)
        shown = (at for at in happened if first <= at < curve.length)
        place = column(step - first, self.width, span)
        return next((at for at in shown if column(at - first, self.width, span) == place), step)

    def crossed(self, chart: list[Strip], step: int, look: Look) -> list[Strip]:
        """The chart with the cursor at a step, where that is in it."""
        first, span, *_ = window(self.curve, self.forks, self.options)
        if step < first or not self.scaled:
            return chart
        return with_cursor(chart, step - first, span - 1, span, look)


def with_cursor(strips: Sequence[Strip], cursor: int, now: int, span: int, look: Look) -> list[Strip]:
    """The curve of steps 0 … span−1 with a line at step `cursor`; what lies beyond step `now` is quiet."""
    if not strips or strips[0].cell_length <= _LEFT:
        return list(strips)
    count = columns(strips[0].cell_length)
    line, here = (_LEFT + column_of(min(step, span - 1), count, span) for step in (cursor, now))
    last = len(strips) - _BELOW
    return [
        _crossed(_dimmed(strip, here + 1, look.palette), line, look) if y < last else strip
        for y, strip in enumerate(strips)
    ]


def _dimmed(strip: Strip, start: int, palette: Palette) -> Strip:
    """Without colours from cell `start` on."""
    if start >= strip.cell_length:
        return strip
    return Strip.join([strip.crop(0, start), Strip([Segment(strip.crop(start).text, palette.quiet)])])


def _crossed(strip: Strip, x: int, look: Look) -> Strip:
    """With the cursor's line at cell `x`: what is drawn there stays, inverse; words stay as they are."""
    cell = strip.crop(x, x + 1).text
    if cell.isalnum() or cell == ".":
        return strip
    blank = cell.isspace() or cell == "\u2800"
    here = Segment(look.glyphs.lines[1], look.palette.lit_line) if blank else Segment(cell, look.palette.lit_cell)
    return Strip.join([strip.crop(0, x), Strip([here]), strip.crop(x + 1)])
