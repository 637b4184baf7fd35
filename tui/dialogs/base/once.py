"""What closes once. Must not know what for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

if TYPE_CHECKING:
    _Screen = ModalScreen[Any]
else:
    _Screen = object  # no class of screens by itself: Textual would look for its style


class ClosedOnce(_Screen):
    """Comes before a kind of dialog: a second key may be on its way when one has closed it, and would close what is
    behind.
    """

    _dismissed = False

    @property
    def closed(self) -> bool:
        """Whether it has an answer: parts of it may be gone, though what it has begun goes on."""
        return self._dismissed

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Close with an answer; a second time does nothing."""
        if self._dismissed:
            return AwaitComplete()
        self._dismissed = True
        return super().dismiss(result)
