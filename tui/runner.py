"""The only concurrency: gives the session slices of time, and asks it for pictures. Must not know widgets.

Training runs inside the event loop, in slices of about two milliseconds with several bare yields between them: keys
and timers come first, and no lock is needed. The engine has no clock, so the runner counts samples and measures what
they cost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from time import perf_counter

from chainstep.engine.training.commands import Command, CommandError, Forward
from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot import Snapshot

SLICE = 0.002
"""Seconds of training between two looks at the keyboard."""

FRAME = 0.1
"""Seconds between two pictures while it plays."""

SPEEDS: tuple[float | None, ...] = (1, 3, 10, 30, 100, None)
"""Units of the granularity a second; None for as fast as it goes."""


@dataclass(frozen=True, slots=True)
class Status:
    """What the runner is doing."""

    playing: bool
    speed: float | None


class Runner:
    """Plays a session.

    `publish` gets each new picture; `parts` names the parts of it that are visible; `say` gets one-line messages for
    the user.
    """

    def __init__(
        self,
        session: Session,
        publish: Callable[[Snapshot, Status], None],
        parts: Callable[[], Collection[str]],
        say: Callable[[str, bool], None],
    ) -> None:
        self.session = session
        self._publish = publish
        self._parts = parts
        self._say = say
        self._speed = len(SPEEDS) - 1
        self._task: asyncio.Task[None] | None = None
        self._samples = 1

    @property
    def status(self) -> Status:
        """What it is doing now."""
        return Status(self._task is not None, SPEEDS[self._speed])

    def show(self) -> None:
        """Publish a picture of the session as it is."""
        self._publish(self.session.snapshot(self._parts()), self.status)

    def send(self, command: Command) -> bool:
        """Carry out a command and show the result; what cannot be done is said, and nothing changes."""
        try:
            self.session.apply(command)
        except CommandError as error:
            self._say(str(error), True)
            return False
        finally:
            self.show()
        return True

    def open(self, session: Session) -> None:
        """Go over to another session, paused."""
        self.pause()
        self.session = session
        self._samples = 1
        self.show()

    def turn_speed(self, direction: int) -> None:
        """Play slower (-1) or faster (1)."""
        self._speed = max(0, min(len(SPEEDS) - 1, self._speed + direction))
        self.show()

    def toggle(self) -> None:
        """Play, or pause."""
        if self._task is None:
            self._task = asyncio.create_task(self._play())
        else:
            self.pause()
        self.show()

    def pause(self) -> None:
        """Stop playing where it is."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _play(self) -> None:
        session = self.session
        limit = session.settings.steps
        stop = limit if session.step < limit else None
        shown = perf_counter()
        while True:
            started = perf_counter()
            speed = SPEEDS[self._speed]
            if speed is None:
                ended = not self._slice(stop)
            else:
                session.apply(Forward())
                ended = stop is not None and session.step >= stop
            if ended:
                break
            if speed is not None:
                self.show()
                await asyncio.sleep(max(0.0, 1 / speed - (perf_counter() - started)))
                continue
            if perf_counter() - shown >= FRAME:
                picture = self.session.snapshot(self._parts())
                self._publish(picture, self.status)
                shown = perf_counter()
                if picture.solved:
                    break
            # One pass of the event loop runs what is ready, but timers that fall due in it wait for the next.
            for _ in range(3):
                await asyncio.sleep(0)
        self._task = None
        self.show()
        self._say(self._why(stop), False)

    def _why(self, stop: int | None) -> str:
        if stop is not None and self.session.step >= stop:
            return f"paused at step {stop}: space goes on, k sets another end"
        return "solved: every row is decided rightly; R draws other weights"

    def _slice(self, stop: int | None) -> int:
        """Train for about one slice; learns from it how many samples fit into the next."""
        started = perf_counter()
        done = self.session.train(self._samples, stop)
        took = perf_counter() - started
        if done and took > 0:
            self._samples = max(1, min(round(done * SLICE / took), 4 * self._samples))
        return done
