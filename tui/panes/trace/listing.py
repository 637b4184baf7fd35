"""The listing of the tape that the next op belongs to, and its folds. Must not know the session or the app."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from textual.strip import Strip
from textual.widget import Widget

from chainstep.engine.training.snapshot.snapshot import Snapshot
from chainstep.engine.training.snapshot.tape import Place, TraceView

from ...render.canvas.pieces import Piece
from ...render.trace.listing import Marks, head_rows, listing
from ...render.trace.outline import Outline, entered, outline, unfolded
from ...render.trace.places import row_at
from ..messages import Uncovered
from ..strip_pane import StripPane

_MARGIN = 2
"""Rows that stay in view above and below the cursor."""


class ListingPane(StripPane):
    """The listing, which follows the next op."""

    walked = False
    """Whether its cursor can be moved, and so is shown."""

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self._inside: dict[str, Place] = {}
        """The neuron that was stepped into last, by section."""
        self._outline = Outline([])
        self._room = 0
        """Rows that the outline has room for."""
        self._top = 0
        self._data: Container[int] = frozenset()
        self._grad: Container[int] = frozenset()

    # --- pictures in

    def concerns(self, snapshot: Snapshot) -> bool:
        return snapshot.trace is not None

    def receive(self, snapshot: Snapshot) -> None:
        view, before = snapshot.trace, self.view
        if view is None:
            return
        if before is not None and before.section == view.section and len(before.lines) != len(view.lines):
            self.forget()
        place = entered(view.lines, view.current, backward=view.backward)
        if place is not None:
            self._inside[view.section] = place
        self._data, self._grad = _changed(before, view)

    def forget(self) -> None:
        """Another model: its folds are its own."""
        self._inside.clear()

    def heading(self, snapshot: Snapshot) -> tuple[str, str]:
        view = snapshot.trace
        if view is None:
            return "Trace", ""
        where = {"parameters": "parameters", "batch": "the batch's loss"}.get(view.section, snapshot.subject.name)
        if view.sample is not None and not snapshot.subject.expression:
            where = f"sample {view.sample} of {view.samples}"
        phase = "the end" if view.ended else snapshot.position.phase
        return f"Trace: {phase}, {where}", f"line {self.line + 1}/{len(view.lines)}"

    def footing(self, snapshot: Snapshot) -> Sequence[Piece]:
        view, look = snapshot.trace, self.look
        if view is None or view.section != "parameters" or not view.old_grads:
            return ()
        return [(f"{look.glyphs.old} before the update", look.palette.quiet)]

    def offers(self, command: str, snapshot: Snapshot) -> bool:
        return command != "next_pane" or alone(self)

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        view = snapshot.trace
        if view is None:
            return [Strip.blank(width)] * height
        self._room = height - head_rows(len(snapshot.watches), height)
        self._outline = self._outlined(view)
        self._top = _scrolled(self._top, self.cursor, len(self._outline), self._room)
        cursor = self.cursor if self.walked else None
        marks = Marks(cursor, self._breakpoints(snapshot, view), self._data, self._grad, _faulty(snapshot, view))
        return listing(view, self._outline, self._top, marks, snapshot.watches, width, height, self.look)

    def folds(self, _section: str) -> Mapping[Place, bool]:
        """What the user has opened or folded."""
        return {}

    def _folded(self, view: TraceView) -> Outline:
        """The outline as far as it does not depend on the room."""
        inside = {self._inside[view.section]} if view.section in self._inside else set()
        return outline(view.lines, inside, self.folds(view.section))

    def _outlined(self, view: TraceView) -> Outline:
        here = view.lines.scopes[view.current]
        return unfolded(self._folded(view), self._room, here, self.folds(view.section))

    def _breakpoints(self, snapshot: Snapshot, view: TraceView) -> dict[int, bool]:
        """The rows that have a breakpoint, and whether it is enabled."""
        found: dict[int, bool] = {}
        for item in snapshot.breakpoints:
            row = row_at(item.text, view, self._outline)
            if row is not None:
                found[row] = found.get(row, False) or item.enabled
        return found

    def on_show(self) -> None:
        self.post_message(Uncovered())

    # --- what it stands on

    @property
    def view(self) -> TraceView | None:
        """The listing that is drawn."""
        return self.drawn.trace if self.drawn is not None else None

    @property
    def next_row(self) -> int:
        """The row that shows the next op."""
        return self._outline.row_of(self.view.current) if self.view is not None and self._outline else 0

    @property
    def cursor(self) -> int:
        """The row that is kept in view: that of the next op."""
        return self.next_row

    @property
    def line(self) -> int:
        """The line of that row."""
        return self.view.current if self.view is not None else 0


def alone(pane: Widget) -> bool:
    """Whether the listing or its graph has the other's place, too."""
    return not any(other.display for other in pane.siblings)


def _faulty(snapshot: Snapshot, view: TraceView) -> int | None:
    """The line that was run last, if it is the one that left the finite numbers."""
    fault, position = snapshot.fault, snapshot.position
    there = fault is not None and (fault.step, fault.op + 1) == (position.step, position.index)
    return view.last if there else None


class _Changed(Container[int]):
    """The lines whose numbers are others than in the picture before; where it was another listing, none. Lines are
    looked at where they are drawn.
    """

    def __init__(self, before: Sequence[float], now: Sequence[float], both: int, new: range = range(0)) -> None:
        self._before, self._now, self._both, self._new = before, now, both, new

    def __contains__(self, line: object) -> bool:
        if not isinstance(line, int):
            return False
        return line in self._new or (line < self._both and _differ(self._before[line], self._now[line]))


def _changed(before: TraceView | None, now: TraceView) -> tuple[Container[int], Container[int]]:
    """The lines whose data and whose grads are others than in the picture before."""
    if before is None or before.lines is not now.lines or before.sample != now.sample:
        return frozenset(), frozenset()
    both = min(before.computed, now.computed)
    new = range(before.computed, now.computed)
    return _Changed(before.data, now.data, both, new), _Changed(before.grad, now.grad, both)


def _differ(a: float, b: float) -> bool:
    return a != b and not (a != a and b != b)


def _scrolled(top: int, cursor: int, rows: int, height: int) -> int:
    """The first row to show, with the least scrolling that keeps the cursor and what is around it in view."""
    margin = min(_MARGIN, max(0, (height - 1) // 2))
    top = max(cursor + margin - height + 1, min(top, cursor - margin))
    return max(0, min(top, rows - height))
