"""Rows of numbers, and checkpoints, as bytes: little-endian on every machine. Must not know runs, nor keys.

| record | what it has |
|---|---|
| checkpoint | five 64-bit integers (step, epoch, cursor, updates, edits), then its numbers |
| block | losses of some steps in a row, then as many accuracies |
| stretches | the columns of some stretches in a row, of the losses, then of the accuracies |
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Sequence

from ..run.checkpoint import Checkpoint
from .saved import SavedError

BLOCK = 1_024
"""Steps of a block."""

CHUNK = 256
"""Stretches of a record."""

COLUMNS = 9
"""Of a stretch."""

OLD_COLUMNS = 8
"""Of one that was saved before it was known how often it rises."""

_HEAD = struct.Struct("<5q")


def packed(*rows: array[float]) -> bytes:
    """The numbers of all rows, one row behind the other."""
    if sys.byteorder == "big":
        rows = tuple(array("d", row) for row in rows)
        for row in rows:
            row.byteswap()
    return b"".join(row.tobytes() for row in rows)


def unpacked(record: bytes) -> array[float]:
    """The numbers again.

    Raises:
        SavedError: it ends within one.
    """
    if len(record) % 8:
        raise SavedError("its numbers are not what a session saves")
    numbers = array("d", record)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def rows(record: bytes, count: int) -> list[array[float]]:
    """As many rows of the same length.

    Raises:
        SavedError: there are not so many.
    """
    numbers = unpacked(record)
    length, rest = divmod(len(numbers), count)
    if rest:
        raise SavedError("its numbers are not what a session saves")
    return [numbers[at : at + length] for at in range(0, len(numbers), length)] if length else [array("d")] * count


def checkpoint_record(kept: Checkpoint) -> bytes:
    """A checkpoint, without its stepper."""
    return _HEAD.pack(kept.step, kept.epoch, kept.cursor, kept.updates, kept.edits) + packed(kept.numbers)


def checkpoint_fields(record: bytes) -> tuple[Sequence[int], array[float]]:
    """(step, epoch, cursor, updates, edits) and the numbers of a checkpoint.

    Raises:
        SavedError: it is none.
    """
    if len(record) < _HEAD.size:
        raise SavedError("a checkpoint is not what a session saves")
    return _HEAD.unpack_from(record), unpacked(record[_HEAD.size :])
