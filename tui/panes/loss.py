"""The Loss pane: the curve. Must not know the session or the app."""

from __future__ import annotations

from time import perf_counter

from textual.reactive import var
from textual.strip import Strip

from chainstep.engine.training.snapshot import Snapshot

from ..render import lines
from ..render.chart import Plan, chart, pixels_key
from .strip_pane import StripPane

_REDRAW = 0.25
"""Seconds between two drawings of the curve while it grows."""


class LossPane(StripPane, can_focus=True):
    """Loss over the steps, with the newest numbers above it."""

    log_scale: var[bool] = var(False)
    playing: var[bool] = var(False)

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self._key: tuple[Plan, object] | None = None
        self._chart: list[Strip] = []
        self._drawn = 0.0

    def heading(self, snapshot: Snapshot) -> tuple[str, str]:
        note = " ".join(filter(None, (lines.test_note(snapshot), "log" if self.log_scale else "")))
        what = "Value" if snapshot.subject.expression else "Loss"
        title = f"{what} {lines.loss_note(snapshot)}".rstrip()
        if len(title) + len(note) + 7 > self.size.width:
            title = title.replace("accuracy ", "")
        return title, note

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        if snapshot.curve is None:
            return [Strip.blank(width)] * height
        fits = len(self._chart) == height and self._chart[0].cell_length == width
        if fits and self.playing and perf_counter() - self._drawn < _REDRAW:
            return self._chart
        look = self.look
        key = (pixels_key(snapshot.curve, width, height, self.log_scale, unicode=look.unicode), look)
        if key != self._key or not fits:
            self._chart = chart(snapshot.curve, width, height, look.palette, log=self.log_scale, unicode=look.unicode)
            self._key = key
        self._drawn = perf_counter()
        return self._chart

    def watch_log_scale(self) -> None:
        self._drawn = 0.0
        self.redraw()

    def watch_playing(self) -> None:
        self.redraw()
