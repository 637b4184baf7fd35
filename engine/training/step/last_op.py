"""The op that was run last: where it lies, and its numbers before and after. Must not know words, history, screens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...autograd.tape import Tape
from ...nn.optimizers import OPTIMIZERS
from .state import State
from .stepper import Stepper


class LastOp:
    """An op of a step on a state. It is made just before the op is run; `finish` then takes in what the op wrote."""

    def __init__(self, stepper: Stepper, state: State) -> None:
        stepper.prepare(state)
        self.stepper = stepper
        self.timeline = timeline = stepper.timeline(state)
        self.step = state.step
        self.spot = timeline.spot(state.op)
        self.scope = timeline.scope(self.spot)
        self.index = timeline.instruction(self.spot)
        """Number of its instruction on its tape; of a parameter's op, the parameter."""
        self.tape: Tape | None = None
        """The tape that it belongs to; None for an op on a parameter."""
        if self.spot.phase not in ("zero_grad", "update"):
            program = stepper.program
            self.tape = program.tape if self.spot.sample is not None else program.batch(timeline.size).tape
        self.before: Mapping[str, float] = self._numbers(state)
        """What it found: `a`, `b` and `y` are the data of its inputs and of its result, `ga`, `gb` and `g` their grads,
        `p` a parameter; in update also the optimiser's state by its names, and `t`, the updates counted from 1.
        """
        self.after: Mapping[str, float] = self.before
        """The same numbers once it has been run."""

    @classmethod
    def of_step(cls, stepper: Stepper, state: State, moments: Sequence[float]) -> LastOp:
        """The last op of a compiled step, the update of the last parameter, whose optimiser state was `moments`."""
        made = cls.__new__(cls)
        made.stepper, made.step = stepper, state.step - 1
        made.timeline = stepper.timeline_of(state.measured)
        made.spot = made.timeline.spot(made.timeline.total - 1)
        made.scope = made.timeline.scope(made.spot)
        made.index, made.tape = made.timeline.instruction(made.spot), None
        made.finish(state)
        before = dict.fromkeys(("a", "b", "y", "p"), state.previous[made.index])
        names = OPTIMIZERS[stepper.settings.optimizer].state
        made.before = {**made.after, **before, **dict(zip(names, moments, strict=True))}
        return made

    def finish(self, state: State) -> LastOp:
        """The op has been run."""
        self.after = self._numbers(state)
        return self

    @property
    def sample(self) -> int:
        """Number of the sample that was in memory, from 1: for an op of the batch or of a parameter, the last one."""
        return self.timeline.size if self.spot.sample is None else self.spot.sample + 1

    @property
    def slots(self) -> tuple[int, int, int]:
        """Slots of a tape op's inputs and of its result; of a parameter's op, three times the parameter."""
        if self.tape is None:
            return self.index, self.index, self.index
        _, i, j, k = self.tape.program[self.index]
        return i, j, k

    @property
    def parameter(self) -> int | None:
        """Index of the parameter that it read or wrote."""
        return next((slot for slot in self.slots[1::-1] if slot in self.stepper.program.parameters), None)

    def _numbers(self, state: State) -> dict[str, float]:
        i, j, k = self.slots
        data, grad = state.memory.data, state.memory.grad
        numbers = {"a": data[i], "b": data[j], "y": data[k], "ga": grad[i], "gb": grad[j], "g": grad[k], "p": data[i]}
        if self.spot.phase == "update":
            names = OPTIMIZERS[self.stepper.settings.optimizer].state
            numbers |= {name: moment[i] for name, moment in zip(names, state.moments, strict=True)}
            numbers["t"] = state.updates + (state.step == self.step)
        return numbers
