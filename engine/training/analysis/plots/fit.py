"""The plot of predictions beside what they should be. Reads a run; must not know commands, how snapshots are made, or
the screen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ...moves import Moves
from ...run.run import Run
from ...snapshot.plots.fit import FitPoint, FitView
from .layers import Layers
from .plot import Asked
from .shown import evenly_chosen


class FitPlot:
    """What the network of a run makes of its samples, with the parameters that it has now."""

    def __init__(self, run: Run, _asked: Asked) -> None:
        self._program, self._parameters = run.stepper.program, run.parameters
        self.view: FitView | None = None
        """The plot, once it is complete."""

    def fits(self, run: Run, _asked: Asked) -> bool:
        """Whether it is what would be made now."""
        return self._program is run.stepper.program and self._parameters == run.parameters

    def work(self) -> Moves:
        """Compute the plot; yields after every few samples how many they were."""
        program, data = self._program, self._program.data
        assert data is not None
        samples = list(evenly_chosen(program))
        layers = Layers(program.layers, self._parameters)
        outputs, _ = yield from layers.outputs(sample.inputs for sample in samples)
        own = program.table_units.target
        points = [
            FitPoint(own(sample.targets[0]), own(predicted), sample.test)
            for sample, (predicted,) in zip(samples, outputs, strict=True)
        ]
        self.view = FitView(
            target=data.target,
            points=tuple(points),
            train_size=len(program.samples),
            test_size=len(program.tests),
            train_r2=determination([point for point in points if not point.test]),
            test_r2=determination([point for point in points if point.test]),
        )


def determination(points: Sequence[FitPoint]) -> float | None:
    """R², the share of the targets' variance that is explained; None where that is no number."""
    if not points:
        return None
    mean = math.fsum(point.actual for point in points) / len(points)
    try:
        total = math.fsum((point.actual - mean) ** 2 for point in points)
        left = math.fsum((point.actual - point.predicted) ** 2 for point in points)
    except (OverflowError, ValueError):  # infinities of both signs
        return None
    r2 = 1.0 - left / total if total else math.nan
    return r2 if math.isfinite(r2) else None
