"""The Parameters pane: a row a parameter, and below them the layers. Must not know the session or the app."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import chain, product

from rich.cells import cell_len
from textual.strip import Strip

from chainstep.engine.training.snapshot.parameters import ParametersView
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ..render.parameters.histograms import fitting, layer_histograms
from ..render.parameters.norms import gradient_norms
from ..render.parameters.order import MODEL, arranged, described
from ..render.parameters.table import Table, TableOptions, failed, heading, table
from .strip_pane import StripPane
from .watched import var

_TRAIL = 16
"""Steps that a sparkline looks back."""

_ROOMY = 12
"""Rows from which on the last one at least is for the layers."""

_PARTIAL = frozenset({"zero_grad", "backward"})
"""Phases in which some layers have their gradients and some do not."""


class ParametersPane(StripPane, can_focus=True):
    """Every parameter's data, grad, last change and trail."""

    selected: var[int] = var(0, init=False)
    playing: var[bool] = var(False, init=False)
    order: var[str] = var(MODEL, init=False)
    wanted: var[str] = var("", init=False)
    """What the names that are shown have; all are, where it is empty."""

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self._trail: deque[tuple[int, tuple[float, ...]]] = deque(maxlen=_TRAIL)
        self._before: tuple[float, ...] = ()
        self._shown: Sequence[int] = ()
        """The parameter of each row."""
        self._first = 0
        self._in_view: int | None = 0
        self._layers: tuple[object, list[Strip]] = None, []
        """What the layers below the table were drawn from, and their rows."""

    def concerns(self, snapshot: Snapshot) -> bool:
        return snapshot.parameters is not None

    def receive(self, snapshot: Snapshot) -> None:
        if snapshot.parameters is None:
            return
        data, before = snapshot.parameters.data, self.drawn
        known = before.parameters.data if before is not None and before.parameters is not None else data
        # A plot that has come to be complete, say, is a picture of where the session stood before.
        if known != data or before is None or before.position != snapshot.position:
            self._before = known if len(known) == len(data) else data
        while self._trail and (self._trail[-1][0] >= snapshot.position.step or len(self._trail[-1][1]) != len(data)):
            self._trail.pop()
        self._trail.append((snapshot.position.step, data))
        self._arrange(snapshot)
        moved = before is None or before.position != snapshot.position
        if moved and not self.playing and self.order == MODEL and snapshot.granularity in ("op", "neuron"):
            # The eye follows the op: the parameter that it touches comes into view.
            self._in_view = snapshot.parameters.current

    def heading(self, snapshot: Snapshot) -> tuple[str, str]:
        view = snapshot.parameters
        if view is None:
            return "Parameters", ""
        index = min(self.selected, len(view.labels) - 1)
        label, place = self._named(snapshot, view.labels[index]), self._place(index)
        words = [
            text for text in (described(self.order, self.wanted), _checked(view) if snapshot.gradcheck else "") if text
        ]
        if not words:
            title, note = self._columns(snapshot, view), f"{label}  {place}"
            return title if len(title) + len(note) + 6 <= self.size.width else "Parameters", note
        error = view.errors[index] if view.errors and snapshot.gradcheck else None
        # Numbers that look the same differ in what has no room: the error goes before the rest.
        notes = [f"{label}  {place}", place]
        if error is not None:
            notes = [f"{label}  error {error:.0e}  {place}", f"{label}  error {error:.0e}", f"error {error:.0e}"]
        room = self.size.width - 8
        titles = "  ".join(["Parameters", *words]), "  ".join(words)
        fitting = (
            (title, note)
            for title, note in chain(product(titles, notes), product(titles, ("",)))
            if len(title) + len(note) <= room
        )
        return next(fitting, (titles[-1], ""))

    def _named(self, snapshot: Snapshot, label: str) -> str:
        """A parameter, and what a table calls the input that it weighs, where there is room for that."""
        name = self.look.glyphs.spell(snapshot.subject.weighed(label))
        return f"{label} {name}" if name and cell_len(label + name) <= self.size.width - 24 else label

    def _columns(self, snapshot: Snapshot, view: ParametersView) -> str:
        """The title, which names the columns where these have no heading of their own."""
        plan = self._plan(snapshot, view, self.size.width - 2, self.size.height - 2)
        columns = "" if plan.head else f": {', '.join(heading(plan).split()[1:4])}"
        return f"Parameters{self.look.glyphs.say(columns)}"

    def _place(self, index: int) -> str:
        """The row of a parameter and how many there are."""
        row = self._row(index)
        return f"{'-' if row is None else row + 1}/{len(self._shown)}"

    def _row(self, index: int | None) -> int | None:
        return self._shown.index(index) if index is not None and index in self._shown else None

    def _arrange(self, snapshot: Snapshot) -> None:
        """Decide what each row shows."""
        view = snapshot.parameters
        if view is not None:
            self._shown = arranged(view, self.order, self.wanted)

    def beyond(self, rows: int) -> int:
        """The parameter so many rows below the selected one; from one that is not shown, the first or the last."""
        if not self._shown:
            return self.selected
        row = self._row(self.selected)
        last = len(self._shown) - 1
        if row is None:
            return self._shown[0 if rows > 0 else last]
        return self._shown[max(0, min(last, row + rows))]

    def _plan(self, snapshot: Snapshot, view: ParametersView, width: int, height: int) -> Table:
        height -= self._below(snapshot, view, width, height)
        return Table(view, len(self._shown), width, height, checked=snapshot.gradcheck)

    @staticmethod
    def _below(snapshot: Snapshot, view: ParametersView, width: int, height: int) -> int:
        """Rows for the layers: for their histograms or, where those have no room, for one line."""
        if height < _ROOMY or snapshot.subject.expression:
            return 0
        return fitting(view.labels, width, height) or 1

    def _drawn_layers(self, snapshot: Snapshot, view: ParametersView, width: int, rows: int) -> list[Strip]:
        """The layers, drawn again only if they may look different."""
        complete = snapshot.position.phase not in _PARTIAL
        made_of = view.labels, view.data, view.grad, width, rows, complete, self.look
        if made_of != self._layers[0]:
            drawn = (
                layer_histograms(view, width, rows, self.look, complete=complete)
                if rows > 1
                else [gradient_norms(view, width, self.look, complete=complete)] * rows
            )
            self._layers = made_of, drawn
        return self._layers[1]

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        view = snapshot.parameters
        if view is None:
            return [Strip.blank(width)] * height
        plan = self._plan(snapshot, view, width, height)
        self._first = first = plan.scrolled(self._first, self._row(self._in_view), len(self._shown))
        shown = self._shown[first : first + plan.shown]
        below = self._below(snapshot, view, width, height)
        rows = table(
            view,
            width,
            height - below,
            self.look,
            TableOptions(self._shown, first, self.selected, snapshot.gradcheck),
            trails={index: [data[index] for _, data in self._trail] for index in shown} if plan.spark else {},
            changed={index: view.data[index] != self._before[index] for index in shown},
        )
        return rows + self._drawn_layers(snapshot, view, width, below)

    def offers(self, command: str, snapshot: Snapshot) -> bool:
        return snapshot.script is None or command not in ("edit", "freeze")

    def clicked(self, x: int, y: int) -> None:
        if self.drawn is None or self.drawn.parameters is None:
            return
        plan = self._plan(self.drawn, self.drawn.parameters, self.size.width - 2, self.size.height - 2)
        row = plan.at(x, y, self._first, len(self._shown))
        if row is not None:
            from .messages import ParameterChosen  # a first frame has none

            self.post_message(ParameterChosen(self._shown[row]))

    def on_mouse_scroll_down(self) -> None:
        self._scroll(3)

    def on_mouse_scroll_up(self) -> None:
        self._scroll(-3)

    def _scroll(self, rows: int) -> None:
        from .messages import ParameterChosen  # a first frame has none

        self.post_message(ParameterChosen(self.beyond(rows)))

    def watch_selected(self) -> None:
        self._in_view = self.selected
        self.redraw()

    def watch_order(self) -> None:
        self._rearrange()

    def watch_wanted(self) -> None:
        self._rearrange()

    def _rearrange(self) -> None:
        # The largest are what a sorted table is for: they come into view, wherever the selected one is.
        self._in_view = self.selected if self.order == MODEL else None
        self._first = 0
        if self.drawn is not None:
            self._arrange(self.drawn)
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
