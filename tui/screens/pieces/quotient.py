"""The difference quotient of a curve of one variable: over which h, to which sides, along which leaf. Must not know how
it is drawn or computed.
"""

from __future__ import annotations

from textual.reactive import var

from chainstep.engine.training.commands import SetQuotient
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ...playback.runner import Status
from .arranging import Arranging

DISTANCES = tuple(float(f"1e-{power}") for power in range(18))
"""What h can be, from the coarsest on: at the end floats have no room for it."""

_FIRST = SetQuotient(1e-3)


class Quotient(Arranging):
    """A stage whose curve of one variable has a difference quotient."""

    quotient: var[SetQuotient] = var(_FIRST)
    """The one that is wanted."""
    _told: tuple[Session, SetQuotient] | None = None
    """The one that a session was told."""

    def show(self, snapshot: Snapshot, status: Status) -> None:
        super().show(snapshot, status)
        self._measure()

    @staticmethod
    def _opens_on_curve(session: Session) -> bool:
        """What has one variable alone is a curve first of all."""
        return isinstance(session.subject, Formula) and len(session.labels) == 1

    def action_distance(self, direction: int) -> None:
        """Take a coarser (-1) or a finer (1) h."""
        place = DISTANCES.index(self.quotient.h) + direction
        if self._has_curve() and 0 <= place < len(DISTANCES):
            self._take(SetQuotient(DISTANCES[place], self.quotient.central))

    def action_sides(self) -> None:
        """Go to both sides, or forward alone."""
        if self._has_curve():
            self._take(SetQuotient(self.quotient.h, not self.quotient.central))

    def _has_curve(self) -> bool:
        if not self.curved:
            self.say("h and its sides are of a curve of one variable: M shows one where there is one", True)
        return self.curved

    def _take(self, quotient: SetQuotient) -> None:
        self.quotient = quotient
        self._measure()

    def watch_selected(self) -> None:
        super().watch_selected()
        if self.is_mounted:
            self._measure()

    def _measure(self) -> None:
        """Have the session measure what is wanted, along the selected leaf."""
        leaf = self.selected if self.curved and self.snapshot and self.snapshot.subject.expression else 0
        told = self.session, SetQuotient(self.quotient.h, self.quotient.central, leaf)
        if self.curved and told != (self._told or (self.session, _FIRST)):
            self._told = told
            self.call_later(self.runner.send, told[1])
