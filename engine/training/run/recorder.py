"""Keeps in a run's history what a stretch of it has measured, and finds out where its numbers went bad. Knows backends'
progress; must not know how a run is moved.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...autograd.ops.ieee import all_finite
from ..step.state import State
from ..step.stepper import Stepper
from .checkpoint import Checkpoint, Draft
from .history import History

if TYPE_CHECKING:
    from ..snapshot.debugger import Fault
    from ..step.backends.backend import Progress


class Recorder:
    """Watches one stretch, in which one backend carries a state on and nothing is edited. Made where it begins, before
    the edits that come after the first `applied`.
    """

    def __init__(self, history: History, stepper: Stepper, state: State, applied: int) -> None:
        self._history = history
        self.stepper = stepper
        self._state = state
        self._applied = applied
        self.step, self._epoch, self._cursor = state.step, state.epoch, state.cursor
        self.start = None if state.op else Draft.of(stepper, state, applied)
        """Where it begins, if that is where a step does."""

    def record(self, progress: Progress) -> None:
        """Keep what was measured; where steps were completed, also their epochs and now and then a checkpoint."""
        history, state, stepper, step = self._history, self._state, self.stepper, self.step
        history.measured(step, progress.losses, progress.accuracies)
        if state.step == step:
            return
        starts = stepper.program.batches.epoch_starts(self._cursor, state.step - step)
        history.began(self._epoch + 1, range(step + starts.start, step + starts.stop, starts.step))
        if progress.marks:
            known = history.last_checkpoint
            history.keep_checkpoint(*(mark for mark in self._marked(progress) if mark.step > known))
        if history.lacks_checkpoint(state.step):
            history.keep_checkpoint(Checkpoint.of(stepper, state, self._applied))

    def _marked(self, progress: Progress) -> Iterator[Checkpoint]:
        """The checkpoints that a backend has passed."""
        stepper, start, marks = self.stepper, self.start, progress.marks
        if start is None or not marks:
            return
        spacing, behind = self._history.spacing, stepper.program.batches.behind
        first = self._state.step // spacing - len(marks) + 1
        for step, numbers in enumerate(marks, start=first):
            passed = step * spacing - start.step
            place = behind(start.epoch, start.cursor, passed)
            yield Checkpoint(stepper, step * spacing, *place, start.updates + passed, self._applied, numbers)

    def fault(self, progress: Progress, *, halts: bool) -> Fault | None:
        """Where the stretch first left the finite numbers; None where it did not, as far as its losses and parameters
        tell. Where it `halts` inside a step, everything that was computed in the step is looked at.
        """
        state, count = self._state, len(self._state.previous)
        if self.start is None or state.step == self.step:
            return self._fault_in_step(progress, halts)
        # Parameters that have left the finite numbers do not come back to them.
        if all_finite(progress.losses) and all_finite(state.memory.data[:count]):
            return None
        from ..faults.first_fault import fault_between  # finite numbers need no search

        before = self.start.checkpoint()
        for mark in self._marked(progress):
            losses = progress.losses[before.step - self.step : mark.step - self.step]
            if not (all_finite(losses) and all_finite(mark.parameters)):
                return fault_between(self.stepper, before.state(), mark.step)
            before = mark
        return fault_between(self.stepper, before.state(), state.step)

    def _fault_in_step(self, progress: Progress, halts: bool) -> Fault | None:
        """The same for a stretch that began or ended inside a step.

        A step that was edited in its middle cannot be run again as it was: of such a step no op is blamed that may have
        been finite.
        """
        from ..faults.first_fault import first_fault, update_fault
        from ..snapshot.debugger import Fault

        stepper, state, step = self.stepper, self._state, self.step
        batch = stepper.program.batches.at(self._epoch, self._cursor)
        memory, count = state.memory, len(state.previous)
        over = state.step > step
        edited = self._history.edited((step, 1), (step, sys.maxsize))
        parameters = state.previous if over else stepper.first_parameters(state)

        def found() -> Fault | None:
            return None if edited else first_fault(stepper, parameters, batch, step, state.inherited)

        if not all_finite(progress.losses):
            op = stepper.timeline_of(len(batch)).loss_end - 1
            return found() or Fault(step, "loss", "batch", "loss", (), progress.losses[0], op)
        if over:
            finite = all_finite(memory.data[:count])
            return None if finite else found() or update_fault(stepper, state, len(batch))
        if halts and not (all_finite(memory.data) and all_finite(memory.grad)):
            fault = found()
            return fault if fault is not None and fault.op < state.op else None
        return None
