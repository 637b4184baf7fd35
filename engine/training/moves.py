"""Work that is done piece by piece, such as movements of a run, and how to carry it out. Must not know what is done."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable
from typing import TypeVar

T = TypeVar("T")

Moves = Generator[int, None, None]
"""A movement: yields, after each piece of it, how many samples' worth of work it was. `close` leaves it there."""


def finish(moves: Iterable[object]) -> None:
    """Carry a movement out to its end."""
    deque(moves, maxlen=0)


def result(search: Generator[object, None, T]) -> T:
    """Carry a search out to its end, for what it finds."""
    while True:
        try:
            next(search)
        except StopIteration as end:
            found: T = end.value
            return found
