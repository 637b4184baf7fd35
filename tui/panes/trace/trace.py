"""The Trace pane: the listing with a cursor to walk it, and folds to choose. Must not know the session or the app."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Mapping

from textual.strip import Strip

from chainstep.engine.training.snapshot.snapshot import Snapshot
from chainstep.engine.training.snapshot.tape import Place, TraceView

from ...render.trace.listing import head_rows
from ...render.trace.names import statement
from ...render.trace.outline import LOSS, Row
from ...render.trace.places import written
from ..messages import LineChanged
from .listing import ListingPane


class TracePane(ListingPane, can_focus=True):
    """The tape that the next op belongs to, with a cursor that follows that op until it is moved away."""

    walked = True

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self._folds: defaultdict[str, dict[Place, bool]] = defaultdict(dict)
        """What the user has opened or folded, by section."""
        self._cursor: Row | None = None
        """Where the cursor was moved; None while it follows the next op."""
        self._looks_back = False
        """It goes to the op that was run last, as soon as one is drawn."""
        self._told: int | None = None
        """Where the cursor stands, as others know it."""

    # --- pictures in

    def receive(self, snapshot: Snapshot) -> None:
        before = self.view
        super().receive(snapshot)
        if before is None or snapshot.trace is None or before.lines is not snapshot.trace.lines:
            self._cursor = None

    def forget(self) -> None:
        super().forget()
        self._folds.clear()

    def folds(self, section: str) -> Mapping[Place, bool]:
        return self._folds[section]

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        view = snapshot.trace
        if self._looks_back and view is not None and view.last is not None:
            self._looks_back = False
            self._show(view, view.last)
        strips = super().draw(snapshot, width, height)
        line = None if self._cursor is None else self.line
        if line != self._told:
            self._told = line
            self.post_message(LineChanged(line))
        return strips

    # --- what it stands on

    @property
    def cursor(self) -> int:
        """The row under the cursor."""
        if self._cursor is None:
            return self.next_row
        if self._cursor.place is not None:
            here = self._cursor.first, self._cursor.place
            for k, row in self._outline.headings():
                if (row.first, row.place) == here:
                    return k
        return self._outline.row_of(self._cursor.first)

    @property
    def row(self) -> Row | None:
        """What is under the cursor."""
        return self._outline[self.cursor] if self._outline else None

    @property
    def line(self) -> int:
        """The line under the cursor; of a neuron, the line of its output."""
        row = self.row
        if row is None:
            return 0
        if self._cursor is None and self.view is not None:
            return self.view.current
        return row.first if row.place is None else row.stop - 1

    def stepped_over(self, *, backwards: bool) -> str:
        """The granularity of one step over the row of the next op or, backwards, of the one before."""
        view = self.view
        if view is None or not self._outline:
            return "op"
        line = view.last if backwards else view.current
        # What is open only because there is room for it was not stepped into.
        rows = self._folded(view)
        if line is None:
            return "neuron" if rows[0].place is not None else "op"
        row: Row = rows[rows.row_of(line)]
        return row.granularity

    @property
    def place(self) -> str | None:
        """What is under the cursor, as breakpoints are written."""
        return written(self.view, self.row) if self.view is not None and self.row is not None else None

    # --- keys and mouse

    def follow(self) -> None:
        """Bring the cursor back to the next op."""
        self._looks_back = False
        if self._cursor is not None:
            self._cursor = None
            self.redraw()

    def look_back(self) -> None:
        """Put the cursor on the op that was run last, where it is listed."""
        self._looks_back = True
        self.redraw()

    def move(self, rows: int) -> None:
        """Move the cursor."""
        self._go(self.cursor + rows)

    def page(self, direction: int) -> None:
        """Move the cursor by what is in view."""
        self.move(direction * max(1, self.size.height - 4))

    def _go(self, place: int) -> None:
        self._looks_back = False
        if self._outline:
            self._cursor = self._outline[max(0, min(place, len(self._outline) - 1))]
            self.redraw()

    def fold(self) -> None:
        """Fold what the cursor is in, or open what it is on."""
        view, row = self.view, self.row
        if view is None or row is None:
            return
        around = [item for _, item in self._outline.headings() if item.first <= row.first < item.stop]
        if row.place is not None:
            around = [row]
        if around:
            heading = max(around, key=lambda item: item.depth)
            assert heading.place is not None
            self._folds[view.section][heading.place] = not heading.open
            self._cursor = heading
            self.redraw()

    def fold_all(self) -> None:
        """Fold every neuron or, where all are folded, open them all."""
        view = self.view
        if view is None:
            return
        layers = view.lines.layers
        places: set[Place] = {(of, each) for of, _, _, inner in layers if of is not None for each, _, _ in inner}
        if places and view.section == "sample":
            places.add(LOSS)
        opened = any(row.open and row.place in places for _, row in self._outline.headings())
        self._folds[view.section] = dict.fromkeys(places, not opened)
        self.redraw()

    def find(self, text: str) -> Generator[None, None, bool]:
        """Go to the next line that computes or reads `text`, and show it; whether there is one. Yields after each line
        that it has looked at.
        """
        view, row = self.view, self.row
        if view is None or row is None or not text:
            return False
        wanted = text.casefold()
        count = len(view.lines)
        start = row.first if row.place is None else row.first - 1
        for k in ((start + 1 + n) % count for n in range(count)):
            line = view.lines[k]
            if any(wanted in words.casefold() for words in (line.name, line.formula, statement(line), *line.leaves)):
                if self.view is not None and self.view.lines is view.lines:
                    self._show(self.view, k)
                    self.redraw()
                return True
            yield
        return False

    def _show(self, view: TraceView, line: int) -> None:
        """Put the cursor on a line, and open what hides it."""
        layer, neuron = view.lines.scopes[line]
        for place in ((layer, None), (layer, neuron)):
            self._folds[view.section][place] = True
        self._outline = self._outlined(view)
        self._cursor = self._outline[self._outline.row_of(line)]

    def clicked(self, x: int, y: int) -> None:
        if self.drawn is None:
            return
        head = head_rows(len(self.drawn.watches), self.size.height - 2)
        place = self._top + y - head
        if y >= head and place < len(self._outline):
            again = place == self.cursor
            self._go(place)
            if again and self._outline[place].place is not None:
                self.fold()

    def on_mouse_scroll_down(self) -> None:
        self.move(3)

    def on_mouse_scroll_up(self) -> None:
        self.move(-3)
