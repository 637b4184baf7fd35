"""The app's link to its terminal: paints only when the terminal is ready for more, and notices when it is gone.
Must not know what is painted. Knows what is private to Textual 8.2.8, which is pinned: `App._display`, through which
every frame of every screen goes, how a screen makes one, and how it hears of another size.

Textual writes in a thread, from a queue of 30: on a slow link keys would wait for all that is in it, and on a frozen
one the event loop for a place in it. Here a frame is sent once the one before is out; what changes meanwhile is
painted then, as it is then.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from time import perf_counter
from typing import TYPE_CHECKING, ClassVar, cast

from rich.color import ColorSystem
from rich.console import RenderableType
from textual import on
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual._time import get_time
from textual.app import App
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Resize
from textual.geometry import Region
from textual.screen import Screen

from . import colours
from .drivers.linked import LinkedDriver
from .drivers.terminal import LinkDriver
from .faults import GuardedApp
from .mirror import Mirror, Ready
from .signals import on_fatal
from .wire import FROZEN, PATIENT, Wire

if TYPE_CHECKING:
    from .recording import Recording


class LinkedApp(GuardedApp, App[None]):
    """An app that paints as fast as its terminal takes it."""

    TICK: ClassVar[float] = 1.0
    """Seconds between two looks at a terminal that owes an answer."""

    PULSE: ClassVar[float] = 60.0
    """Seconds between two questions to a terminal at the far end of a link, while nothing is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.console._color_system = colours.shown(self.console._color_system, os.environ)
        self.wire = Wire()
        self.recording: Recording | None = None
        """What is to hear of all that the terminal is sent; given before it runs."""
        self.stuck = False
        """Whether bytes are left that the terminal does not take: a thread waits for it, and cannot be ended."""
        self._mirror = Mirror(self.console._color_system or ColorSystem.TRUECOLOR)
        self._owed: list[Region] = []
        """What has changed on the screen since the frame that is on its way."""
        self._painted = 0.0
        """When the first frame was sent, by the clock of messages; 0 before."""
        self._watch: asyncio.TimerHandle | None = None
        self._acknowledged = asyncio.Event()

    def live(self) -> bool:
        """Whether it paints by itself: only then is the terminal asked anything."""
        raise NotImplementedError

    def end(self, number: int) -> None:
        """A signal ends the program."""
        raise NotImplementedError

    def lost(self) -> None:
        """The terminal is gone without a word: as if it had hung up."""
        self.end(signal.SIGHUP)

    def on_mount(self) -> None:
        on_fatal(self.end)

    def get_driver_class(self) -> type[Driver]:
        found = super().get_driver_class()
        if found.__module__ == "textual.drivers.web_driver":
            from .drivers.browser import BrowserDriver  # no terminal waits for it

            return BrowserDriver
        return LinkDriver if found is LinuxDriver else found  # not where the environment names another

    # --- out

    @property
    def _busy(self) -> bool:
        """Whether a frame is still on its way."""
        driver = self._driver
        return isinstance(driver, LinkedDriver) and (driver.outlet.busy or self.wire.busy)

    def ready_for_more(self) -> bool:
        """Whether there is room for a frame that nobody asked for."""
        return not self._busy and self.wire.rested(perf_counter())

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if not isinstance(renderable, LayoutUpdate | ChopsUpdate) or self._batch_count:
            super()._display(screen, renderable)
        elif self._busy:
            self._owed += _regions(renderable)
            self.post_display_hook()
        elif not isinstance(self._driver, LinkedDriver):
            super()._display(screen, renderable)
        elif changed := self._mirror.difference(renderable):
            if screen._compositor.size != self.size:
                self.forget()  # the terminal has another size already, and cuts this off
            super()._display(screen, cast(RenderableType, Ready(changed)))  # as Textual's own updates are
            if not self._painted:
                self._painted = get_time()
                if "SSH_CONNECTION" in os.environ:
                    self._feel_pulse()
            if self.live():
                self._ask(self._driver)
        else:
            self.post_display_hook()

    def on_resize(self, event: Resize) -> None:
        if self.recording is not None:
            self.recording.resized(*event.size)
        if event.size != self.size:
            self.forget()

    def forget(self) -> None:
        """The terminal may show something else than was painted: the next frames paint all of what they have."""
        self._mirror.forget()

    def _ask(self, driver: LinkedDriver, silence: int = FROZEN) -> None:
        query = self.wire.ask(perf_counter(), silence)
        if query is not None:
            self._acknowledged.clear()
            driver.write(query)
        self._watch_over()

    def _end_batch(self) -> None:
        super()._end_batch()
        self.wake()

    def wake(self) -> None:
        """Paint what is owed, if there is room for it now."""
        if self._owed and self._running and not self._busy and not self._batch_count:
            screen = self.screen
            compositor = screen._compositor
            compositor.update_widgets(screen._dirty_widgets)
            # The window may be smaller by now.
            inside = compositor.size.region.intersection
            compositor._dirty_regions = set(filter(None, map(inside, [*compositor._dirty_regions, *self._owed])))
            self._owed.clear()
            # At once: the public way is to mark regions of the screen, which forgets those of its widgets, and waits.
            with self._context():  # the driver's threads, which may have called for this, do not know the app
                screen._compositor_refresh()

    @on(Driver.SignalResume)
    def _come_back(self) -> None:
        self.action_repaint()  # Textual looks at the window's size only

    def action_repaint(self) -> None:
        """Paint all of the screen, whatever the terminal shows."""
        self.forget()
        self._owed.append(self.screen.size.region)
        self.wake()

    # --- in

    def _check_resize(self) -> None:
        event = self._resize_event
        super()._check_resize()
        if event is None or self._resize_event is not None:
            return  # there is no screen yet
        if not self._painted or event.size != self.screen._compositor.size:
            return  # all of it will be painted anew
        driver = self._driver
        missed = isinstance(driver, LinkedDriver) and not driver.tells_each_size and event.time > self._painted
        if missed or not self._mirror.known:
            self.action_repaint()  # it had another size meanwhile, and has cut off or moved what was on it then

    def hear(self, row: int, column: int) -> None:
        """The terminal has told where its cursor is."""
        if self.wire.hear(row, column, perf_counter()):
            self._acknowledged.set()
            self.wake()

    def _feel_pulse(self) -> None:
        """Ask a terminal to which nothing is sent whether it is still there. Only over ssh: a link may be cut without
        a word, and nobody notices who sends nothing over it. What is on this machine says when it is gone. It is first
        asked with the first frame, so that one which answers is known before anything is played: sshd (OpenSSH 9.2)
        misses that a client is gone while something is sent to it all the time.
        """
        if self._running:
            if isinstance(self._driver, LinkedDriver) and not self.live() and not self.wire.open:
                self._ask(self._driver, PATIENT)
            asyncio.get_running_loop().call_later(self.PULSE, self._feel_pulse)

    def _watch_over(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        self._watch = asyncio.get_running_loop().call_later(self.TICK, self._tick)

    def _tick(self) -> None:
        driver = self._driver
        outlet = driver.outlet if isinstance(driver, LinkedDriver) and self.live() else None
        taken = outlet.taken if outlet is not None and outlet.busy else None
        if self._running and (taken is not None or (self.wire.open and self.wire.answers)):
            self.wire.tick(taken)
            if self.wire.frozen:
                self._leave()
            else:
                self.wake()
                self._watch_over()

    def _leave(self) -> None:
        if isinstance(self._driver, LinkedDriver):
            self._driver.goodbye = 0.0
        self.lost()

    async def acknowledged(self) -> None:
        """Wait a moment for the answer that is under way: it would be typed into the shell."""
        if self.wire.awaited(perf_counter()):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._acknowledged.wait(), self.TICK)


def _regions(update: LayoutUpdate | ChopsUpdate) -> list[Region]:
    """Where a frame would have painted."""
    if isinstance(update, LayoutUpdate):
        return [update.region]
    return [Region(left, y, right - left, 1) for y, left, right in update.spans]
