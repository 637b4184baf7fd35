"""Where a run stands, in what its next steps depend on, with what it has measured since others were told. Must not know
sessions, nor when it is told.

Behind its fields come doubles, little-endian: of each stretch the columns of the losses, then of the accuracies; the
exact numbers behind the stretches, likewise; of each checkpoint the parameters and the optimiser's rows. The step that
leads on from a checkpoint makes the gradients, and what the parameters were before it; where zero_grad may have been
forgotten these rows are told, too.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Any

from ...nn.optimizers import OPTIMIZERS
from ...records import record
from ..archive.archive import edit_record
from ..archive.numbers import packed, unpacked
from ..run.checkpoint import Checkpoint
from ..run.epochs import EpochStarts
from ..run.history import Edit
from ..snapshot.series.stretches import COLUMNS
from ..step.stepper import Stepper
from .update import ReplicaError, Update

SERIES = 2
"""Losses and accuracies."""

_MADE = (1, 2)
"""Rows of a checkpoint that the step from it makes: gradients, and parameters before the last update."""


@record(eq=False)
class State:
    """A run at `at`, to which a short way leads from the last of its checkpoints."""

    at: tuple[int, int]
    checkpoints: Sequence[Checkpoint]
    width: int
    start: int
    """The first stretch that is told."""
    stretches: Sequence[array[float]]
    """Columns, those of the losses first."""
    tails: Sequence[array[float]]
    """What was measured behind the last stretch."""
    epochs: EpochStarts
    known: int
    """Edits that were told before."""
    edits: Sequence[Edit]

    def told(self) -> Update:
        """It, as followers are told it."""
        checkpoints = [[c.step, c.epoch, c.cursor, c.updates, c.edits, _full(c.stepper)] for c in self.checkpoints]
        fields = {
            "at": [*self.at],
            "checkpoints": checkpoints,
            "width": self.width,
            "from": self.start,
            "stretches": len(self.stretches[0]),
            "tail": len(self.tails[0]),
            "epochs": [len(self.epochs), [[*row] for row in self.epochs.stored()]],
            "known": self.known,
            "edits": [edit_record(edit) for edit in self.edits],
        }
        rows = (row for kept in self.checkpoints for row in _rows(kept))
        return Update("state", fields, packed(*self.stretches, *self.tails, *rows))


class Numbers:
    """The doubles of a state, taken one row after the other."""

    def __init__(self, body: bytes) -> None:
        self._numbers = unpacked(body)
        self._at = 0

    def rows(self, count: int, length: int) -> list[array[float]]:
        """The next rows.

        Raises:
            ReplicaError: there are not so many numbers.
        """
        stop = self._at + count * length
        if stop > len(self._numbers):
            raise ReplicaError("a state has fewer numbers than it says")
        made = [self._numbers[at : at + length] for at in range(self._at, stop, length)] if length else []
        self._at = stop
        return made or [array("d") for _ in range(count)]

    def end(self) -> None:
        """See that there are no others.

        Raises:
            ReplicaError: there are.
        """
        if self._at != len(self._numbers):
            raise ReplicaError("a state has more numbers than it says")


def measured(numbers: Numbers, fields: Any) -> tuple[list[array[float]], list[array[float]]]:
    """The columns of the stretches, and the exact numbers behind them.

    Raises:
        ReplicaError: they are not there.
    """
    return numbers.rows(SERIES * len(COLUMNS), fields["stretches"]), numbers.rows(SERIES, fields["tail"])


def numbers_of(numbers: Numbers, stepper: Stepper, full: bool) -> array[float]:
    """The numbers of a checkpoint: where the step from it makes a row, that has nothing to say.

    Raises:
        ReplicaError: they are not there.
    """
    if full is not _full(stepper):
        raise ReplicaError("a state has other rows than its run needs")
    p, state = len(stepper.program.parameters), len(OPTIMIZERS[stepper.settings.optimizer].state)
    told = iter(numbers.rows(1 + state + (len(_MADE) if full else 0), p))
    first = next(told)
    kept = array("d", first)
    kept.extend(next(told) if full else array("d", bytes(8 * p)))
    kept.extend(next(told) if full else first)
    for row in told:
        kept.extend(row)
    return kept


def _full(stepper: Stepper) -> bool:
    """Whether the next step depends on more than parameters and optimiser."""
    return bool(stepper.settings.mistakes)


def _rows(kept: Checkpoint) -> Iterator[array[float]]:
    p = len(kept.stepper.program.parameters)
    for place in range(len(kept.numbers) // p):
        if place not in _MADE or _full(kept.stepper):
            yield kept.numbers[place * p : (place + 1) * p]
