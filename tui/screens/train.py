"""The Train screen: lays out panes and turns keys into commands. Must not know how anything is drawn or computed.

Dialogs are loaded where they are opened: the first frame does not wait for them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from textual import events, on
from textual.app import ComposeResult
from textual.reactive import var
from textual.widget import Widget

from chainstep.engine.training.commands import Reseed, Restart, SetGradcheck, SetParameter, SetProbe
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula
from chainstep.engine.training.snapshot.parts import DEFAULT_PARTS, Part
from chainstep.engine.training.snapshot.snapshot import Snapshot
from chainstep.engine.training.views.closeup import unit_of

from ..commands import TRAIN, bindings
from ..panes.base.arrangement import NAMES, Arrangement, huge
from ..panes.base.strip_pane import Uncovered
from ..panes.debugger.chain_rule import ChainRulePane
from ..panes.lines import Header, Keys, Knobs
from ..panes.loss import LossPane
from ..panes.map import MapPane
from ..panes.network import NetworkPane
from ..panes.neuron import NeuronPane
from ..panes.parameters import ParametersPane
from ..playback.runner import Status
from ..render.network.card import has_card
from ..render.network.pictures import planar
from ..render.parameters.parameter_order import MODEL, following, matching
from .along_curve import AlongCurve

_FIRST_ANSWERS = (1.0, 0.0, 1.0)
"""The card opens on: not raining, busy, friends are excited."""


class TrainScreen(AlongCurve):
    """Network, Parameters, Loss and Chain rule of one session; where there is room, its map and its trace too."""

    BINDINGS = [*bindings(TRAIN)]
    PARTS = DEFAULT_PARTS
    AUTO_FOCUS = "#parameters"

    selected: var[int] = var(0)
    order: var[str] = var(MODEL)
    """Of the rows of the parameters."""
    wanted: var[str] = var("")
    """What the names of the shown parameters have."""
    picture: var[str | None] = var(None)
    gradients: var[bool] = var(False)
    beside: var[bool] = var(True)
    """Where there is room, the map has it."""
    turned: var[bool] = var(False)
    """Where there is not, the map has the network's."""
    close: var[bool] = var(False)
    """The selected neuron is looked at closely."""

    def compose(self) -> ComposeResult:
        yield Header("header").data_bind(TrainScreen.snapshot, TrainScreen.playing, TrainScreen.working)
        with Arrangement(id="panes"):
            yield NetworkPane("network").data_bind(
                TrainScreen.snapshot,
                TrainScreen.picture,
                TrainScreen.gradients,
                TrainScreen.selected,
                TrainScreen.close,
            )
            yield LossPane("loss").data_bind(
                TrainScreen.snapshot,
                TrainScreen.log_scale,
                TrainScreen.last,
                TrainScreen.smoothing,
                TrainScreen.cursor,
            )
            yield ParametersPane("parameters").data_bind(
                TrainScreen.snapshot,
                TrainScreen.selected,
                TrainScreen.playing,
                TrainScreen.order,
                TrainScreen.wanted,
            )
            yield ChainRulePane("chain-rule").data_bind(TrainScreen.snapshot)
            yield MapPane("map").data_bind(TrainScreen.snapshot)
            yield NeuronPane("neuron").data_bind(TrainScreen.snapshot, TrainScreen.selected)
            if huge(self.app.size):
                yield from self._second_row()
        yield Knobs("knobs").data_bind(TrainScreen.snapshot, TrainScreen.speed, TrainScreen.quiz)
        yield Keys("keys", TRAIN).data_bind(TrainScreen.snapshot, TrainScreen.playing)

    def _second_row(self) -> Iterable[Widget]:
        """Panes that are loaded and made where they have room: no other first frame waits for them."""
        from ..panes.base.listing import ListingPane
        from ..panes.debugger.graph import GraphPane

        yield ListingPane("trace").data_bind(TrainScreen.snapshot)
        yield GraphPane("graph").data_bind(TrainScreen.snapshot)

    def on_resize(self, event: events.Resize) -> None:
        if huge(event.size) and not self.query("#trace"):
            self.query_one(Arrangement).mount_all(self._second_row())

    def on_mount(self) -> None:
        self.runner.mapper.grid = self._grid
        self.runner.show()
        self._meet()

    async def on_unmount(self) -> None:
        await self.runner.close()

    # --- pictures in

    def parts(self) -> Collection[Part]:
        trace = any(pane.region for pane in self.query("#trace"))
        wanted: dict[Part, bool] = {"map": self._grid() is not None, "neuron": self.close, "trace": trace}
        return {*super().parts(), *(part for part, shown in wanted.items() if shown)}

    def show(self, snapshot: Snapshot, status: Status) -> None:
        self.selected = min(self.selected, snapshot.subject.parameters - 1)
        if self.wanted and not matching(self.session.labels, self.wanted):
            self.wanted = ""  # the layers are others now
        panes, flat = self.query_one(Arrangement), planar(snapshot)
        panes.graph = snapshot.subject.expression
        panes.mapped, panes.turned = flat and self.beside, flat and self.turned
        panes.close = self.close and not snapshot.subject.expression
        self._approach()
        super().show(snapshot, status)

    def _meet(self) -> None:
        """A session is shown for the first time: its card, where it has one, opens on an answer."""
        if self.snapshot is not None and self.session.probe is None and has_card(self.snapshot):
            self.runner.send(SetProbe(_FIRST_ANSWERS[: len(self.snapshot.subject.features)]))

    def open(self, session: Session) -> None:
        """Show another session, paused."""
        self.selected = 0
        self.wanted = ""
        self.picture = self.cursor = None
        self.turned = self.close = False
        self.runner.open(session)
        self._meet()

    # --- commands out

    def action_restart(self) -> None:
        self.runner.pause()
        self.runner.send(Restart())

    def action_reseed(self) -> None:
        self.runner.pause()
        self.runner.send(Reseed())

    # --- knobs

    def action_knobs(self) -> None:
        from ..dialogs.knobs.knobs import Knobs as KnobsDialog
        from ..dialogs.knobs.knobs import Standing

        def standing() -> Standing:
            snapshot = self.snapshot or self._now()
            return Standing(self.session.settings, self.session.coming, snapshot.subject)

        self.app.push_screen(KnobsDialog(standing, self.runner.attempt))

    def action_range_test(self) -> None:
        from chainstep.engine.training.analysis.lr_finder import RangeTest

        from ..dialogs.knobs.lr_finder import RangeTestDialog

        now = self._now()
        self.app.push_screen(RangeTestDialog(RangeTest(self.session.run), now, self.runner))

    def action_edit(self) -> None:
        from ..dialogs.base import ask

        index = self.selected

        def put(value: float | None) -> None:
            if value is not None:
                self.runner.send(SetParameter(index, value))

        self.runner.pause()
        self.app.push_screen(ask.for_parameter(self.session.labels[index], self.session.parameters[index]), put)

    def action_edit_sample(self) -> None:
        session, data, run = self.session, self.session.subject, self.session.run
        if isinstance(data, Formula):
            self.say("an expression has no samples: e edits its leaves", True)
            return
        from ..dialogs.base import ask

        stepper = run.stepper
        shown = stepper.loaded(run.state)
        sample = stepper.batch(run.state)[0] if shown is None else shown
        inputs = stepper.program.input_names
        places: dict[str, int | None] = {name: k for k, name in enumerate(inputs)}
        if not session.settings.features:
            places |= {f"x{k}": k for k in range(len(inputs))}
        places |= {data.target: None, "y": None}
        now = stepper.program.samples[sample][0][0]
        self.runner.pause()
        self.app.push_screen(ask.for_sample(sample, places, data.classes, now, self.runner.attempt))

    def action_freeze(self) -> None:
        self._freeze(self.session.labels[self.selected], [self.selected])

    def action_freeze_neuron(self) -> None:
        labels = self.session.labels
        neuron, dot, _ = labels[self.selected].rpartition(".")
        if not dot:
            self.say("an expression has no neurons: f freezes a leaf", True)
            return
        self._freeze(neuron, [k for k, label in enumerate(labels) if label.rpartition(".")[0] == neuron])

    def _freeze(self, name: str, parameters: Collection[int]) -> None:
        """Freeze parameters or, where all of them are, let them learn again."""
        before = self.session.settings.frozen
        thaw = set(before) >= set(parameters)
        after = set(before) - set(parameters) if thaw else set(before) | set(parameters)
        if self.turn("frozen", tuple(sorted(after))):
            self.say(f"{name} learns again" if thaw else f"{name} is frozen: updates leave it alone")

    # --- the gradient check

    def action_gradcheck(self) -> None:
        session = self.session
        if self.runner.send(SetGradcheck(not session.gradcheck, session.gradcheck_h)) and session.gradcheck:
            self.say("gradients are checked wherever you stop: A sets h, a leaves it")

    def action_gradcheck_h(self) -> None:
        from ..dialogs.base import ask

        def check(command: SetGradcheck | None) -> None:
            if command is not None:
                self.runner.send(command)

        self.runner.pause()
        self.app.push_screen(ask.for_distance(self.session.gradcheck_h), check)

    # --- looking

    def action_select(self, rows: int) -> None:
        self.selected = min(len(self.session.labels) - 1, self.query_one(ParametersPane).beyond(rows))

    def action_order(self) -> None:
        """Sort the parameters in the next way."""
        self.order = following(self.order)

    def action_filter(self) -> None:
        from ..dialogs.base import ask

        def show(wanted: str | None) -> None:
            if wanted is not None:
                self.wanted = wanted

        self.app.push_screen(ask.for_filter(self.session.labels, self.wanted), show)

    def on_network_pane_chosen(self, message: NetworkPane.Chosen) -> None:
        self.selected = message.parameter

    def on_parameters_pane_chosen(self, message: ParametersPane.Chosen) -> None:
        self.selected = message.parameter

    def action_picture(self) -> None:
        self.picture = self.query_one(NetworkPane).following()

    def action_map(self) -> None:
        """Turn to the map, and back; where it has room of its own, hide it."""
        if self.snapshot is None or not planar(self.snapshot):
            self.say("a map needs data with two inputs, as moons, spiral and xor have", True)
            return
        panes = self.query_one(Arrangement)
        if panes.beside:
            self.beside = not self.beside
        else:
            self.turned = not self.turned or panes.elsewhere("network")
            panes.bring("network")
        self.runner.show()

    def action_neuron(self) -> None:
        """Look at the selected neuron closely, or at the parameters again."""
        if isinstance(self.session.subject, Formula):
            self.say("an expression has no neurons", True)
            return
        panes = self.query_one(Arrangement)
        self.close = not self.close or panes.elsewhere("parameters")
        panes.bring("parameters")
        self._approach()

    def _approach(self) -> None:
        """Tell the session which neuron is looked at."""
        unit = unit_of(self.session.run.stepper.program, self.selected) if self.close else None
        if unit != self.session.neuron:
            self.session.neuron = unit
            self.call_later(self.runner.show)

    def watch_selected(self) -> None:
        if self.is_mounted and self.close:
            self._approach()

    def _grid(self) -> tuple[int, int] | None:
        """(columns, rows) of the map that is shown: of the larger one, where there are two."""
        return self.query_one(MapPane).grid() or (self.query_one(NeuronPane).grid() if self.close else None)

    @on(Uncovered)
    def _complete(self) -> None:
        """Panes have room for what no picture has had yet."""
        if not self.playing:
            self.runner.show()

    def action_gradients(self) -> None:
        self.gradients = not self.gradients

    def action_predict(self) -> None:
        from ..dialogs.base import ask

        snapshot = self.snapshot
        if snapshot is None or snapshot.subject.expression:
            self.say("an expression has no input: e edits its leaves", True)
            return

        def show(inputs: tuple[float, ...] | None) -> None:
            if inputs is not None and self.runner.send(SetProbe(inputs)) and self.snapshot:
                self.say(ask.prediction(self.snapshot), False)

        self.runner.pause()
        self.app.push_screen(ask.for_input(snapshot.subject.inputs, self.session.probe), show)

    def action_answer(self, index: int) -> None:
        probe = self.session.probe
        if self.snapshot is None or not has_card(self.snapshot) or probe is None or index >= len(probe):
            self.say("this example has no card with answers to turn round: i types an input", True)
            return
        self.runner.send(SetProbe(tuple(1.0 - x if i == index else x for i, x in enumerate(probe))))

    def action_pane(self, direction: int) -> None:
        """Move the focus to another pane; where only one has room, that one is shown."""
        panes = self.query_one(Arrangement)
        pane = self.query_one(f"#{panes.alone}", Widget)
        while True:
            panes.alone = NAMES[(NAMES.index(panes.alone) + direction) % len(NAMES)]
            pane = self.query_one(f"#{panes.alone}", Widget)
            if pane.can_focus or panes.lonely:
                break
        self.set_focus(pane if pane.can_focus else None)

    def action_enlarge(self) -> None:
        """Give all the room to the pane with the focus, or share it again."""
        panes = self.query_one(Arrangement)
        panes.enlarged = not panes.enlarged

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The pane with the focus is the one that stays where the terminal gets small."""
        if event.widget.id in NAMES:
            self.query_one(Arrangement).alone = event.widget.id

    def action_source(self) -> None:
        compilation = self.session.run.compilation
        if compilation.obstacle:
            self.say(f"{compilation.obstacle}; it is replayed op by op", True)
            return
        from ..dialogs.help.source import Source

        title = "This is what your network compiled to   escape closes"
        self.app.push_screen(Source(title, compilation.source()))
