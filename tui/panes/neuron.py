"""The Neuron pane: the selected neuron close up. Must not know the session or the app.

Its picture is loaded where it is drawn: the first frame does not wait for it.
"""

from __future__ import annotations

from textual.strip import Strip

from chainstep.engine.training.snapshot.plots.map import MapView
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ..render.network.pictures import planar
from .measured_pane import MeasuredPane
from .watched import var


class NeuronPane(MeasuredPane):
    """Its inputs and their weights, its sum, its activation, its gradient and, for two inputs, its map."""

    selected: var[int] = var(0)
    """The selected parameter."""

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self._map: MapView | None = None

    def concerns(self, snapshot: Snapshot) -> bool:
        return snapshot.neuron is not None

    def receive(self, snapshot: Snapshot) -> None:
        self._map = snapshot.plot if isinstance(snapshot.plot, MapView) else None

    def grid(self) -> tuple[int, int] | None:
        """(columns, rows) of the samples of its map; None where the pane is not shown."""
        view = self.drawn.neuron if self.drawn else None
        if view is None or not self.region:
            return None
        from ..render.neuron.closeup import map_room

        return map_room(len(view.inputs), self.size.width - 2, self.size.height - 2)

    def heading(self, snapshot: Snapshot) -> tuple[str, str]:
        view = snapshot.neuron
        if view is None:
            return "Neuron", ""
        place = "" if snapshot.subject.expression else f" L{view.layer + 1}.n{view.neuron + 1}"
        name = f"Neuron{place} {view.activation}"
        words = f"{self.look.glyphs.cursor} sample #" if view.looked_at else "on sample "  # as in the table of samples
        return name, f"{words}{view.sample}" if view.sample else ""

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        view = snapshot.neuron
        if view is None:
            return [Strip.blank(width)] * height
        from ..render.neuron.closeup import neuron

        fits = self._map is not None and self._map.neuron == (view.layer, view.neuron)
        return neuron(
            view,
            self._map if fits else None,
            width,
            height,
            self.look,
            planar=planar(snapshot),
            selected=view.rows.get(self.selected),
        )

    def watch_selected(self) -> None:
        self.redraw()
