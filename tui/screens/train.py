"""The Train screen: its panes, and which session they show. Must not know how anything is drawn or computed."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget

from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot.parts import DEFAULT_PARTS, Part

from ..commands import TRAIN, bindings
from ..panes.arrangement.arrangement import Arrangement
from ..panes.arrangement.places import huge
from ..panes.loss import LossPane
from ..panes.network import NetworkPane
from ..panes.parameters import ParametersPane
from ..panes.text.chain_rule import ChainRulePane
from ..panes.text.lines import Header, Keys, Knobs
from .pieces.along_curve import AlongCurve
from .pieces.coaching import Coaching
from .pieces.debugging import Debugging
from .pieces.editing import Editing
from .pieces.probing import Probing
from .pieces.quotient import Quotient
from .pieces.sampling import Sampling
from .pieces.teaching import Teaching
from .pieces.tracing import Tracing
from .stage import Stage


class TrainScreen(
    Teaching, Debugging, Coaching, AlongCurve, Tracing, Probing, Editing, Quotient, Sampling, Stage, Screen[None]
):
    """Network, Parameters, Loss and Chain rule of one session; where there is room, its map and its trace too."""

    BINDINGS = [*bindings(TRAIN)]
    PARTS = DEFAULT_PARTS
    BLANK = True  # panes cover all of it
    AUTO_FOCUS = "#parameters"

    def __init__(self) -> None:
        super().__init__(name=TRAIN)

    def compose(self) -> ComposeResult:
        yield self._head()
        with Arrangement(id="panes"):
            yield NetworkPane("network").data_bind(
                TrainScreen.snapshot,
                TrainScreen.picture,
                TrainScreen.gradients,
                TrainScreen.selected,
                TrainScreen.close,
                TrainScreen.light,
            )
            yield LossPane("loss").data_bind(
                TrainScreen.snapshot,
                TrainScreen.log_scale,
                TrainScreen.last,
                TrainScreen.smoothing,
                TrainScreen.cursor,
                TrainScreen.coach,
                TrainScreen.light,
                TrainScreen.led,
            )
            yield ParametersPane("parameters").data_bind(
                TrainScreen.snapshot,
                TrainScreen.selected,
                TrainScreen.playing,
                TrainScreen.order,
                TrainScreen.wanted,
                TrainScreen.light,
                TrainScreen.led,
            )
            yield ChainRulePane("chain-rule").data_bind(TrainScreen.snapshot, TrainScreen.light, TrainScreen.led)
            if huge(self.app.size):
                yield from self._second_row()
            if self.whole and self.tables:
                yield self.table()
        yield from self._foot()

    def _head(self) -> Widget:
        return Header("header").data_bind(
            TrainScreen.snapshot,
            TrainScreen.playing,
            TrainScreen.working,
            TrainScreen.stepping,
            TrainScreen.company,
            TrainScreen.ago,
            TrainScreen.light,
        )

    def _foot(self) -> Iterable[Widget]:
        yield Knobs("knobs").data_bind(TrainScreen.snapshot, TrainScreen.speed, TrainScreen.said, TrainScreen.light)
        yield Keys("keys", TRAIN).data_bind(
            TrainScreen.snapshot, TrainScreen.playing, TrainScreen.focused, TrainScreen.said, TrainScreen.led
        )

    def _second_row(self) -> Iterable[Widget]:
        from ..panes.trace.listing import ListingPane

        return self.tape(ListingPane)

    def on_resize(self, event: events.Resize) -> None:
        if huge(event.size) and not self.query("#trace"):
            self.panes.mount_all(self._second_row())
        self.call_after_refresh(self.add_panes)  # some may have room now

    def parts(self) -> Collection[Part]:
        # What comes next is worked out where it stands still, and not for the first frame: a sample is computed for it.
        still = self.snapshot is not None and not (self.runner.playing or self.runner.working)
        numbers = still and self.session.granularity == "op"
        return {*super().parts(), "next"} if numbers else super().parts()

    @property
    def comes_short(self) -> bool:
        """It shows what comes next without its numbers, and no samples are to come that would have it shown again."""
        without = self.snapshot is not None and self.snapshot.next is None and "next" in self.parts()
        return without and not self.panes.tabled

    # --- a lesson

    @property
    def seats(self) -> Arrangement:
        return self.panes

    def lit(self, panes: frozenset[str]) -> None:
        self.uncover(panes)
        label = next((name for name in self.session.labels if self.light.on(name)), None)
        if label is not None:
            self.selected = self.session.labels.index(label)  # it comes into view

    # --- the session

    def on_mount(self) -> None:
        self.runner.plotter.grid = self._grid
        self.runner.seen = self.seen_samples
        self.turned = self._opens_on_curve(self.session)
        self._framed = self.whole
        self.runner.show()
        self.add_panes()
        self._open_card()
        if self.whole and self.leads():
            self.lead()
        elif self.whole and self.panes.tabled:
            self.runner.show()  # with what comes next, as where the samples come later

    async def on_unmount(self) -> None:
        await self.runner.close()

    def open(self, session: Session) -> None:
        """Show another session, paused."""
        self.selected = 0
        self.wanted = ""
        self.picture = self.cursor = self._plot = None
        self.turned, self.close = self._opens_on_curve(session), False
        self.coded = False
        self.listed = None
        led, self.coach = self.coach is not None, None
        self.runner.open(session)
        if led:
            self.lead()
        self._open_card()
