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

from chainstep.engine.training.commands import Back, Command, CommandError, Forward, Goto
from chainstep.engine.training.compilation import Compilation
from chainstep.engine.training.run import Moves
from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot import Snapshot

from .bytecode import bytecode

SLICE = 0.002
"""Seconds of training between two looks at the keyboard."""

YIELDS = 16
"""Passes of the event loop between two slices: a key takes many on its way to the screen."""

AT_ONCE = 0.006
"""Seconds that a movement may take before it goes into the background."""

MOST_TESTED = 1_000
"""Test samples up to which they are measured for each picture while it plays; more wait for a pause."""

FRAME = 0.125
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
        self.session.compiles_here = False
        self._publish = publish
        self._parts = parts
        self._say = say
        self._speed = len(SPEEDS) - 1
        self._task: asyncio.Task[None] | None = None
        self._samples = 1
        self._shown = 0.0
        self._pieces: Moves | None = None
        self._compiling: asyncio.Task[None] | None = None
        self.playing = False

    @property
    def status(self) -> Status:
        """What it is doing now."""
        return Status(self.playing, SPEEDS[self._speed])

    def show(self) -> None:
        """Publish a picture of the session as it is."""
        parts = set(self._parts())
        if self.playing and self.session.test_size > MOST_TESTED:
            parts.discard("test")
        self._shown = perf_counter()
        self._publish(self.session.snapshot(parts), self.status)

    def send(self, command: Command) -> bool:
        """Carry out a command and show the result; what cannot be done is said, and nothing changes.

        A movement that takes longer than a slice goes on in the background; the next one, or a pause, ends it.
        """
        if not self.playing:
            self.pause()
        try:
            if isinstance(command, Forward | Back | Goto):
                self.pause()
                self._start(self.session.move(command, self._quantum))
            else:
                run = self.session.run
                self.session.apply(command)
                if self.playing and self.session.run is not run:
                    self.play()  # another run began, with other weights
                self.show()
        except CommandError as error:
            self._say(str(error), True)
            return False
        return True

    def open(self, session: Session) -> None:
        """Go over to another session, paused."""
        self.pause()
        self.session = session
        self.session.compiles_here = False
        self._samples = 1
        self.show()

    def turn_speed(self, direction: int) -> None:
        """Play slower (-1) or faster (1)."""
        self._speed = max(0, min(len(SPEEDS) - 1, self._speed + direction))
        if self.playing:
            self.pause()
            self.play()
        self.show()

    def toggle(self) -> None:
        """Play, or pause."""
        if self.playing:
            self.pause()
        else:
            self.play()
        self.show()

    def play(self) -> None:
        """Train on to the step that is set or, from there, without end."""
        self.pause()
        self.playing = True
        limit = self.session.settings.steps
        stop = limit if self.session.step < limit else None
        self._task = asyncio.create_task(self._play(stop))

    def pause(self) -> None:
        """Stop where it is."""
        self.playing = False
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self._pieces is not None:
            self._pieces.close()
            self._pieces = None

    async def close(self) -> None:
        """Stop everything that is under way."""
        self.pause()
        if self._compiling is not None:
            self._compiling.cancel()
            await asyncio.gather(self._compiling, return_exceptions=True)

    async def _play(self, stop: int | None) -> None:
        speed = SPEEDS[self._speed]
        if speed is None:
            await self._drain(self.session.training(stop, self._quantum))
        while speed is not None and (stop is None or self.session.step < stop) and not self._solved():
            started = perf_counter()
            await self._drain(self.session.move(Forward(), self._quantum))
            self.show()
            await asyncio.sleep(max(0.0, 1 / speed - (perf_counter() - started)))
        self._ended()
        if stop is not None and self.session.step >= stop:
            self._say(f"paused at step {stop}: space goes on, k sets another end", False)
        elif self._solved():
            self._say("solved: every row is decided rightly; R draws other weights", False)

    def _start(self, pieces: Moves) -> None:
        """A few slices of a movement at once; the rest, if there is one, in the background."""
        self._pieces = pieces
        deadline = perf_counter() + AT_ONCE
        while self._slice(pieces):
            if perf_counter() > deadline:
                self._task = asyncio.create_task(self._finish(pieces))
                return
        self.show()

    async def _finish(self, pieces: Moves) -> None:
        await self._drain(pieces)
        self._ended()

    def _ended(self) -> None:
        self._task = None
        self.playing = False
        self.show()

    async def _drain(self, pieces: Moves) -> None:
        """Work through a movement in slices with the event loop between them, and with pictures while playing."""
        self._pieces = pieces
        while self._slice(pieces):
            self._see_to_bytecode()
            if self.playing and perf_counter() - self._shown >= FRAME:
                self.show()
                if self._solved():
                    return
            # One pass of the event loop runs what is ready, but timers that fall due in it wait for the next.
            for _ in range(YIELDS):
                await asyncio.sleep(0)

    def _see_to_bytecode(self) -> None:
        """Have the program compiled while its replay goes on."""
        compilation = self.session.run.compilation
        if compilation.possible and not compilation.ready and self._compiling is None:
            self._compiling = asyncio.create_task(self._compile(compilation))

    async def _compile(self, compilation: Compilation) -> None:
        try:
            dense, since = compilation.wanted, perf_counter()
            for _ in compilation.write():
                if perf_counter() - since > SLICE:
                    await asyncio.sleep(0)
                    since = perf_counter()
            compilation.install(dense, await bytecode(compilation.sources[dense]))
        finally:
            self._compiling = None

    def _solved(self) -> bool:
        return self.session.snapshot(()).solved

    def _quantum(self) -> int:
        return self._samples

    def _slice(self, pieces: Moves) -> bool:
        """One slice of work; learns from it how many samples fit into the next. Whether there is more to do."""
        started = perf_counter()
        done = next(pieces, None)
        if done is None:
            return False
        took = perf_counter() - started
        if took > 0:
            self._samples = max(1, min(round(done * SLICE / took), 4 * self._samples))
        return True
