"""Slices of time on the event loop: a session's movements are worked through in them. Must not know who asks for a
movement, or what a picture is.

Training runs inside the event loop, in slices of about two milliseconds with several bare yields between them: keys
and timers come first, and no lock is needed. The engine has no clock, so samples are counted, and what they cost is
measured.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from time import perf_counter

from chainstep.engine.training.commands import Movement
from chainstep.engine.training.moves import Moves
from chainstep.engine.training.session import Session

from .bytecode import Compiling
from .frames import LATEST, SOONEST, Frames
from .quantum import SLICE, Quantum
from .shared.limits import Limits
from .shared.turns import Share, Turns, share

AT_ONCE = 0.006
"""Seconds that a movement may take before it goes into the background."""

MOST_YIELDS = 16
"""Passes of the event loop between two slices: a key takes many on its way to the screen."""

QUIET = 3
"""Passes in which nothing happened after which training goes on: a timer that falls due in one waits for the next."""

NOTHING = 0.00002
"""Seconds that such a pass takes at most."""

AGAIN = 0.1
"""Seconds after which the system is told again who plays, where it did not listen."""


class Slices:
    """Gives a session slices of time. `ready` says whether the screen can take a picture now; `moved` is told that the
    session stands elsewhere; `limits` hold it up.
    """

    def __init__(
        self,
        session: Session,
        frames: Frames,
        compiling: Compiling,
        ready: Callable[[], bool],
        moved: Callable[[], None],
        limits: Limits,
    ) -> None:
        self._session = session
        self._session.compiles_here = False
        self._frames = frames
        self._compiling = compiling
        self._ready = ready
        self._moved = moved
        self._limits = limits
        self._quantum = Quantum()
        self._pieces: Moves | None = None

    def move(self, command: Movement, *, halts: bool = False) -> Moves:
        """A movement, in pieces that fit into a slice; `halts` where numbers first leave the finite ones.

        Raises:
            CommandError: there is no such position or granularity.
        """
        self._pieces = self._session.move(command, self._quantum, halts=halts)
        return self._pieces

    def training(self, stop: int) -> Moves:
        """Continuous training to step `stop`, or to where numbers first leave the finite ones."""
        self._pieces = self._session.training(stop, self._quantum, halts=True)
        return self._pieces

    def leave(self) -> None:
        """The movement that is under way ends where it is, or goes back to where it was."""
        if self._pieces is not None:
            self._pieces.close()
            self._pieces = None
            self._moved()

    def work(self, pieces: Moves) -> bool:
        """One slice of work; learns from it how much fits into the next. Whether there is more to do."""
        started = perf_counter()
        done = next(pieces, None)
        if pieces is self._pieces:
            self._moved()
            self._pieces = None if done is None else pieces
        if done is None:
            return False
        took = perf_counter() - started
        self._frames.trained(took)
        self._quantum.learn(done, took, self._session.batch_size, self._limits.samples)
        return True

    def start(self, pieces: Moves) -> bool:
        """A few slices of a movement at once. Whether there is more to do."""
        self._frames.begin()
        deadline = perf_counter() + AT_ONCE
        while self.work(pieces):
            if perf_counter() > deadline:
                return True
        return False

    async def drain(
        self,
        pieces: Moves,
        picture: Callable[[], object],
        enough: Callable[[], bool] = lambda: False,
        turns: Turns | None = None,
    ) -> None:
        """Work through a movement with the event loop between its slices, and in `turns` with others if there are any.
        `picture` is called whenever one is due; it ends early where there is `enough` in it.
        """
        self._limits.begin(self._session.step)
        while self.work(pieces):
            self._compile()
            if self._frames.due and self._ready():
                await asyncio.sleep(0)  # a picture and a slice together would hold up a key
                picture()
                if enough():
                    return
            await let_others()
            held_up = self._limits.rest(self._session.step)
            if rest := max(held_up, 0.0 if turns is None else turns.rest()):
                await asyncio.sleep(rest)
            if turns is not None:
                self._frames.latest = LATEST * turns.rarer

    async def play(self, pieces: Moves, picture: Callable[[], object], enough: Callable[[], bool]) -> None:
        """Work through a movement as `drain` does, in turns with whoever else plays on this machine."""
        shared = share.get()
        if shared is None:
            await self.drain(pieces, picture, enough)
            return
        _play(shared, True)
        try:
            await self.drain(pieces, picture, enough, Turns(shared))
        finally:
            _play(shared, False)
            self._frames.latest = LATEST

    async def run_beside(self, work: Callable[[Callable[[], int]], Moves], show: Callable[[], None]) -> None:
        """Work through what is done beside the session, such as a test on a twin; `show` is called now and then."""
        pieces, shown = work(self._quantum), perf_counter()
        try:
            while self.work(pieces):
                self._compile()
                if perf_counter() - shown >= SOONEST:
                    show()
                    shown = perf_counter()
                await let_others()
        finally:
            pieces.close()
        show()

    def _compile(self) -> None:
        self._compiling.schedule(self._session)


def _play(shared: Share, playing: bool) -> None:
    """It plays from now on, or no more: have everybody know."""
    shared.play(playing)
    _settle(shared)


def _settle(shared: Share) -> None:
    if not shared.settled():
        asyncio.get_running_loop().call_later(AGAIN, _settle, shared)


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
