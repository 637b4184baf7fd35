"""The runner: carries out commands on a session, plays it, and asks it for pictures. Must not know widgets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Coroutine
from functools import partial
from time import perf_counter
from typing import Any

from chainstep.engine.records import record
from chainstep.engine.training.commands import (
    Back,
    Command,
    CommandError,
    Continue,
    Fork,
    Forward,
    Goto,
    LookAtSample,
    Movement,
    ReverseContinue,
    Selection,
)
from chainstep.engine.training.moves import Moves
from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot.parts import Part
from chainstep.engine.training.snapshot.snapshot import Snapshot

from .background import Background
from .bytecode import Compiling
from .checking import UNCHANGED, Checking
from .frames import Frames
from .laying.laying import Laying
from .measuring import Looking, Measuring
from .moving import Moving
from .plotter import Plotter
from .shared.limits import Limits
from .slices import Slices

MOST_TESTED, MOST_WEIGHED = 1_000, 1_000_000
"""Test samples, and parameters for all of them, up to which they are measured for each picture; more wait for a pause,
and are measured beside it.
"""

ENDED = "this was the last backward() of this run: ← goes back, ctrl+r to its first"
"""What to do behind a script's last moment."""

SPEEDS: tuple[float | None, ...] = (1, 3, 10, 30, 100, None)
"""Units of the granularity a second; None for as fast as it goes."""


@record
class Status:
    """What the runner is doing."""

    playing: bool
    speed: float | None
    working: bool = False
    """A movement goes on in the background."""
    stepping: bool = False
    """That movement is a step."""


class Runner:
    """Plays a session.

    `publish` gets each new picture; `parts` names the parts of it that are visible; `say` gets one-line messages for
    the user, and whether something is wrong; `ready` says whether the screen can take a picture while it plays: over a
    slow link the last one may still be on its way; `changed` is told that the session is not as it was, and whether
    that was done by hand.
    """

    _hint = ": space goes on, k sets another end"
    """What to do where it paused at the end that is set: it is said once."""

    def __init__(
        self,
        session: Session,
        publish: Callable[[Snapshot, Status], None],
        parts: Callable[[], Collection[Part]],
        say: Callable[[str, bool], None],
        ready: Callable[[], bool],
        changed: Callable[[bool], None],
    ) -> None:
        self.publish = publish
        self._parts = parts
        self._say = say
        self._ready = ready
        self._changed = changed
        self.seen: Callable[[], range] = lambda: range(0)
        """Says which training samples can be seen."""
        self._speed = len(SPEEDS) - 1
        self._pace: float | None = None
        """The speed at which it plays: `c` goes as fast as it can whatever is set."""
        self._sound = True
        """Every number was finite when it began to play."""
        self._picture: Snapshot | None = None
        """The newest one."""
        self._frames = Frames()
        self._compiling = Compiling()
        self._player = Background()
        self._laying = Laying(lambda message: say(message, False))
        self.checking = Checking(self._frames, lambda: self._show_parts(set(self._parts()) - UNCHANGED), self.show)
        """Checks the gradients where it stands still."""
        self.plotter = Plotter(lambda: self.session, lambda: self.playing, self._show_plot)
        """Makes the plot, where one is shown."""
        self._recomputing = Measuring(Session.recomputing, lambda of: (of.run, of.inspector.cursor.step), self.show)
        """Computes again what was measured long ago, where the cursor asks for it."""
        self._testing = Measuring(Session.testing, lambda of: (of.run, of.step), self.show)
        """Measures very many test samples where it stands still."""
        self._looking = Looking(lambda: None if self.playing or self.working else self.show())
        """Makes the samples that are seen of a wide network."""
        self.limits = Limits()
        """What the session may take of this machine."""
        self._attach(session)

    def limit(self, limits: Limits) -> None:
        """Keep to limits from here on, while nothing is under way."""
        self.limits = limits
        self._compiling.alone, self._compiling.machine = limits.alone, limits.machine
        self._attach(self.session)

    def _attach(self, session: Session) -> None:
        self.session = session
        self.limits.hold(session)
        changed = partial(self._changed, False)
        self._slices = Slices(session, self._frames, self._compiling, self._ready, changed, self.limits)
        self._moving = Moving(
            session, self._slices, self._show_movement, self.show, lambda wrong: self._say(wrong, True)
        )

    # --- what is going on

    @property
    def status(self) -> Status:
        """What it is doing now."""
        return Status(self.playing, SPEEDS[self._speed], self.working, self._moving.stepping)

    @property
    def playing(self) -> bool:
        """Whether it trains until it is told to stop."""
        return self._player.busy

    @property
    def working(self) -> bool:
        """Whether a movement goes on in the background."""
        return self._moving.busy or self._laying.busy

    @property
    def returning(self) -> bool:
        """Whether it is on its way back: until it has arrived the session stands where nobody has led it."""
        return self._moving.returning

    @property
    def still(self) -> bool:
        """Whether nothing is under way, not even a gradient check."""
        return not (self.playing or self.working or self.checking.busy)

    # --- pictures out

    def show(self, *, large: bool = True) -> None:
        """Publish a picture of the session as it is; while it runs at full speed, large parts take turns, and none is
        in a picture that is not to have a `large` one.

        Where it stands still the gradient check, if there is one, goes on behind it.
        """
        parts = set(self._parts())
        check = self.checking.begin(self.session) if "parameters" in parts and self.still else None
        running = self.working or (self.playing and self._pace is None)
        if "test" in parts - self.at_once(parts):
            parts.discard("test")
            if self.playing or self.working:
                self._testing.cancel()
            else:
                self._testing.schedule(self.session, self._slices)
        count, run = len(self.session.labels), self.session.run
        parts = self._frames.parts(run, frozenset(parts), count, running=running, large=large)
        self._show_parts(self._looking.begin(self.session, parts, self.seen(), running=running))
        if check is not None:
            self.checking.finish(check)
        if "plot" in parts:
            self.plotter.schedule()
        self._recomputing.schedule(self.session, self._slices)

    def at_once(self, parts: Collection[Part]) -> set[Part]:
        """Those of the parts of a picture that do not take too long for one call."""
        count = self.session.test_size
        many = count > MOST_TESTED or count * len(self.session.labels) > MOST_WEIGHED
        return set(parts) - ({"test"} if many else set())

    def _show_parts(self, parts: Collection[Part]) -> None:
        self._frames.begin()
        self._picture = self._looking.add(self.session.snapshot(parts, self.seen()))
        self.publish(self._picture, self.status)

    def _show_plot(self) -> None:
        """A plot is complete: while something is under way, the next picture has it."""
        if self.playing or self.working:
            self.plotter.schedule()
        else:
            self.show()

    def _show_movement(self, forwards: bool) -> None:
        """A movement has got further; on the way back there is nothing to see but that it goes on."""
        if forwards:
            self.show()
        elif self._picture is not None:
            self._frames.begin()
            self.publish(self._picture, self.status)

    # --- commands in

    def send(self, command: Command) -> bool:
        """Carry out a command and show the result; what cannot be done is said, and nothing changes."""
        wrong = self.attempt(command)
        if wrong is not None:
            self._say(wrong, True)
        return wrong is None

    def attempt(self, command: Command) -> str | None:
        """Carry out a command and show the result; or what is wrong with it, and nothing changes.

        A movement that takes longer than a slice goes on in the background: further steps forward and back wait for
        it, to look at something else leaves it alone, any other command or a pause ends it.
        """
        if (refused := self.limits.refused(self.session, command)) is not None:
            return refused
        if isinstance(command, Forward | Back) and self._moving.queue(command):
            return None
        if isinstance(command, Continue | ReverseContinue) and not self.session.debugger.breakpoints.enabled:
            return self._without_breakpoint(command)
        if isinstance(command, Movement) and self.session.inspector.sample is not None:
            self.session.apply(LookAtSample(None))  # what is stepped through is to be seen
        lasts = isinstance(command, Selection) or (self.playing and not isinstance(command, Movement))
        stopped = False if lasts else self._stop()
        try:
            if isinstance(command, Continue):
                self._play(
                    partial(self._continue, self._slices.move(command, halts=True)), self.session.limit, pace=None
                )
                self._announce()
            elif isinstance(command, Movement):
                self._moving.start(command)
            elif (work := self.session.laying(command)) is not None:
                self._laying.begin(work, partial(self.send, command))
            else:
                self._apply(command)
        except CommandError as error:
            if stopped:
                self.show()
            return str(error)
        return None

    def _without_breakpoint(self, command: Continue | ReverseContinue) -> str:
        """Why `c` or `C` has nothing to go to, and what would give it something."""
        where = "to run to" if isinstance(command, Continue) else "to go back to"
        if any(self.session.debugger.breakpoints):
            return f"no breakpoint {where} is on: b lists them, and space there switches one on"
        return f"there is no breakpoint {where}: b sets one"

    def _apply(self, command: Command) -> None:
        run, forks, steps = self.session.run, len(self.session.branches), self.session.settings.steps
        self.session.apply(command)
        if not isinstance(command, Selection):
            self._changed(True)
        if self.playing and (self.session.run is not run or self.session.settings.steps != steps):
            self.play()  # another run began, with other weights; or it pauses elsewhere
        # What a key changes is small: it does not wait for a chart to cross the link.
        self.show(large=False)
        if len(self.session.branches) > forks and not isinstance(command, Fork):
            self._say(f"forked: what was ahead is kept as {self.session.branches.current.parent}", False)

    async def run_beside(self, work: Callable[[Callable[[], int]], Moves], show: Callable[[], None]) -> None:
        """Work through what is done beside the session, such as a test on a twin; `show` is called now and then."""
        await self._slices.run_beside(work, show)

    async def arrived(self) -> None:
        """Wait until a movement that is under way has come to its end."""
        await self._moving.arrived()

    def open(self, session: Session) -> None:
        """Go over to another session, paused."""
        self._stop()
        self.plotter.cancel()
        self._attach(session)
        self.show()

    def end(self) -> None:
        """Stop everything that is under way, for good: nothing is shown any more."""
        self._stop()
        self.plotter.cancel()

    async def close(self) -> None:
        """Stop everything that is under way, and wait until it has cleared up."""
        self.end()
        await self._compiling.close()

    # --- playing

    def turn_speed(self, direction: int) -> None:
        """Play slower (-1) or faster (1)."""
        self._speed = max(0, min(len(SPEEDS) - 1, self._speed + direction))
        if self.playing:
            self.play()
        self.show()

    def toggle(self) -> None:
        """Play, also where a step is still under way, or end what is."""
        if self.playing or (self.working and not self._moving.stepping):
            self.pause()
        elif not self.session.settings.steps:
            self._say("it is to pause after 0 steps: k sets another end", True)
        elif self.session.ended:
            self._say(ENDED, True)
        else:
            self.play()
            self._announce()
            self.show()

    def play(self) -> None:
        """Train on to the step that is set or, from there, as many steps further each time."""
        self._stop()
        stop, pace = self.session.limit, SPEEDS[self._speed]
        self._play(partial(self._train, stop, pace), stop, pace=pace)

    def _announce(self) -> None:
        """It plays on from where it paused: say how far."""
        if self.session.step >= self.session.settings.steps:
            self._say(f"playing to step {self.session.limit}", False)

    def _play(self, work: Callable[[], Coroutine[Any, Any, None]], stop: int, *, pace: float | None) -> None:
        self._pace, self._sound = pace, self._still_sound()
        self._player.start(partial(self._work, work), partial(self._played, stop))

    async def _work(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await work()
        except CommandError as error:
            self._say(str(error), True)

    async def _train(self, stop: int, pace: float | None) -> None:
        if pace is None:
            await self._continue(self._slices.training(stop))
            return
        while self.session.step < stop and not self._solved():
            started = perf_counter()
            await self._continue(self._slices.move(Forward(), halts=True))
            if self.session.stopped:
                return
            self.show()
            await asyncio.sleep(max(0.0, 1 / pace - (perf_counter() - started)))

    async def _continue(self, pieces: Moves) -> None:
        await self._slices.play(pieces, self.show, self._solved)

    def _solved(self) -> bool:
        return self._picture is not None and self._picture.solved

    def _still_sound(self) -> bool:
        """Whether every number has been finite, as far as the newest picture knows."""
        return self._picture is None or self._picture.fault is None

    def _played(self, stop: int) -> None:
        """Playing came to an end by itself: say why."""
        best, stopped = self.session.best_step, self.session.step
        if best is not None:
            self._moving.start(Goto(best))
            self._say(f"early stop at step {stopped}: back to {best}, the best on what is held out", False)
            return
        self.show()
        if self.session.stopped:
            if self._sound and not self._still_sound():
                self._say(f"stopped: {self.session.stopped}; N says why, space plays on", True)
            return
        if self.session.ended:
            self._say(ENDED, False)
        elif self.session.step >= stop:
            self._say(f"paused at step {stop}" + (self._overfits() or self._hint), False)
            self._hint = ""
        elif self._solved():
            self._say("solved: every row is decided rightly; I draws other weights", False)

    def _overfits(self) -> str:
        since = self.session.overfits_since()
        return "" if since is None else f": it overfits since step {since}, where the test loss was smallest"

    def pause(self) -> None:
        """Stop where it is, and show where that is."""
        if self._stop():
            self.show()

    def _stop(self) -> bool:
        """End whatever is under way, without a picture; whether anything was."""
        ended = [self._player.cancel(), self._moving.cancel(), self._laying.cancel(), self.checking.cancel()]
        for each in (self._recomputing, self._testing, self._looking):
            each.cancel()
        self._slices.leave()
        return any(ended)
