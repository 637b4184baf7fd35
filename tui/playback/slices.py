"""Slices of time: how long one is, how much fits into it, and what lies between two. Must not know what is done in
them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from time import perf_counter

SLICE = 0.002
"""Seconds of training between two looks at the keyboard."""

MOST_YIELDS = 16
"""Passes of the event loop between two slices: a key takes many on its way to the screen."""

QUIET = 4
"""Passes in which nothing happened after which training goes on: a timer that falls due in one waits for the next."""

NOTHING = 0.00002
"""Seconds that such a pass takes at most."""


class Quantum:
    """How many samples fit into a slice: the engine has no clock, so that is measured."""

    def __init__(self) -> None:
        self._samples = 1

    def __call__(self) -> int:
        return self._samples

    def learn(self, samples: int, seconds: float, batch: int) -> None:
        """So many samples took so long: the next slice has whole batches where one fits, for what is left over would
        be a call of its own.
        """
        if seconds <= 0:
            return
        fit = samples * SLICE / seconds
        whole = int(fit / batch + 0.25) * batch if fit >= batch else round(fit)
        self._samples = max(1, min(whole, 4 * self._samples))


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
