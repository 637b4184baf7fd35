"""Searches that are made piece by piece, one after the other. Must not know what is sought."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import TypeVar

T = TypeVar("T")


def all_of(searches: Iterable[Generator[int, None, T]]) -> Generator[int, None, list[T]]:
    """What each of some searches finds, in their order."""
    found = []
    for search in searches:
        found.append((yield from search))  # noqa: PERF401 (a comprehension cannot yield)
    return found
