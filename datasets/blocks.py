"""Long sequences gone through in blocks. Must not know what they hold.

What goes through one in a single call of C, as `sum` or `list` do, holds the interpreter to its end, and every other
thread with it; between two blocks it lets them in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TypeVar

T = TypeVar("T")

_BLOCK = 10_000
"""Items that are gone through in about a millisecond, rows too."""


def blocks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """The items, so many at a time."""
    for first in range(0, len(items), _BLOCK):
        yield items[first : first + _BLOCK]


def in_blocks(items: Sequence[T]) -> Iterator[T]:
    """The items, one by one."""
    return chain.from_iterable(blocks(items))
