"""A loss curve -> dots, labels and remarks, all of them whole numbers and text. Must not know colours or plotext.

The plan is all that the picture depends on: where two are equal, so are their pictures.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from chainstep.engine.records import record
from chainstep.engine.training.snapshot.curve import Curve, ForkView
from chainstep.engine.training.snapshot.series.series import Series

from .axis import LABEL, Scale, short, step_ticks
from .downsample import downsample, sampled
from .forks import ForkCurve, fork_curves
from .window import CurveOptions, Window, column_of, window

SMALLEST = (18, 5)
"""Below this width and height there is no room for axes: a bar per column is left."""

_FAR_APART = 100.0
"""The largest loss over the smallest, from which on a linear axis hides the small ones."""

_Points = Sequence[tuple[int, float]]
"""(step, loss)"""


@record
class Plan:
    """A picture in whole numbers. Dots count from the lower left corner of the canvas, cells too."""

    columns: int
    rows: int
    train: tuple[tuple[int, int], ...] = ()
    """Dots, in the order in which they are joined."""
    ghost: tuple[tuple[int, int], ...] = ()
    test: tuple[tuple[int, int], ...] = ()
    """Cells."""
    forks: tuple[tuple[tuple[int, int], ...], ...] = ()
    """Cells of each fork but the current one."""
    names: tuple[str, ...] = ()
    """Of the current fork and of the others; empty while there is only one."""
    clipped: tuple[int, ...] = ()
    """Columns of cells in which the curve leaves through the top."""
    yticks: tuple[tuple[int, str], ...] = ()
    """(row, label)"""
    xticks: tuple[tuple[int, str], ...] = ()
    """(column, label), the most important first."""
    marks: tuple[tuple[int, str], ...] = ()
    """(column, what was turned there)"""
    stops: tuple[tuple[int, str], ...] = ()
    """(column, the breakpoint that stopped a movement there)"""
    remarks: tuple[str, ...] = ()
    """What the picture does not show, and why."""
    hint: str = ""
    """What to say instead of a picture."""
    flat: bool = False
    """Losses lie so far apart that the smallest ones are one flat line: a logarithmic axis would show them."""


def plan_curve(
    curve: Curve, width: int, height: int, options: CurveOptions, *, unicode: bool, forks: Sequence[ForkView] = ()
) -> Plan:
    """What to draw on `width` x `height` cells, axes included: equal for two curves exactly when their pictures are.

    `forks` are the runs side by side; test losses are drawn as measured, whatever the smoothing. With `unicode` a cell
    has 2 x 4 dots, else one.
    """
    canvas = _canvas(width, height, unicode=unicode)
    shown = window(curve, forks, options)
    if not shown.span:
        return Plan(canvas.columns, canvas.rows, hint="no loss yet: it comes with the first step")
    sample = _sample(curve, forks, shown, canvas)
    train, beside = [loss for _, loss in sample.train], [loss for _, loss in sample.beside]
    if not train and not beside:
        return Plan(canvas.columns, canvas.rows, hint=", ".join(sample.dropped))

    scale = Scale.fit(train, beside, options.log)
    place = _Placing(canvas, shown, scale)
    top, lowest = max([*train, *beside]), min(train, default=0.0)
    return Plan(
        canvas.columns,
        canvas.rows,
        train=place.line(sample.train),
        ghost=place.ghost(sample.ghost),
        test=place.cells(sample.test),
        forks=tuple(place.cells(fork.points) for fork in sample.forks),
        names=_names(forks, sample.forks),
        clipped=place.clipped(sample.train),
        yticks=scale.ticks(canvas.rows, canvas.up) if canvas.axes else (),
        xticks=step_ticks(shown.span, canvas.columns, shown.first) if canvas.axes else (),
        marks=place.marks(curve.marks),
        stops=place.marks(curve.stops),
        remarks=(*sample.dropped, f"▲ clipped, max {short(top)}") if top > scale.clip else sample.dropped,
        flat=not options.log and top > _FAR_APART * lowest > 0.0,
    )


class _Canvas(NamedTuple):
    """The room between the axes: in cells, and in dots."""

    columns: int
    rows: int
    across: int
    up: int
    axes: bool


def _canvas(width: int, height: int, *, unicode: bool) -> _Canvas:
    if width < SMALLEST[0] or height < SMALLEST[1]:
        return _Canvas(width, 1, width, 8, False)
    columns, rows = width - LABEL - 1, height - 2
    across, up = (2, 4) if unicode else (1, 1)
    return _Canvas(columns, rows, across * columns, up * rows, True)


class _Sample(NamedTuple):
    """What is left of each curve: at most two points a column."""

    train: _Points
    ghost: _Points
    test: _Points
    forks: Sequence[ForkCurve]
    dropped: tuple[str, ...]
    """Why losses are missing, in words."""

    @property
    def beside(self) -> _Points:
        """All that is drawn beside the run's own losses."""
        return [*self.ghost, *self.test, *(point for fork in self.forks for point in fork.points)]


def _sample(curve: Curve, forks: Sequence[ForkView], shown: Window, canvas: _Canvas) -> _Sample:
    ghost = curve.ghost if curve.ghost is not None else Series()
    train = sampled(curve.loss, canvas.across, shown, curve.length)
    since = bisect_left(curve.test_steps, shown.first)
    test = downsample(curve.test_loss, canvas.columns, first=since, positive=shown.log)
    measured = [(curve.test_steps[k], loss) for k, loss in test.points]
    return _Sample(
        train.points,
        sampled(ghost, canvas.columns, shown, min(shown.end, len(ghost))).points,
        [(step, loss) for step, loss in measured if step < shown.end],
        fork_curves(forks, canvas.columns, shown),
        _dropped(curve, train.dropped + test.dropped, shown, since),
    )


def _dropped(curve: Curve, dropped: int, shown: Window, since: int) -> tuple[str, ...]:
    """Why losses are missing, in words: those that are not finite and, in log, those without a logarithm."""
    wild = dropped
    if shown.log and dropped:
        wild = downsample(curve.loss, 1, first=shown.first, length=curve.length).dropped
        wild += downsample(curve.test_loss, 1, first=since).dropped
    said = (f"{wild} point{'s' * (wild != 1)} not finite",) if wild else ()
    return (*said, f"{dropped - wild} not above 0") if dropped > wild else said


class _Placing(NamedTuple):
    """Where steps and losses are on a canvas."""

    canvas: _Canvas
    shown: Window
    scale: Scale

    def line(self, points: _Points) -> tuple[tuple[int, int], ...]:
        """Dots, from edge to edge: what is clipped leaves through the top."""
        across, up, dot = self.canvas.across, self.canvas.up, self.scale.dot
        first, span = self.shown.first, self.shown.span
        # Most of the points of a picture are here: `Window.column` in place.
        return tuple([(column_of(step - first, across, span), dot(loss, up)) for step, loss in points])

    def ghost(self, points: _Points) -> tuple[tuple[int, int], ...]:
        """Dots, one column of them a cell."""
        columns, across, up = self.canvas.columns, self.canvas.across, self.canvas.up
        return tuple(
            (self.shown.column(step, columns) * across // columns, self.scale.dot(loss, up))
            for step, loss in points
            if loss <= self.scale.clip
        )

    def cells(self, points: _Points) -> tuple[tuple[int, int], ...]:
        """Cells, each of them once."""
        columns, up = self.canvas.columns, self.canvas.up
        dots_a_row = up // self.canvas.rows
        inside = ((step, loss) for step, loss in points if loss <= self.scale.clip)
        places = ((self.shown.column(step, columns), self.scale.dot(loss, up) // dots_a_row) for step, loss in inside)
        return tuple(dict.fromkeys(places))

    def clipped(self, points: _Points) -> tuple[int, ...]:
        """Columns of cells with losses that lie outside."""
        outside = (step for step, loss in points if loss > self.scale.clip)
        return tuple(dict.fromkeys(self.shown.column(step, self.canvas.columns) for step in outside))

    def marks(self, marks: Sequence[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
        """(column, what happened there); of several in one column the last."""
        inside = ((step, what) for step, what in marks if self.shown.first <= step < self.shown.end)
        return tuple({self.shown.column(step, self.canvas.columns): what for step, what in inside}.items())


def _names(forks: Sequence[ForkView], others: Sequence[ForkCurve]) -> tuple[str, ...]:
    """Whose curves there are, the current one's first."""
    return (*(fork.name for fork in forks if fork.current), *(fork.name for fork in others))
