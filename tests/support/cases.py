"""Many cases out of one seed: which one fails, and the shortest form of it. Must not know what a case is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")


class CaseError(AssertionError):
    """A case that failed; its `seed`, with a count of 1, leads to it again."""

    def __init__(self, seed: int) -> None:
        super().__init__(f"case {seed} failed")
        self.seed = seed


def every_case(count: int, seed: int, case: Callable[[int], object]) -> None:
    """Carry out the cases `seed`, `seed + 1`, …; raises CaseError, caused by what the first failing one raised."""
    for number in range(seed, seed + count):
        try:
            case(number)
        except Exception as error:
            raise CaseError(number) from error


def shrunk(items: Sequence[Item], fails: Callable[[list[Item]], bool]) -> list[Item]:
    """What is left of a sequence that `fails` when no item more can be left out; long stretches are tried first."""
    left = list(items)
    size = max(len(left) // 2, 1)
    while True:
        before = len(left)
        start = 0
        while start < len(left):
            shorter = left[:start] + left[start + size :]
            if fails(shorter):
                left = shorter
            else:
                start += size
        if size > 1:
            size //= 2
        elif len(left) == before:
            return left
