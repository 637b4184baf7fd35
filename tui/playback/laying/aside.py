"""Long work in a thread that gives way to whoever is at the keyboard. Must not know what the work is."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from chainstep.datasets.dataset import Dataset

P = ParamSpec("P")
T = TypeVar("T")

_GIVES_WAY = 0.001
"""Seconds after which the thread lets the event loop in."""

_AT_ONCE = 2_000
"""Rows that are freed in less than a millisecond."""

_before: list[tuple[bool, float]] = []
"""How it was before each work that is under way: whether the collector worked, and after how long threads give way."""


async def aside(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What the work gives. As long as it is under way the collector rests: very much is new, none of it is garbage, and
    it would hold up everything to look through them, and so it would afterwards: the collector leaves them alone until
    there is other such work.
    """
    with _giving_way():
        return await asyncio.to_thread(work, *args, **kwargs)


@contextmanager
def _giving_way() -> Iterator[None]:
    _before.append((gc.isenabled(), sys.getswitchinterval()))
    gc.disable()
    gc.unfreeze()
    sys.setswitchinterval(_GIVES_WAY)
    try:
        yield
    finally:
        # The first of several has seen how it was; the last to end restores that.
        first = _before[0]
        _before.pop()
        if not _before:
            collected, interval = first
            sys.setswitchinterval(interval)
            if collected:
                gc.freeze()
                gc.enable()


def rows_of(data: Dataset) -> list[list[object]]:
    """The rows of a data set that is to be let go of by `free`: all at once they would hold up the event loop."""
    return [[*data.train_inputs], [*data.test_inputs]]


def free(kept: list[list[object]]) -> None:
    """Let go of rows that nobody else has, a few at a time."""
    for rows in kept:
        while rows:
            del rows[-_AT_ONCE:]
