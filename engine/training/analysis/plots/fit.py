"""The plot of predictions beside what they should be. Reads a run; must not know commands, how snapshots are made, or
the screen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ...moves import Moves
from ...run.run import Run
from ...snapshot.plots.fit import FitPoint, FitView
from ..determination import determination, squared_error
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
            train_r2=_r2([point for point in points if not point.test]),
            test_r2=_r2([point for point in points if point.test]),
        )


def _r2(points: Sequence[FitPoint]) -> float | None:
    """R² of points; None where that is no number."""
    if not points:
        return None
    targets = [point.actual for point in points]
    r2 = determination(targets, squared_error(targets, [point.predicted for point in points]))
    return r2 if r2 is not None and math.isfinite(r2) else None
