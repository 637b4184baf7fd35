"""The Samples pane: ŷ beside y for every training sample. Must not know the session or the app.

It is loaded, and its table with it, where it comes to have room: the first frame does not wait for it.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from chainstep.engine.training.snapshot.samples.each import SamplesView, SampleView
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ..render.canvas.pieces import Piece
from ..render.samples.table import SamplesOptions, head_rows, headings, samples_table
from .messages import SampleChosen, Uncovered
from .strip_pane import StripPane
from .watched import var

_FOLLOWED = frozenset({"op", "neuron", "layer", "sample"})
"""Granularities at which the sample in hand comes into view."""


class SamplesPane(StripPane, can_focus=True):
    """A row a sample, as many as have room; the one in hand and the one that is looked at are marked."""

    playing: var[bool] = var(False)

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self._first = 0
        """The row at the top."""
        self._marked: int | None = None
        """The row that came into view last: of the sample that is looked at, or in hand."""
        self._drawn_rows: Sequence[SampleView] = ()
        self._table: tuple[object, list[Strip]] = None, []
        """What the table was drawn from, and its rows."""

    @property
    def _shown(self) -> int:
        """Rows that have room."""
        height = self.size.height - 2
        return max(0, height - head_rows(height))

    def seen(self) -> range:
        """The rows that are wanted in the next picture; none where it is not shown."""
        return range(self._first, self._first + self._shown) if self.region else range(0)

    def bring(self, row: int) -> None:
        """Have a row come into view."""
        self._first = max(row - self._shown + 1, min(self._first, row), 0)

    def beyond(self, rows: int) -> int | None:
        """The row so many below the one that is looked at or else in hand, and at most the last; None for no data."""
        snapshot = self.drawn
        if snapshot is None or snapshot.samples is None:
            return None
        here = _marked(snapshot, snapshot.samples)
        start = here if here is not None else -1 if rows > 0 else 0
        return max(0, min(snapshot.samples.count - 1, start + rows))

    # --- pictures in

    def concerns(self, snapshot: Snapshot) -> bool:
        return snapshot.samples is not None

    def receive(self, snapshot: Snapshot) -> None:
        view = snapshot.samples
        if view is None:
            return
        marked = _marked(snapshot, view)
        follows = snapshot.looked_at is not None or (not self.playing and snapshot.granularity in _FOLLOWED)
        if marked is not None and marked != self._marked and follows:
            self.bring(marked)
        self._marked = marked
        self._first = max(0, min(self._first, view.count - self._shown))
        self._ask(view)

    def _ask(self, view: SamplesView) -> None:
        """Have another picture made, if this one has not all rows that are seen."""
        known, seen = {row.row for row in view.rows}, self.seen()
        if not known.issuperset(range(view.count)[seen.start : seen.stop]):
            self.post_message(Uncovered())

    def on_show(self) -> None:
        if self.drawn is None or self.drawn is not self.snapshot or self.drawn.samples is None:
            self.post_message(Uncovered())
        else:
            self._ask(self.drawn.samples)

    def on_resize(self) -> None:
        first = self._first
        if self.drawn is not None and self.drawn.looked_at is not None:
            self.bring(self.drawn.looked_at)
        if self._first != first:
            self.redraw()
        if self.drawn is not None and self.drawn.samples is not None:
            self._ask(self.drawn.samples)

    # --- out to the screen

    def heading(self, snapshot: Snapshot) -> tuple[str, str]:
        if snapshot.samples is None:
            return "Samples", ""
        return headings(snapshot.samples, self._options(snapshot), self._shown, self.size.width - 8, self.look)

    def footing(self, snapshot: Snapshot) -> Sequence[Piece]:
        return [(self.look.glyphs.say("ŷ of the parameters of now"), self.look.palette.quiet)]

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        if snapshot.samples is None:
            return [Strip.blank(width)] * height
        options, view, subject = self._options(snapshot), snapshot.samples, snapshot.subject
        # From op to op the parameters are the same, and so is what they make of each sample.
        made_of = view.count, view.in_hand, view.large, subject, options, width, height, self.look
        if view.rows is not self._drawn_rows or made_of != self._table[0]:
            self._drawn_rows = view.rows
            self._table = made_of, samples_table(view, subject, width, height, self.look, options)
        return self._table[1]

    def _options(self, snapshot: Snapshot) -> SamplesOptions:
        return SamplesOptions(self._first, snapshot.looked_at)

    def clicked(self, x: int, y: int) -> None:
        head = head_rows(self.size.height - 2)
        row = self._first + y - head
        if y >= head and self.drawn is not None and self.drawn.samples is not None and row < self.drawn.samples.count:
            self.post_message(SampleChosen(row))

    def on_mouse_scroll_down(self) -> None:
        self._scroll(3)

    def on_mouse_scroll_up(self) -> None:
        self._scroll(-3)

    def _scroll(self, rows: int) -> None:
        row = self.beyond(rows)
        if row is not None:
            self.post_message(SampleChosen(row))


def _marked(snapshot: Snapshot, view: SamplesView) -> int | None:
    """The row that is looked at, else the one in hand."""
    return view.in_hand if snapshot.looked_at is None else snapshot.looked_at
