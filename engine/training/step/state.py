"""The numbers of training at one position: memory, optimiser, place in the data. Must not know how they change."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

from ...autograd.tape import Memory
from ...nn.optimizers import OPTIMIZERS
from ..setup.settings import Settings
from .program import Program


class State:
    """The numbers of a session at one position. `memory` slots 0 … P−1 are the parameters."""

    __slots__ = (
        "cursor",
        "derived",
        "epoch",
        "inherited",
        "measured",
        "memory",
        "moments",
        "op",
        "outputs",
        "prepared",
        "previous",
        "reached",
        "stale",
        "step",
        "updates",
    )

    def __init__(self, program: Program, parameters: Sequence[float], settings: Settings) -> None:
        self.memory: Memory = program.slots.memory()
        self.memory.data[: len(parameters)] = parameters
        self.previous = list(parameters)
        """The parameters before the last update of each."""
        self.moments: list[list[float]] = []
        """The optimiser's state variables, P numbers each."""
        self.updates = 0
        """Updates since the optimiser began."""
        self.step = 0
        self.epoch = 0
        self.cursor = 0
        """Samples of this epoch that earlier steps took."""
        self.op = 0
        """Ops of this step that are done."""
        self.measured = 0
        """Samples behind the newest loss."""
        self.stale: Sequence[int] | None = None
        """After compiled steps: the batch of the last one, whose nodes are still to be recomputed; None where they are
        in the memory.
        """
        self.inherited: Sequence[float] = ()
        """Where zero_grad is forgotten: the gradients with which this step began."""
        self.derived: int | None = None
        """After compiled steps: the step before which the nodes of the last sample were recomputed."""
        self.reached = 0
        """How many of the sample tape's nodes hold a number by now."""
        self.prepared: int | None = None
        """The op whose sample has been computed again for it, until that is run."""
        self.outputs: dict[int, tuple[float, ...]] = {}
        """The network's outputs for each sample of the batch."""
        self.reset_moments(settings)

    def next_multiple(self, of: int) -> int:
        """The next step whose number is a multiple."""
        return self.step + of - self.step % of

    def copy(self) -> State:
        """The same numbers in lists of their own."""
        twin = copy(self)
        twin.memory = copy(self.memory)
        twin.memory.data, twin.memory.grad = self.memory.data[:], self.memory.grad[:]
        twin.previous, twin.moments = self.previous[:], [moment[:] for moment in self.moments]
        twin.outputs = dict(self.outputs)
        return twin

    def reset_moments(self, settings: Settings) -> None:
        """Begin with the optimiser afresh."""
        self.moments = [[0.0] * len(self.previous) for _ in OPTIMIZERS[settings.optimizer].state]
        self.updates = 0
