"""Textual's driver for a browser: packets on stdout, keys and sizes on stdin, a server of pages behind both. Must not
know what is painted, or the server. Knows what is private to Textual 8.2.8, which is pinned: how the driver writes, and
its threads.

All that holds of a terminal holds of the page: it answers where its cursor is, so a frame waits until the page has
taken in the last one. But no answer gets lost, and one may be long in coming, since a page that nobody sees is asleep:
that somebody is there at all is for the server to know.
"""

from __future__ import annotations

import os
from functools import partial
from threading import Thread
from typing import IO, Any, cast

from textual.app import App
from textual.drivers._writer_thread import WriterThread
from textual.drivers.web_driver import WebDriver

from .linked import LinkedDriver


class _Pipe:
    """A file that keeps nothing back."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def write(self, packet: bytes) -> None:
        left = memoryview(packet)
        while left:
            left = left[os.write(self._descriptor, left) :]

    def flush(self) -> None:
        """Nothing is left to be done."""


class BrowserDriver(LinkedDriver, WebDriver):
    """Textual's driver for a browser, which writes in a thread as the one for a terminal does."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self.listener.wire.lossless = True
        self.outlet = self._outlet(cast("IO[bytes]", _Pipe(self.fileno)))
        self._writer = WriterThread(cast("IO[str]", self.outlet))
        self._write = partial(self._put)  # every packet goes through it
        self._told_to_go = False
        self._key_thread = Thread(target=self._run_input_thread, name="textual-input")

    def _put(self, packet: bytes) -> int:
        self.outlet.expect(packet)
        self._writer.write(cast("str", packet))
        return len(packet)

    @property
    def tells_each_size(self) -> bool:
        return True

    def start_application_mode(self) -> None:
        self.listener.forget()
        self._writer.start()
        super().start_application_mode()

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        self._told_to_go |= packet_type == "quit"
        super().on_meta(packet_type, payload)

    def _run_input_thread(self) -> None:
        self.run_input_thread()
        if not (self._told_to_go or self.exit_event.is_set()):
            self._tell(self.listener.lost)  # the server is gone, or sends what no page does

    def finish(self) -> None:
        if self._writer.is_alive():
            self._writer.stop()
