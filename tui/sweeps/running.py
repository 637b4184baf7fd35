"""A sweep under way in an event loop: it is begun in a thread, and what comes of it arrives as messages of the loop.
Must not know a screen.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import copy_context
from time import monotonic

from . import kept
from .outcome import Outcome
from .plans import plan
from .pools.local import Pool
from .spec import Spec
from .subject import Subject
from .sweep import Sweep

MakePool = Callable[[int], Pool]
"""Makes one for so many runs at most."""


class RunningSweep:
    """A sweep, and what is kept of it; `changed` is called when a run has ended, `say` with what people should know."""

    def __init__(
        self, subject: Subject, spec: Spec, pool: MakePool, say: Callable[[str], None], found: kept.Found | None = None
    ) -> None:
        """`found` is a sweep that goes on."""
        self.subject, self.spec = subject, spec
        self._pool, self._say, self._found = pool, say, found
        self.outcomes: list[Outcome] = [] if found is None else found.done
        self.changed: Callable[[], None] = lambda: None
        self._sweep: Sweep | None = None
        self._keeper: kept.Keeper | None = None
        self._began = monotonic()
        self._first = len(self.outcomes)

    async def start(self) -> None:
        """Begin it.

        Raises:
            DataError, RunError: it cannot be.
        """
        # A pool's thread has a context of its own, which knows nothing of whoever listens here.
        loop, context = asyncio.get_running_loop(), copy_context()

        def deliver(news: Callable[[], None]) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(news, context=context)

        def begin() -> tuple[Sweep, kept.Keeper]:
            before = [] if self._found is None else self._found.outcomes
            planned = plan(self.spec, before)
            pool = self._pool(max(1, planned.size - len(self.outcomes)))
            keeper = kept.Keeper(self.subject.source, self.spec, self._found)
            return Sweep(planned, pool, deliver, self._hear, self._say, self.outcomes), keeper

        sweep, self._keeper = await asyncio.to_thread(begin)
        self._sweep, self._began = sweep, monotonic()
        sweep.start()
        self.changed()

    def _hear(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        if self._keeper is not None:
            self._keeper.keep(outcome)
            if wrong := self._keeper.trouble():
                self._say(wrong)
        self.changed()

    @property
    def size(self) -> int:
        """How many runs there are."""
        return self.spec.size if self._sweep is None else self._sweep.size

    @property
    def going(self) -> bool:
        """Whether runs are trained, or are about to be."""
        return self._sweep is None or not self._sweep.complete

    @property
    def stopped(self) -> bool:
        """Whether it was stopped before its end."""
        return self._sweep is not None and self._sweep.stopped

    @property
    def where(self) -> str:
        """Where runs are trained, in words."""
        return "" if self._sweep is None else self._sweep.where

    @property
    def left(self) -> float | None:
        """Seconds that are left, as far as the runs so far tell; None where they do not."""
        done = len(self.outcomes) - self._first
        if not done or not self.going:
            return None
        return (monotonic() - self._began) / done * (self.size - len(self.outcomes))

    def stop(self) -> None:
        """Leave what is under way; `close` lets go of the file."""
        if self._sweep is not None and not self._sweep.complete:
            self._sweep.stop()

    def close(self) -> str | None:
        """Stop it, and have all of it on disk; or why not all of it is. It may take a moment."""
        self.stop()
        return None if self._keeper is None else self._keeper.close()

    @property
    def name(self) -> str | None:
        """What `chainstep resume` calls it."""
        return None if self._keeper is None else self._keeper.name
