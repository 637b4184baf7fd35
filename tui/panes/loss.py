"""The Loss pane: the curve. Must not know the session or the app."""

from __future__ import annotations

from textual.reactive import var
from textual.strip import Strip

from chainstep.engine.training.snapshot import Curve, Snapshot

from ..render import lines
from ..render.chart import Plan, drawn, pixels_key
from .strip_pane import StripPane


class LossPane(StripPane, can_focus=True):
    """Loss over the steps, with the newest numbers above it."""

    log_scale: var[bool] = var(False)
    playing: var[bool] = var(False)

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self._curve: Curve | None = None
        self._key: tuple[Plan, object] | None = None
        self._chart: list[Strip] = []

    def take(self, snapshot: Snapshot) -> None:
        self._curve = snapshot.curve or self._curve

    def heading(self, snapshot: Snapshot) -> tuple[str, str]:
        note = " ".join(filter(None, (lines.test_note(snapshot), "log" if self.log_scale else "")))
        what = "Value" if snapshot.subject.expression else "Loss"
        title = f"{what} {lines.loss_note(snapshot)}".rstrip()
        if len(title) + len(note) + 7 > self.size.width:
            title = title.replace("accuracy ", "")
        return title, note

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        if self._curve is None:
            return [Strip.blank(width)] * height
        fits = len(self._chart) == height and self._chart[0].cell_length == width
        if fits and snapshot.curve is None:
            return self._chart
        look = self.look
        plan = pixels_key(self._curve, width, height, self.log_scale, forks=snapshot.forks, unicode=look.unicode)
        if (plan, look) != self._key or not fits:
            self._chart = drawn(plan, width, height, look.palette, unicode=look.unicode)
            self._key = plan, look
        return self._chart

    def watch_log_scale(self) -> None:
        self._chart = []
        self.redraw()

    def watch_playing(self) -> None:
        self.redraw()
