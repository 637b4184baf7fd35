"""Where runs are trained on this machine: in processes of `concurrent.futures`, or here, one after another. Must not
know which runs there are.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager, redirect_stderr
from multiprocessing import get_context, resource_tracker
from time import thread_time
from types import ModuleType
from typing import Protocol

from ..outcome import Outcome
from ..spec import Knobs
from ..subject import Subject
from ..values import MOST
from . import worker
from .shared import Shared


class Pool(Protocol):
    """Trains runs, `size` of them at a time."""

    size: int
    where: str
    """In words: `2 processes`."""

    def submit(self, knobs: Knobs) -> Future[Outcome]:
        """Begin a run; there are never more than `size` that were not taken."""
        ...

    def taken(self, future: Future[Outcome]) -> None:
        """A run is done, or its worker died."""
        ...

    def close(self) -> None:
        """Leave what is under way, and let go of everything."""
        ...


class Here:
    """Trains each run in this process, before it says that it has begun: small sweeps take less time than a process."""

    size = 1
    where = "this process"

    def __init__(self, subject: Subject, stopped: Callable[[], bool] = lambda: False) -> None:
        self._subject = subject
        self._stopped = stopped
        self._shared = Shared(small=True)
        self._known: Outcome | None = None

    def submit(self, knobs: Knobs) -> Future[Outcome]:
        future = Future[Outcome]()
        try:
            known, self._known = self._known, None
            if known is None or known.knobs != knobs:
                known = self._train(knobs, self._stopped)
            future.set_result(known)
        except Exception as error:
            future.set_exception(error)
        return future

    def _train(self, knobs: Knobs, stopped: Callable[[], bool]) -> Outcome:
        return worker.train_on(self._subject, knobs, stopped, self._shared)

    def probe(self, knobs: Knobs, limit: float) -> float | None:
        """Seconds of work that a run is, however busy the machine; None where that is more than `limit`. What comes of
        it is kept for when it is asked for.
        """
        try:
            for _ in range(2):  # what is used for the first time has to be loaded
                began = thread_time()
                outcome = self._train(knobs, lambda: thread_time() > began + limit)  # noqa: B023
                took = thread_time() - began
        except worker.LeftError:
            return None
        self._known = outcome
        return took

    def taken(self, future: Future[Outcome]) -> None:
        pass

    def close(self) -> None:
        pass


class Processes:
    """A pool of one process for each run at a time. Of a pool of many nobody can tell which run its dead worker had,
    and all that wait in it are lost with it; so one that dies costs its own run.
    """

    def __init__(
        self, subject: Subject, size: int | None = None, runs: int | None = None, *, niceness: int = 0
    ) -> None:
        """As many as there are cores, if no `size` is given, but no more than `runs`."""
        self.size = min(size or cores(), runs or MOST)
        self.where = f"{self.size} process{'es' * (self.size > 1)}"
        self._context = get_context("spawn")
        # Its tracker inherits stderr, and cannot be started with one that has no descriptor, as Textual's.
        with redirect_stderr(sys.__stderr__):
            resource_tracker.ensure_running()
        theirs, self._leash = self._context.Pipe(duplex=False)
        self._begun = subject.pack(), theirs, niceness
        self._idle = [self._new() for _ in range(self.size)]
        self._busy: dict[Future[Outcome], ProcessPoolExecutor] = {}

    def _new(self) -> ProcessPoolExecutor:
        pool = ProcessPoolExecutor(1, self._context, worker.begin, self._begun)
        with _no_main(), _undisturbed():
            pool.submit(worker.version)  # its process begins now, and not with the first run
        return pool

    def submit(self, knobs: Knobs) -> Future[Outcome]:
        pool = self._idle.pop()
        try:
            future = pool.submit(worker.train, knobs)
        except BrokenExecutor:  # it died while it had nothing to do
            pool.shutdown(wait=False)
            pool = self._new()
            future = pool.submit(worker.train, knobs)
        self._busy[future] = pool
        return future

    def taken(self, future: Future[Outcome]) -> None:
        pool = self._busy.pop(future)
        if isinstance(future.exception(), BrokenExecutor):
            pool.shutdown(wait=False)
            pool = self._new()
        self._idle.append(pool)

    def close(self) -> None:
        self._leash.close()
        for pool in (*self._idle, *self._busy.values()):
            pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _no_main() -> Iterator[None]:
    """A process that is begun meanwhile does not import the program that has it begun: it needs nothing of that, and
    without a main guard the program would begin once more in it, and die of that.
    """
    own = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = own


@contextmanager
def _undisturbed() -> Iterator[None]:
    """A process that is begun meanwhile hears no ctrl+c, which a terminal sends to all: until it has come to ignore
    that it would die of it, and say so at length.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def cores() -> int:
    """The cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # only Linux says it
        return os.cpu_count() or 1
