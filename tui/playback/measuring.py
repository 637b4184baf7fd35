"""Measures, in slices, what a picture asks for and has not yet: a step of long ago, very many test samples. Must not
know how that is done.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from chainstep.engine.training.moves import Moves
from chainstep.engine.training.session import Session

from .background import Background
from .slices import Slices

Ask = Callable[[Session], Callable[[Callable[[], int]], Moves] | None]
"""What a session has still to measure, given how many samples a piece of that has; None if nothing."""


class Measuring:
    """Works for one thing at a time, which `of` names; `found` is called when all is known of it."""

    def __init__(self, ask: Ask, of: Callable[[Session], object], found: Callable[[], None]) -> None:
        self._ask = ask
        self._of = of
        self._found = found
        self._background = Background()
        self._sought: object = None

    def schedule(self, session: Session, slices: Slices) -> None:
        """Go on with what a session asks for now, and leave what it asked for before."""
        work, sought = self._ask(session), self._of(session)
        if work is None:
            self.cancel()
        elif not self._background.busy or sought != self._sought:
            self._sought = sought
            self._background.start(partial(slices.run_beside, work, _nothing), self._found)

    def cancel(self) -> bool:
        """Leave what is under way; whether anything was."""
        return self._background.cancel()


def _nothing() -> None:
    """There is no picture of half a number."""
