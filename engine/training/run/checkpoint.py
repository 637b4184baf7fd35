"""What training depends on at the start of a step, kept to be gone back to. Knows the stepper's state; must not know
history.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import NamedTuple

from ...nn.optimizers import OPTIMIZERS
from ...records import record
from ..step.state import State
from ..step.stepper import Stepper

_FRAME = 300
"""Bytes of a checkpoint beside its numbers, about."""


@record(eq=False)
class Checkpoint:
    """The start of a step, before the edits made there that come after the first `edits` of the run."""

    stepper: Stepper
    step: int
    epoch: int
    cursor: int
    updates: int
    edits: int
    """How many edits were applied."""
    numbers: array[float]
    """Of P parameters each: themselves, their grads, what they were before the last update, then the optimiser's state
    variables.
    """

    @classmethod
    def of(cls, stepper: Stepper, state: State, edits: int) -> Checkpoint:
        """A copy of what the state's next steps depend on."""
        return Draft.of(stepper, state, edits).checkpoint()

    @property
    def parameters(self) -> tuple[float, ...]:
        """The parameters there."""
        return tuple(self.numbers[: len(self.stepper.program.parameters)])

    @property
    def size(self) -> int:
        """Bytes in memory, about."""
        return 8 * len(self.numbers) + _FRAME

    @staticmethod
    def length(stepper: Stepper) -> int:
        """How many `numbers` a checkpoint of a stepper has."""
        return len(stepper.program.parameters) * (3 + len(OPTIMIZERS[stepper.settings.optimizer].state))

    def state(self) -> State:
        """The state again. Nodes hold nothing: they are what the next whole step makes of them."""
        p, numbers = len(self.stepper.program.parameters), self.numbers.tolist()
        state = State(self.stepper.program, numbers[:p], self.stepper.settings)
        state.step, state.epoch, state.cursor, state.updates = self.step, self.epoch, self.cursor, self.updates
        state.memory.grad[:p] = numbers[p : 2 * p]
        state.previous[:] = numbers[2 * p : 3 * p]
        state.moments = [numbers[at : at + p] for at in range(3 * p, len(numbers), p)]
        return state


class Draft(NamedTuple):
    """What a checkpoint is made of, if it comes to that: a copy in a tenth of the time, and in four times the room."""

    stepper: Stepper
    step: int
    epoch: int
    cursor: int
    updates: int
    edits: int
    rows: Sequence[list[float]]

    @classmethod
    def of(cls, stepper: Stepper, state: State, edits: int) -> Draft:
        """The draft of a checkpoint where the state stands."""
        p, memory = len(state.previous), state.memory
        rows = [memory.data[:p], memory.grad[:p], state.previous[:], *(moment[:] for moment in state.moments)]
        return cls(stepper, state.step, state.epoch, state.cursor, state.updates, edits, rows)

    def checkpoint(self) -> Checkpoint:
        """The checkpoint."""
        numbers = array("d")
        for row in self.rows:
            numbers.fromlist(row)
        return Checkpoint(*self[:-1], numbers)
