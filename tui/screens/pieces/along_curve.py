"""AlongCurve: the commands that say how the loss curve is looked at, and where its cursor is. Must not know how it is
drawn.

Dialogs are loaded where they are opened: the first frame does not wait for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chainstep.engine.training.commands import SetCursor

from ...panes.arrangement.arrangement import Arrangement
from ...panes.loss import LossPane
from ...panes.watched import var
from ..stage import Piece

if TYPE_CHECKING:
    from ...panes.messages import StepAsked, StepChosen

_LAST = (0, 1000, 100, 30)
"""How many of the newest steps the loss curve can show; 0 is all."""

_SMOOTHING = (0.0, 0.9, 0.98)
"""Weights of the moving average that the loss curve can show; 0 is the losses themselves."""


class AlongCurve(Piece):
    """A stage with a loss curve."""

    log_scale: var[bool] = var(False)
    last: var[int] = var(0)
    """How many of the newest steps the loss curve shows; 0 is all."""
    smoothing: var[float] = var(0.0)
    """The weight of the curve's moving average; 0 is none."""
    cursor: var[int | None] = var(None)
    """The step that is looked at on the curve."""

    def action_log(self) -> None:
        self.log_scale = not self.log_scale

    def action_recent(self) -> None:
        self.last = _LAST[(_LAST.index(self.last) + 1) % len(_LAST)]

    def action_smooth(self) -> None:
        self.smoothing = _SMOOTHING[(_SMOOTHING.index(self.smoothing) + 1) % len(_SMOOTHING)]

    def action_cursor(self, columns: int) -> None:
        """Move the cursor along the curve, which is shown where there is room for one pane."""
        self.query_one(Arrangement).bring("loss")
        self.cursor = self.query_one(LossPane).moved(columns)

    def on_step_asked(self, message: StepAsked) -> None:
        self.runner.send(SetCursor(message.step))

    def on_step_chosen(self, message: StepChosen) -> None:
        """A second click on the same step takes the cursor away."""
        self.cursor = None if self.cursor == message.step else message.step

    async def action_stop(self) -> None:
        if not self.runner.working and self.cursor is not None:
            self.cursor = None
            return
        await super().action_stop()

    def action_scrub(self) -> None:
        from ...dialogs.debugger.scrub import Scrub

        now = self.paused()
        if now.curve is not None:
            scrub = Scrub(self, now, now.curve, self.runner.attempt, at=self.cursor, log=self.log_scale)
            self.app.push_screen(scrub, self._left)

    def _left(self, _: None) -> None:
        """The dialog is closed; it has asked for steps of its own."""
        self.query_one(LossPane).ask()
