"""The Loss pane: the curve, and a cursor on it. Must not know the session or the app."""

from __future__ import annotations

import asyncio

from textual import events
from textual.reactive import var
from textual.strip import Strip

from chainstep.engine.training.snapshot.curve import Curve
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ..render.curve import captions, scrub
from ..render.curve.chart import drawn
from ..render.curve.plan import SMALLEST, Plan, plan_curve
from ..render.curve.window import CurveOptions, window
from .messages import StepAsked, StepChosen
from .strip_pane import StripPane


class LossPane(StripPane, can_focus=True):
    """Loss over the steps, with the newest numbers above it, and below it those at the cursor."""

    log_scale: var[bool] = var(False)
    last: var[int] = var(0)
    """How many of the newest steps are shown; 0 is all."""
    smoothing: var[float] = var(0.0)
    """The weight of the moving average that is drawn in place of the losses; 0 is none."""
    cursor: var[int | None] = var(None)
    """The step that is looked at."""
    pointed: var[int | None] = var(None)
    """The step under the mouse, which goes before that of the cursor."""

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self._curve: Curve | None = None
        self._key: tuple[Plan, object] | None = None
        self._chart: list[Strip] = []
        self._asked: int | None = None
        """The step that was asked for last."""
        self._charted: Snapshot | None = None
        """The snapshot whose curve the chart shows."""

    def receive(self, snapshot: Snapshot) -> None:
        self._curve = snapshot.curve or self._curve

    # --- what it shows

    def heading(self, snapshot: Snapshot) -> tuple[str, str]:
        return captions.heading(snapshot, self.size.width, self._options)

    @property
    def _options(self) -> CurveOptions:
        return CurveOptions(self.log_scale, self.last, self.smoothing)

    def footing(self, snapshot: Snapshot) -> str:
        step = self._looked_at
        if step is not None and self._curve is not None:
            glyphs, what = self.look.glyphs, "value" if snapshot.subject.expression else "loss"
            width = self.size.width - 6
            known = snapshot.cursor if snapshot.cursor is not None and snapshot.cursor.step == step else None
            return glyphs.say(
                captions.there(self._curve, step, width, glyphs, smoothing=self.smoothing, what=what, known=known)
            )
        return captions.LOG_HINT if self._key is not None and self._key[0].flat else ""

    async def prepare(self) -> None:
        snapshot, width, height = self.drawn, self.size.width - 2, self.size.height - 2
        if snapshot is None or snapshot.curve is None or width <= 0 or height <= 0:
            return
        plan = self._planned(snapshot.curve, snapshot, width, height)
        await asyncio.sleep(0)
        if self.drawn is snapshot and self._charted is not snapshot:  # a key may have had it drawn meanwhile
            self._draw_chart(plan, snapshot, width, height)
            await asyncio.sleep(0)

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        if self._curve is None:
            return [Strip.blank(width)] * height
        newest = snapshot.curve is None or snapshot is self._charted
        if not newest or not self._fits(width, height):
            self._draw_chart(self._planned(self._curve, snapshot, width, height), snapshot, width, height)
        return self._with_cursor(self._curve, snapshot)

    def _fits(self, width: int, height: int) -> bool:
        size = len(self._chart) == height and self._chart[0].cell_length == width
        return size and self._key is not None and self._key[1] == self.look

    def _planned(self, curve: Curve, snapshot: Snapshot, width: int, height: int) -> Plan:
        unicode = self.look.glyphs.unicode
        return plan_curve(curve, width, height, self._options, forks=snapshot.forks, unicode=unicode)

    def _draw_chart(self, plan: Plan, snapshot: Snapshot, width: int, height: int) -> None:
        """Draw the chart, if its pixels would change."""
        look, self._charted = self.look, snapshot
        if (plan, look) != self._key or not self._fits(width, height):
            self._chart = drawn(plan, width, height, look)
            self._key = plan, look

    def _with_cursor(self, curve: Curve, snapshot: Snapshot) -> list[Strip]:
        step, shown = self._looked_at, window(curve, snapshot.forks, self._options)
        if step is None or step < shown.first or self._columns is None:
            return self._chart
        return scrub.with_cursor(self._chart, step - shown.first, shown.span - 1, shown.span, self.look)

    # --- the cursor

    @property
    def _looked_at(self) -> int | None:
        """The step whose numbers are shown; it stays in mind while it lies ahead."""
        step = self.cursor if self.pointed is None else self.pointed
        return None if step is None or self._curve is None or step >= self._curve.length else step

    @property
    def _columns(self) -> int | None:
        """Columns of the curve; None where there is no room for axes."""
        width, height = self.size.width - 2, self.size.height - 2
        return scrub.columns(width) if width >= SMALLEST[0] and height >= SMALLEST[1] else None

    def moved(self, columns: int) -> int | None:
        """The step so many columns from the cursor, which comes in at an end and leaves behind the last step.

        In a column where a knob was turned, a breakpoint hit or the test loss measured, that step.
        """
        curve = self._curve
        if curve is None or self.drawn is None or not curve.length:
            return None
        first, span, *_ = window(curve, self.drawn.forks, self._options)
        newest = curve.length - 1
        at = self.cursor if self.cursor is not None and self.cursor <= newest else None
        if at is None:
            return newest if columns < 0 else first
        if columns > 0 and at >= newest:
            return None
        if self._columns is None:
            return max(0, min(newest, at + columns))
        step = first + scrub.moved(max(0, at - first), columns, self.size.width - 2, span)
        return self._marked(curve, min(step, newest), first, span)

    def _marked(self, curve: Curve, step: int, first: int, span: int) -> int:
        """A step of the same column at which something happened, or the step itself."""
        width = self.size.width - 2
        happened = (*(at for at, _ in (*curve.marks, *curve.stops)), *curve.test_steps)
        shown = (at for at in happened if first <= at < curve.length)
        column = scrub.column(step - first, width, span)
        return next((at for at in shown if scrub.column(at - first, width, span) == column), step)

    def _step_at(self, event: events.MouseEvent) -> int | None:
        """The step under the mouse."""
        curve = self._curve
        if curve is None or self.drawn is None or not curve.length or self._columns is None:
            return None
        first, span, *_ = window(curve, self.drawn.forks, self._options)
        step = first + scrub.step_at(event.x - 1, self.size.width - 2, span)
        return self._marked(curve, min(step, curve.length - 1), first, span)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self.pointed = self._step_at(event)

    def on_leave(self) -> None:
        self.pointed = None

    def on_click(self, event: events.Click) -> None:
        step = self._step_at(event)
        if step is not None:
            self.post_message(StepChosen(step))

    def watch_cursor(self) -> None:
        self._look()

    def watch_pointed(self) -> None:
        self._look()

    def _look(self) -> None:
        """Another step is looked at: what the curve does not say of it is asked for."""
        step, curve = self._looked_at, self._curve
        asked = step if step is not None and curve is not None and not _says_all(curve, step) else None
        if asked != self._asked:
            self._asked = asked
            self.post_message(StepAsked(asked))
        self.redraw()

    def watch_log_scale(self) -> None:
        self._look_again()

    def watch_last(self) -> None:
        self._look_again()

    def watch_smoothing(self) -> None:
        self._look_again()

    def _look_again(self) -> None:
        self._chart = []
        self.redraw()


def _says_all(curve: Curve, step: int) -> bool:
    """Whether a curve knows of a step what was measured there, and before the restart."""
    ghost = curve.ghost
    return curve.loss.stretch(step).exact and (ghost is None or step >= len(ghost) or ghost.stretch(step).exact)
