"""What training depends on at the start of a step, kept to be gone back to. Knows the stepper's state; must not know
history.
"""

from __future__ import annotations

from ...records import record
from ..step.state import State
from ..step.stepper import Stepper


@record(eq=False)
class Checkpoint:
    """The start of a step, before the edits made there that come after the first `edits` of the run."""

    stepper: Stepper
    step: int
    epoch: int
    cursor: int
    updates: int
    parameters: tuple[float, ...]
    grads: tuple[float, ...]
    previous: tuple[float, ...]
    moments: tuple[tuple[float, ...], ...]
    edits: int
    """How many edits were applied."""

    @classmethod
    def of(cls, stepper: Stepper, state: State, edits: int) -> Checkpoint:
        """A copy of what the state's next steps depend on."""
        p = len(state.previous)
        return cls(
            stepper,
            state.step,
            state.epoch,
            state.cursor,
            state.updates,
            tuple(state.memory.data[:p]),
            tuple(state.memory.grad[:p]),
            tuple(state.previous),
            tuple(map(tuple, state.moments)),
            edits,
        )

    def state(self) -> State:
        """The state again. Nodes hold nothing: they are what the next whole step makes of them."""
        state = State(self.stepper.program, self.parameters, self.stepper.settings)
        state.step, state.epoch, state.cursor, state.updates = self.step, self.epoch, self.cursor, self.updates
        state.memory.grad[: len(self.grads)] = self.grads
        state.previous[:] = self.previous
        state.moments = [list(moment) for moment in self.moments]
        return state
