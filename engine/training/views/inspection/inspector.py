"""What is looked at beside the training: a probe, watches, a neuron, a sample, the gradient check, a plot, a step.

Reads the run that it is shown; must not know other commands, how snapshots are made, or the screen.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ...commands import (
    CommandError,
    Inspection,
    LookAtSample,
    SetCursor,
    SetGradcheck,
    SetNeuron,
    SetPlot,
    SetProbe,
    SetQuotient,
    SetWatch,
)
from ...moves import Moves
from ...run.run import Run
from .cursor import Cursor
from .gradcheck import Gradcheck
from .plotting import Plotting

if TYPE_CHECKING:
    from ...snapshot.plots.function import SlopeView
    from ...step.evaluate import Evaluator
    from ...step.program import Program


class Inspector:
    """Keeps what was asked for; the numbers are those of whichever run it is shown."""

    def __init__(self) -> None:
        self.probe: tuple[float, ...] | None = None
        """The input whose prediction is wanted, in the data's own units; None for none."""
        self.watches: tuple[str, ...] = ()
        """Names of the values that are pinned, in the order in which they were."""
        self.neuron: tuple[int, int] | None = None
        """Layer and neuron, from 0, that are looked at closely."""
        self.sample: int | None = None
        """Row of the training sample that is looked at; None for the one in hand."""
        self.gradcheck = Gradcheck()
        """Along with it, wherever the run stands."""
        self.plotting = Plotting()
        """The plot of the whole."""
        self.cursor = Cursor()
        """The step of which is told what it measured."""
        self._evaluator: Evaluator | None = None

    def apply(self, command: Inspection, run: Run) -> None:
        """Look at something else.

        Raises:
            CommandError: a number in it is not finite, or the run's inputs are not as many; nothing has changed.
        """
        match command:
            case SetProbe(inputs):
                self._set_probe(inputs, len(run.stepper.program.raw_names))
            case SetWatch(name, on):
                others = tuple(watched for watched in self.watches if watched != name)
                if not on:
                    self.watches = others
                elif name not in self.watches:
                    self.watches = (*others, name)
            case SetNeuron(unit):
                self.neuron = unit
            case LookAtSample(row):
                self._look_at(row, run.stepper.program)
            case SetCursor(step):
                self.cursor.look_at(step)
            case SetPlot(kind):
                self.plotting.choose(kind, run)
            case SetQuotient(h):
                _check_distance(h)
                self.plotting.quotient = command
            case SetGradcheck(h=h):
                if h is not None:
                    _check_distance(h)
                self.gradcheck.asked = command

    def _set_probe(self, inputs: tuple[float, ...] | None, count: int) -> None:
        if inputs is not None and len(inputs) != count:
            raise CommandError(f"an input has {count} numbers, not {len(inputs)}")
        if inputs is not None and not all(map(math.isfinite, inputs)):
            raise CommandError("an input's numbers must be finite")
        self.probe = inputs

    # --- samples

    def _look_at(self, row: int | None, program: Program) -> None:
        if row is not None and program.data is None:
            raise CommandError("an expression has no samples")
        if row is not None and not 0 <= row < len(program.samples):
            raise CommandError(f"there is no sample {row + 1}: there are {len(program.samples)}")
        self.sample = row

    def looked_at(self, run: Run) -> int | None:
        """Row of the sample that a run's network is shown on; None for the one in hand."""
        row = self.sample
        program = run.stepper.program
        return row if row is not None and program.data is not None and row < len(program.samples) else None

    def evaluator(self, run: Run) -> Evaluator:
        """What computes beside a run's training."""
        if self._evaluator is None or not self._evaluator.fits(run.stepper):
            from ...step.evaluate import Evaluator  # the first frame computes nothing

            self._evaluator = Evaluator(run.stepper)
        return self._evaluator

    # --- what is drawn of it

    def plot(self, run: Run, columns: int, rows: int) -> Moves | None:
        """What the plot of a run as it is now, for so many cells, has still to do, few numbers at a time; None if there
        is nothing, or no plot. With a map goes one of the neuron that is looked at.
        """
        return self.plotting.work(run, columns, rows, self.neuron, self.looked_at(run))

    def slope(self, run: Run) -> SlopeView | None:
        """The slope where a run stands; None where it has not one variable."""
        return self.plotting.slope(run, self.looked_at(run))


def _check_distance(h: float) -> None:
    if not (math.isfinite(h) and h > 0):
        raise CommandError(f"h must be finite and above 0, not {h}")
