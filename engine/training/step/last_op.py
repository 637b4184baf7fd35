"""The op that was run last: where it lies, and its numbers before and after. Must not know words, history, screens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...nn.optimizers import OPTIMIZERS
from .located_op import LocatedOp
from .state import State
from .stepper import Stepper


class LastOp(LocatedOp):
    """An op of a step on a state. It is made just before the op is run; `finish` then takes in what the op wrote."""

    def __init__(self, stepper: Stepper, state: State) -> None:
        stepper.prepare(state)
        super().__init__(timeline := stepper.timeline(state), timeline.spot(state.op))
        self.stepper = stepper
        self.step = state.step
        self.before: Mapping[str, float] = self._numbers(state)
        """What it found: `a`, `b` and `y` are the data of its inputs and of its result, `ga`, `gb` and `g` their grads,
        `p` a parameter; in update also the optimiser's state by its names, and `t`, the updates counted from 1.
        """
        self.first = self._is_first(state)
        """Its result held nothing before."""
        self.after: Mapping[str, float] = self.before
        """The same numbers once it has been run."""
        self.row: int | None = None
        """Index of the sample whose numbers it then left in the memory."""

    @classmethod
    def of_step(cls, stepper: Stepper, state: State, moments: Sequence[float]) -> LastOp:
        """The last op of a compiled step, the update of the last parameter, whose optimiser state was `moments`."""
        made = cls.__new__(cls)
        timeline = stepper.timeline_of(state.measured)
        LocatedOp.__init__(made, timeline, timeline.spot(timeline.total - 1))
        made.stepper, made.step = stepper, state.step - 1
        made.first = False
        made.finish(state)
        before = dict.fromkeys(("a", "b", "y", "p"), state.previous[made.index])
        names = OPTIMIZERS[stepper.settings.optimizer].state
        made.before = {**made.after, **before, **dict(zip(names, moments, strict=True))}
        return made

    def finish(self, state: State) -> LastOp:
        """The op has been run."""
        self.after = self._numbers(state)
        self.row = self.stepper.loaded(state)
        return self

    def _is_first(self, state: State) -> bool:
        if self.tape is None or self.backward:
            return False
        return state.reached <= self.index if self.spot.sample is not None else not state.step

    def _numbers(self, state: State) -> dict[str, float]:
        i, j, k = self.slots
        data, grad = state.memory.data, state.memory.grad
        numbers = {"a": data[i], "b": data[j], "y": data[k], "ga": grad[i], "gb": grad[j], "g": grad[k], "p": data[i]}
        if self.spot.phase == "update":
            names = OPTIMIZERS[self.stepper.settings.optimizer].state
            numbers |= {name: moment[i] for name, moment in zip(names, state.moments, strict=True)}
            numbers["t"] = state.updates + (state.step == self.step)
        return numbers
