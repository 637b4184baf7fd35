"""The Graph pane: what is around one line of the listing, from left to right. Must not know the session or the app."""

from __future__ import annotations

from textual.reactive import var
from textual.strip import Strip

from chainstep.engine.training.snapshot.snapshot import Snapshot
from chainstep.engine.training.snapshot.tape import TraceView

from ...render.canvas.pieces import strip
from ...render.trace.graph import graph, graph_fits
from ...render.trace.neighbourhood import neighbourhood
from ..strip_pane import StripPane


class GraphPane(StripPane):
    """The graph of the neuron, or of the loss, that the cursor is in; a whole expression where there is room."""

    line: var[int | None] = var(None)
    """The line under the cursor; None for that of the next op."""

    def concerns(self, snapshot: Snapshot) -> bool:
        return snapshot.trace is not None

    def heading(self, snapshot: Snapshot) -> tuple[str, str]:
        view = snapshot.trace
        if view is None or snapshot.subject.expression:
            return "Graph", ""
        line = view.lines[self._line(view)]
        if line.neuron is not None:
            return "Graph", f"L{line.layer}.n{line.neuron}" if line.symbol else ""
        return "Graph", "loss"

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        view, look = snapshot.trace, self.look
        drawn = None
        if view is not None:
            drawn = neighbourhood(view, self._line(view), lambda part: graph_fits(part, width, height), look.glyphs)
        drawn = drawn or snapshot.graph
        if drawn is None:
            words = " no graph here: each op writes one parameter"
            return [strip([(words, look.palette.quiet)], width), *[Strip.blank(width)] * (height - 1)]
        return graph(drawn, width, height, look)

    def _line(self, view: TraceView) -> int:
        return view.current if self.line is None or self.line >= len(view.lines) else self.line

    def watch_line(self) -> None:
        self.redraw()
