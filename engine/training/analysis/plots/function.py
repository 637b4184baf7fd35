"""The plot of a function of one variable: the curve, the samples, and where a leaf of an expression came from. Reads a
run; must not know commands, how snapshots are made, or the screen.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from itertools import pairwise

from ...moves import Moves
from ...run.run import Run
from ...run.twin import briefly, scout
from ...snapshot.plots.function import FunctionView
from .functions import AlongLeaf, Function, function_of, output_of
from .plot import Asked
from .shown import stretched

PLACES = 12
"""Steps of which it shows where the leaf stood."""

_BEYOND = 5 / 3
"""How far the plot of an expression reaches, by where its leaf stands and stood: from 3 to 5, as in the lecture."""

_LEAST = 1.2
"""Where a leaf near 0 is taken to stand, so that the plot does not shrink with it."""

_Place = tuple[float, float]


class FunctionPlot:
    """f of a run as it is now, in two values a column."""

    def __init__(self, run: Run, asked: Asked) -> None:
        self._run = run
        self._function: Function = function_of(run, asked.leaf, asked.row)
        self._count = max(2, 2 * asked.columns)
        self._h = asked.h
        self._made_of = self._origin(run, asked)
        self.view: FunctionView | None = None
        """The plot, once it is complete."""

    @staticmethod
    def _origin(run: Run, asked: Asked) -> tuple[object, ...]:
        program = run.stepper.program
        if program.data is not None:
            return program, run.parameters, asked.columns, output_of(run, asked.row)
        return program, run.parameters, asked.columns, asked.leaf, asked.h, run.state.step

    def fits(self, run: Run, asked: Asked) -> bool:
        """Whether it is what would be made now."""
        return self._made_of == self._origin(run, asked)

    def work(self) -> Moves:
        """Compute the plot; yields after every few values how many they were."""
        function = self._function
        trail: tuple[_Place, ...] = ()
        points = function.points()
        if isinstance(function, AlongLeaf):
            trail = yield from _trail(self._run, function.leaf)
            first = self._run.first[function.leaf]
            low, high = _around([first, function.x, *(x for x, _ in trail)], function.x, self._h)
        else:
            low, high = stretched(min(point.x for point in points), max(point.x for point in points))
        share = (high - low) / (self._count - 1)
        values = yield from function.values([low + share * k for k in range(self._count - 1)] + [high])
        self.view = FunctionView(
            variable=function.variable,
            measure=function.measure,
            low=low,
            high=high,
            values=tuple(values),
            points=points,
            trail=trail,
        )


def _trail(run: Run, leaf: int) -> Generator[int, None, tuple[_Place, ...]]:
    """Where a leaf stood at the start of the last steps, and what the expression was there; yields as it goes on."""
    stop = run.state.step
    if not stop:
        return ()
    twin, places = scout(run), []
    for step in range(max(0, stop - PLACES), stop):
        yield from briefly(twin, twin.goto(step, 0))
        there = AlongLeaf(twin, leaf)
        places.append((there.x, there.value(there.x)))
        yield 1
    return tuple(place for place, after in pairwise([*places, (math.nan, math.nan)]) if place != after)


def _around(stood: Sequence[float], x: float, h: float) -> tuple[float, float]:
    """A round stretch about 0 that holds everywhere that a leaf stood, and both ends of a difference quotient there."""
    farthest = max((abs(number) for number in stood if math.isfinite(number)), default=0.0)
    reach = _round(_BEYOND * max(farthest, _LEAST))
    if math.isfinite(x) and abs(x) + h > reach:
        reach = _round(abs(x) + h)
    return -reach, reach


def _round(size: float) -> float:
    """A round number that is not below `size`, so that the plot stands still while a leaf moves; it is finite."""
    power = 10.0 ** math.floor(math.log10(min(size, 1e300)))
    return next(m * power for m in (1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0) if m * power >= min(size, 1e300))
