"""Watches over the limits of a kiosk while somebody uses it, and says when one acts. Must not know the screen: it
is told of keys, and says lines.
"""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from ...playback.runner import Runner
from ...playback.shared.limits import Limits
from .kiosk import Kiosk

SOON = 2.0
"""Seconds between two looks at the memory while something is done."""

NOTICE = 60.0
"""Seconds before it leaves in which that is said."""

THIN = 4 * 2**20
"""Bytes that the records of a session keep where memory has run short."""

BEYOND = 1.25
"""How many times its memory a session may take for as long as it takes to be saved."""


class Clock:
    """Calls `reached` when nothing has stirred for so many seconds, once for each time that nothing does."""

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float, reached: Callable[[], None]) -> None:
        self._loop, self._seconds, self._reached = loop, seconds, reached
        self._last = loop.time()
        self._due: asyncio.TimerHandle | None = loop.call_at(self._last + seconds, self._look)

    def stir(self) -> None:
        """Something has: it is looked at when the clock would have struck."""
        self._last = self._loop.time()
        if self._due is None:
            self._due = self._loop.call_at(self._last + self._seconds, self._look)

    def _look(self) -> None:
        due = self._last + self._seconds
        if self._loop.time() < due:
            self._due = self._loop.call_at(due, self._look)
        else:
            self._due = None
            self._reached()

    def close(self) -> None:
        """It strikes no more."""
        if self._due is not None:
            self._due.cancel()


class Watchdog:
    """What is done when a limit is reached. `say` tells the user a line, `leave` saves and ends, with a last one."""

    def __init__(
        self,
        kiosk: Kiosk,
        runner: Runner,
        say: Callable[[str, bool], None],
        leave: Callable[[str], None],
        taken: Callable[[], int] = lambda: resident(),
    ) -> None:
        self._kiosk, self._runner = kiosk, runner
        self._say, self._leave, self._taken = say, leave, taken
        self.limits = Limits(
            kiosk.steps_a_second, kiosk.parameters, kiosk.room, self._held, alone=True, machine=kiosk.machine
        )
        """What its sessions may take."""
        self._clocks: list[Clock] = []
        self._look: asyncio.TimerHandle | None = None
        """The next look at the memory."""
        self._thinned = False

    def begin(self) -> None:
        """Begin, on the event loop that runs."""
        loop = self._loop = asyncio.get_running_loop()
        if self._kiosk.unattended:
            self._clocks.append(Clock(loop, 60 * self._kiosk.unattended, self._pause))
        if self._kiosk.idle:
            idle = 60 * self._kiosk.idle
            if idle > 2 * NOTICE:
                self._clocks.append(Clock(loop, idle - NOTICE, self._announce))
            self._clocks.append(Clock(loop, idle, self._part))

    def stir(self) -> None:
        """A key was pressed."""
        for clock in self._clocks:
            clock.stir()
        if self._kiosk.memory is not None and self._look is None:
            self._look = self._loop.call_later(SOON, self._weigh)

    def close(self) -> None:
        """Nobody is watched any more."""
        for clock in self._clocks:
            clock.close()
        if self._look is not None:
            self._look.cancel()

    def _held(self) -> None:
        self._say(f"at most {self._kiosk.steps_a_second} steps a second here", False)

    # --- nobody is there

    def _pause(self) -> None:
        if self._runner.playing or self._runner.working:
            self._runner.pause()
            self._say(f"paused: no key for {_minutes(self._kiosk.unattended)}; space plays on", False)

    def _announce(self) -> None:
        self._say("in a minute this is saved and left, if no key is pressed", True)

    def _part(self) -> None:
        self._leave(f"left, since no key was pressed for {_minutes(self._kiosk.idle)}")

    # --- memory

    def _weigh(self) -> None:
        """Look at the memory: thin the records, then pause, and leave before it is beyond all bounds."""
        most = self._kiosk.memory
        assert most is not None
        busy = self._runner.playing or self._runner.working
        self._look = self._loop.call_later(SOON, self._weigh) if busy else None
        taken = self._taken()
        if taken <= most:
            return
        if not self._thinned:
            self._thinned = True
            self.limits.room = THIN
            self._runner.session.keep_within(THIN)
            gc.collect()
            self._say(f"memory: {taken} of {most} MB are taken, so less of the way back is kept", False)
        elif taken > BEYOND * most:
            self._leave(f"left, since {taken} MB of memory were taken, and {most} are allowed")
        elif busy:
            self._runner.pause()
            self._say(f"memory: {taken} of {most} MB are taken, so it has paused: o and q let go of them", True)


def resident() -> int:
    """Megabytes of this process that are in memory; 0 where the system does not say."""
    with suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") // 2**20
    return 0


def _minutes(number: float) -> str:
    return "a minute" if number == 1 else f"{number:g} minutes"
