"""The Network pane: wires, grid or card, and an expression's graph. Must not know the session or the app.

Pictures are loaded where they are drawn: the first frame waits for its own alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from chainstep.engine.training.snapshot.snapshot import Snapshot

from ..render.canvas.pieces import Piece
from ..render.network.columns import NetworkOptions, stepped
from ..render.network.pictures import fitting, has_card, unit_at
from .scrolled_graph import GraphScrolling
from .strip_pane import StripPane
from .watched import var

PICTURES = ("wires", "grid", "card")

LEAVE = "escape: the one in hand"
"""Said where a sample is shown that is not."""


class NetworkPane(GraphScrolling, StripPane, can_focus=True):
    """The network on the sample that is in work."""

    picture: var[str | None] = var(None, init=False)
    """One of `PICTURES`; None for the one that suits the network and the room."""
    gradients: var[bool] = var(False, init=False)
    selected: var[int] = var(0, init=False)
    """The selected parameter."""
    close: var[bool] = var(False, init=False)
    """The selected neuron is looked at closely."""

    def concerns(self, snapshot: Snapshot) -> bool:
        return snapshot.network is not None or snapshot.graph is not None

    def shown(self, snapshot: Snapshot, width: int, height: int) -> str:
        """The picture that is drawn: `graph` for an expression, else one of `PICTURES`."""
        if snapshot.network is None:
            return "graph"
        if has_card(snapshot) and self.picture in (None, "card"):
            return "card"
        return self.picture if self.picture in ("wires", "grid") else fitting(snapshot.network, width, height)

    def following(self) -> str:
        """The picture that comes after the one that is drawn."""
        if self.drawn is None or self.drawn.network is None:
            return "wires"
        shown = self.shown(self.drawn, self.size.width - 2, self.size.height - 2)
        pictures = PICTURES if has_card(self.drawn) else PICTURES[:2]
        return pictures[(pictures.index(shown) + 1) % len(pictures)] if shown in pictures else pictures[0]

    def heading(self, snapshot: Snapshot) -> tuple[str, str]:
        shown = self.shown(snapshot, self.size.width - 2, self.size.height - 2)
        if shown == "graph":
            from ..render.trace.graph import overtaken

            return "Graph", overtaken(snapshot.graph, self.look) if snapshot.graph else ""
        if shown == "card":
            from ..render.network.card import against_threshold

            title = snapshot.subject.name.capitalize()
            return title, against_threshold(snapshot, self.size.width - len(title) - 6, self.look)
        sample, lit = (snapshot.network.sample, snapshot.network.lit) if snapshot.network else (None, None)
        number = "#" * (snapshot.looked_at is not None)  # in the data, not in the batch
        title = "Network" + (f" on sample {number}{sample}" if sample else "")
        words = "gradients" if self.gradients else ""
        if snapshot.looked_at is not None:
            sign = self.look.glyphs.cursor  # as in the table of samples
            way = f"{sign} looked at"
        elif lit is None:
            return title, words
        else:
            sign = self.look.glyphs.backward if lit.backward else self.look.glyphs.forward
            way = f"{sign} backward" if lit.backward else f"forward {sign}"
        note = f"{words}  {way}" if words else way
        # The sign alone says it too.
        return title, note if len(title) + len(note) + 6 <= self.size.width else f"{words} {sign}".lstrip()

    def footing(self, snapshot: Snapshot) -> Sequence[Piece]:
        return [] if snapshot.looked_at is None else [(LEAVE, self.look.palette.quiet)]

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        shown = self.shown(snapshot, width, height)
        if snapshot.graph is not None:
            return self.graph.draw(snapshot.graph, width, height, self.look, compact=self.gradients)
        if snapshot.network is None:
            return [Strip.blank(width)] * height
        if shown == "card":
            from ..render.network.card import card

            return card(snapshot, width, height, self.look)
        view, options = stepped(snapshot.network, snapshot.granularity), self._options(snapshot)
        if shown == "wires":
            from ..render.network.wires import wires

            return wires(view, width, height, self.look, options)
        from ..render.network.grid import grid

        return grid(view, width, height, self.look, options)

    def offers(self, command: str, snapshot: Snapshot) -> bool:
        if command == "map":
            return bool(snapshot.subject.plots)
        if command == "scroll_right":
            return snapshot.network is None and any(self.graph.spare)
        return command in ("enlarge", "gradients") or snapshot.network is not None

    def _options(self, snapshot: Snapshot) -> NetworkOptions:
        marked = self.has_focus or self.close
        return NetworkOptions(
            gradients=self.gradients,
            selected=self._unit(snapshot) if marked else None,
            whole=snapshot.granularity == "layer",
            input=self._input(snapshot) if marked else None,
            unfolded=self.has_focus,
        )

    def _unit(self, snapshot: Snapshot) -> tuple[int, int] | None:
        """Layer and neuron of the selected parameter."""
        if snapshot.network is None:
            return None
        for index, layer in reversed(list(enumerate(snapshot.network.layers))):
            if self.selected >= layer.first_parameter:
                width = len(layer.weights[0]) + 1
                return index, min((self.selected - layer.first_parameter) // width, len(layer.data) - 1)
        return None

    def _input(self, snapshot: Snapshot) -> int | None:
        """The input that the selected parameter is a weight of."""
        first = snapshot.network.layers[0] if snapshot.network else None
        if first is None or self.selected >= first.first_parameter + len(first.data) * (len(first.weights[0]) + 1):
            return None
        place = (self.selected - first.first_parameter) % (len(first.weights[0]) + 1)
        return place if place < len(first.weights[0]) else None

    def clicked(self, x: int, y: int) -> None:
        snapshot = self.drawn
        if snapshot is None or snapshot.network is None:
            return
        width, height = self.size.width - 2, self.size.height - 2
        shown = self.shown(snapshot, width, height)
        if shown == "card":
            return
        unit = unit_at(
            stepped(snapshot.network, snapshot.granularity),
            shown,
            width,
            height,
            self.look.glyphs,
            self._options(snapshot),
            (x, y),
        )
        if unit is not None:
            from .messages import ParameterChosen  # a first frame has none

            self.post_message(ParameterChosen(self._parameter(snapshot, unit)))

    def _parameter(self, snapshot: Snapshot, unit: tuple[int, int]) -> int:
        """The first one of a neuron; of an input the weight on it of the selected neuron of the first layer."""
        assert snapshot.network is not None
        number, place = unit
        layer = snapshot.network.layers[max(0, number)]
        width = len(layer.weights[0]) + 1
        if number >= 0:
            return layer.first_parameter + place * width
        selected = self._unit(snapshot)
        neuron = selected[1] if selected is not None and not selected[0] else 0
        return layer.first_parameter + neuron * width + place

    def watch_picture(self) -> None:
        self.redraw()

    def watch_gradients(self) -> None:
        self.redraw()

    def watch_selected(self) -> None:
        self.redraw()

    def watch_close(self) -> None:
        self.redraw()
