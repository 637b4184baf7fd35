"""What was worked out of an array of losses, kept as long as the array lives. Must not know what that is."""

from __future__ import annotations

import weakref
from array import array
from typing import Generic, TypeVar

T = TypeVar("T")

_KEPT = 32
"""Entries of one memo: of the run, its ghost and its forks, for each way to look at them."""


class Memo(Generic[T]):
    """Results by array and key. An array is known by its identity: to compare it would cost what is to be saved."""

    def __init__(self) -> None:
        self._entries: dict[tuple[int, object], tuple[weakref.ref[array[float]], T]] = {}

    def get(self, losses: array[float], key: object) -> T | None:
        """What is kept of this very array."""
        entry = self._entries.get((id(losses), key))
        return entry[1] if entry is not None and entry[0]() is losses else None

    def keep(self, losses: array[float], key: object, result: T) -> T:
        """Keep a result, and forget the oldest one where there are too many."""
        self._entries.pop((id(losses), key), None)
        if len(self._entries) >= _KEPT:
            del self._entries[next(iter(self._entries))]
        self._entries[id(losses), key] = weakref.ref(losses), result
        return result


def only_grew(losses: array[float], covered: int, last: float) -> bool:
    """Whether the newest of the first `covered` losses is still `last`; a NaN counts as itself."""
    if not covered:
        return True
    if covered > len(losses):
        return False
    now = losses[covered - 1]
    return now == last or (now != now and last != last)
