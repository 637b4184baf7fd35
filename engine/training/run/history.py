"""The record of a run: measurements of each step, edits, checkpoints, and where it was stopped. Must not know how steps
are computed, nor where the run stands.
"""

from __future__ import annotations

import math
import sys
from bisect import bisect_right, insort_right
from collections.abc import Sequence
from dataclasses import field
from itertools import islice, takewhile
from operator import attrgetter, itemgetter
from typing import NamedTuple

from ...records import record, replace
from ..commands import SetKnob, SetParameter, SetSample
from ..setup.settings import SAME_PROGRAM, turned
from ..snapshot.curve import Rates
from ..snapshot.series.series import Replayed, Series
from .checkpoint import Checkpoint
from .epochs import EpochStarts

ROOM = 16 * 2**20
"""Bytes of checkpoints that one run may keep."""

_MOST_CHECKPOINTS = 2_048
_FEWEST_CHECKPOINTS = 4
_NEWEST_CHECKPOINTS = 32
"""The newest ones lie close together, whatever their number."""

_MOST_TESTS = 1_024


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


@record(eq=False, frozen=False)
class History:
    """A run so far, in bounded memory: what it leaves out is computed again from a checkpoint."""

    start: Checkpoint
    spacing: int
    """Steps between two checkpoints at first, and between the newest ones ever after."""
    loss: Series = field(default_factory=Series)
    accuracy: Series = field(default_factory=Series)
    """NaN where accuracy means nothing."""
    epochs: EpochStarts = field(default_factory=EpochStarts)
    """The step with which each epoch began."""
    tests: list[tuple[int, float, float | None]] = field(default_factory=list)
    """(step, loss, accuracy) on the test samples, where they were measured, in order."""
    validations: list[tuple[int, float]] = field(default_factory=list)
    """(step, loss) on the samples that are held out, at the starts of epochs, in order."""
    edits: list[Edit] = field(default_factory=list)
    stops: list[tuple[int, int, str]] = field(default_factory=list)
    """(step, op, breakpoint) where movements were stopped, in order."""
    restarted_by: str = ""
    """What was turned that made this run take the place of another one; empty where nothing was."""
    checkpoints: list[Checkpoint] = field(default_factory=list)
    """In order; each is at a step that `interval` divides."""
    interval: int = 0
    """Steps between two of `checkpoints`. It doubles whenever there are too many of them."""
    newest: list[Checkpoint] = field(default_factory=list)
    """The newest checkpoints, in order; some of them are among `checkpoints` too."""
    room: int = ROOM
    """Bytes of all checkpoints, at most; but there are always a few."""
    _best: tuple[int, float] = (0, math.inf)
    """How many losses were looked through, and the smallest of them."""
    _rates: tuple[list[Edit], Rates] | None = None
    """The rates that follow from these edits."""

    def __post_init__(self) -> None:
        self.interval = self.interval or self.spacing

    # --- measurements

    def measured(self, step: int, losses: Sequence[float], accuracies: Sequence[float]) -> None:
        """Keep what steps from `step` on have measured; a step that is run again says the same and is kept once."""
        self.loss.record(step, losses)
        self.accuracy.record(step, accuracies)

    def measurement(self, step: int) -> Measurement:
        """What was measured at a step.

        Raises:
            IndexError: it has not been measured.
            ForgottenError: it was long ago, and has to be computed again.
        """
        accuracy = self.accuracy[step]
        return Measurement(self.loss[step], None if math.isnan(accuracy) else accuracy, self.rates[step])

    @property
    def rates(self) -> Rates:
        """The effective learning rate of each step's update."""
        if self._rates is None or self._rates[0] != self.edits:
            settings = self.start.stepper.settings
            turns = [(0, settings)]
            for edit in self.edits:
                if isinstance(edit.command, SetKnob):
                    settings = turned(settings, edit.command.name, edit.command.value)
                    turns.append((edit.step, settings))
            self._rates = list(self.edits), Rates(turns)
        return self._rates[1]

    def best(self, length: int) -> float | None:
        """The smallest finite loss of steps 0 … length−1."""
        known, best = self._best
        if length < known:
            known, best = 0, math.inf
        best = min(best, self.loss.smallest(known, length))
        self._best = length, best
        return best if best < math.inf else None

    def tested(self, step: int) -> tuple[int, float, float | None] | None:
        """The newest test up to a step."""
        place = bisect_right(self.tests, step, key=itemgetter(0))
        return self.tests[place - 1] if place else None

    def keep_test(self, step: int, loss: float, accuracy: float | None) -> None:
        """Keep what was measured on the test samples at the start of a step. Where there is too much, every second one
        of the older half goes.
        """
        insort_right(self.tests, (step, loss, accuracy), key=itemgetter(0))
        if len(self.tests) > _MOST_TESTS:
            del self.tests[1 : len(self.tests) // 2 : 2]

    def keep_validation(self, step: int, loss: float) -> None:
        """Keep the loss of the samples that are held out, at the start of a step; bounded as tests are."""
        insort_right(self.validations, (step, loss), key=itemgetter(0))
        if len(self.validations) > _MOST_TESTS:
            del self.validations[1 : len(self.validations) // 2 : 2]

    def stopped(self, step: int, op: int, what: str) -> None:
        """Keep where a movement was stopped, and by which breakpoint; the same stop is kept once."""
        stop = step, op, what
        if stop not in self.stops:
            insort_right(self.stops, stop)

    def began(self, epoch: int, steps: Sequence[int]) -> None:
        """Epochs from `epoch` on begin with these steps; what is known of them already is kept once."""
        self.epochs.extend(steps[len(self.epochs) - epoch :])

    # --- what is replayed

    def is_exact(self, start: int, stop: int) -> bool:
        """Whether what the steps `start` … `stop`−1 measured is known of each."""
        return self.loss.is_exact(start, stop) and self.accuracy.is_exact(start, stop)

    def ends_at(self, measured: int) -> bool:
        """Whether all but the first `measured` steps can be forgotten now: see `Series.until`."""
        return self.loss.ends_at(measured) and self.accuracy.ends_at(measured)

    def replayed(self) -> tuple[Replayed, Replayed]:
        """What is known again because it was replayed."""
        return self.loss.replayed(), self.accuracy.replayed()

    def put_back(self, replayed: tuple[Replayed, Replayed]) -> None:
        """Know again what was known at another time."""
        self.loss.put_back(replayed[0])
        self.accuracy.put_back(replayed[1])

    # --- checkpoints

    def lacks_checkpoint(self, step: int) -> bool:
        """Whether a step is to have a checkpoint that is not there."""
        return step % self.spacing == 0 and step > self.last_checkpoint

    @property
    def last_checkpoint(self) -> int:
        """The step of the last one."""
        return max((kept[-1].step for kept in (self.checkpoints, self.newest) if kept), default=0)

    def keep_checkpoint(self, *made: Checkpoint) -> None:
        """Keep checkpoints behind all others, in order; where there are too many of the older ones, every second one
        goes.
        """
        self.newest += made
        self.checkpoints += [checkpoint for checkpoint in made if checkpoint.step % self.interval == 0]
        if made:
            self._thin(made[-1].size)

    def fit(self, room: int) -> None:
        """Keep no more checkpoints than there is room for."""
        self.room = room
        self._thin(max((kept.size for kept in self.newest), default=1))

    def _thin(self, size: int) -> None:
        most = min(_MOST_CHECKPOINTS, max(_FEWEST_CHECKPOINTS, self.room // size))
        newest = min(_NEWEST_CHECKPOINTS, max(1, most // 4))
        del self.newest[:-newest]
        while len(self.checkpoints) > max(_FEWEST_CHECKPOINTS, most - newest):
            self.interval *= 2
            self.checkpoints = [kept for kept in self.checkpoints if kept.step % self.interval == 0]

    def checkpoint_before(self, step: int) -> Checkpoint:
        """The latest checkpoint from which at least one whole step leads to `step`, or the start. From there on all is
        replayed that makes the record exact that ends at `step`.
        """
        return self.checkpoint_at(min(step - 1, self.loss.floor(step)))

    def checkpoint_at(self, step: int) -> Checkpoint:
        """The latest checkpoint up to the start of a step."""
        for kept in (self.newest, self.checkpoints):
            place = bisect_right(kept, step, key=attrgetter("step"))
            if place:
                return kept[place - 1]
        return self.start

    # --- edits

    def add_edit(self, edit: Edit) -> None:
        """Keep an edit, behind those that act at the same point."""
        insort_right(self.edits, edit, key=attrgetter("step", "op"))

    def next_edit(self, applied: int) -> tuple[int, int]:
        """Where the next edit acts that is not among the first `applied`; infinitely far away where there is none."""
        if applied == len(self.edits):
            return sys.maxsize, 0
        return self.edits[applied].step, self.edits[applied].op

    def commands_at(self, point: tuple[int, int], applied: int) -> list[SetKnob | SetParameter | SetSample]:
        """Those that act at a point, in their order, without the first `applied` edits."""
        acting = takewhile(lambda edit: (edit.step, edit.op) == point, islice(self.edits, applied, None))
        return [edit.command for edit in acting]

    def newest_edit(self) -> Edit | None:
        """The edit that was told last."""
        return max(self.edits, key=lambda edit: edit.order, default=None)

    def edited_at(self, point: tuple[int, int]) -> bool:
        """Whether an edit was told at a point."""
        return any(edit.issued_at == point for edit in self.edits)

    def edited(self, start: tuple[int, int], stop: tuple[int, int]) -> bool:
        """Whether an edit changes the arithmetic or its numbers somewhere from one point to another, both included. In
        which order backward fires its ops is no part of what it computes.
        """
        edits = [edit.command for edit in self.edits if start <= (edit.step, edit.op) <= stop]
        spared = SAME_PROGRAM | {"order"}
        return any(not isinstance(command, SetKnob) or command.name not in spared for command in edits)

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
        twin = self._copy(measured)
        twin.forget_after(step, op, measured)
        return twin

    def copy(self) -> History:
        """A record of its own of everything."""
        return self._copy(len(self.loss))

    def _copy(self, measured: int) -> History:
        loss, accuracy = self.loss.until(measured), self.accuracy.until(measured)
        twin = replace(self, loss=loss, accuracy=accuracy, epochs=self.epochs.copy())
        twin.edits, twin.tests, twin.stops = list(self.edits), list(self.tests), list(self.stops)
        twin.validations = list(self.validations)
        twin.checkpoints, twin.newest = list(self.checkpoints), list(self.newest)
        twin._best = 0, math.inf
        return twin

    def forget_after(self, step: int, op: int, measured: int) -> None:
        """Drop what came after a point: the steps behind the first `measured`, and the edits that were told later.

        Raises:
            ForgottenError: `measured` is a step of long ago, and the steps before it have not been replayed.
        """
        if measured < len(self.loss):
            # Others, since curves that were handed out go on showing the old ones.
            self.loss, self.accuracy = self.loss.until(measured), self.accuracy.until(measured)
            self._best = 0, math.inf
        self.epochs.forget_after(step)
        self.edits = [edit for edit in self.edits if edit.issued_at <= (step, op)]
        self.tests = [test for test in self.tests if (test[0], 0) < (step, op)]
        self.validations = [kept for kept in self.validations if kept[0] <= step]
        self.stops = [stop for stop in self.stops if stop[:2] <= (step, op)]
        self.checkpoints = [kept for kept in self.checkpoints if kept.step <= step]
        self.newest = [kept for kept in self.newest if kept.step <= step]
