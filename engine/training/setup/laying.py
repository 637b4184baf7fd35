"""Who is told how much of a large network is laid out. Must not know programs, nor how that is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")

DRAWN, TRACED, SORTED, RECORDED = 0.1, 0.4, 0.5, 0.6
"""The share of the time that it takes to lay out a network, after which its weights are there, its ops, their order,
and the tape of a sample.
"""

laid_out: ContextVar[Callable[[float], None] | None] = ContextVar("laid_out", default=None)
"""Is told which share of a network is laid out, from 0 to 1. It stands beside all that is passed down, since programs
are made far below whoever waits for a session.
"""


def tell(share: float) -> None:
    """So much of a network is laid out."""
    told = laid_out.get()
    if told is not None:
        told(share)


def telling(pieces: Sequence[T]) -> Iterator[T]:
    """The pieces that a network's ops are put into their order by."""
    for count, piece in enumerate(pieces):
        yield piece
        tell(TRACED + (SORTED - TRACED) * (count + 1) / len(pieces))
