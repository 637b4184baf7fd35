"""The record of a run: measurements of each step, edits, checkpoints, and where it was stopped. Must not know how steps
are computed, nor where the run stands.
"""

from __future__ import annotations

import math
import sys
from array import array
from bisect import bisect_right, insort_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter, itemgetter
from typing import NamedTuple

from ...records import record
from ..commands import SetKnob, SetParameter, SetSample
from ..setup.settings import SAME_PROGRAM
from .checkpoint import Checkpoint
from .epochs import EpochStarts

_MOST_CHECKPOINTS = 128


@record
class Edit:
    """A command that changes the numbers, and the (step, op) before which it does."""

    step: int
    op: int
    command: SetKnob | SetParameter | SetSample
    issued_at: tuple[int, int]
    """Where the run stood when it was told: a knob may wait for the next step."""
    order: int = 0
    """Its number among the edits of the run, in the order in which they were told."""


class Measurement(NamedTuple):
    """What a step measured before its update."""

    loss: float
    """Of its batch, penalties included."""
    accuracy: float | None
    """A fraction of its batch; None where accuracy means nothing."""
    lr: float
    """The effective rate of its update."""


@dataclass(slots=True, eq=False, repr=False)
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
    """Losses of the run before a restart."""
    restarted_by: str = ""
    """What was turned that made this run take the place of another one; empty where nothing was."""
    checkpoints: list[Checkpoint] = field(default_factory=list)
    """In order; each is at a step that `interval` divides."""
    interval: int = 1
    """Steps between two checkpoints. It doubles whenever there are too many of them."""
    _best: tuple[int, float] = (0, math.inf)
    """How many losses were looked through, and the smallest of them."""

    # --- measurements

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

    def began(self, epoch: int, steps: Sequence[int]) -> None:
        """Epochs from `epoch` on begin with these steps; what is known of them already is kept once."""
        for step in steps[len(self.epochs) - epoch :]:
            self.epochs.append(step)

    # --- checkpoints

    def next_checkpoint(self, step: int) -> int:
        """The next step behind `step` that is to have a checkpoint."""
        return step + self.interval - step % self.interval

    def lacks_checkpoint(self, step: int) -> bool:
        """Whether a step is to have a checkpoint that is not there."""
        return step % self.interval == 0 and step > (self.checkpoints[-1].step if self.checkpoints else 0)

    def keep_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Keep a checkpoint behind all others; where there are too many, every second one goes."""
        self.checkpoints.append(checkpoint)
        if len(self.checkpoints) > _MOST_CHECKPOINTS:
            self.interval *= 2
            self.checkpoints = [kept for kept in self.checkpoints if kept.step % self.interval == 0]

    def checkpoint_before(self, step: int) -> Checkpoint:
        """The latest checkpoint from which at least one whole step leads to `step`, or the start."""
        place = bisect_right(self.checkpoints, step - 1, key=attrgetter("step"))
        return self.checkpoints[place - 1] if place else self.start

    def some_checkpoints(self, step: int, most: int) -> list[Checkpoint]:
        """At most `most` checkpoints that lead to `step`, spread over what is behind it, the latest among them."""
        place = bisect_right(self.checkpoints, step - 1, key=attrgetter("step"))
        apart = max(1, -(-place // most))
        return self.checkpoints[:place][::-1][::apart][::-1]

    # --- edits

    def add_edit(self, edit: Edit) -> None:
        """Keep an edit, behind those that act at the same point."""
        insort_right(self.edits, edit, key=attrgetter("step", "op"))

    def next_edit(self, applied: int) -> tuple[int, int]:
        """Where the next edit acts that is not among the first `applied`; infinitely far away where there is none."""
        if applied == len(self.edits):
            return sys.maxsize, 0
        return self.edits[applied].step, self.edits[applied].op

    def newest_edit(self) -> Edit | None:
        """The edit that was told last."""
        return max(self.edits, key=lambda edit: edit.order, default=None)

    def edited_at(self, point: tuple[int, int]) -> bool:
        """Whether an edit was told at a point."""
        return any(edit.issued_at == point for edit in self.edits)

    def edited(self, start: tuple[int, int], stop: tuple[int, int]) -> bool:
        """Whether an edit changes the arithmetic or its numbers somewhere from one point to another, both included."""
        edits = [edit.command for edit in self.edits if start <= (edit.step, edit.op) <= stop]
        return any(not isinstance(command, SetKnob) or command.name not in SAME_PROGRAM for command in edits)

    def edited_inside(self, step: int) -> bool:
        """Whether an edit acts in the middle of a step."""
        return any(edit.step == step and edit.op for edit in self.edits)

    def edited_parameters(self, point: tuple[int, int]) -> frozenset[int]:
        """Parameters into which numbers were put up to a point."""
        edits = [edit.command for edit in self.edits if edit.issued_at <= point]
        return frozenset(command.index for command in edits if isinstance(command, SetParameter))

    # --- as a whole

    def until(self, step: int, op: int, measured: int) -> History:
        """A record of its own of what lies before a point; see `forget_after`."""
        copy = self.copy()
        copy.forget_after(step, op, measured)
        return copy

    def copy(self) -> History:
        """A record of its own of everything."""
        twin = replace(self, loss=self.loss[:], accuracy=self.accuracy[:], lr=self.lr[:], epochs=self.epochs.copy())
        twin.edits, twin.tests, twin.checkpoints = list(self.edits), list(self.tests), list(self.checkpoints)
        twin.stops = list(self.stops)
        return twin

    def forget_after(self, step: int, op: int, measured: int) -> None:
        """Drop what came after a point: the steps behind the first `measured`, and the edits that were told later."""
        if measured < len(self.loss):
            # New arrays, since curves that were handed out go on showing the old ones.
            self.loss, self.accuracy, self.lr = self.loss[:measured], self.accuracy[:measured], self.lr[:measured]
            self._best = 0, math.inf
        self.epochs.forget_after(step)
        self.edits = [edit for edit in self.edits if edit.issued_at <= (step, op)]
        self.tests = [test for test in self.tests if (test[0], 0) < (step, op)]
        self.stops = [stop for stop in self.stops if stop[:2] <= (step, op)]
        self.checkpoints = [kept for kept in self.checkpoints if kept.step <= step]
