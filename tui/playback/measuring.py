"""Measures, in slices, what a picture asks for and has not yet: a step of long ago, very many test samples, those that
are seen where the network is wide. Must not know how that is done.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterator
from functools import partial
from typing import TYPE_CHECKING

from chainstep.engine.records import replace
from chainstep.engine.training.moves import Moves
from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot.parts import Part
from chainstep.engine.training.snapshot.snapshot import Snapshot

from .background import Background
from .slices import Slices, let_others, worked

if TYPE_CHECKING:
    from chainstep.engine.training.snapshot.samples.each import SamplesView

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


class Looking:
    """Makes the samples that are seen, where that would hold up a picture: one has them later. What goes on meanwhile
    does not begin it anew, and is shown them as they were when it was begun.
    """

    def __init__(self, found: Callable[[], None]) -> None:
        self._found = found
        self._background = Background()
        self._sought: object = None
        self._seen: SamplesView | None = None

    def begin(self, session: Session, parts: Collection[Part], rows: range, *, running: bool) -> Collection[Part]:
        """The parts of a picture that can be made at once; begin with the others."""
        work = session.looking(rows) if "samples" in parts else None
        if work is None:
            return parts
        sought = session.run, rows, None if running else (session.step, session.op)
        if not self._background.busy or sought != self._sought:
            self._sought = sought
            self._background.start(partial(self._look, work), self._found)
        return [part for part in parts if part != "samples"]

    def add(self, picture: Snapshot) -> Snapshot:
        """A picture with samples that it waited for, if they are there and it has none itself."""
        seen, self._seen = self._seen, None
        return picture if seen is None or picture.samples is not None else replace(picture, samples=seen)

    def cancel(self) -> bool:
        """Leave what is under way; whether anything was."""
        self._seen = None
        return self._background.cancel()

    async def _look(self, work: Generator[int, None, SamplesView]) -> None:
        def keeping() -> Iterator[int]:
            self._seen = yield from work

        pieces = keeping()
        while worked(pieces):
            await let_others()


def _nothing() -> None:
    """There is no picture of half a number."""
