"""Many cases in one test: which ones fail, and the shortest form of one. Must not know what a case is."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, TypeVar

import pytest

Item = TypeVar("Item")

Test = Callable[..., None]


def each(names: str | Sequence[str], cases: Iterable[Any]) -> Callable[[Test], Test]:
    """`pytest.mark.parametrize` as one test, where a case is little beside what a test of its own costs: 2 ms where it
    is run, and as much again to list and report it. All of them are tried; fixtures are made once.

    Raises:
        BaseExceptionGroup: what went wrong in each case that failed, with what it was called with.
    """
    rows = [{names: case} if isinstance(names, str) else dict(zip(names, case, strict=True)) for case in cases]
    assert rows, "there is no case"

    def of_all(test: Test) -> Test:
        @wraps(test)
        def every(**fixtures: Any) -> None:
            failed = [error for row in rows if (error := _tried(test, row, fixtures))]
            if failed:
                raise BaseExceptionGroup(f"{len(failed)} of {len(rows)} cases", failed)

        signature = inspect.signature(test)
        others = [parameter for name, parameter in signature.parameters.items() if name not in rows[0]]
        every.__signature__ = signature.replace(parameters=others)  # type: ignore[attr-defined]
        return every

    return of_all


def _tried(test: Test, row: dict[str, Any], fixtures: dict[str, Any]) -> BaseException | None:
    """What went wrong in a case, if anything did."""
    try:
        test(**row, **fixtures)
    # What pytest raises is no Exception; a case that is skipped would take the others with it.
    except (Exception, BaseExceptionGroup, pytest.fail.Exception, pytest.skip.Exception) as error:
        error.add_note("case: " + ", ".join(f"{name}={value!r:.200}" for name, value in row.items()))
        return error
    return None


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
