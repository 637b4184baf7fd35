"""The difference quotient of a curve of one variable: over which h, to which sides, along which leaf. Must not know how
it is drawn or computed.
"""

from __future__ import annotations

from chainstep.engine.training.commands import SetQuotient
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ...playback.runner import Status
from .arranging import Arranging


class Quotient(Arranging):
    """A stage whose curve of one variable has a difference quotient: the one that its session measures."""

    def show(self, snapshot: Snapshot, status: Status) -> None:
        super().show(snapshot, status)
        self._follow_leaf()

    @staticmethod
    def _opens_on_curve(session: Session) -> bool:
        """What has one variable alone is a curve first of all."""
        return isinstance(session.subject, Formula) and len(session.labels) == 1

    @property
    def _quotient(self) -> SetQuotient:
        return self.session.inspector.plotting.quotient

    def action_distance(self, direction: int) -> None:
        """Take a coarser (-1) or a finer (1) h."""
        from chainstep.engine.training.snapshot.plots.function import DISTANCES  # no part of a first frame

        h = self._quotient.h
        coarser, finer = [each for each in DISTANCES if each > h], [each for each in DISTANCES if each < h]
        wanted = coarser[-1:] if direction < 0 else finer[:1]
        if self._has_curve() and wanted:
            self._take(wanted[0], self._quotient.central)

    def action_sides(self) -> None:
        """Go to both sides, or forward alone."""
        if self._has_curve():
            self._take(self._quotient.h, not self._quotient.central)

    def _has_curve(self) -> bool:
        if not self.curved:
            self.say("h and its sides are of a curve of one variable: M shows one where there is one", True)
        return self.curved

    def _take(self, h: float, central: bool) -> None:
        self.runner.send(SetQuotient(h, central, self._wanted_leaf()))

    def _wanted_leaf(self) -> int:
        """The leaf along which a slope is measured."""
        return self.selected if self.curved and self.snapshot and self.snapshot.subject.expression else 0

    def watch_selected(self) -> None:
        super().watch_selected()
        if self.is_mounted:
            self._follow_leaf()

    def _follow_leaf(self) -> None:
        """Have the session measure along the selected leaf."""
        if self.curved and self._quotient.leaf != self._wanted_leaf():
            self.call_later(self._measure_along)

    def _measure_along(self) -> None:
        if self._quotient.leaf != self._wanted_leaf():
            self._take(self._quotient.h, self._quotient.central)
