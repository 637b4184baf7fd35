"""Pieces of work as a native function's frame has them: in arrays. Must not know the function, nor its numbers."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import NamedTuple

from ...plan import Share

_ZERO, _ONE, _APART, _NO_SIZE = array("q", [0]), array("q", [1]), array("q", [-1]), array("d", [0.0])
"""What all pieces have that are whole steps."""


class Work(NamedTuple):
    """Pieces of work; see the frame's `Call`. Where all are alike, the arrays have one number for all."""

    pieces: int
    order: array[int]
    counts: array[int]
    starts: array[int]
    offsets: array[int]
    ends: array[int]
    sizes: array[float]
    rates: array[float]
    """The learning rate of the update behind each; 0 where none follows. Those of the last ones are left out where they
    are the same.
    """
    epoch: tuple[int, int, int] = (0, 0, 0)
    """Of batches: an epoch's samples, those of a batch, and the place in it where the first one begins."""

    @classmethod
    def of(cls, shares: Sequence[Share]) -> Work:
        """Any pieces."""
        batches, sizes, rates = zip(*shares, strict=True)
        ends = array("q", [rate is not None for rate in rates])
        told = array("d", [rate or 0.0 for rate in rates])
        return cls(len(shares), *_placed(batches), ends, array("d", sizes), told)

    @classmethod
    def on_all(cls, samples: int, steps: int, rates: Sequence[float]) -> Work:
        """Steps on all samples."""
        size = array("d", [samples])
        return cls(steps, _ZERO, array("q", [samples]), _ZERO, _ZERO, _ONE, size, array("d", rates))

    @classmethod
    def in_batches(
        cls, steps: int, epoch: tuple[int, int, int], order: array[int], start: int, rates: Sequence[float]
    ) -> Work:
        """Steps on batches of an epoch (its samples, how many a batch has, at which of them it stands), and then on
        those of the next ones: these epochs' orders lie side by side in one, from its place `start` on.
        """
        first = array("q", [start + epoch[2]])
        return cls(steps, order, _ONE, _APART, first, _ONE, _NO_SIZE, array("d", rates), epoch)

    @property
    def arrays(self) -> tuple[array[int] | array[float], ...]:
        """All of them, in the order in which a frame has them."""
        return self.order, self.counts, self.starts, self.offsets, self.ends, self.sizes, self.rates

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
    """An order of samples; how many each piece has, where the first of them lies or else -1, and its place in that
    order.
    """
    counts, starts, offsets, order = array("q"), array("q"), array("q"), array("q", [0])
    for batch in batches:
        counts.append(len(batch))
        starts.append(batch.start if isinstance(batch, range) else -1)
        offsets.append(len(order))
        if not isinstance(batch, range):
            order.extend(batch)
    return order, counts, starts, offsets
