"""Pieces of work as a native function's frame has them: in arrays. Must not know the function, nor its numbers."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import NamedTuple

from ...plan import Share


class Work(NamedTuple):
    """Pieces of work; see the frame's `FIELDS`. Where all are alike, the first arrays have one number for all."""

    pieces: int
    counts: array[int]
    starts: array[int]
    offsets: array[int]
    ends: array[int]
    sizes: array[float]
    order: array[int]
    rates: array[float]
    """The learning rate of the update behind each; 0 where none follows. One for all where it stays the same."""
    epoch: tuple[int, int, int] = (0, 0, 0)
    """Of batches: an epoch's samples, those of a batch, and the place in it where the first one begins."""

    @classmethod
    def of(cls, shares: Sequence[Share]) -> Work:
        """Any pieces."""
        batches, sizes, rates = zip(*shares, strict=True)
        ends = array("q", [rate is not None for rate in rates])
        counts, starts, offsets, order = _placed(batches)
        told = array("d", [rate or 0.0 for rate in rates])
        return cls(len(shares), counts, starts, offsets, ends, array("d", sizes), order, told)

    @classmethod
    def on_all(cls, samples: int, steps: int, rates: Sequence[float]) -> Work:
        """Steps on all samples."""
        zero, one = array("q", [0]), array("q", [1])
        return cls(steps, array("q", [samples]), zero, zero, one, array("d", [samples]), zero, array("d", rates))

    @classmethod
    def in_batches(
        cls, steps: int, epoch: tuple[int, int, int], order: array[int], start: int, rates: Sequence[float]
    ) -> Work:
        """Steps on batches of an epoch (its samples, how many a batch has, at which of them it stands), and then on
        those of the next ones: these epochs' orders lie side by side in one, from its place `start` on.
        """
        one, first = array("q", [1]), array("q", [start + epoch[2]])
        return cls(steps, one, array("q", [-1]), first, one, array("d", [0.0]), order, array("d", rates), epoch)

    def steps(self, pieces: int) -> int:
        """How many steps the first pieces end."""
        return pieces * self.ends[0] if len(self.ends) == 1 else sum(self.ends[:pieces])

    def taken(self, pieces: int) -> tuple[int, Sequence[int]]:
        """How many samples the first of some steps have, and which the last of them has."""
        if not pieces:
            return 0, ()
        if self.starts[0] >= 0:
            return pieces * self.counts[0], range(self.starts[0], self.starts[0] + self.counts[0])
        samples, size, cursor = self.epoch
        epochs, batch = divmod(cursor // size + pieces - 1, -(-samples // size))
        start, count = epochs * samples + batch * size - cursor, min(size, samples - batch * size)
        place = self.offsets[0] + start
        return start + count, self.order[place : place + count].tolist()


def _placed(batches: Sequence[Sequence[int]]) -> tuple[array[int], array[int], array[int], array[int]]:
    """How many samples each piece has, where the first of them lies or else -1, and its place in the order of samples;
    and that order.
    """
    counts, starts, offsets, order = array("q"), array("q"), array("q"), array("q", [0])
    for batch in batches:
        counts.append(len(batch))
        starts.append(batch.start if isinstance(batch, range) else -1)
        offsets.append(len(order))
        if not isinstance(batch, range):
            order.extend(batch)
    return counts, starts, offsets, order
