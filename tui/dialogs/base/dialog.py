"""Dialog: a box over the screen that escape closes, and that says what is wrong. Must not know what it is for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar, cast

from textual.binding import Binding
from textual.screen import ModalScreen
from textual.widgets import Static

from ...commands import SESSION
from .once import ClosedOnce

if TYPE_CHECKING:
    from typing import Protocol

    class _Bounded(Protocol):
        allowed: frozenset[str]


Answer = TypeVar("Answer")


class Dialog(ClosedOnce, ModalScreen[Answer | None], Generic[Answer]):
    """Gives its answer, or None where it was closed."""

    BINDINGS = [Binding("escape,q", "close", "close")]

    WIDTH: ClassVar[int] = 96
    """Cells from border to border, where the terminal has them."""

    REACHES: ClassVar[Mapping[str, str]] = {}
    """What its own actions reach that reach more than the session, as the registry of commands has it."""

    def allows(self, action: str) -> bool:
        """Whether it may do so here."""
        return self.REACHES.get(action, SESSION) in cast("_Bounded", self.app).allowed

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.allows(action) and super().check_action(action, parameters)

    @property
    def room(self) -> int:
        """Cells of a row: without border, padding and the bar that scrolls."""
        return min(self.WIDTH, self.app.size.width * 95 // 100) - 6

    def complain(self, wrong: str | None) -> None:
        """Say what is wrong, or that nothing is."""
        self.query_one(".error", Static).update(wrong or "")

    def dismiss_unless(self, wrong: str | None, answer: Answer | None = None) -> None:
        """Close with an answer, or say what is wrong."""
        if wrong is None:
            self.dismiss(answer)
        else:
            self.complain(wrong)

    def action_close(self) -> None:
        self.dismiss(None)
