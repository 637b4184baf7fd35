"""When to ask which op a run left the finite numbers with. Knows a run's state; must not know how the op is found.

A step that was edited in its middle cannot be run again as it was: of such a step no op is blamed that may have been
finite.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..snapshot.debugger import Fault
from ..step.diagnose import first_fault, update_fault
from ..step.stepper import State, Stepper


def in_loss(stepper: Stepper, state: State, batch: Sequence[int], edited: bool, loss: float) -> Fault | None:
    """What made the loss of the state's step leave the finite numbers; of an edited step, the loss itself."""
    if edited:
        op = stepper.timeline_of(len(batch)).loss_end - 1
        return Fault(state.step, "loss", "batch", "loss", (), loss, op)
    return first_fault(stepper, state.memory.data[: len(state.previous)], batch, state.step, state.inherited)


def in_update(stepper: Stepper, state: State, batch: Sequence[int], edited: bool) -> Fault | None:
    """What made a parameter leave them in the step before the state's, which is complete; None if none did."""
    if all(map(math.isfinite, state.memory.data[: len(state.previous)])):
        return None
    found = None if edited else first_fault(stepper, state.previous, batch, state.step - 1, state.inherited)
    return found or update_fault(stepper, state, len(batch))


def behind(stepper: Stepper, state: State, batch: Sequence[int]) -> Fault | None:
    """The first op of the state's step that has left them, if one of those that are done has."""
    memory = state.memory
    if all(map(math.isfinite, memory.data)) and all(map(math.isfinite, memory.grad)):
        return None
    updated = max(0, state.op - stepper.timeline(state).backward_end)
    parameters = [*state.previous[:updated], *memory.data[updated : len(state.previous)]]
    fault = first_fault(stepper, parameters, batch, state.step, state.inherited)
    return fault if fault is not None and fault.op < state.op else None
