"""The record of a run: loss per step, checkpoints, edits and stops where they were made. Must not know how steps are
computed.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_right, insort_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import NamedTuple

from ...records import record
from ..commands import SetKnob, SetParameter, SetSample
from ..setup.settings import SAME_PROGRAM
from ..step.stepper import State, Stepper
from .epochs import EpochStarts

_MOST_CHECKPOINTS = 128


@record
class Edit:
    """A command that changes the numbers, the point at which it does, and the one at which it was given."""

    step: int
    op: int
    command: SetKnob | SetParameter | SetSample
    given: tuple[int, int]
    order: int = 0
    """Its number among the edits of the run, as they were given."""


@record(eq=False)
class Checkpoint:
    """A session at the start of a step, before the edits made there that come after the first `edits`."""

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


class Measurement(NamedTuple):
    """What a step measured before its update."""

    loss: float
    """Of its batch, penalties included."""
    accuracy: float | None
    """A fraction of its batch; None where accuracy means nothing."""
    lr: float
    """The effective rate of its update."""


@dataclass(slots=True, eq=False)
class History:
    """A run so far. The arrays hold one number a step, 24 bytes in all."""

    start: Checkpoint
    loss: array[float] = field(default_factory=lambda: array("d"))
    accuracy: array[float] = field(default_factory=lambda: array("d"))
    lr: array[float] = field(default_factory=lambda: array("d"))
    epochs: EpochStarts = field(default_factory=EpochStarts)
    """The step with which each epoch began."""
    tests: list[tuple[int, float, float | None]] = field(default_factory=list)
    """(step, loss, accuracy) on the test samples, where they were measured, in order."""
    edits: list[Edit] = field(default_factory=list)
    stops: list[tuple[int, int, str]] = field(default_factory=list)
    """(step, op, breakpoint) where movements were stopped, in order."""
    ghost: array[float] | None = None
    begun: str = ""
    """What was turned that made it begin anew, where something was."""
    _checkpoints: list[Checkpoint] = field(default_factory=list)
    _best: tuple[int, float] = (0, math.inf)
    """How many losses were looked through, and the smallest of them."""
    stride: int = 1
    """Steps between two checkpoints."""

    def measured(self, step: int, losses: Sequence[float], accuracies: Sequence[float], rates: Sequence[float]) -> None:
        """Keep what steps from `step` on have measured; a step that is run again says the same and is kept once."""
        known = len(self.loss) - step
        self.loss.extend(losses[known:])
        self.accuracy.extend(accuracies[known:])
        self.lr.extend(rates[known:])

    def measurement(self, step: int) -> Measurement:
        """What was measured at a step.

        Raises:
            IndexError: it has not been measured.
        """
        accuracy = self.accuracy[step]
        return Measurement(self.loss[step], None if math.isnan(accuracy) else accuracy, self.lr[step])

    def best(self, length: int) -> float | None:
        """The smallest finite loss of steps 0 … length−1."""
        known, best = self._best
        if length < known:
            known, best = 0, math.inf
        best = min(best, min(filter(math.isfinite, self.loss[known:length]), default=math.inf))
        self._best = length, best
        return best if best < math.inf else None

    def tested(self, step: int) -> tuple[int, float, float | None] | None:
        """The newest test up to a step."""
        place = bisect_right(self.tests, step, key=itemgetter(0))
        return self.tests[place - 1] if place else None

    def keep_test(self, step: int, loss: float, accuracy: float | None) -> None:
        """Keep what was measured on the test samples at the start of a step."""
        insort_right(self.tests, (step, loss, accuracy), key=itemgetter(0))

    def stopped(self, step: int, op: int, what: str) -> None:
        """Keep where a movement was stopped, and by which breakpoint; the same stop is kept once."""
        stop = step, op, what
        if stop not in self.stops:
            insort_right(self.stops, stop)

    def finished(self, stepper: Stepper, state: State, applied: int) -> None:
        """A step is complete: keep its learning rate, its epoch, and now and then a checkpoint."""
        self.lr[state.step - 1] = stepper.lr(state.step - 1)
        if state.cursor == 0:
            self.began(state.epoch, [state.step])
        newest = self._checkpoints[-1].step if self._checkpoints else 0
        if state.step % self.stride == 0 and state.step > newest:
            self._checkpoints.append(Checkpoint.of(stepper, state, applied))
            if len(self._checkpoints) > _MOST_CHECKPOINTS:
                self.stride *= 2
                self._checkpoints = [kept for kept in self._checkpoints if kept.step % self.stride == 0]

    def until_checkpoint(self, step: int) -> int:
        """Steps from `step` to the next one that is to have a checkpoint."""
        return self.stride - step % self.stride

    def began(self, epoch: int, steps: Sequence[int]) -> None:
        """Epochs from `epoch` on begin with these steps."""
        for step in steps[len(self.epochs) - epoch :]:
            self.epochs.append(step)

    def checkpoints(self, step: int, most: int) -> list[Checkpoint]:
        """At most `most` checkpoints that lead to `step`, spread over what is behind it, the latest among them."""
        place = bisect_right(self._checkpoints, step - 1, key=lambda kept: kept.step)
        apart = max(1, -(-place // most))
        return self._checkpoints[:place][::-1][::apart][::-1]

    def take(self, checkpoints: Sequence[Checkpoint]) -> None:
        """Begin with checkpoints that were kept elsewhere."""
        self._checkpoints = list(checkpoints)

    def before(self, step: int) -> Checkpoint:
        """The latest checkpoint from which at least one whole step leads to `step`, or the start."""
        place = bisect_right(self._checkpoints, step - 1, key=lambda kept: kept.step)
        return self._checkpoints[place - 1] if place else self.start

    def edit(self, edit: Edit) -> None:
        """Take an edit in, behind those that act at the same point."""
        insort_right(self.edits, edit, key=lambda known: (known.step, known.op))

    def newest_edit(self) -> Edit | None:
        """The edit that was given last."""
        return max(self.edits, key=lambda edit: edit.order, default=None)

    def edited_at(self, point: tuple[int, int]) -> bool:
        """Whether an edit was given at a point."""
        return any(edit.given == point for edit in self.edits)

    def edited(self, start: tuple[int, int], stop: tuple[int, int]) -> bool:
        """Whether an edit changes the arithmetic or its numbers somewhere from one point to another, both included."""
        edits = [edit.command for edit in self.edits if start <= (edit.step, edit.op) <= stop]
        return any(not isinstance(command, SetKnob) or command.name not in SAME_PROGRAM for command in edits)

    def edited_parameters(self, point: tuple[int, int]) -> frozenset[int]:
        """Parameters into which numbers were put up to a point."""
        edits = [edit.command for edit in self.edits if edit.given <= point]
        return frozenset(command.index for command in edits if isinstance(command, SetParameter))

    def until(self, step: int, op: int, measured: int) -> History:
        """A record of its own of what lies before a point; see `forget_after`."""
        copy = self.copy()
        copy.forget_after(step, op, measured)
        return copy

    def copy(self) -> History:
        """A record of its own of everything."""
        twin = replace(self, loss=self.loss[:], accuracy=self.accuracy[:], lr=self.lr[:], epochs=self.epochs.copy())
        twin.edits, twin.tests, twin._checkpoints = list(self.edits), list(self.tests), list(self._checkpoints)
        twin.stops = list(self.stops)
        return twin

    def forget_after(self, step: int, op: int, measured: int) -> None:
        """Drop what came after a point: the steps behind the first `measured`, and the edits that were given later."""
        if measured < len(self.loss):
            # New arrays, since curves that were handed out go on showing the old ones.
            self.loss, self.accuracy, self.lr = self.loss[:measured], self.accuracy[:measured], self.lr[:measured]
            self._best = 0, math.inf
        self.epochs.forget_after(step)
        self.edits = [edit for edit in self.edits if edit.given <= (step, op)]
        self.tests = [test for test in self.tests if (test[0], 0) < (step, op)]
        self.stops = [stop for stop in self.stops if stop[:2] <= (step, op)]
        self._checkpoints = [kept for kept in self._checkpoints if kept.step <= step]
