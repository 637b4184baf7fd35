"""A sweep under way: which run comes next, and what came of those that are done. Knows pools and plans; must not know
the clock, screens or files.

All of it happens where the sweep was begun: pools finish runs in threads of theirs, and `deliver` brings the news over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import BrokenExecutor, CancelledError, Future
from functools import partial

from .outcome import Outcome, failed
from .plans import Plan
from .pools.local import Pool
from .pools.worker import LeftError
from .spec import Knobs
from .values import told

Deliver = Callable[[Callable[[], None]], None]
"""Has something called where the sweep is, in its turn."""

_TRIES = 2
"""How often a run is begun whose worker died."""


class Sweep:
    """Has the runs of a plan trained; `heard` is called with each outcome, `say` with what people should know."""

    def __init__(
        self,
        plan: Plan,
        pool: Pool,
        deliver: Deliver,
        heard: Callable[[Outcome], None],
        say: Callable[[str], None],
        done: Iterable[Outcome] = (),
    ) -> None:
        """`done` came of the sweep before it was stopped."""
        self._plan, self._pool = plan, pool
        self._deliver, self._heard, self._say = deliver, heard, say
        self.outcomes: list[Outcome] = list(done)
        """In the order in which they came."""
        self._again: list[tuple[Knobs, int]] = []
        """Runs whose worker died, and how often they were begun."""
        self._going: dict[Future[Outcome], tuple[Knobs, int]] = {}
        self.stopped = False

    @property
    def size(self) -> int:
        """How many runs there are."""
        return self._plan.size

    @property
    def failed(self) -> int:
        """How many of those that are done failed."""
        return sum(outcome.error is not None for outcome in self.outcomes)

    @property
    def complete(self) -> bool:
        """Whether nothing is left to be done."""
        return not self._going and (self.stopped or len(self.outcomes) >= self.size)

    @property
    def where(self) -> str:
        """Where runs are trained, in words."""
        return self._pool.where

    def start(self) -> None:
        """Begin as many runs as there is room for."""
        while not self.stopped and len(self._going) < self._pool.size:
            knobs, tries = self._again.pop() if self._again else (self._plan.ask(), 0)
            if knobs is None:
                break
            future = self._pool.submit(knobs)
            self._going[future] = knobs, tries + 1
            future.add_done_callback(lambda done: self._deliver(partial(self._take, done)))
        if self.complete and not self.stopped:
            self._pool.close()

    def stop(self) -> None:
        """Leave the runs that are under way, for good; those that are done stay."""
        self.stopped = True
        self._going.clear()  # an executor's word that it cancelled one is not to be relied on
        self._pool.close()

    def _take(self, future: Future[Outcome]) -> None:
        """A run has come to its end, in whichever way."""
        if future not in self._going:
            return
        knobs, tries = self._going.pop(future)
        self._pool.taken(future)
        error = CancelledError() if future.cancelled() else future.exception()
        if isinstance(error, BrokenExecutor) and tries < _TRIES:
            self._say(f"a worker died in the run with {told(knobs) or 'no knob set'}: it is tried again")
            self._again.append((knobs, tries))
        elif isinstance(error, CancelledError) or type(error).__name__ == "FutureCancelledError":
            self._say("the scheduler is gone: the sweep stops here")
            self.stop()
        elif not isinstance(error, LeftError):
            self._hear(future.result() if error is None else failed(knobs, _words(error)))
        self.start()

    def _hear(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self._plan.tell(outcome)
        self._heard(outcome)


def _words(error: BaseException) -> str:
    """Why there is no outcome, in one line."""
    if isinstance(error, BrokenExecutor):
        return f"its worker died, {_TRIES} times"
    if type(error).__name__ == "KilledWorker":  # Dask has tried it again by itself
        return "its worker died, again and again"
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
