"""What is looked at beside the training: a probe, watches, a neuron, a sample, the gradient check, a plot, a step.

Reads the run that it is shown; must not know other commands, how snapshots are made, or the screen. What computes a
check or a plot is loaded where one is begun.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ...analysis.plots.choice import begun, kinds
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

if TYPE_CHECKING:
    from ...analysis.gradient_check import GradientCheck
    from ...analysis.plots.plot import Plot
    from ...snapshot.plots.function import SlopeView
    from ...snapshot.snapshot import Plotted
    from ...snapshot.subject import PlotKind
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
        self.gradcheck = False
        """Gradients are checked wherever the run stands."""
        self.gradcheck_h: float | None = None
        """Distance of the difference quotients; None for the best one of each parameter."""
        self.gradcheck_central = True
        """They go to both sides."""
        self.plot: Plotted | None = None
        """The newest plot that is complete."""
        self.quotient = SetQuotient(1e-3)
        """Over which difference quotient a slope is measured."""
        self.cursor = Cursor()
        """The step of which is told what it measured."""
        self._evaluator: Evaluator | None = None
        self._check: GradientCheck | None = None
        self._kind: PlotKind | None = None
        """The plot that was asked for."""
        self._plot: Plot | None = None
        self._begun: PlotKind | None = None
        """What `_plot` is."""

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
                self._kind = self._known_plot(kind, run)
            case SetQuotient(h):
                _check_distance(h)
                self.quotient = command
            case SetGradcheck(on, h, central):
                if h is not None:
                    _check_distance(h)
                self.gradcheck, self.gradcheck_h, self.gradcheck_central = on, h, central

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

    # --- the gradient check

    def check(self, run: Run) -> GradientCheck | None:
        """The check of where a run stands, as far as it has come; None if none was begun there."""
        check = self._check
        return check if check and self.gradcheck and check.fits(run, *self._difference) else None

    def checking(self, run: Run) -> Moves | None:
        """What the check has still to do where a run stands, sample by sample; None if nothing."""
        if not self.gradcheck:
            return None
        if self._check is None or not self._check.fits(run, *self._difference):
            from ...analysis.gradient_check import GradientCheck

            self._check = GradientCheck(run, *self._difference)
        return None if self._check.complete else self._check.work()

    @property
    def _difference(self) -> tuple[float | None, bool]:
        return self.gradcheck_h, self.gradcheck_central

    # --- a plot of the whole, and the slope at a point of it

    def plotting(self, run: Run, columns: int, rows: int) -> Moves | None:
        """What the plot of a run as it is now, for so many cells, has still to do, few numbers at a time; None if there
        is nothing, or no plot. With a map goes one of the neuron that is looked at.
        """
        kind = self._shown_plot(run)
        if kind is None:
            return None
        from ...analysis.plots.plot import Asked

        asked = Asked(columns, rows, self.neuron, self.quotient.leaf, self.quotient.h, self.looked_at(run))
        if self._plot is None or self._begun != kind or not self._plot.fits(run, asked):
            self._plot, self._begun = begun(kind, run, asked), kind
        return None if self._plot.view is not None else self._finish(self._plot)

    def _shown_plot(self, run: Run) -> PlotKind | None:
        """The plot that was asked for, where there is that one; else the one that suits the data best."""
        there = kinds(run.stepper.program)
        return self._kind if self._kind in there else there[0] if there else None

    def _known_plot(self, kind: str, run: Run) -> PlotKind:
        for known in kinds(run.stepper.program):
            if known == kind:
                return known
        raise CommandError(f"there is no {kind} of this")

    def _finish(self, plot: Plot) -> Moves:
        yield from plot.work()
        self.plot = plot.view

    def slope(self, run: Run) -> SlopeView | None:
        """The slope where a run stands; None where it has not one variable."""
        if self._shown_plot(run) != "function":
            return None
        from ...analysis.plots.slope import slope

        return slope(run, self.quotient.leaf, self.looked_at(run), self.quotient.h, central=self.quotient.central)


def _check_distance(h: float) -> None:
    if not (math.isfinite(h) and h > 0):
        raise CommandError(f"h must be finite and above 0, not {h}")
