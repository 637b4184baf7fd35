"""A pane that shows a graph, which may be larger than its room: it follows the op in hand until it is scrolled. Must
not know the session or the app.

The picture is loaded where it is drawn: the first frame does not wait for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.strip import Strip

from chainstep.engine.training.snapshot.snapshot import Snapshot

from ..render.style.look import Look
from .strip_pane import StripPane

if TYPE_CHECKING:
    from chainstep.engine.training.snapshot.tape import GraphView

    from ..render.trace.graph import Window

_ACROSS, _DOWN = 6, 2
"""Cells that the wheel moves it by."""


class ScrolledGraph:
    """A graph, and which part of it is seen."""

    def __init__(self) -> None:
        self._seen: Window | None = None
        self._room = (0, 0)
        self._at = (0, 0)
        self._follows = True

    def draw(self, view: GraphView, width: int, height: int, look: Look, *, compact: bool) -> list[Strip]:
        """`height` strips of `width` cells; `compact` leaves the gradients out."""
        from ..render.trace.graph import graph, window

        self._room = width, height
        at, follow = self._at, self._follows
        seen = window(view, width, height, compact=compact, at=at, follow=follow, light=look.light)
        self._seen = seen
        if seen is not None:
            self._at = seen.left, seen.top
        return graph(view, width, height, look, seen)

    @property
    def spare(self) -> tuple[int, int]:
        """Columns and rows of it that are out of sight."""
        if self._seen is None:
            return 0, 0
        width, height = self._room
        return max(0, self._seen.width - width), max(0, self._seen.height - height)

    def follow(self) -> None:
        """Keep the op in hand in sight from now on."""
        self._follows = True

    def scroll(self, columns: int, rows: int) -> bool:
        """Look elsewhere, so many columns to the right and rows down; whether that shows anything else."""
        before, (most_left, most_top) = self._at, self.spare
        left, top = before[0] + columns, before[1] + rows
        self._at = max(0, min(left, most_left)), max(0, min(top, most_top))
        self._follows = self._follows and self._at == before
        return self._at != before


if TYPE_CHECKING:
    _Base = StripPane
else:
    _Base = object  # no widget by itself, since Textual takes half a millisecond for each class of those


class GraphScrolling(_Base):
    """What a pane needs to show a graph and to scroll it."""

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.graph = ScrolledGraph()

    def receive(self, snapshot: Snapshot) -> None:
        super().receive(snapshot)
        if self.drawn is None or self.drawn.position != snapshot.position:
            self.graph.follow()

    def scroll_graph(self, columns: int, rows: int) -> None:
        """Look elsewhere, so many columns to the right and rows down."""
        if self.graph.scroll(columns, rows):
            self.redraw()

    def turn_graph(self, pages: int) -> None:
        """Look elsewhere, by what is in sight."""
        self.scroll_graph(pages * max(1, self.size.width - 12), 0)

    def _wheel(self, direction: int, *, across: bool) -> None:
        across = across or not self.graph.spare[1]
        self.scroll_graph(*((_ACROSS * direction, 0) if across else (0, _DOWN * direction)))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(1, across=event.shift)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(-1, across=event.shift)

    def on_mouse_scroll_right(self) -> None:
        self._wheel(1, across=True)

    def on_mouse_scroll_left(self) -> None:
        self._wheel(-1, across=True)
