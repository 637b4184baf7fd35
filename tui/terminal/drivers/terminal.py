"""Textual's driver for a terminal: a process that was stopped, or has hung up, finds its way back into it or out of it.
Must not know what is painted. Knows what is private to Textual 8.2.8, which is pinned: the file that the driver writes
to, and the threads and modes that it has in application mode.
"""

from __future__ import annotations

import contextlib
import os
import termios
import tty
from io import TextIOWrapper
from typing import Any, cast

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from .. import signals
from .linked import LinkedDriver


class LinkDriver(LinkedDriver, LinuxDriver):
    """Textual's driver for a terminal; it survives being stopped."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        assert self._file is not None  # where it is None there is no terminal
        self.outlet = self._outlet(self._file)
        self._file = cast("TextIOWrapper", self.outlet)
        self._off = True
        """Application mode is to be started by whoever comes next: it has not been yet, or is suspended."""

    def write(self, data: str) -> None:
        self.outlet.expect(data)
        super().write(data)

    @property
    def tells_each_size(self) -> bool:
        return self._in_band_window_resize

    def start_application_mode(self) -> None:
        if not os.isatty(self.fileno):
            return  # SIGCONT comes behind a hang-up too, and there is nothing to come back to
        if not self._off:
            self._take_back()
            return
        self._off = False
        self.listener.forget()  # the screen is a new one, also after a suspension
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._off = self._key_thread is None or not self._key_thread.is_alive()

    def suspend_application_mode(self) -> None:
        super().suspend_application_mode()
        self._off = True

    def _sigtstp_application(self, *_: object) -> None:
        if signals.holder.get() is None:
            super()._sigtstp_application()
            return
        if self._auto_restart:
            self.suspend_application_mode()
            self._must_signal_resume = True
        signals.stop()
        self._sigcont_application()

    def _take_back(self) -> None:
        """The process was stopped in application mode, as `kill -STOP` does, and goes on. Where a shell has had the
        terminal meanwhile, it has left its own modes there.
        """
        if self._key_thread is None or not self._key_thread.is_alive():
            return  # it is on its way in or out
        with contextlib.suppress(OSError, termios.error):
            modes = termios.tcgetattr(self.fileno)
            if not signals.is_in_foreground(self.fileno) or modes == self._modes(modes):
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
            self.listener.action_repaint()

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except Exception as error:
            self._tell(self.listener._handle_exception, error)

    def finish(self) -> None:
        LinuxDriver.close(self)
