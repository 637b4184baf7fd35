"""The Loss pane: the curve, and a cursor on it. Must not know the session or the app.

What draws a curve is loaded where there is one: the first frame does not wait for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.strip import Strip

from chainstep.engine.training.snapshot.curve import Curve
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ..render.canvas.pieces import Piece
from ..render.canvas.text import centred
from ..render.curve import captions
from ..render.curve.window import CurveOptions, window
from .strip_pane import StripPane
from .watched import var

if TYPE_CHECKING:
    from ..render.coach.beats import Coach
    from ..render.curve.plan import Plan
    from ..render.curve.scrub import Along


class LossPane(StripPane, can_focus=True):
    """Loss over the steps, with the newest numbers above it, and below it those at the cursor."""

    titled = ("loss", "accuracy")
    log_scale: var[bool] = var(False, init=False)
    last: var[int] = var(0, init=False)
    """How many of the newest steps are shown; 0 is all."""
    smoothing: var[float] = var(0.0, init=False)
    """The weight of the moving average that is drawn in place of the losses; 0 is none."""
    cursor: var[int | None] = var(None, init=False)
    """The step that is looked at."""
    coach: var[Coach | None] = var(None, init=False)
    """Who leads through the first minute, in the place of the curve."""
    pointed: var[int | None] = var(None, init=False)
    """The step under the mouse, which goes before that of the cursor."""

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self._curve: Curve | None = None
        self._key: tuple[Plan, object] | None = None
        self._chart: list[Strip] = []
        self._asked: int | None = None
        """The step that it asked for last."""
        self._charted: Snapshot | None = None
        """The snapshot whose curve the chart shows."""

    def receive(self, snapshot: Snapshot) -> None:
        self._curve = snapshot.curve or self._curve
        self._ask_anew()

    # --- what it shows

    def heading(self, snapshot: Snapshot) -> tuple[str, str]:
        return captions.heading(snapshot, self.size.width, self._options)

    @property
    def _options(self) -> CurveOptions:
        return CurveOptions(self.log_scale, self.last, self.smoothing)

    def footing(self, snapshot: Snapshot) -> Sequence[Piece]:
        if self._coach is not None:
            return ()  # it stands where the curve would be
        step = self._looked_at
        if step is not None and self._curve is not None:
            glyphs, what = self.look.glyphs, "value" if snapshot.subject.expression else "loss"
            width = self.size.width - 6
            found, smoothing = snapshot.cursor, self.smoothing
            there = captions.there(self._curve, step, width, glyphs, smoothing=smoothing, what=what, found=found)
            return [(glyphs.say(there), self.look.palette.text)]
        return [(captions.LOG_HINT, self.look.palette.text)] if self._key is not None and self._key[0].flat else ()

    def offers(self, command: str, snapshot: Snapshot) -> bool:
        return command == "enlarge" or (command == "coach") == (self._coach is not None)

    async def prepare(self) -> None:
        snapshot, width, height = self.drawn, self.size.width - 2, self.size.height - 2
        if snapshot is None or snapshot.curve is None or self._coach is not None or width <= 0 or height <= 0:
            return
        if not self._losses(snapshot.curve, snapshot):
            return
        plan = self._planned(snapshot.curve, snapshot, width, height)
        await asyncio.sleep(0)
        if self.drawn is snapshot and self._charted is not snapshot:  # a key may have had it drawn meanwhile
            self._draw_chart(plan, snapshot, width, height)
            await asyncio.sleep(0)

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        if self._coach is not None:
            from ..render.coach.page import page

            return page(self._coach, snapshot, width, height, self.look)
        if self._curve is None:
            return [Strip.blank(width)] * height
        if not self._losses(self._curve, snapshot):
            self._key = None
            nothing = captions.NO_VALUE if snapshot.subject.expression else captions.NO_LOSS
            return centred(captions.NOTHING if self.led else nothing, width, height, self.look)
        newest = snapshot.curve is None or snapshot is self._charted
        if not newest or not self._fits(width, height):
            self._draw_chart(self._planned(self._curve, snapshot, width, height), snapshot, width, height)
        return self._with_cursor(self._curve, snapshot)

    @property
    def _coach(self) -> Coach | None:
        """The coach, where it leads."""
        return None if self.coach is None or self.coach.aside else self.coach

    def watch_coach(self) -> None:
        self._look_again()

    def _losses(self, curve: Curve, snapshot: Snapshot) -> bool:
        """Whether there is any loss to be drawn, be it of a fork or of before a restart."""
        return window(curve, snapshot.forks, self._options).span > 0

    def _fits(self, width: int, height: int) -> bool:
        size = len(self._chart) == height and self._chart[0].cell_length == width
        return size and self._key is not None and self._key[1] == self.look

    def _planned(self, curve: Curve, snapshot: Snapshot, width: int, height: int) -> Plan:
        from ..render.curve.plan import plan_curve

        unicode = self.look.glyphs.unicode
        return plan_curve(curve, width, height, self._options, forks=snapshot.forks, unicode=unicode)

    def _draw_chart(self, plan: Plan, snapshot: Snapshot, width: int, height: int) -> None:
        """Draw the chart, if its pixels would change."""
        from ..render.curve.chart import drawn

        look, self._charted = self.look, snapshot
        if (plan, look) != self._key or not self._fits(width, height):
            self._chart = drawn(plan, width, height, look)
            self._key = plan, look

    def _with_cursor(self, curve: Curve, snapshot: Snapshot) -> list[Strip]:
        step = self._looked_at
        return self._chart if step is None else self._along(curve, snapshot).crossed(self._chart, step, self.look)

    def _along(self, curve: Curve, snapshot: Snapshot) -> Along:
        from ..render.curve.scrub import Along

        return Along(curve, snapshot.forks, self._options, self.size.width - 2, self.size.height - 2)

    # --- the cursor

    @property
    def _looked_at(self) -> int | None:
        """The step whose numbers are shown; it stays in mind while it lies ahead."""
        step = self.cursor if self.pointed is None else self.pointed
        return None if step is None or self._curve is None or step >= self._curve.length else step

    def moved(self, columns: int) -> int | None:
        """The step so many columns from the cursor, as `Along.moved`; None where there is no loss."""
        if self._curve is None or self.drawn is None or not self._curve.length:
            return None
        return self._along(self._curve, self.drawn).moved(self.cursor, columns)

    def _step_at(self, x: int) -> int | None:
        """The step in a column."""
        if self._curve is None or self.drawn is None or not self._curve.length:
            return None
        return self._along(self._curve, self.drawn).step_at(x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self.pointed = self._step_at(event.x - 1)

    def on_leave(self) -> None:
        self.pointed = None

    def clicked(self, x: int, y: int) -> None:
        step = self._step_at(x)
        if step is not None:
            from .messages import StepChosen  # a first frame has none

            self.post_message(StepChosen(step))

    def watch_cursor(self) -> None:
        self._look()

    def watch_pointed(self) -> None:
        self._look()

    def _look(self) -> None:
        """Another step is looked at."""
        self._ask_anew()
        self.redraw()

    def _ask_anew(self) -> None:
        """Another step is looked at, or the curve has come to say less of it."""
        if self._unsaid != self._asked:
            self.ask()

    def ask(self) -> None:
        """Ask for what the curve does not say of the step that is looked at. Somebody else may ask for others."""
        self._asked = self._unsaid
        from .messages import StepAsked  # a first frame has none

        self.post_message(StepAsked(self._asked))

    @property
    def _unsaid(self) -> int | None:
        """The step that is looked at, where the curve does not say all of it."""
        step, curve = self._looked_at, self._curve
        return None if step is None or curve is None or _says_all(curve, step) else step

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
