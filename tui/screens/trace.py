"""The Trace screen: the tape as a debugger shows source. Turns keys into commands; must not know how it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Size
from textual.screen import Screen

from chainstep.engine.training.commands import (
    AddBreakpoint,
    Command,
    DropBreakpoint,
    Forward,
    RunTo,
    SetKnob,
    SetParameter,
    SetSample,
    SetWatch,
)
from chainstep.engine.training.snapshot.snapshot import Snapshot
from chainstep.engine.training.snapshot.tape import TraceView

from ..commands import TRACE, bindings
from ..panes.lesson.room import beside
from ..panes.messages import LineChanged
from ..panes.text.chain_rule import ChainRulePane
from ..panes.text.lines import Header, Keys, Knobs
from ..panes.text.next import NextPane
from ..panes.trace.graph import GraphPane
from ..panes.trace.trace import TracePane
from ..playback.runner import Status
from ..playback.slices import let_others, worked
from .pieces.debugging import Debugging
from .pieces.teaching import Teaching
from .pieces.tracing import Tracing
from .stage import Stage

_LOW = 15
"""Lines below which the listing has more of them than the rules."""

_CROWDED = 20
"""Lines below which a lesson in rows leaves none for the rules."""


class TraceScreen(Teaching, Debugging, Tracing, Stage, Screen[None]):
    """The listing of the tape that the next op belongs to, its graph, and the chain rule of what was and what comes."""

    BINDINGS = [*bindings(TRACE)]
    CSS_PATH = "trace.tcss"
    AUTO_FOCUS = "#trace"
    PARTS = frozenset({"event", "trace", "next", "graph"})
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (170, "-huge")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (34, "-tall")]

    def __init__(self) -> None:
        super().__init__(name=TRACE)
        self._wanted = ""
        self._front = "trace"
        """The pane that is shown where there is room for one: the one that had the focus last."""

    def compose(self) -> ComposeResult:
        yield Header("header").data_bind(
            TraceScreen.snapshot,
            TraceScreen.playing,
            TraceScreen.working,
            TraceScreen.stepping,
            TraceScreen.company,
            TraceScreen.ago,
            TraceScreen.light,
        )
        with Container(id="beside"), Container(id="tape"):
            with Container(id="listing"):
                yield from self.tape(TracePane)
            with Container(id="rules"):
                yield ChainRulePane("chain-rule").data_bind(TraceScreen.snapshot, TraceScreen.light, TraceScreen.led)
                yield NextPane("next").data_bind(TraceScreen.snapshot, TraceScreen.light)
        yield Knobs("knobs").data_bind(TraceScreen.snapshot, TraceScreen.speed, TraceScreen.said, TraceScreen.light)
        yield Keys("keys", TRACE).data_bind(
            TraceScreen.snapshot, TraceScreen.playing, TraceScreen.focused, TraceScreen.said, TraceScreen.led
        )

    @property
    def listing(self) -> TracePane:
        """The pane with the cursor."""
        return self.query_one(TracePane)

    def on_line_changed(self, message: LineChanged) -> None:
        self.line = message.line

    def show(self, snapshot: Snapshot, status: Status) -> None:
        script = snapshot.script
        self.set_class(script is not None, "-script")
        turned = snapshot.trace is not None and snapshot.trace.right is not None
        self.set_class(turned if script is None else script.differs, "-beside")
        super().show(snapshot, status)

    # --- a lesson

    @property
    def seats(self) -> Container:
        return self.query_one("#beside", Container)

    def lit(self, panes: frozenset[str]) -> None:
        self.set_class(self.lesson is not None, "-lesson")
        self._fit(self.size)
        if panes & {"trace", "graph"}:
            self._bring("graph" if "graph" in panes and "trace" not in panes else "trace")

    def on_resize(self, event: events.Resize) -> None:
        self._fit(event.size)

    def _fit(self, size: Size) -> None:
        self.set_class(beside(size.width), "-column")
        self.set_class(size.height < _LOW, "-low")
        rows = self.lesson is not None and not beside(size.width)
        self.set_class(rows and size.height < _CROWDED, "-crowded")

    # --- stepping: the cursor comes back to the op that is next

    def go(self, command: Command) -> None:
        """Move, and have the cursor follow."""
        self.listing.follow()
        self.runner.send(command)

    async def action_stop(self) -> None:
        """End what goes on in the background; where nothing does, leave."""
        if self.runner.working:
            self.runner.pause()
        else:
            await self.app.run_action("train")

    def stepped_over(self, *, backwards: bool) -> str:
        return self.listing.stepped_over(backwards=backwards)

    def action_run_to(self, direction: int) -> None:
        place = self.listing.place
        if place is not None and self.runner.send(RunTo(place, backwards=direction < 0)):
            self.listing.follow()

    def action_fire(self) -> None:
        """Have backward fire the op of the line now, whether it is its turn or not."""
        if self.fixed():
            return
        self.runner.pause()
        view, line = self.listing.view, self.listing.line
        if view is None or not view.backward or view.section != "sample":
            self.say("it is backward that fires ops: enter goes there, then ! fires one out of its turn", True)
        elif line in view.fired:
            self.say(f"{view.lines[line].name} has been fired: u takes back, ← goes back", True)
        elif line == view.current:
            self.go(Forward("op"))
        elif self.runner.send(SetKnob("order", (*view.fired, line))):
            self.go(Forward("op"))
            self._tell_turn(view, line)

    def action_in_turn(self) -> None:
        """Have backward go on in the right order; what it has fired in this sample stays fired."""
        if not self.session.settings.order:
            self.say("backward fires its ops in their turn; ! fires one out of it", True)
            return
        view = self.listing.view
        fired = view.fired if view is not None and view.section == "sample" else ()
        if self.runner.send(SetKnob("order", fired)):
            self.say("backward fires its ops in their turn again")

    def _tell_turn(self, view: TraceView, line: int) -> None:
        """Say of a line that was fired whether what uses it has told it its gradient."""
        name = view.lines[line].name
        users = [view.lines[k].name for k in view.lines.readers(line) if k not in view.fired]
        if users:
            self.say(f"{name} passed on what it had: {', '.join(users)} had told it nothing yet. u takes it back")
        else:
            self.say(f"all that use {name} had been fired, so its gradient was complete: this order is right, too")

    # --- room

    def action_pane(self, _direction: int) -> None:
        """Turn from the listing to its graph, or back; where one has room only, that one is shown."""
        self._bring("trace" if self._front == "graph" else "graph")
        self.call_after_refresh(self.set_focus, self.query_one(f"#{self._front}"))

    def action_enlarge(self) -> None:
        """Give all the room to the pane with the focus, or share it again."""
        self.toggle_class("-enlarged")
        # What a pane offers depends on the other's place: where it is shared again at once, none has another size.
        self.call_after_refresh(self.listing.redraw)
        self.call_after_refresh(self.query_one(GraphPane).redraw)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self._bring(event.widget.id or "trace")

    def _bring(self, pane: str) -> None:
        self._front = pane
        self.set_class(pane == "graph", "-graph")

    # --- the listing

    def action_last(self) -> None:
        """Look at the op that was run last."""
        self.listing.look_back()

    def action_cursor(self, rows: int) -> None:
        if self._front == "trace":
            self.listing.move(rows)
        elif abs(rows) == 1:
            self.action_scroll(0, rows)
        else:
            self.action_scroll(rows, 0)

    def action_page(self, direction: int) -> None:
        if self._front == "trace":
            self.listing.page(direction)
        else:
            self.query_one(GraphPane).turn_graph(direction)

    def action_fold(self) -> None:
        self.listing.fold()

    def action_fold_all(self) -> None:
        self.listing.fold_all()

    def action_find(self) -> None:
        from ..dialogs import ask

        def find(text: str) -> None:
            if text:
                self._wanted = text
                self.action_find_next()

        self.ask(ask.for_text(self._wanted), find)

    def action_find_next(self) -> None:
        if not self._wanted:
            self.say("/ finds a line by what it computes or reads", True)
            return
        search = self._finding(self._wanted)
        if worked(search):
            self.say(f"looking for {self._wanted!r}")
            self.run_worker(partial(self._find, search), group="find", exclusive=True)  # type: ignore[arg-type]

    def _finding(self, wanted: str) -> Iterator[None]:
        """Look line by line, and say where there is none."""
        if (yield from self.listing.find(wanted)):
            self.unsay()
        else:
            self.say(f"no line here has {wanted!r}", True)

    async def _find(self, search: Iterator[None]) -> None:
        """Go on looking, as long as that takes: a wide network has hundreds of thousands of lines."""
        while worked(search):
            await let_others()

    def action_line_break(self) -> None:
        place, snapshot = self.listing.place, self.snapshot
        if place is None or snapshot is None:
            return
        known = next((item.number for item in snapshot.breakpoints if item.text == place), None)
        self.runner.send(AddBreakpoint(place) if known is None else DropBreakpoint(known))

    def action_watch(self) -> None:
        view, snapshot = self.listing.view, self.snapshot
        if view is not None and snapshot is not None:
            name = view.lines[self.listing.line].name
            self.runner.send(SetWatch(name, all(watch.name != name for watch in snapshot.watches)))

    # --- edits

    def action_edit(self) -> None:
        """The parameter that the line reads or, where it reads none, its input or target."""
        if self.fixed():
            return
        name = next((name for name in self._names() if name in self.session.labels), None)
        if name is None:
            self.action_edit_input()
            return
        index = self.session.labels.index(name)
        self._edit(name, self.session.parameters[index], lambda value: SetParameter(index, value))

    def action_nudge(self) -> None:
        """Nudge the parameter that the line reads."""
        labels = self.session.labels
        index = next((labels.index(name) for name in self._names() if name in labels), None)
        if index is None:
            self.say("this line reads no parameter: move the cursor to one that does", True)
        else:
            self.nudge(index)

    def action_edit_input(self) -> None:
        if self.fixed():
            return
        view = self.listing.view
        places: dict[str, int | None] = {name: k for k, name in enumerate(view.inputs)} if view else {}
        if view and view.target is not None:
            places[view.target] = None
        name = next((name for name in self._names() if name in places), None)
        if name is None or view is None or view.row is None:
            self.say("this line reads no parameter, input or target: move the cursor to one that does", True)
            return
        feature, sample = places[name], view.row
        line = view.lines[self.listing.line]
        now = view.leaf_data[self.listing.line][line.leaves.index(name)]
        self._edit(f"{name} of sample {view.sample}", now, lambda value: SetSample(sample, feature, value))

    def _names(self) -> tuple[str, ...]:
        """What the line under the cursor reads; of a parameter's line, the parameter."""
        view = self.listing.view
        if view is None:
            return ()
        line = view.lines[self.listing.line]
        return line.leaves or (line.name,)

    def _edit(self, name: str, now: float, command: Callable[[float], Command]) -> None:
        from ..dialogs import ask

        self.runner.pause()
        self.ask(ask.for_parameter(name, now), lambda value: self.runner.send(command(value)))
