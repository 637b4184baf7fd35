"""An app that whatever goes wrong ends quietly, however far from its own calls. Must not know what is done then. Knows
what is private to Textual 8.2.8, which is pinned: `App._handle_exception`, to which all comes that a pane, a dialog, a
timer or a worker raises, and which would print pages of it.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from textual.app import App, ScreenStackError
from textual.css.query import NoMatches
from textual.errors import NoWidget
from textual.events import Event, InputEvent, MouseEvent
from textual.widget import MountError
from textual.worker import WorkerFailed

FAULT = 70
"""The exit status after a fault of our own: sysexits.h calls it EX_SOFTWARE."""


_TAKEN_APART = (NoMatches, MountError, ScreenStackError)
"""What is raised by whoever looks for a widget, or makes one, while the program ends: by then that is no fault."""


if TYPE_CHECKING:
    _App = App[None]
else:
    _App = object  # Textual takes half a millisecond for each class of apps


class GuardedApp(_App):
    """An app that ends after the first exception that nobody catches, and says nothing of it."""

    def failed(self, error: BaseException) -> None:
        """Something went wrong; the app is about to end. It is told of the first exception only."""
        raise NotImplementedError

    async def on_event(self, event: Event) -> None:
        """Keys behind the one that ends it are nobody's: there may be no screen any more. So is what the mouse does on
        something that is gone, and is only not painted over yet: Textual asks its parent where text is selected.
        """
        nobodys = isinstance(event, InputEvent) if self._exit else isinstance(event, MouseEvent) and self._gone(event)
        if not nobodys:
            await super().on_event(event)

    def _gone(self, event: MouseEvent) -> bool:
        try:
            widget, _ = self.get_widget_at(event.x, event.y)
        except (NoWidget, ScreenStackError):
            return False
        return widget.parent is None

    def on_mount(self) -> None:
        asyncio.get_running_loop().set_exception_handler(self._heard)

    def _heard(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Something went wrong in a callback, in a signal's handler, or in a task that nobody waits for."""
        error = context.get("exception")
        if error is not None and self._running:
            self._handle_exception(error)
        else:
            loop.default_exception_handler(context)

    def _handle_exception(self, error: Exception) -> None:
        fault = error.error if isinstance(error, WorkerFailed) else error
        if self._exit and isinstance(fault, _TAKEN_APART):
            self._close_messages_no_wait()
            return
        self._return_code = FAULT
        if self._exception is None:
            self._exception = error  # Textual's pilot raises it again
            self.failed(fault)
            self._exception_event.set()
        self._close_messages_no_wait()
