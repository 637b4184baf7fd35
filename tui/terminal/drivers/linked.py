"""What a driver of ours does whichever way the screen goes out: it tells the app how much has gone, hands it cursor
positions, and ends in any case. Must not know that way.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from threading import Thread
from typing import IO, TYPE_CHECKING, Any, AnyStr, Protocol, cast

from textual.app import App
from textual.driver import Driver
from textual.events import CursorPosition
from textual.message import Message

from .outlet import Outlet

if TYPE_CHECKING:
    from ..recording import Recording
    from ..wire import Wire

GOODBYE = 5.0
"""Seconds that the last bytes, which restore the terminal, may take."""


class Listener(Protocol):
    """The app, as far as its driver knows it."""

    recording: Recording | None
    wire: Wire
    stuck: bool

    def wake(self) -> None: ...

    def lost(self) -> None: ...

    def hear(self, row: int, column: int) -> None: ...

    def forget(self) -> None: ...

    def action_repaint(self) -> None: ...

    def _handle_exception(self, error: Exception) -> None: ...


class LinkedDriver(Driver):
    """A driver to be mixed into one of Textual's."""

    outlet: Outlet[Any]

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self.listener = cast("Listener", app)
        self.goodbye = GOODBYE

    @property
    def tells_each_size(self) -> bool:
        """Whether no size of the window goes unheard: signals of several changes may come as one."""
        raise NotImplementedError

    def finish(self) -> None:
        """Wait until all is written."""
        raise NotImplementedError

    def _outlet(self, file: IO[AnyStr]) -> Outlet[AnyStr]:
        app = self.listener
        return Outlet(file, lambda: self._tell(app.wake), lambda: self._tell(app.lost), app.recording)

    def _tell(self, listener: Callable[..., None], *news: object) -> None:
        """From a thread of the driver's to the event loop."""
        with contextlib.suppress(RuntimeError):  # the loop may be closed already
            self._loop.call_soon_threadsafe(listener, *news)

    def process_message(self, message: Message) -> None:
        if isinstance(message, CursorPosition):
            self._tell(self.listener.hear, message.y + 1, message.x + 1)
        else:
            super().process_message(message)

    def close(self) -> None:
        # Textual waits for its thread, which waits for somebody who may never read again.
        last = Thread(target=self.finish, daemon=True)
        last.start()
        last.join(self.goodbye)
        self.listener.stuck = last.is_alive()
