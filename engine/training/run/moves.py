"""Movements, which are carried out piece by piece. Must not know what moves."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable

Moves = Generator[int, None, None]
"""A movement: yields, after each piece of it, how many samples' worth of work it was. `close` leaves it there."""


def finish(moves: Iterable[object]) -> None:
    """Carry a movement out to its end."""
    deque(moves, maxlen=0)
