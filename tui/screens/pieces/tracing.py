"""Tracing: the panes of the tape, which a large Train screen has in its second row and the Trace screen in its first.
Must not know how they are drawn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from textual.widget import Widget

from chainstep.engine.training.snapshot.parts import Part

from ...panes.scrolled_graph import GraphScrolling
from ...panes.strip_pane import StripPane
from ...panes.watched import var
from ..stage import Piece, Stage

if TYPE_CHECKING:
    from ...panes.trace.listing import ListingPane


class Tracing(Piece):
    """A stage that can show the listing of the tape, and its graph beside it."""

    line: var[int | None] = var(None)
    """The line under the listing's cursor; None while it follows the next op."""
    gradients: var[bool] = var(False)
    """The network shows gradients in place of data; a graph leaves them out."""
    _listing: ListingPane | None = None

    def tape(self, listing: type[ListingPane]) -> Iterable[Widget]:
        """The two panes; made where they have room: no other first frame waits for them."""
        from ...panes.trace.graph import GraphPane

        self._listing = listing("trace")
        yield self._listing.data_bind(Stage.snapshot, Stage.light, Stage.led)
        yield GraphPane("graph").data_bind(Stage.snapshot, Tracing.line, Tracing.gradients, Stage.light)

    def action_gradients(self) -> None:
        self.gradients = not self.gradients

    def action_scroll(self, columns: int, rows: int) -> None:
        """Scroll the graph with the focus, or else the one that is larger than its room."""
        graphs = [pane for pane in self.query(StripPane) if isinstance(pane, GraphScrolling) and pane.region]
        graphs.sort(key=lambda pane: (not pane.has_focus, not any(pane.graph.spare)))
        if graphs:
            graphs[0].scroll_graph(columns, rows)

    def parts(self) -> Collection[Part]:
        shown = self._listing is not None and bool(self._listing.region)
        return {*super().parts(), "trace"} if shown else super().parts()
