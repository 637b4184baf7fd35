"""The picture that a sample is. Reads a run; must not know commands, how snapshots are made, or the screen."""

from __future__ import annotations

from ...moves import Moves
from ...run.nodes import row_shown
from ...run.run import Run
from ...setup.data import Pictured
from ...snapshot.plots.image import ImageView
from ...step.evaluate import Evaluator
from .plot import Asked


class ImagePlot:
    """The sample that is looked at, or that is in hand, and what the network of a run makes of it."""

    def __init__(self, run: Run, asked: Asked) -> None:
        self._run, self._parameters, self._row = run, run.parameters, row_shown(run, asked.row)
        self.view: ImageView | None = None
        """The plot, once it is complete."""

    def fits(self, run: Run, asked: Asked) -> bool:
        """Whether it is what would be made now."""
        now = self._run.stepper.program is run.stepper.program and self._row == row_shown(run, asked.row)
        return now and self._parameters == run.parameters

    def work(self) -> Moves:
        """Compute the plot: one sample."""
        stepper = self._run.stepper
        data = stepper.program.data
        assert isinstance(data, Pictured)
        assert data.image is not None
        (sample,) = Evaluator(stepper).samples(self._parameters, [self._row], ())
        yield 1
        made = sample.prediction
        most = max(max(row) for row in data.train_inputs) or 1.0
        self.view = ImageView(
            *data.image,
            pixels=tuple(min(1.0, max(0.0, ink / most)) for ink in made.inputs),
            sample=self._row,
            classes=data.classes,
            probabilities=made.probabilities,
            target=int(sample.target),
            decision=made.decision or 0,
        )
