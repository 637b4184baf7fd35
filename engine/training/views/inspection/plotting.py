"""The plot of the whole that was asked for, the newest one that is complete, and the slope at a point of it.

Reads the run that it is shown; must not know what else is looked at: it is told. What computes a plot is loaded where
one is begun.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...analysis.plots.choice import begun, kinds
from ...commands import CommandError, SetQuotient
from ...moves import Moves
from ...run.run import Run

if TYPE_CHECKING:
    from ...analysis.plots.plot import Plot
    from ...snapshot.plots.function import SlopeView
    from ...snapshot.snapshot import Plotted
    from ...snapshot.subject import PlotKind


class Plotting:
    """The one that suits the data best, until another is asked for."""

    def __init__(self) -> None:
        self.view: Plotted | None = None
        """The newest plot that is complete."""
        self.quotient = SetQuotient(1e-3)
        """Over which difference quotient a slope is measured."""
        self._kind: PlotKind | None = None
        """The plot that was asked for."""
        self._plot: Plot | None = None
        self._begun: PlotKind | None = None
        """What `_plot` is."""

    def choose(self, kind: str, run: Run) -> None:
        """Ask for a kind of plot.

        Raises:
            CommandError: there is no such one of the run's data; nothing has changed.
        """
        known = next((known for known in kinds(run.stepper.program) if known == kind), None)
        if known is None:
            raise CommandError(f"there is no {kind} of this")
        self._kind = known

    def work(
        self, run: Run, columns: int, rows: int, neuron: tuple[int, int] | None, sample: int | None
    ) -> Moves | None:
        """What the plot of a run as it is now, for so many cells, has still to do, few numbers at a time; None if there
        is nothing, or no plot. With a map goes one of a neuron; a sample's row says at which a function is drawn.
        """
        kind = self._shown(run)
        if kind is None:
            return None
        from ...analysis.plots.plot import Asked

        asked = Asked(columns, rows, neuron, self.quotient.leaf, self.quotient.h, sample)
        if self._plot is None or self._begun != kind or not self._plot.fits(run, asked):
            self._plot, self._begun = begun(kind, run, asked), kind
        return None if self._plot.view is not None else self._finish(self._plot)

    def _shown(self, run: Run) -> PlotKind | None:
        """The plot that was asked for, where there is that one; else the one that suits the data best."""
        there = kinds(run.stepper.program)
        return self._kind if self._kind in there else there[0] if there else None

    def _finish(self, plot: Plot) -> Moves:
        yield from plot.work()
        self.view = plot.view

    def slope(self, run: Run, sample: int | None) -> SlopeView | None:
        """The slope where a run stands, on a sample or the one in hand; None where it has not one variable."""
        if self._shown(run) != "function":
            return None
        from ...analysis.plots.slope import slope

        return slope(run, self.quotient.leaf, sample, self.quotient.h, central=self.quotient.central)
