"""A program: the app with a watch on its event loop, which writes down what each picture cost while it plays, and how
long each callback took.

`python framing.py EXAMPLE FILE`. The app must not know; this knows the runner, where Textual paints, and how asyncio
runs a callback.
"""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.events import Handle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time, thread_time

from chainstep.engine.training.moves import Moves
from chainstep.tui.app import ChainstepApp
from chainstep.tui.cli import entry as cli
from chainstep.tui.playback.runner import Runner
from chainstep.tui.playback.slices import Slices

NAMED = 0.001
"""Seconds from which on it is told whose a callback was."""

callbacks: list[tuple[float, float, float, str]] = []
"""When one began, how many seconds it took, how many of them of CPU, and whose it was."""
frames: list[tuple[float, float]] = []
"""When a picture was begun, and the seconds of CPU from there until it was painted, training apart."""


class Meter:
    """CPU of the process from the beginning of a picture until it was painted, be it in several pieces."""

    def __init__(self) -> None:
        self.runner: Runner | None = None
        self._began = self._cpu = self._cost = self._trained = 0.0

    @property
    def playing(self) -> bool:
        return self.runner is not None and self.runner.playing

    @contextmanager
    def training(self) -> Iterator[None]:
        """A slice of training: no part of any picture."""
        before = process_time()
        yield
        self._trained += process_time() - before

    def pictured(self) -> None:
        """A picture is begun."""
        if self._cost:
            frames.append((self._began, self._cost))
        self._began, self._cpu, self._cost, self._trained = perf_counter(), process_time(), 0.0, 0.0

    def painted(self) -> None:
        """Some of the picture has been painted."""
        if self.playing:
            self._cost = process_time() - self._cpu - self._trained


meter = Meter()


def watched() -> None:
    """Have the watch on what makes and paints pictures, and on every callback."""
    show, work, display, run = Runner.show, Slices.work, ChainstepApp._display, Handle._run

    def showing(self: Runner, **named: bool) -> None:
        meter.runner = self
        meter.pictured()
        show(self, **named)

    def working(self: Slices, pieces: Moves) -> bool:
        with meter.training():
            return work(self, pieces)

    def displaying(self: ChainstepApp, *given: object) -> None:
        display(self, *given)  # type: ignore[arg-type]
        meter.painted()

    def running(self: Handle) -> None:
        whose, began, used = self._callback, perf_counter(), thread_time()
        run(self)
        took = perf_counter() - began
        if meter.playing:
            callbacks.append((began, took, thread_time() - used, name(whose) if took > NAMED else ""))

    Runner.show, Slices.work = showing, working  # type: ignore[method-assign]
    ChainstepApp._display, Handle._run = displaying, running  # type: ignore[method-assign, assignment]


def name(callback: Callable[..., object] | None) -> str:
    """Whose callback it is: a task's coroutine, or the function itself."""
    owner = getattr(callback, "__self__", None)
    if isinstance(owner, asyncio.Task):
        coroutine = getattr(owner.get_coro(), "__qualname__", "")
        return owner.get_name() if coroutine.startswith("MessagePump") else coroutine
    return getattr(callback, "__qualname__", repr(callback))


def main() -> None:
    what, file = sys.argv[1:]
    watched()
    cli.main([what, "--steps", str(10**12)])
    Path(file).write_text(json.dumps({"frames": frames, "callbacks": callbacks}))


main()
