"""The app's link to its terminal: paints only when the terminal is ready for more, and notices when it is gone.
Must not know what is painted. Knows what is private to Textual 8.2.8, which is pinned: `App._display`, through which
every frame of every screen goes, how a screen makes one, how it hears of another size, and the file that the driver
writes to.

Textual writes in a thread, from a queue of 30: on a slow link keys would wait for all that is in it, and on a frozen
one the event loop for a place in it. Here a frame is sent once the one before is out; what changes meanwhile is
painted then, as it is then.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import termios
import tty
from collections.abc import Callable
from io import TextIOWrapper
from threading import Lock, Thread
from time import perf_counter
from typing import IO, TYPE_CHECKING, Any, ClassVar, cast

from rich.color import ColorSystem
from rich.console import RenderableType
from textual import on
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual._time import get_time
from textual.app import App
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.events import CursorPosition, Resize
from textual.geometry import Region
from textual.message import Message
from textual.screen import Screen

from . import colours
from .encoding import received
from .faults import GuardedApp
from .mirror import Mirror, Ready
from .signals import on_fatal
from .wire import FROZEN, PATIENT, Wire

if TYPE_CHECKING:
    from .recording import Recording

GOODBYE = 5.0
"""Seconds that the last bytes, which restore the terminal, may take."""


class _Outlet:
    """The file that Textual's thread writes to, which tells how much has gone out.

    Where the terminal is gone it swallows all: a thread that died of it would leave a full queue to the event loop.
    """

    def __init__(
        self,
        file: IO[str],
        drained: Callable[[], None],
        gone: Callable[[], None],
        recording: Recording | None = None,
    ) -> None:
        self._file = file
        self._recording = recording
        self._unrecorded: list[str] = []
        """What the kernel does not have yet."""
        self._drained = drained
        self._gone = gone
        self._lost = False
        self._lock = Lock()
        self._written = 0
        self._left = 0

    @property
    def busy(self) -> bool:
        """Whether something is not yet with the kernel."""
        return self._left > 0

    def expect(self, text: str) -> None:
        """Text is put into the queue, by whichever thread."""
        with self._lock:
            self._left += len(text)

    def write(self, text: str) -> None:
        self._written += len(text)
        try:
            self._file.write(text)
        except OSError:
            self._lose()
        if self._recording is not None:
            self._unrecorded.append(text)

    def flush(self) -> None:
        try:
            self._file.flush()
        except OSError:
            self._lose()
        if self._recording is not None and not self._lost:
            self._recording.sent(received("".join(self._unrecorded)))
            self._unrecorded.clear()
        with self._lock:
            self._left -= self._written
        self._written = 0
        if not self._left:
            self._drained()

    def _lose(self) -> None:
        if not self._lost:
            self._lost = True
            self._gone()

    def fileno(self) -> int:
        return self._file.fileno()


class LinkDriver(LinuxDriver):
    """Textual's driver; it hands cursor positions to the app alone, and ends in any case."""

    _app: LinkedApp

    def __init__(
        self, app: LinkedApp, *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        assert self._file is not None  # where it is None there is no terminal
        self.outlet = _Outlet(self._file, lambda: self._tell(app.wake), lambda: self._tell(app.lost), app.recording)
        self._file = cast("TextIOWrapper", self.outlet)
        self.goodbye = GOODBYE
        self._off = True
        """Application mode is to be started by whoever comes next: it has not been yet, or is suspended."""

    def _tell(self, listener: Callable[..., None], *news: object) -> None:
        """From a thread of the driver's to the event loop."""
        with contextlib.suppress(RuntimeError):  # the loop may be closed already
            self._loop.call_soon_threadsafe(listener, *news)

    def write(self, data: str) -> None:
        self.outlet.expect(data)
        super().write(data)

    @property
    def tells_each_size(self) -> bool:
        """Whether no size of the window goes unheard: signals of several changes may come as one."""
        return self._in_band_window_resize

    def start_application_mode(self) -> None:
        if not os.isatty(self.fileno):
            return  # SIGCONT comes behind a hang-up too, and there is nothing to come back to
        if not self._off:
            self._take_back()
            return
        self._off = False
        self._app.forget()  # the screen is a new one, also after a suspension
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._off = self._key_thread is None or not self._key_thread.is_alive()

    def suspend_application_mode(self) -> None:
        super().suspend_application_mode()
        self._off = True

    def _take_back(self) -> None:
        """The process was stopped in application mode, as `kill -STOP` does, and goes on. Where a shell has had the
        terminal meanwhile, it has left its own modes there.
        """
        if self._key_thread is None or not self._key_thread.is_alive():
            return  # it is on its way in or out
        with contextlib.suppress(OSError, termios.error):
            modes = termios.tcgetattr(self.fileno)
            if os.tcgetpgrp(self.fileno) != os.getpgrp() or modes == self._modes(modes):
                return  # it still has it, or nobody had it
            termios.tcsetattr(self.fileno, termios.TCSANOW, self._modes(modes))
            self._tell(self._take_back_screen)

    def _modes(self, modes: list[Any]) -> list[Any]:
        """The modes of a terminal as Textual wants them."""
        raw = [*modes[:-1], [*modes[-1]]]
        raw[tty.LFLAG] = self._patch_lflag(raw[tty.LFLAG])
        raw[tty.IFLAG] = self._patch_iflag(raw[tty.IFLAG])
        raw[tty.CC][termios.VMIN] = 1
        return raw

    def _take_back_screen(self) -> None:
        if not self._off:
            self.write("\x1b[?25l\x1b[?1004h")
            self._enable_bracketed_paste()
            self._disable_line_wrap()
            self._enable_mouse_support()
            self._app.action_repaint()

    def process_message(self, message: Message) -> None:
        if isinstance(message, CursorPosition):
            self._tell(self._app.hear, message.y + 1, message.x + 1)
        else:
            super().process_message(message)

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except Exception as error:
            self._tell(self._app._handle_exception, error)

    def close(self) -> None:
        # Textual waits for its thread, which waits for a terminal that may never read again.
        last = Thread(target=super().close, daemon=True)
        last.start()
        last.join(self.goodbye)
        self._app.stuck = last.is_alive()


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
        if "SSH_CONNECTION" in os.environ:
            asyncio.get_running_loop().call_later(self.PULSE, self._feel_pulse)

    def get_driver_class(self) -> type[Driver]:
        found = super().get_driver_class()
        return LinkDriver if found is LinuxDriver else found  # not where the environment names another

    # --- out

    @property
    def _busy(self) -> bool:
        """Whether a frame is still on its way."""
        driver = self._driver
        return isinstance(driver, LinkDriver) and (driver.outlet.busy or self.wire.busy)

    def ready_for_more(self) -> bool:
        """Whether there is room for a frame that nobody asked for."""
        return not self._busy and self.wire.rested(perf_counter())

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if not isinstance(renderable, LayoutUpdate | ChopsUpdate) or self._batch_count:
            super()._display(screen, renderable)
        elif self._busy:
            self._owed += _regions(renderable)
            self.post_display_hook()
        elif not isinstance(self._driver, LinkDriver):
            super()._display(screen, renderable)
        elif changed := self._mirror.difference(renderable):
            if screen._compositor.size != self.size:
                self.forget()  # the terminal has another size already, and cuts this off
            super()._display(screen, cast(RenderableType, Ready(changed)))  # as Textual's own updates are
            self._painted = self._painted or get_time()
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

    def _ask(self, driver: LinkDriver, silence: int = FROZEN) -> None:
        query = self.wire.ask(perf_counter(), silence)
        if query is not None:
            self._acknowledged.clear()
            driver.write(query)
            if self.wire.answers:
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
        missed = isinstance(driver, LinkDriver) and not driver.tells_each_size and event.time > self._painted
        if missed or not self._mirror.known:
            self.action_repaint()  # it had another size meanwhile, and has cut off or moved what was on it then

    def hear(self, row: int, column: int) -> None:
        """The terminal has told where its cursor is."""
        if self.wire.hear(row, column, perf_counter()):
            self._acknowledged.set()
            self.wake()

    def _feel_pulse(self) -> None:
        """Ask a terminal to which nothing is sent whether it is still there. Only over ssh: a link may be cut without
        a word, and nobody notices who sends nothing over it. What is on this machine says when it is gone.
        """
        if self._running:
            if isinstance(self._driver, LinkDriver) and not self.live() and not self.wire.open:
                self._ask(self._driver, PATIENT)
            asyncio.get_running_loop().call_later(self.PULSE, self._feel_pulse)

    def _watch_over(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        self._watch = asyncio.get_running_loop().call_later(self.TICK, self._tick)

    def _tick(self) -> None:
        if self.wire.open and self._running:
            self.wire.tick()
            if self.wire.frozen:
                self._leave()
            else:
                self.wake()
                self._watch_over()

    def _leave(self) -> None:
        if isinstance(self._driver, LinkDriver):
            self._driver.goodbye = 0.0
        self.lost()

    async def acknowledged(self) -> None:
        """Wait a moment for the answer that is under way: it would be typed into the shell."""
        if self.wire.open and self.wire.answers:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._acknowledged.wait(), self.TICK)


def _regions(update: LayoutUpdate | ChopsUpdate) -> list[Region]:
    """Where a frame would have painted."""
    if isinstance(update, LayoutUpdate):
        return [update.region]
    return [Region(left, y, right - left, 1) for y, left, right in update.spans]
