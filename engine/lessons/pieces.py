"""Searches that are made piece by piece, one after the other. Must not know what is sought."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from typing import TypeVar

T = TypeVar("T")


def as_long_as(holds: Callable[[], bool], search: Generator[int, None, T]) -> Generator[int, None, T | None]:
    """What a search finds; None where something no longer holds before it is at its end, at which it is left."""
    try:
        while holds():
            yield next(search)
    except StopIteration as end:
        found: T = end.value
        return found
    search.close()
    return None


def all_of(searches: Iterable[Generator[int, None, T]]) -> Generator[int, None, list[T]]:
    """What each of some searches finds, in their order."""
    found = []
    for search in searches:
        found.append((yield from search))  # noqa: PERF401 (a comprehension cannot yield)
    return found
