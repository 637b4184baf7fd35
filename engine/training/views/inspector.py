"""What is looked at beside the training: a probe, watches, one neuron, the gradient check and the decision map.

Reads the run that it is shown; must not know other commands, how snapshots are made, or the screen. What computes a
check or a map is loaded where one is begun.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..commands import CommandError, Inspection, SetGradcheck, SetNeuron, SetProbe, SetWatch
from ..moves import Moves
from ..run.run import Run

if TYPE_CHECKING:
    from ..analysis.decision_map import DecisionMap
    from ..analysis.gradient_check import GradientCheck
    from ..snapshot.closeup import MapView


class Inspector:
    """Keeps what was asked for; the numbers are those of whichever run it is shown."""

    def __init__(self) -> None:
        self.probe: tuple[float, ...] | None = None
        """The input whose prediction is wanted, in the data's own units; None for none."""
        self.watches: tuple[str, ...] = ()
        """Names of the values that are pinned, in the order in which they were."""
        self.neuron: tuple[int, int] | None = None
        """Layer and neuron, from 0, that are looked at closely."""
        self.gradcheck = False
        """Gradients are checked wherever the run stands."""
        self.gradcheck_h: float | None = None
        """Distance of the difference quotients; None for the best one of each parameter."""
        self.map: MapView | None = None
        """The newest map that is complete."""
        self._check: GradientCheck | None = None
        self._map: DecisionMap | None = None

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
            case SetGradcheck(on, h):
                if h is not None and not (math.isfinite(h) and h > 0):
                    raise CommandError(f"h must be finite and above 0, not {h}")
                self.gradcheck, self.gradcheck_h = on, h

    def _set_probe(self, inputs: tuple[float, ...] | None, count: int) -> None:
        if inputs is not None and len(inputs) != count:
            raise CommandError(f"an input has {count} numbers, not {len(inputs)}")
        if inputs is not None and not all(map(math.isfinite, inputs)):
            raise CommandError("an input's numbers must be finite")
        self.probe = inputs

    # --- the gradient check

    def check(self, run: Run) -> GradientCheck | None:
        """The check of where a run stands, as far as it has come; None if none was begun there."""
        check = self._check
        return check if check and self.gradcheck and check.fits(run, self.gradcheck_h) else None

    def checking(self, run: Run) -> Moves | None:
        """What the check has still to do where a run stands, sample by sample; None if nothing."""
        if not self.gradcheck:
            return None
        if self._check is None or not self._check.fits(run, self.gradcheck_h):
            from ..analysis.gradient_check import GradientCheck

            self._check = GradientCheck(run, self.gradcheck_h)
        return None if self._check.complete else self._check.work()

    # --- the decision map

    def mapping(self, run: Run, columns: int, rows: int) -> Moves | None:
        """What a map of a run's network as it is now, over the data's two inputs and of so many cells, has still to do,
        few cells at a time; None if nothing, or where the data has not two. With it goes a map of the neuron that is
        looked at.
        """
        data = run.stepper.program.data
        if data is None or len(data.features) != 2:
            return None
        decisions = self._map
        if decisions is None or not decisions.fits(run, columns, rows, self.neuron):
            from ..analysis.decision_map import DecisionMap

            decisions = self._map = DecisionMap(run, data, columns, rows, self.neuron)
        return None if decisions.view is not None else self._finish(decisions)

    def _finish(self, decisions: DecisionMap) -> Moves:
        yield from decisions.work()
        self.map = decisions.view
