"""The gradient check beside a session: made where that stands still, in slices, with pictures of how far it is. Must
not know how a gradient is checked.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from chainstep.engine.training.moves import Moves
from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot.parts import Part

from .background import Background
from .frames import Frames
from .slices import let_others, worked

APART = 0.2
"""Seconds between two pictures of a check that goes on."""

UNCHANGED: frozenset[Part] = frozenset({"network", "graph", "curve", "test", "samples", "trace"})
"""Large parts of a picture in which a check changes nothing."""


class Checking:
    """Checks gradients; `progress` is called now and then, `complete` at the end."""

    def __init__(self, frames: Frames, progress: Callable[[], None], complete: Callable[[], None]) -> None:
        self._frames = frames
        self._progress = progress
        self._complete = complete
        self.background = Background()

    @property
    def busy(self) -> bool:
        """Whether a check goes on in the background."""
        return self.background.busy

    def begin(self, session: Session) -> Moves | None:
        """A first slice of the check where `session` stands, which small networks get by with; what is left of it."""
        pieces = session.checking()
        return pieces if pieces is not None and worked(pieces) else None

    def finish(self, pieces: Moves) -> None:
        """Work through the rest in the background."""
        self.background.start(partial(self._work, pieces), self._complete)

    async def _work(self, pieces: Moves) -> None:
        while worked(pieces):
            if self._frames.age >= APART:
                self._progress()
            await let_others()

    def cancel(self) -> bool:
        """Leave the check that is under way; whether one was."""
        return self.background.cancel()
