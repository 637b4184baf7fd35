"""One op of a step: where it lies, which slots it reads and writes, how it is written. Must not know its numbers,
rules or the screen.
"""

from __future__ import annotations

from ...autograd.tape import Tape
from ...autograd.text.notation import formula
from .timeline import Spot, Timeline


class LocatedOp:
    """An op of a step, without its numbers."""

    def __init__(self, timeline: Timeline, spot: Spot) -> None:
        self.timeline = timeline
        self.spot = spot
        self.program = program = timeline.program
        self.scope = timeline.scope(spot)
        self.index = timeline.instruction(spot)
        """Number of its instruction on its tape; of a parameter's op, the parameter."""
        self.tape: Tape | None = None
        """The tape that it belongs to; None for an op on a parameter."""
        if spot.phase not in ("zero_grad", "update"):
            self.tape = program.tape if spot.sample is not None else program.batch(timeline.size).tape

    @property
    def sample(self) -> int:
        """Number of the sample that is in memory, from 1: for an op of the batch or of a parameter, the last one."""
        return self.timeline.size if self.spot.sample is None else self.spot.sample + 1

    @property
    def backward(self) -> bool:
        """Whether it is an op's chain rule."""
        return self.spot.phase == "backward"

    @property
    def slots(self) -> tuple[int, int, int]:
        """Slots of a tape op's inputs and of its result; of a parameter's op, three times the parameter."""
        if self.tape is None:
            return self.index, self.index, self.index
        _, i, j, k = self.tape.program[self.index]
        return i, j, k

    @property
    def parameter(self) -> int | None:
        """Index of the parameter that it reads or writes."""
        return next((slot for slot in self.slots[1::-1] if slot in self.program.parameters), None)

    @property
    def expression(self) -> str:
        """What it computes, as text: `x0*w0`; of a zero_grad `L1.n1.w0.grad`, of an update `L1.n1.w0`."""
        value = self.program.slots.values[self.slots[2]]
        if self.tape is not None:
            return self.short(formula(value))
        return f"{value.label}.grad" if self.spot.phase == "zero_grad" else value.label

    def short(self, name: str) -> str:
        """The name of a value on its tape, without the neuron's own prefix: its place has said that already."""
        if self.program.script is not None:
            return self.program.script.groups.short(name, self.scope)
        layer, neuron = self.scope
        return name.replace(f"L{layer}.n{neuron}.", "")
