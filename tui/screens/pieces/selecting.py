"""Selecting: which parameter is selected, and which ones the table shows in which order. Must not know how they are
drawn.

Dialogs are loaded where they are opened: the first frame does not wait for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chainstep.engine.training.snapshot.snapshot import Snapshot

from ...panes.parameters import ParametersPane
from ...panes.watched import var
from ...playback.runner import Status
from ...render.parameters.order import MODEL, following, matching
from ..stage import Piece

if TYPE_CHECKING:
    from ...panes.messages import ParameterChosen


class Selecting(Piece):
    """A stage with the table of the parameters."""

    selected: var[int] = var(0)
    order: var[str] = var(MODEL)
    """Of the rows of the parameters."""
    wanted: var[str] = var("")
    """What the names of the shown parameters have."""

    def show(self, snapshot: Snapshot, status: Status) -> None:
        self.selected = min(self.selected, snapshot.subject.parameters - 1)
        if self.wanted and not matching(self.session.labels, self.wanted):
            self.wanted = ""  # the layers are others now
        super().show(snapshot, status)

    def action_select(self, rows: int) -> None:
        self.selected = min(len(self.session.labels) - 1, self.query_one(ParametersPane).beyond(rows))

    def action_order(self) -> None:
        """Sort the parameters in the next way."""
        self.order = following(self.order)

    def action_filter(self) -> None:
        from ...dialogs import ask

        self.ask(ask.for_filter(self.session.labels, self.wanted), self._filter)

    def _filter(self, wanted: str) -> None:
        self.wanted = wanted

    def on_parameter_chosen(self, message: ParameterChosen) -> None:
        self.selected = message.parameter
