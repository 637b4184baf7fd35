"""Who is told how much of a large network is laid out. Must not know programs, nor how that is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")

Told = Callable[[float], None]
"""Is told which share of something is there, from 0 to 1."""

DRAWN, TRACED, SORTED, RECORDED = 0.1, 0.2, 0.3, 0.5
"""The share of the time that it takes to lay out a network, after which its weights are there, its ops, their order,
and the tape of a sample. The rest goes into those of a batch: penalties have as many ops.
"""

_SUMMED, _ORDERED = 0.2, 0.5
"""The share of the time for the tape of a batch after which its ops are there, and their order."""

laid_out: ContextVar[Told | None] = ContextVar("laid_out", default=None)
"""Is told which share of a network is laid out, from 0 to 1. It stands beside all that is passed down, since programs
are made far below whoever waits for a session.
"""


def tell(share: float) -> None:
    """So much of a network is laid out."""
    told = laid_out.get()
    if told is not None:
        told(share)


def telling(pieces: Sequence[T], start: float = TRACED, stop: float = SORTED) -> Iterator[T]:
    """The pieces that are put into their order, from one share to another."""
    for count, piece in enumerate(pieces):
        yield piece
        tell(start + (stop - start) * (count + 1) / len(pieces))


def recording(start: float, stop: float) -> Told:
    """Is told which share of a tape is recorded, on the way from one share of the network to another."""
    return lambda share: tell(start + (stop - start) * share)


def of_batches(sizes: Sequence[T]) -> Iterator[tuple[T, float, float, float]]:
    """The sizes of batches, and for each the shares after which the ops of its tape are there, their order, and it."""
    each = (1.0 - RECORDED) / len(sizes)
    for count, size in enumerate(sizes):
        begun = RECORDED + each * count
        yield size, begun + each * _SUMMED, begun + each * _ORDERED, begun + each
