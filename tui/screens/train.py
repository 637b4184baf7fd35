"""The Train screen: lays out panes and turns keys into commands. Must not know how anything is drawn or computed."""

from __future__ import annotations

from collections.abc import Collection

from textual import events
from textual.app import ComposeResult
from textual.reactive import var
from textual.screen import Screen
from textual.widget import Widget

from chainstep.engine.training.commands import (
    Back,
    Forward,
    Goto,
    Reseed,
    Restart,
    SetGranularity,
    SetKnob,
    SetParameter,
    SetProbe,
)
from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot import GRANULARITIES, PARTS, Snapshot

from ..commands import bindings
from ..knobs import notch
from ..panes.arrangement import NAMES, Arrangement
from ..panes.chain_rule import ChainRulePane
from ..panes.lines import Header, Keys, Knobs
from ..panes.loss import LossPane
from ..panes.network import NetworkPane
from ..panes.parameters import ParametersPane
from ..panes.strip_pane import StripPane
from ..render.card import has_card
from ..runner import Runner, Status
from . import ask
from .help import Help
from .knobs import Knobs as KnobsDialog
from .source import Source

_FIRST_ANSWERS = (1.0, 0.0, 1.0)
"""The card opens on: not raining, busy, friends are excited."""


class TrainScreen(Screen[None]):
    """Network, Parameters, Loss and Chain rule of one session."""

    BINDINGS = [*bindings()]

    snapshot: var[Snapshot | None] = var(None)
    playing: var[bool] = var(False)
    speed: var[float | None] = var(None)
    selected: var[int] = var(0)
    picture: var[str | None] = var(None)
    gradients: var[bool] = var(False)
    log_scale: var[bool] = var(False)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.runner = Runner(session, self._publish, self._parts, self._say)

    @property
    def session(self) -> Session:
        """The session that is shown."""
        return self.runner.session

    def compose(self) -> ComposeResult:
        yield Header("header").data_bind(TrainScreen.snapshot, TrainScreen.playing)
        with Arrangement(id="panes"):
            yield NetworkPane("network").data_bind(
                TrainScreen.snapshot, TrainScreen.picture, TrainScreen.gradients, TrainScreen.selected
            )
            yield LossPane("loss").data_bind(TrainScreen.snapshot, TrainScreen.log_scale, TrainScreen.playing)
            yield ParametersPane("parameters").data_bind(
                TrainScreen.snapshot, TrainScreen.selected, TrainScreen.playing
            )
            yield ChainRulePane("chain-rule").data_bind(TrainScreen.snapshot)
        yield Knobs("knobs").data_bind(TrainScreen.snapshot, TrainScreen.speed)
        yield Keys("keys").data_bind(TrainScreen.snapshot, TrainScreen.playing)

    def on_mount(self) -> None:
        self.query_one(ParametersPane).focus()
        self.runner.show()
        self._meet()

    async def on_unmount(self) -> None:
        await self.runner.close()

    # --- pictures in

    def _publish(self, snapshot: Snapshot, status: Status) -> None:
        self.selected = min(self.selected, snapshot.subject.parameters - 1)
        self.query_one(Arrangement).graph = snapshot.subject.expression
        self.snapshot = snapshot
        self.playing = status.playing
        self.speed = status.speed

    def _parts(self) -> Collection[str]:
        """The parts of a snapshot that some visible pane draws."""
        return PARTS

    def _say(self, message: str, wrong: bool) -> None:
        self.app.notify(message, severity="error" if wrong else "information", timeout=4, markup=False)

    def _meet(self) -> None:
        """A session is shown for the first time: its card, where it has one, opens on an answer."""
        if self.snapshot is not None and self.session.probe is None and has_card(self.snapshot):
            self.runner.send(SetProbe(_FIRST_ANSWERS[: len(self.snapshot.subject.features)]))

    def open(self, session: Session) -> None:
        """Show another session, paused."""
        self.selected = 0
        self.picture = None
        self.runner.open(session)
        self._meet()

    def redraw(self) -> None:
        """Draw every pane again, in the colours of now."""
        for pane in self.query(StripPane):
            pane.redraw()

    # --- commands out: stepping

    def action_play(self) -> None:
        self.runner.toggle()

    def action_forward(self) -> None:
        self.runner.send(Forward())

    def action_back(self) -> None:
        self.runner.send(Back())

    def action_phase(self) -> None:
        self.runner.send(Forward("phase"))

    def action_granularity(self, direction: int) -> None:
        place = GRANULARITIES.index(self.session.granularity) + direction
        if 0 <= place < len(GRANULARITIES):
            self.runner.send(SetGranularity(GRANULARITIES[place]))

    def action_goto(self) -> None:
        def go(step: int | None) -> None:
            if step is not None:
                self.runner.send(Goto(step))

        self.runner.pause()
        self.app.push_screen(ask.for_step(self.session.step), go)

    def action_restart(self) -> None:
        self.runner.pause()
        self.runner.send(Restart())

    def action_reseed(self) -> None:
        self.runner.pause()
        self.runner.send(Reseed())

    def action_speed(self, direction: int) -> None:
        self.runner.turn_speed(direction)

    # --- knobs

    def action_turn(self, name: str, direction: int) -> None:
        self._turn(name, notch(self.session.settings, name, direction))

    def _turn(self, name: str, value: object) -> bool:
        """Turn a knob while training goes on."""
        return self.runner.send(SetKnob(name, value))

    def action_knobs(self) -> None:
        self.app.push_screen(KnobsDialog(lambda: self.session.settings, self._turn))

    def action_edit(self) -> None:
        index = self.selected

        def put(value: float | None) -> None:
            if value is not None:
                self.runner.send(SetParameter(index, value))

        self.runner.pause()
        self.app.push_screen(ask.for_parameter(self.session.labels[index], self.session.parameters[index]), put)

    # --- looking

    def action_select(self, rows: int) -> None:
        self.selected = max(0, min(len(self.session.labels) - 1, self.selected + rows))

    def on_network_pane_chosen(self, message: NetworkPane.Chosen) -> None:
        self.selected = message.parameter

    def on_parameters_pane_chosen(self, message: ParametersPane.Chosen) -> None:
        self.selected = message.parameter

    def action_picture(self) -> None:
        self.picture = self.query_one(NetworkPane).following()

    def action_gradients(self) -> None:
        self.gradients = not self.gradients

    def action_log(self) -> None:
        self.log_scale = not self.log_scale

    def action_predict(self) -> None:
        snapshot = self.snapshot
        if snapshot is None or snapshot.subject.expression:
            self._say("an expression has no input: e edits its leaves", True)
            return

        def show(inputs: tuple[float, ...] | None) -> None:
            if inputs is not None and self.runner.send(SetProbe(inputs)) and self.snapshot:
                self._say(ask.prediction(self.snapshot), False)

        self.runner.pause()
        self.app.push_screen(ask.for_input(snapshot.subject.features, self.session.probe), show)

    def action_answer(self, index: int) -> None:
        probe = self.session.probe
        if self.snapshot is None or not has_card(self.snapshot) or probe is None or index >= len(probe):
            self._say("this example has no card with answers to turn round: i types an input", True)
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

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The pane with the focus is the one that stays where the terminal gets small."""
        if event.widget.id in NAMES:
            self.query_one(Arrangement).alone = event.widget.id

    def action_source(self) -> None:
        compilation = self.session.run.compilation
        if not compilation.possible:
            self._say("this network is too large to be compiled: it is replayed op by op", True)
            return
        title = "This is what your network compiled to   escape closes"
        self.app.push_screen(Source(title, compilation.source()))

    # --- program

    def action_help(self) -> None:
        self.app.push_screen(Help())
