"""Stage: what the screens share that show a session. Turns their common keys into commands; must not know any pane.

Dialogs are loaded where they are opened: the first frame does not wait for them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from chainstep.engine.training.commands import (
    Back,
    Command,
    Continue,
    Forward,
    Goto,
    Redo,
    Reseed,
    Restart,
    ReverseContinue,
    SetGranularity,
    SetKnob,
    Undo,
)
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import UNTOUCHED
from chainstep.engine.training.snapshot.parts import Part
from chainstep.engine.training.snapshot.snapshot import Snapshot
from chainstep.engine.training.step.timeline import GRANULARITIES

from ..commands import methods
from ..panes.strip_pane import StripPane
from ..panes.watched import var
from ..playback.led.led import Led
from ..playback.runner import Status
from ..render.style.light import DARK, Light
from .saying import Saying

if TYPE_CHECKING:
    from typing import Protocol

    from textual.screen import Screen

    from chainstep.engine.lessons.view import LessonView
    from chainstep.engine.training.analysis.nudge import Nudges

    from ..dialogs.base.prompt import Prompt

    class _App(Protocol):
        runner: Led
        allowed: frozenset[str]


Answer = TypeVar("Answer")


class Stage(Saying):
    """A screen on the one session that the app's runner plays."""

    PARTS: ClassVar[Collection[Part]] = frozenset()
    """The parts of a snapshot that its panes draw."""

    snapshot: var[Snapshot | None] = var(None)
    playing: var[bool] = var(False)
    speed: var[float | None] = var(None)
    working: var[bool] = var(False)
    stepping: var[bool] = var(False)
    company: var[str] = var("")
    ago: var[str] = var("")
    led: var[bool] = var(False)
    """Somebody else leads the session."""
    lesson: var[LessonView | None] = var(None)
    """What leads beside the panes, be it a lesson or the quiz; None while nothing does."""
    light: var[Light] = var(DARK)
    """What that has one look at."""

    _exporting = False
    """Files are being written."""

    @property
    def runner(self) -> Led:
        """What plays the session."""
        return cast("_App", self.app).runner

    @property
    def allowed(self) -> frozenset[str]:
        """What commands may reach here."""
        return cast("_App", self.app).allowed

    @property
    def session(self) -> Session:
        """The session that is shown."""
        return self.runner.session

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """False where it is forbidden; None where a dialog lies over the screen: what was told it just before does not
        open another one.
        """
        if action in methods(self.allowed).forbidden:
            return False
        return self.is_active and super().check_action(action, parameters)

    @property
    def shown(self) -> bool:
        """It is the one that is shown, be it behind a dialog."""
        return next((screen for screen in reversed(self.app.screen_stack) if isinstance(screen, Stage)), None) is self

    # --- pictures in

    def parts(self) -> Collection[Part]:
        """The parts of a snapshot that are wanted now."""
        return self.PARTS

    def show(self, snapshot: Snapshot, status: Status) -> None:
        """Show a new picture."""
        self.snapshot = snapshot
        self.playing = status.playing
        self.speed = status.speed
        self.working = status.working
        self.stepping = status.stepping
        self.company, self.ago, self.led = self.runner.company, self.runner.ago, bool(self.runner.teacher)

    def ask(self, prompt: Prompt[Answer], then: Callable[[Answer], object]) -> None:
        """Ask the user; `then` gets the answer, if there is one."""

        def answered(answer: Answer | None) -> None:
            if answer is not None:
                then(answer)

        self.app.push_screen(prompt, answered)

    def opens(self, command: str, dialog: Screen[Answer], closed: Callable[[Answer | None], Any] | None = None) -> None:
        """Open what the command of an id only opens; `closed` gets what comes of it."""
        self.app.push_screen(dialog, closed)

    def shut(self, command: str) -> bool:
        """Whether what the command of an id shows is not to be seen now; that is said."""
        return False

    def paused(self) -> Snapshot:
        """Pause: a whole picture of where the session stands."""
        self.runner.pause()
        self.runner.show()
        assert self.snapshot is not None
        return self.snapshot

    def on_offered(self) -> None:
        self.query_one("#keys", StripPane).redraw()

    def redraw(self) -> None:
        """Draw every pane again, in the colours of now."""
        for pane in self.query(StripPane):
            pane.redraw()

    # --- commands out: stepping

    def action_play(self) -> None:
        self.runner.toggle()

    async def action_stop(self) -> None:
        """End what goes on in the background."""
        if self.runner.working:
            self.runner.pause()

    def action_forward(self) -> None:
        self.go(Forward())

    def action_back(self) -> None:
        self.go(Back())

    def action_phase(self) -> None:
        self.go(Forward("phase"))

    def action_continue(self) -> None:
        self.runner.send(Continue())

    def action_reverse_continue(self) -> None:
        self.runner.send(ReverseContinue())

    def action_granularity(self, direction: int) -> None:
        place = GRANULARITIES.index(self.session.granularity) + direction
        if 0 <= place < len(GRANULARITIES):
            self.runner.send(SetGranularity(GRANULARITIES[place]))

    def action_goto(self) -> None:
        if self.runner.refuses():
            return
        from ..dialogs import ask

        self.runner.pause()
        self.ask(ask.for_step(self.session.step), lambda step: self.runner.send(Goto(step)))

    def action_speed(self, direction: int) -> None:
        self.runner.turn_speed(direction)

    def action_into(self, direction: int) -> None:
        """Step by one op, whatever the granularity."""
        self.go(Forward("op") if direction > 0 else Back("op"))

    def action_over(self, direction: int) -> None:
        """Step by a neuron where one begins or, backwards, has just ended; else by one op."""
        granularity = self.stepped_over(backwards=direction < 0)
        self.go(Forward(granularity) if direction > 0 else Back(granularity))

    def action_out(self, direction: int) -> None:
        """Step to the end of what it is in or, backwards, to where that began."""
        if self.snapshot is not None:
            position = self.snapshot.position
            granularity = "neuron" if position.neuron is not None else "sample" if position.sample else "phase"
            self.go(Forward(granularity) if direction > 0 else Back(granularity))

    def go(self, command: Command) -> None:
        """Move step by step."""
        self.runner.send(command)

    def stepped_over(self, *, backwards: bool) -> str:
        """The granularity of one step over."""
        now = self.snapshot
        if now is None or now.event is None:
            return "neuron"
        inside = (now.event.phase, now.event.scope) == (now.position.phase, now.position.scope)
        return "op" if inside else "neuron"

    def action_restart(self) -> None:
        self._begin(Restart(), "step 0 again, with the same first weights: u takes it back")

    def action_reseed(self) -> None:
        self._begin(Reseed(), "step 0, with other first weights: u takes it back")

    def _begin(self, command: Command, words: str) -> None:
        self.runner.pause()
        if self.runner.send(command):
            self.say(words)

    # --- edits

    def of_script(self) -> bool:
        """Whether a user's own script is replayed, of which nothing is to be changed; that is said."""
        recorded = self.snapshot is not None and self.snapshot.script is not None
        if recorded:
            self.say(UNTOUCHED, True)
        return recorded

    def fixed(self) -> bool:
        """Whether nothing here is to be changed, be it a script's or somebody else's; that is said."""
        return self.runner.refuses() or self.of_script()

    def action_knobs(self) -> None:
        if self.fixed():
            return
        from ..dialogs.knobs.knobs import Knobs as KnobsDialog
        from ..dialogs.knobs.knobs import Standing

        def standing() -> Standing:
            snapshot = self.snapshot or self.paused()
            return Standing(self.session.settings, self.session.next_settings, snapshot.subject)

        self.app.push_screen(KnobsDialog(standing, self.runner.attempt))

    def action_turn(self, name: str, direction: int) -> None:
        from ..dialogs.knobs.knob_table import notch

        self.turn(name, notch(self.session.settings, name, direction))

    def turn(self, name: str, value: object) -> bool:
        """Turn a knob while training goes on."""
        return self.runner.send(SetKnob(name, value))

    def action_undo(self) -> None:
        self.runner.send(Undo())

    def action_redo(self) -> None:
        self.runner.send(Redo())

    def nudge(self, index: int) -> None:
        """Show what the loss does as a parameter is nudged."""
        if self.of_script():
            return
        from ..dialogs.debugger.nudge import Nudge

        self.runner.pause()

        def begin(index: int, central: bool) -> Nudges:
            return self.session.nudges(index, central=central)

        def nudged(said: str | None) -> None:
            if said is not None:
                self.say(said)

        self.opens("nudge", Nudge(begin, index, len(self.session.labels), self.runner), nudged)

    # --- program

    def action_export(self) -> None:
        """Save the screen and its numbers, as they are now and with no message in front of them."""
        if self._exporting or self.shut("export"):
            return
        self._exporting = True
        self.paused()
        self.unsay()
        self.call_after_refresh(self._export)

    def _export(self) -> None:
        from ..dialogs.program.exporting import Export
        from ..files.export import PARTS
        from ..terminal.outbox import Outbox
        from ..terminal.picture import picture

        now = self.session.snapshot(self.runner.at_once(PARTS))
        export = Export(Outbox(self.app), picture(self.app), now, self.session.predicted())

        async def finish() -> None:
            try:
                self.say(*await export.finish(self.app))
            finally:
                self._exporting = False

        # Not `finish()`: where the program ends before it begins, that would be a coroutine that nobody awaits.
        self.run_worker(finish)  # type: ignore[arg-type]

    @property
    def pane(self) -> str:
        """The id of the pane with the focus."""
        return (self.focused.id if self.focused is not None else None) or ""

    def action_coach(self) -> None:
        self.say("who leads through the first minute is on the Train screen: x leads there")

    def action_help(self) -> None:
        from ..dialogs.program.help import Help

        self.opens("help", Help(self.name or "", self.pane, self.allowed))

    def action_source(self) -> None:
        compilation = self.session.compilation
        if compilation.obstacle:
            self.say(f"{compilation.obstacle}; it is replayed op by op", True)
            return
        from ..dialogs.program.source import Source

        title = "This is what your network compiled to   escape closes"
        self.opens("source", Source(title, self.session.source()))


if TYPE_CHECKING:
    Piece = Stage
else:

    class Piece:
        """What a screen is put together of, beside its stage; no screen by itself, since Textual takes half a
        millisecond for each class of those.
        """
