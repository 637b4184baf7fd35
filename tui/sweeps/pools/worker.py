"""What a worker does: trains a run from its first step to its last, on the road of `chainstep train`. Knows sessions;
must not know which runs there are, nor screens.

A worker is a process of its own, here or on another machine: what it is given and gives back are plain data.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from threading import Event, Thread, local
from time import perf_counter, sleep

from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula

from ...playback.straight import train_to_end
from ..outcome import MOST_POINTS, Outcome, failed, told_settings
from ..spec import Knobs
from ..subject import Packed, Subject
from .shared import Shared

_GRACE = 2.0
"""Seconds that a run has to be left in, after which its process ends all the same."""

_subject: Subject | None = None
_shared = Shared()
_thread = local()
_left = Event()
"""The sweep was stopped."""


class LeftError(Exception):
    """The sweep was stopped in the middle of the run."""


def begin(packed: Packed, leash: Connection, niceness: int) -> None:
    """A process begins: it gets what is trained, once. It ends when the other end of the `leash` is let go of, be it
    that the sweep was stopped or that whoever made us was killed.

    No event of `multiprocessing`: to set one waits for ever for a process that was killed while it waited.
    """
    global _subject
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ctrl+c is for whoever waits for us
    # It has nothing to say, and on stderr somebody may be drawing.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    if niceness and hasattr(os, "nice"):
        os.nice(niceness)
    _subject = Subject.unpack(packed)
    Thread(target=_end_with, args=(leash,), daemon=True).start()


def _end_with(leash: Connection) -> None:
    """In a thread."""
    leash.poll(None)
    _left.set()
    sleep(_GRACE)
    os._exit(0)


def train(knobs: Knobs) -> Outcome:
    """Train a run of what `begin` was given."""
    assert _subject is not None
    return train_on(_subject, knobs, _left.is_set, _shared)


def train_packed(packed: Packed, knobs: Knobs) -> Outcome:
    """Train a run on a machine that nothing was begun on; what is compiled for one stays for others of its thread."""
    if not hasattr(_thread, "shared"):
        _thread.shared = Shared()
    return train_on(Subject.unpack(packed), knobs, shared=_thread.shared)


def version() -> str:
    """Which chainstep trains here."""
    from importlib.metadata import version

    return version("chainstep")


def train_on(
    subject: Subject, knobs: Knobs, stopped: Callable[[], bool] = lambda: False, shared: Shared | None = None
) -> Outcome:
    """Train a run; what is wrong with it is its outcome. `shared` is what runs before left to it.

    Raises:
        LeftError: the sweep was stopped.
    """
    try:
        session, _ = subject.open(knobs)
        training = (shared or Shared()).begin(session)
        curve, began = Curve(session), perf_counter()

        def further(first: int) -> None:
            curve.further(first)
            training.lasted(perf_counter() - began)

        train_to_end(session, further, stopped)
        if stopped():
            raise LeftError
        loss, accuracy = session.final_loss()
        test = session.test()
    except LeftError:
        raise
    # A run that cannot be made costs no other run.
    except Exception as error:
        own = type(error).__module__.startswith("chainstep")
        return failed(knobs, str(error) if own else f"{type(error).__name__}: {error}".rstrip(": "))
    told = told_settings(session.settings, network=not isinstance(session.subject, Formula))
    points = (*curve.until(session.step), (session.step, loss))
    return Outcome(knobs, told, session.step, loss, accuracy, None if test is None else test[0], points)


class Curve:
    """The losses of a run, at every so many steps; there are never more than `MOST_POINTS`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._points: list[tuple[int, float]] = []
        self._every = 1

    def further(self, first: int) -> None:
        """The steps from `first` on are done."""
        for step in range(-(-first // self._every) * self._every, self._session.step, self._every):
            if step % self._every == 0:
                self._points.append((step, self._session.measurement(step).loss))
            if len(self._points) == MOST_POINTS:
                self._every *= 2
                self._points = self._points[::2]

    def until(self, step: int) -> list[tuple[int, float]]:
        """The points before a step: an early stop goes back to its best one."""
        return [point for point in self._points if point[0] < step]
