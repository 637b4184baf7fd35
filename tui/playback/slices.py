"""Slices of time on the event loop: work until one is over, and what lies between two. Must not know what is done in
them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from time import perf_counter

from .quantum import SLICE

MOST_YIELDS = 16
"""Passes of the event loop between two slices: a key takes many on its way to the screen."""

QUIET = 4
"""Passes in which nothing happened after which training goes on: a timer that falls due in one waits for the next."""

NOTHING = 0.00002
"""Seconds that such a pass takes at most."""


def worked(pieces: Iterator[object]) -> bool:
    """One slice of work of small pieces. Whether there is more to do."""
    began = perf_counter()
    return any(perf_counter() - began > SLICE for _ in pieces)


async def let_others() -> None:
    """Let everything run that is ready, and what that makes ready."""
    quiet = 0
    for _ in range(MOST_YIELDS):
        began = perf_counter()
        await asyncio.sleep(0)
        quiet = quiet + 1 if perf_counter() - began < NOTHING else 0
        if quiet == QUIET:
            return
