"""Coaching: the guide through the first minute, from picture to picture. Must not know what it says, how it is drawn,
or where it is remembered.

What it says is loaded where it leads: the first frame does not wait for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from chainstep.engine.training.snapshot.snapshot import Snapshot

from ...panes.loss import LossPane
from ...panes.parameters import ParametersPane
from ...panes.watched import var
from ...playback.runner import Status
from ..stage import Piece

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...render.coach.beats import Coach


class Coached(Message):
    """The coach has come to its end, or was sent away."""


class Coaching(Piece):
    """A stage with a coach."""

    coach: var[Coach | None] = var(None)
    """How far it has led; None while there is none."""

    leads: Callable[[], bool] = staticmethod(lambda: False)
    """Says whether it is to lead from the first frame on."""

    def show(self, snapshot: Snapshot, status: Status) -> None:
        super().show(snapshot, status)
        if self.lesson is not None:
            self.coach = None  # two would lead to two places
        if self.coach is not None:
            self._follow(self.coach.after(snapshot))

    def lead(self) -> None:
        """Begin with the step in which training stands."""
        if not self.app.is_running or self.lesson is not None:
            return  # the program ends, or a lesson leads
        from ...render.coach.beats import Coach

        # The pane with the focus is the one that stays where the terminal is small.
        self.set_focus(self.query_one(LossPane), scroll_visible=False)
        self.coach = Coach.of(self.session.snapshot({"samples"}))
        self.runner.show()

    def _follow(self, coach: Coach) -> None:
        if coach.finished:
            self._dismiss()
        else:
            self.coach = coach

    def _dismiss(self) -> None:
        self.coach = None
        if self.query_one(LossPane).has_focus:
            self.set_focus(self.query_one(ParametersPane), scroll_visible=False)
        self.post_message(Coached())

    def action_coach(self) -> None:
        """Call the coach; where it is there, send it away for good."""
        if self.coach is None or self.coach.aside:
            self.lead()
        else:
            self._dismiss()
            self.say("the coach is gone for good: G calls it")
