"""The only concurrency: gives the session slices of time, and asks it for pictures. Must not know widgets.

Training runs inside the event loop, in slices of about two milliseconds with several bare yields between them: keys
and timers come first, and no lock is needed. The engine has no clock, so the runner counts samples and measures what
they cost.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Coroutine
from dataclasses import dataclass
from time import perf_counter

from chainstep.engine.training.commands import (
    Back,
    Command,
    CommandError,
    Continue,
    Fork,
    Forward,
    Goto,
    Movement,
    RunTo,
)
from chainstep.engine.training.run.run import Moves
from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot.parts import Part
from chainstep.engine.training.snapshot.snapshot import Snapshot

from .bytecode import Compiling
from .frames import SOONEST, Frames
from .mapper import Mapper
from .quantum import Quantum
from .slices import let_others, worked

AT_ONCE = 0.006
"""Seconds that a movement may take before it goes into the background."""

MOST_TESTED = 1_000
"""Test samples up to which they are measured for each picture while it plays; more wait for a pause."""

CHECK_FRAME = 0.2
"""Seconds between two pictures of a gradient check that goes on."""

_UNCHECKED: frozenset[Part] = frozenset({"network", "graph", "curve", "test", "table", "trace"})
"""Large parts in which a gradient check changes nothing."""

MOST_QUEUED = 100
"""Steps that may wait for a longer one: as many as are pressed while it takes."""

SPEEDS: tuple[float | None, ...] = (1, 3, 10, 30, 100, None)
"""Units of the granularity a second; None for as fast as it goes."""


@dataclass(frozen=True, slots=True)
class Status:
    """What the runner is doing."""

    playing: bool
    speed: float | None
    working: bool = False
    """A movement goes on in the background."""


class Runner:
    """Plays a session.

    `publish` gets each new picture; `parts` names the parts of it that are visible; `say` gets one-line messages for
    the user.
    """

    def __init__(
        self,
        session: Session,
        publish: Callable[[Snapshot, Status], None],
        parts: Callable[[], Collection[Part]],
        say: Callable[[str, bool], None],
    ) -> None:
        self.session = session
        self.session.compiles_here = False
        self._publish = publish
        self._parts = parts
        self._say = say
        self._speed = len(SPEEDS) - 1
        self._pace: float | None = None
        """The speed at which it plays: `c` goes as fast as it can whatever is set."""
        self._task: asyncio.Task[None] | None = None
        self._quantum = Quantum()
        self._frames = Frames()
        self._picture: Snapshot | None = None
        self._pieces: Moves | None = None
        self._stepping = False
        self._ahead = False
        """The movement that is under way goes forwards: what it has done can be shown."""
        self._queue: deque[Forward | Back] = deque()
        """Steps that wait for the one that is under way."""
        self._checking: asyncio.Task[None] | None = None
        self._compiling = Compiling()
        self.playing = False
        self.room: Callable[[], bool] = lambda: True
        """Whether the screen can take a picture while it plays: over a slow link the last one is still on its way."""
        self.mapper = Mapper(lambda: self.session, lambda: self.playing, self._mapped)
        """Makes the map, where one is shown."""

    @property
    def status(self) -> Status:
        """What it is doing now."""
        return Status(self.playing, SPEEDS[self._speed], self.working)

    @property
    def working(self) -> bool:
        """Whether a movement goes on in the background."""
        return self._task is not None and not self.playing

    def show(self, *, large: bool = True) -> None:
        """Publish a picture of the session as it is; while it runs at full speed, large parts take turns, and none is
        in a picture that is not to have a `large` one.

        Where it stands still the gradient check, if there is one, goes on behind it.
        """
        parts = set(self._parts())
        check = self._check_begun() if "parameters" in parts and self._still else None
        running = self.working or (self.playing and self._pace is None)
        if (self.playing or running) and self.session.test_size > MOST_TESTED:
            parts.discard("test")
        count, run = len(self.session.labels), self.session.run
        self._picture_of(self._frames.parts(run, frozenset(parts), count, running=running, large=large))
        if check is not None:
            self._checking = asyncio.create_task(self._check(check))
        if "map" in parts:
            self.mapper.see_to()

    def _mapped(self) -> None:
        """A map is complete: while something is under way, the next picture has it."""
        if self._task is None:
            self.show()
        else:
            self.mapper.see_to()

    def _picture_of(self, parts: Collection[Part]) -> None:
        self._frames.begin()
        self._picture = self.session.snapshot(parts)
        self._publish(self._picture, self.status)

    def send(self, command: Command) -> bool:
        """Carry out a command and show the result; what cannot be done is said, and nothing changes."""
        wrong = self.attempt(command)
        if wrong is not None:
            self._say(wrong, True)
        return wrong is None

    def attempt(self, command: Command) -> str | None:
        """Carry out a command and show the result; or what is wrong with it, and nothing changes.

        A movement that takes longer than a slice goes on in the background: further steps forward and back wait for
        it, any other command or a pause ends it.
        """
        if self._stepping and isinstance(command, Forward | Back):
            if len(self._queue) < MOST_QUEUED:
                self._queue.append(command)
            return None
        before = self._under_way
        if not self.playing:
            self._stop()
        try:
            if isinstance(command, Movement):
                self._stop()
                if isinstance(command, Continue):
                    self._go(self._continue(self.session.move(command, self._quantum)), pace=None)
                else:
                    self._ahead = self._forwards(command)
                    self._start(self.session.move(command, self._quantum))
                    self._stepping = self._task is not None and isinstance(command, Forward | Back)
            else:
                self._carry_out(command)
        except CommandError as error:
            if self._under_way != before:
                self.show()
            return str(error)
        return None

    def _carry_out(self, command: Command) -> None:
        run, forks = self.session.run, len(self.session.branches)
        self.session.apply(command)
        if self.playing and self.session.run is not run:
            self.play()  # another run began, with other weights
        # What a key changes is small: it does not wait for a chart to cross the link.
        self.show(large=False)
        if len(self.session.branches) > forks and not isinstance(command, Fork):
            self._say(f"forked: what was ahead is kept as {self.session.branches.current.parent}", False)

    def open(self, session: Session) -> None:
        """Go over to another session, paused."""
        self._stop()
        self.mapper.drop()
        self.session = session
        self.session.compiles_here = False
        self._quantum = Quantum()
        self.show()

    def turn_speed(self, direction: int) -> None:
        """Play slower (-1) or faster (1)."""
        self._speed = max(0, min(len(SPEEDS) - 1, self._speed + direction))
        if self.playing:
            self._stop()
            self.play()
        self.show()

    def toggle(self) -> None:
        """Play, or end what is under way."""
        if self.playing or self.working:
            self.pause()
        else:
            self.play()
            self.show()

    def play(self) -> None:
        """Train on to the step that is set or, from there, without end."""
        self._stop()
        limit = self.session.settings.steps
        stop = limit if self.session.step < limit else None
        pace = SPEEDS[self._speed]
        self._go(self._play(stop, pace), pace=pace)

    def _go(self, playing: Coroutine[None, None, None], *, pace: float | None) -> None:
        self.playing = True
        self._pace = pace
        self._task = asyncio.create_task(playing)

    def pause(self) -> None:
        """Stop where it is, and show where that is."""
        before = self._under_way
        self._stop()
        if self._under_way != before:
            self.show()

    def _stop(self) -> None:
        """End whatever is under way, without a picture."""
        self.playing = self._stepping = False
        self._queue.clear()
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self._pieces is not None:
            self._pieces.close()
            self._pieces = None
        if self._checking is not None:
            self._checking.cancel()
            self._checking = None

    async def close(self) -> None:
        """Stop everything that is under way."""
        self._stop()
        self.mapper.drop()
        await self._compiling.close()

    async def _play(self, stop: int | None, pace: float | None) -> None:
        if pace is None:
            await self._drain(self.session.training(stop, self._quantum))
        while pace is not None and (stop is None or self.session.step < stop) and not self._solved():
            started = perf_counter()
            await self._drain(self.session.move(Forward(), self._quantum))
            if self.session.stopped:
                break
            self.show()
            await asyncio.sleep(max(0.0, 1 / pace - (perf_counter() - started)))
        self._played(stop)

    async def _continue(self, pieces: Moves) -> None:
        limit = self.session.limit()
        await self._drain(pieces)
        self._played(limit)

    def _played(self, stop: int | None) -> None:
        """Playing came to an end by itself: say why."""
        self._ended()
        if self.session.stopped:
            return
        if stop is not None and self.session.step >= stop:
            self._say(f"paused at step {stop}: space goes on, k sets another end", False)
        elif self._solved():
            self._say("solved: every row is decided rightly; R draws other weights", False)

    def _start(self, pieces: Moves) -> None:
        """A few slices of a movement at once; the rest, if there is one, in the background."""
        self._pieces = pieces
        self._frames.begin()
        deadline = perf_counter() + AT_ONCE
        while self._slice(pieces):
            if perf_counter() > deadline:
                self._task = asyncio.create_task(self._finish(pieces))
                return
        self._ended()

    async def _finish(self, pieces: Moves) -> None:
        """The rest of a movement, and those that were asked for meanwhile: steps add up, however long they take."""
        try:
            await self._drain(pieces)
            while self._queue and not self.session.stopped:
                command = self._queue.popleft()
                self._ahead = self._forwards(command)
                await self._drain(self.session.move(command, self._quantum))
        except CommandError as error:
            self._say(str(error), True)
        self._queue.clear()
        self._ended()

    def _forwards(self, command: Movement) -> bool:
        match command:
            case Goto(step, op):
                return (step, op) >= (self.session.step, self.session.op)
            case RunTo(_, backwards):
                return not backwards
            case _:
                return isinstance(command, Forward)

    def _ended(self) -> None:
        self._task = None
        self.playing = self._stepping = False
        self.show()

    async def _drain(self, pieces: Moves) -> None:
        """Work through a movement in slices with the event loop between them, and with pictures of it.

        On the way back there is nothing to see but that it goes on.
        """
        self._pieces = pieces
        while self._slice(pieces):
            self._compiling.see_to(self.session.run.compilation)
            if self._frames.due and self.room():
                await asyncio.sleep(0)  # a picture and a slice together would hold up a key
                if self.playing or self._ahead:
                    self.show()
                elif self._picture is not None:
                    self._frames.begin()
                    self._publish(self._picture, self.status)
                if self.playing and self._solved():
                    return
            await let_others()

    async def aside(self, work: Callable[[Callable[[], int]], Moves], show: Callable[[], None]) -> None:
        """Work through what is done beside the session, such as a test on a twin; `show` is called now and then."""
        pieces, shown = work(self._quantum), perf_counter()
        try:
            while self._slice(pieces):
                self._compiling.see_to(self.session.run.compilation)
                if perf_counter() - shown >= SOONEST:
                    show()
                    shown = perf_counter()
                await let_others()
        finally:
            pieces.close()
        show()

    # --- the gradient check

    @property
    def _under_way(self) -> tuple[object, object]:
        """The movement and the check that go on; None for none."""
        return self._task, self._checking

    @property
    def _still(self) -> bool:
        """Nothing is under way, not even a check."""
        return not any(self._under_way)

    def _check_begun(self) -> Moves | None:
        """What the gradient check has to do here beyond a first slice, which small networks get by with."""
        pieces = self.session.checking()
        return pieces if pieces is not None and worked(pieces) else None

    async def _check(self, pieces: Moves) -> None:
        """Work through a gradient check in slices; what it leaves as it was is left out of the pictures meanwhile."""
        while worked(pieces):
            if self._frames.age >= CHECK_FRAME:
                self._picture_of(set(self._parts()) - _UNCHECKED)
            await let_others()
        self._checking = None
        self.show()

    # --- slices

    def _solved(self) -> bool:
        return self._picture is not None and self._picture.solved

    def _slice(self, pieces: Moves) -> bool:
        """One slice of work; learns from it how many samples fit into the next. Whether there is more to do."""
        started = perf_counter()
        done = next(pieces, None)
        if done is None:
            return False
        took = perf_counter() - started
        self._frames.trained(took)
        self._quantum.learn(done, took, self.session.batch_size)
        return True
