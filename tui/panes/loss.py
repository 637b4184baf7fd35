"""The Loss pane: the curve. Must not know the session or the app."""

from __future__ import annotations

from textual.reactive import var
from textual.strip import Strip

from chainstep.engine.training.snapshot import Curve, Snapshot

from ..render import lines
from ..render.chart import drawn
from ..render.curve_plan import Plan, pixels_key
from .strip_pane import StripPane


class LossPane(StripPane, can_focus=True):
    """Loss over the steps, with the newest numbers above it."""

    log_scale: var[bool] = var(False)
    last: var[int] = var(0)
    """How many of the newest steps are shown; 0 is all."""
    smoothing: var[float] = var(0.0)
    """The weight of the moving average that is drawn in place of the losses; 0 is none."""
    playing: var[bool] = var(False)

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self._curve: Curve | None = None
        self._key: tuple[Plan, object] | None = None
        self._chart: list[Strip] = []

    def take(self, snapshot: Snapshot) -> None:
        self._curve = snapshot.curve or self._curve

    def heading(self, snapshot: Snapshot) -> tuple[str, str]:
        what = "Value" if snapshot.subject.expression else "Loss"
        title = f"{what} {lines.loss_note(snapshot)}".rstrip()
        average = f"{self.smoothing:g}" if self.smoothing else ""
        looks = [f"last {self.last}" if self.last else "", "log" if self.log_scale else ""]
        test = lines.test_note(snapshot)
        note = _joined(average and f"smoothed {average}", *looks, test)
        brief = title.replace("accuracy ", "")
        choices = [(title, note), (brief, note)]
        if average or any(looks):
            # Whoever mistakes an average for the loss is misled more than one who misses an accuracy.
            bare = title.partition("  ")[0]
            choices += [(bare, note), (bare, _joined(average and f"~{average}", *looks, test))]
        return next((fits for fits in choices if sum(map(len, fits)) + 7 <= self.size.width), choices[-1])

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        if self._curve is None:
            return [Strip.blank(width)] * height
        fits = len(self._chart) == height and self._chart[0].cell_length == width
        if fits and snapshot.curve is None:
            return self._chart
        look = self.look
        plan = pixels_key(
            self._curve,
            width,
            height,
            self.log_scale,
            forks=snapshot.forks,
            last=self.last,
            smoothing=self.smoothing,
            unicode=look.unicode,
        )
        if (plan, look) != self._key or not fits:
            self._chart = drawn(plan, width, height, look.palette, unicode=look.unicode)
            self._key = plan, look
        return self._chart

    def watch_log_scale(self) -> None:
        self._look_again()

    def watch_last(self) -> None:
        self._look_again()

    def watch_smoothing(self) -> None:
        self._look_again()

    def _look_again(self) -> None:
        self._chart = []
        self.redraw()

    def watch_playing(self) -> None:
        self.redraw()


def _joined(*words: str) -> str:
    """With a blank between, without those that are empty."""
    return " ".join(filter(None, words))
