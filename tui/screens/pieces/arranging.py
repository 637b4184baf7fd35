"""Arranging: which panes have how much room, and which picture of the network is shown. Must not know how a pane is
drawn.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from textual import events
from textual.reactive import var
from textual.widget import Widget

from chainstep.engine.training.commands import SetNeuron
from chainstep.engine.training.snapshot.parts import Part
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ...panes.arrangement import NAMES, Arrangement
from ...panes.network import NetworkPane
from ...panes.strip_pane import StripPane
from ...playback.runner import Status
from ...render.network.pictures import planar
from ..stage import Stage
from .selecting import Selecting


class Arranging(Selecting):
    """A stage whose panes stand in an arrangement."""

    picture: var[str | None] = var(None)
    """Of the network; None for the one that suits it."""
    gradients: var[bool] = var(False)
    """The network shows gradients in place of data."""
    beside: var[bool] = var(True)
    """Where there is room, the map has it."""
    turned: var[bool] = var(False)
    """Where there is not, the map has the network's."""
    close: var[bool] = var(False)
    """The selected neuron is looked at closely."""

    _units: Sequence[tuple[int, int] | None] = ()
    """Layer and neuron of each parameter."""
    _unit: tuple[int, int] | None = None
    """The neuron that the session was told to look at."""

    @property
    def panes(self) -> Arrangement:
        """Where the panes are."""
        return self.query_one(Arrangement)

    # --- pictures in

    def parts(self) -> Collection[Part]:
        wanted: dict[Part, bool] = {"map": self._grid() is not None, "neuron": self.close}
        return {*super().parts(), *(part for part, shown in wanted.items() if shown)}

    def show(self, snapshot: Snapshot, status: Status) -> None:
        panes, flat = self.panes, planar(snapshot)
        panes.graph = snapshot.subject.expression
        panes.mapped, panes.turned = flat and self.beside, flat and self.turned
        if snapshot.parameters is not None:
            self._units = snapshot.parameters.units
        panes.close = self.close and any(self._units)
        super().show(snapshot, status)
        if self._missing():
            self.call_later(self.add_panes)
        self._look_closely()

    def add_panes(self) -> None:
        """Make the panes that have come to have room: the first frame waits for none that it does not show."""
        if not self.is_attached:
            return  # the program ends
        missing = self._missing()
        if "map" in missing:
            from ...panes.map import MapPane

            self.panes.mount(MapPane("map").data_bind(Stage.snapshot))
        if "neuron" in missing:
            from ...panes.neuron import NeuronPane

            self.panes.mount(NeuronPane("neuron").data_bind(Stage.snapshot, Selecting.selected))

    def _missing(self) -> Collection[str]:
        panes = self.panes
        wanted = {"map": (panes.mapped and panes.beside) or panes.turned, "neuron": panes.close}
        return {name for name, shown in wanted.items() if shown} - {pane.id or "" for pane in panes.children}

    def on_uncovered(self) -> None:
        """Panes have room for what no picture has had yet."""
        if not self.playing:
            self.runner.show()

    # --- the network, its map, one neuron

    def action_picture(self) -> None:
        self.picture = self.query_one(NetworkPane).following()

    def action_map(self) -> None:
        """Turn to the map, and back; where it has room of its own, hide it."""
        if self.snapshot is None or not planar(self.snapshot):
            self.say("a map needs data with two inputs, as moons, spiral and xor have", True)
            return
        panes = self.panes
        if panes.beside:
            self.beside = not self.beside
        else:
            self.turned = not self.turned or panes.elsewhere("network")
            panes.bring("network")
        self.runner.show()

    def action_neuron(self) -> None:
        """Look at the selected neuron closely, or at the parameters again."""
        if not any(self._units):
            self.say("this expression is no neuron: none of its sums is one of products", True)
            return
        panes = self.panes
        self.close = not self.close or panes.elsewhere("parameters")
        panes.bring("parameters")
        self._look_closely()

    def _look_closely(self) -> None:
        """Have the session look closely at the neuron of the selected parameter, or at none."""
        unit = self._units[self.selected] if self.close and self.selected < len(self._units) else None
        if unit != self._unit:
            self._unit = unit
            self.call_later(self.runner.send, SetNeuron(unit))

    def watch_selected(self) -> None:
        if self.is_mounted and self.close:
            self._look_closely()

    def _grid(self) -> tuple[int, int] | None:
        """(columns, rows) of the map that is shown: of the larger one, where there are two."""
        shown = {pane.id: pane.grid() for pane in self.panes.children if isinstance(pane, StripPane)}
        return shown.get("map") or (shown.get("neuron") if self.close else None)

    def action_gradients(self) -> None:
        self.gradients = not self.gradients

    # --- room

    def action_pane(self, direction: int) -> None:
        """Move the focus to another pane; where only one has room, that one is shown."""
        panes = self.panes
        while True:
            panes.alone = NAMES[(NAMES.index(panes.alone) + direction) % len(NAMES)]
            pane = self.query_one(f"#{panes.alone}", Widget)
            if pane.can_focus or panes.single:
                break
        self.set_focus(pane if pane.can_focus else None)

    def action_enlarge(self) -> None:
        """Give all the room to the pane with the focus, or share it again."""
        panes = self.panes
        panes.enlarged = not panes.enlarged

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The pane with the focus is the one that stays where the terminal gets small."""
        if event.widget.id in NAMES:
            self.panes.alone = event.widget.id
