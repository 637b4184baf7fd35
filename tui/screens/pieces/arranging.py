"""Arranging: which panes have how much room, and which picture of the network is shown. Must not know how a pane is
drawn.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.widget import Widget

from chainstep.engine.training.commands import SetNeuron, SetPlot
from chainstep.engine.training.snapshot.parts import Part
from chainstep.engine.training.snapshot.snapshot import Snapshot
from chainstep.engine.training.snapshot.subject import PlotKind

from ...panes.arrangement.arrangement import Arrangement
from ...panes.arrangement.places import NAMES
from ...panes.network import NetworkPane
from ...panes.strip_pane import StripPane
from ...panes.watched import var
from ...playback.runner import Status
from ...render.network.pictures import has_card
from ..stage import Stage
from .selecting import Selecting

if TYPE_CHECKING:
    from ...panes.samples import SamplesPane


class Arranging(Selecting):
    """A stage whose panes stand in an arrangement."""

    picture: var[str | None] = var(None)
    """Of the network; None for the one that suits it."""
    beside: var[bool] = var(True)
    """Where there is room, the map has it."""
    turned: var[bool] = var(False)
    """Where there is not, the map has the network's."""
    close: var[bool] = var(False)
    """The selected neuron is looked at closely."""
    coded: var[bool] = var(False)
    """What is trained is read as code."""
    listed: var[bool | None] = var(None)
    """Whether the samples are to be seen; None where there is room for them."""

    _plots: Sequence[PlotKind] = ()
    """Those that there are of the data."""
    _plot: PlotKind | None = None
    """The one that was asked for."""
    _units: Sequence[tuple[int, int] | None] = ()
    """Layer and neuron of each parameter."""
    _unit: tuple[int, int] | None = None
    """The neuron that the session was told to look at."""
    whole = False
    """The first frame has all that there is room for: nothing has to be loaded for it."""
    _framed = False
    """It is out, or `whole`."""

    @property
    def panes(self) -> Arrangement:
        """Where the panes are."""
        return self.query_one(Arrangement)

    # --- pictures in

    def parts(self) -> Collection[Part]:
        plotted = self._grid() is not None
        lit = self.panes.lesson or ()
        close = self.close or "neuron" in lit
        wanted: dict[Part, bool] = {"plot": plotted, "slope": plotted and self.curved, "neuron": close}
        wanted["code"] = self.coded or "code" in lit
        return {*super().parts(), *(part for part, shown in wanted.items() if shown)}

    def show(self, snapshot: Snapshot, status: Status) -> None:
        panes, self._plots = self.panes, snapshot.subject.plots
        panes.graph = snapshot.subject.expression
        panes.mapped, panes.turned = bool(self._plots) and self.beside, bool(self._plots) and self.turned
        if snapshot.subject.expression:
            panes.alone = NAMES[0] if panes.alone == "samples" else panes.alone
        self._list_samples(snapshot)
        if snapshot.parameters is not None:
            self._units = snapshot.parameters.units
        panes.close = self.close and any(self._units)
        panes.coded = self.coded and snapshot.script is None
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

            self.panes.mount(MapPane("map").data_bind(Stage.snapshot, Stage.light))
        if "neuron" in missing:
            from ...panes.neuron import NeuronPane

            self.panes.mount(NeuronPane("neuron").data_bind(Stage.snapshot, Selecting.selected, Stage.light))
        if "code" in missing:
            from ...panes.text.code import CodePane

            self.panes.mount(CodePane("code").data_bind(Stage.snapshot, Stage.light))
        if "samples" in missing:
            self.panes.mount(self.table())

    @staticmethod
    def table() -> Widget:
        """The pane of the samples."""
        from ...panes.samples import SamplesPane

        return SamplesPane("samples").data_bind(Stage.snapshot, Stage.playing, Stage.light)

    def _missing(self) -> Collection[str]:
        panes, lit = self.panes, self.panes.lesson or ()
        wanted = {
            "map": (panes.mapped and panes.beside) or panes.turned or (bool(self._plots) and "map" in lit),
            "neuron": panes.close or "neuron" in lit,
            "code": panes.coded or (self._framed and "code" in lit),
            "samples": self._framed and not panes.graph and (panes.tabled or panes.single or "samples" in lit),
        }
        return {name for name, shown in wanted.items() if shown} - {pane.id or "" for pane in panes.children}

    def framed(self) -> None:
        """The first frame is out: what it did not wait for may come."""
        self._framed = True
        self.call_later(self.add_panes)

    def on_uncovered(self) -> None:
        """Panes have room for what no picture has had yet."""
        if not self.playing:
            self.runner.show()

    # --- the network, its map, one neuron

    def action_picture(self) -> None:
        self.picture = self.query_one(NetworkPane).following()

    @property
    def plot(self) -> PlotKind | None:
        """The plot that is shown where there is room; None where there is none of this data."""
        return self._plot if self._plot in self._plots else self._plots[0] if self._plots else None

    @property
    def curved(self) -> bool:
        """The plot is of a function of one variable."""
        return self.plot == "function"

    def action_map(self) -> None:
        """Turn to the plot of the whole, to the next one of it, and back; where it has room of its own, hide it."""
        if self.snapshot is None or not self._plots:
            self.say("M shows data of one or two inputs, and any whose target is a number: this has neither", True)
            return
        panes = self.panes
        shown = self.beside if panes.beside else self.turned and not panes.elsewhere("network")
        coming = self._plots[self._plots.index(self.plot) + 1 :] if shown and self.plot else self._plots
        if coming:
            self._plot = coming[0]
            self.runner.send(SetPlot(coming[0]))
        if panes.beside:
            self.beside = bool(coming)
        else:
            self.turned = bool(coming)
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

    def action_code(self) -> None:
        """Read what is trained as code, or see the parameters again."""
        if self.snapshot is not None and self.snapshot.script is not None:
            self.say("your script is its own code: x shows its lines", True)
            return
        self.coded = not self.coded or self.panes.elsewhere("parameters")
        self.panes.bring("parameters")
        self.runner.show()

    def _look_closely(self) -> None:
        """Have the session look closely at the neuron of the selected parameter, or at none."""
        unit = self._units[self.selected] if self.close and self.selected < len(self._units) else None
        if unit != self._unit:
            self._unit = unit
            self.call_later(self.runner.send, SetNeuron(unit))

    def watch_selected(self) -> None:
        if self.is_mounted and self.close:
            self._look_closely()

    # --- the samples

    @property
    def samples(self) -> SamplesPane | None:
        """The table of the samples, once it is there."""
        return next((pane for pane in self.panes.children if pane.id == "samples"), None)  # type: ignore[return-value]

    def action_samples(self) -> None:
        """Show every sample, or what was in their place again."""
        snapshot, panes = self.snapshot, self.panes
        if snapshot is None or snapshot.subject.expression:
            self.say("an expression has no samples: its leaves are the parameters", True)
            return
        if panes.single:
            panes.alone = "parameters" if panes.alone == "samples" else "samples"
            there = panes.alone == "samples"
        else:
            there = self.listed = not panes.tabled
            self.close = self.close and (not there or panes.below_curve)
            self._list_samples(snapshot)
            panes.close = panes.close and self.close
        self.call_later(self.add_panes)
        self.call_after_refresh(self._focus_on, "samples" if there else "parameters")

    def _focus_on(self, name: str) -> None:
        for pane in self.panes.query_children(f"#{name}"):
            self.set_focus(pane)

    def _list_samples(self, snapshot: Snapshot) -> None:
        """Keep a place for the samples, unless they are not wanted, or a card has a table of them."""
        if snapshot.network is not None:
            wanted = not has_card(snapshot) if self.listed is None else self.listed
            self.panes.samples = snapshot.subject.train_size if wanted else 0
            self.panes.listed = self.listed is True

    def _grid(self) -> tuple[int, int] | None:
        """(columns, rows) of the map that is shown: of the larger one, where there are two."""
        if not self.shown:
            return None
        shown = {pane.id: pane.grid() for pane in self.panes.children if isinstance(pane, StripPane)}
        return shown.get("map") or (shown.get("neuron") if self.close else None)

    # --- room

    def uncover(self, lit: Collection[str]) -> None:
        """Panes are lit by a lesson, or none where there is no lesson: give them and it their room."""
        panes = self.panes
        panes.lesson = frozenset(lit) if self.lesson is not None else None
        if panes.single and panes.alone not in lit:
            panes.alone = next((name for name in NAMES if name in lit), panes.alone)
            self.call_after_refresh(self._focus_on, panes.alone)
        self.runner.show()
        self.call_later(self.add_panes)

    def action_pane(self, direction: int) -> None:
        """Move the focus to another pane; where only one has room, that one is shown."""
        panes = self.panes
        while True:
            panes.alone = NAMES[(NAMES.index(panes.alone) + direction) % len(NAMES)]
            pane = self.query_one(f"#{panes.alone}", Widget) if panes.alone != "samples" else self.samples
            if pane is not None and (panes.single or (pane.can_focus and (pane is not self.samples or panes.tabled))):
                break
        self.set_focus(pane if pane.can_focus else None)

    def action_enlarge(self) -> None:
        """Give all the room to the pane with the focus, or share it again."""
        panes = self.panes
        panes.enlarged = not panes.enlarged
        self.call_later(self.add_panes)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The pane with the focus is the one that stays where the terminal gets small."""
        if event.widget.id in NAMES:
            self.panes.alone = event.widget.id
