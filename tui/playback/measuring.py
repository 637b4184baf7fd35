"""Computes again, in slices, what the cursor on the curve asks for. Must not know how that is done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from chainstep.engine.training.session import Session

from .background import Background
from .slices import Slices


class Recomputing:
    """Works for one step at a time; `found` is called when all is known of it."""

    def __init__(self, found: Callable[[], None]) -> None:
        self._found = found
        self._background = Background()
        self._sought: tuple[object, int | None] | None = None
        """Of which run and which step."""

    @property
    def busy(self) -> bool:
        """Whether something is being computed."""
        return self._background.busy

    def schedule(self, session: Session, slices: Slices) -> None:
        """Go on with what a session asks for now, and leave what it asked for before."""
        work, sought = session.recomputing(), (session.run, session.inspector.cursor)
        if work is None:
            self.cancel()
        elif not self.busy or sought != self._sought:
            self._sought = sought
            self._background.start(partial(slices.run_beside, work, _nothing), self._found)

    def cancel(self) -> bool:
        """Leave what is under way; whether anything was."""
        return self._background.cancel()


def _nothing() -> None:
    """There is no picture of half a number."""
