"""The Parameters pane: a row a parameter. Must not know the session or the app."""

from __future__ import annotations

from collections import deque
from itertools import product

from textual import events
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip

from chainstep.engine.training.snapshot import ParametersView, Snapshot

from ..render.parameters import Table, failed, table
from .strip_pane import StripPane

_TRAIL = 16
"""Steps that a sparkline looks back."""


class ParametersPane(StripPane, can_focus=True):
    """Every parameter's data, grad, last change and trail."""

    selected: var[int] = var(0)
    playing: var[bool] = var(False)

    class Chosen(Message):
        """A parameter was chosen by a click."""

        def __init__(self, parameter: int) -> None:
            super().__init__()
            self.parameter = parameter

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self._trail: deque[tuple[int, tuple[float, ...]]] = deque(maxlen=_TRAIL)
        self._before: tuple[float, ...] = ()
        self._first = 0
        self._in_view: int | None = None

    def concerns(self, snapshot: Snapshot) -> bool:
        return snapshot.parameters is not None

    def take(self, snapshot: Snapshot) -> None:
        if snapshot.parameters is None:
            return
        data, before = snapshot.parameters.data, self.drawn
        known = before.parameters.data if before is not None and before.parameters is not None else data
        self._before = known if len(known) == len(data) else data
        while self._trail and (self._trail[-1][0] >= snapshot.position.step or len(self._trail[-1][1]) != len(data)):
            self._trail.pop()
        self._trail.append((snapshot.position.step, data))
        if not self.playing and snapshot.granularity in ("op", "neuron"):
            # The eye follows the op: the parameter that it touches comes into view.
            self._in_view = snapshot.parameters.current

    def heading(self, snapshot: Snapshot) -> tuple[str, str]:
        view = snapshot.parameters
        if view is None:
            return "Parameters", ""
        index = min(self.selected, len(view.labels) - 1)
        label, place = view.labels[index], f"{index + 1}/{len(view.labels)}"
        if not snapshot.gradcheck:
            return "Parameters", f"{label}  {place}"
        checked = _checked(view)
        error = view.errors[index] if view.errors else None
        # Numbers that look the same differ in what has no room: the error goes before the rest.
        notes = [f"{label}  {place}", place]
        if error is not None:
            notes = [f"{label}  error {error:.0e}  {place}", f"{label}  error {error:.0e}", f"error {error:.0e}"]
        room = self.size.width - 8
        fitting = (
            (title, note)
            for title, note in product((f"Parameters  {checked}", checked), notes)
            if len(title) + len(note) <= room
        )
        return next(fitting, (f"Parameters  {checked}", ""))

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        view = snapshot.parameters
        if view is None:
            return [Strip.blank(width)] * height
        count = len(view.labels)
        plan = Table(view, width, height, checked=snapshot.gradcheck)
        self._first = first = plan.scrolled(self._first, self._in_view, count)
        shown = range(first, min(first + plan.shown, count))
        return table(
            view,
            width,
            height,
            self.look.palette,
            self.look.glyphs,
            first=first,
            selected=self.selected,
            trails={index: [data[index] for _, data in self._trail] for index in shown} if plan.spark else {},
            checked=snapshot.gradcheck,
            changed=[now != before for now, before in zip(view.data, self._before, strict=True)],
        )

    def on_click(self, event: events.Click) -> None:
        if self.drawn is None or self.drawn.parameters is None:
            return
        view = self.drawn.parameters
        plan = Table(view, self.size.width - 2, self.size.height - 2, checked=self.drawn.gradcheck)
        index = plan.at(event.x - 1, event.y - 1, self._first, len(view.labels))
        if index is not None:
            self.post_message(self.Chosen(index))

    def on_mouse_scroll_down(self) -> None:
        self._scroll(3)

    def on_mouse_scroll_up(self) -> None:
        self._scroll(-3)

    def _scroll(self, rows: int) -> None:
        if self.drawn is not None and self.drawn.parameters is not None:
            last = len(self.drawn.parameters.labels) - 1
            self.post_message(self.Chosen(max(0, min(last, self.selected + rows))))

    def watch_selected(self) -> None:
        self._in_view = self.selected
        self.redraw()


def _checked(view: ParametersView) -> str:
    """How far the gradient check is and, at its end, what came of it."""
    count = len(view.labels)
    known = 0 if view.numeric is None else count - view.numeric.count(None)
    if known < count:
        return f"check {known}/{count}"
    errors = [error for error in view.errors or () if error is not None]
    if not errors:
        return "check: no grads yet"
    wrong = sum(map(failed, errors))
    return f"check: {wrong} wrong" if wrong else "check: right"
