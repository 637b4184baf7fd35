"""The Graph pane: what is around one line of the listing, from left to right. Must not know the session or the app."""

from __future__ import annotations

from textual.strip import Strip

from chainstep.engine.training.snapshot.snapshot import Snapshot
from chainstep.engine.training.snapshot.tape import GraphView, TraceView

from ...render.canvas.pieces import strip
from ...render.trace.graph import LARGEST, overtaken
from ...render.trace.neighbourhood import neighbourhood
from ..scrolled_graph import GraphScrolling
from ..strip_pane import StripPane
from ..watched import var
from .listing import alone


class GraphPane(GraphScrolling, StripPane, can_focus=True):
    """The graph of the neuron, or of the loss, that the cursor is in, or a whole expression's."""

    line: var[int | None] = var(None)
    """The line under the cursor; None for that of the next op."""
    gradients: var[bool] = var(False)
    """Turned on, gradients are left out."""

    _shown: GraphView | None = None

    def concerns(self, snapshot: Snapshot) -> bool:
        return snapshot.trace is not None

    def heading(self, snapshot: Snapshot) -> tuple[str, str]:
        notes = [self._scope(snapshot), overtaken(self._shown, self.look) if self._shown is not None else ""]
        return "Graph", "  ".join(filter(None, notes))

    def _scope(self, snapshot: Snapshot) -> str:
        """Where the line is."""
        view = snapshot.trace
        if view is None or snapshot.subject.expression:
            return ""
        line = view.lines[self._line(view)]
        if line.neuron is None:
            return "loss"
        return f"L{line.layer}.n{line.neuron}" if line.symbol else ""

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        view, look, around = snapshot.trace, self.look, None
        if view is not None:
            around = neighbourhood(view, self._line(view), lambda part: len(part.nodes) <= LARGEST, look.glyphs)
        self._shown = around or snapshot.graph
        if self._shown is None:
            words = " no graph here: each op writes one parameter"
            return [strip([(words, look.palette.quiet)], width), *[Strip.blank(width)] * (height - 1)]
        return self.graph.draw(self._shown, width, height, look, compact=self.gradients)

    def _line(self, view: TraceView) -> int:
        return view.current if self.line is None or self.line >= len(view.lines) else self.line

    def offers(self, command: str, snapshot: Snapshot) -> bool:
        if command == "next_pane":
            return alone(self)
        return command != "scroll_right" or any(self.graph.spare)

    def watch_line(self) -> None:
        self.graph.follow()
        self.redraw()

    def watch_gradients(self) -> None:
        self.redraw()
