"""The app: wires session, screens and palette together. Must not draw or compute.

Knows what is private to Textual 8.2.8, which is pinned: what keeps its messages from having a widget on every screen.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from textual.events import Event, InputEvent, Key, Paste
from textual.notifications import SeverityLevel
from textual.screen import Screen

from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot.parts import Part
from chainstep.engine.training.snapshot.snapshot import Snapshot

from .commands import EVERYTHING, TRACE, methods
from .files.saving import Saver
from .files.subjects.opening import open_subject
from .files.subjects.source import Source
from .opening import OpeningApp
from .playback.led.led import Led
from .playback.runner import Status
from .screens.stage import Stage
from .screens.train import TrainScreen
from .terminal import process, signals
from .terminal.link import LinkedApp
from .theme import ThemedApp

if TYPE_CHECKING:
    from chainstep.datasets.user_table import PreparedTable

    from .beside.learning import Learn
    from .beside.sweeping import SweepToShow
    from .classroom.kiosk.kiosk import Kiosk
    from .classroom.kiosk.watchdog import Watchdog
    from .files.lessons.course import Course
    from .files.store.file import RunFile

LOOKS = Path(__file__).with_name("chainstep.tcss")
"""What the screens look like."""

DIALOGS = Path(__file__).parent / "dialogs" / "dialogs.tcss"
"""What dialogs look like, the palette's among them."""

_HARMLESS = frozenset({"focus_next", "focus_previous", "fork_off", "help_quit", "search_themes"})
"""Actions that no row of the registry has, but Textual's keys, the palette or another action lead to."""

_MANY = 5_000
"""Samples of a session; of fewer it lets go at once in a millisecond or two."""


def _trace() -> Screen[None]:
    from .screens.trace import TraceScreen  # the first frame does not wait for it

    return TraceScreen()


class ChainstepApp(OpeningApp, ThemedApp, LinkedApp):
    """One session, on the Train screen and on the Trace screen.

    `owned` is the file of a run that goes on; `notes` are said once the first frame is out. A user's `table` is
    reported on before anything else, and `overrides` are the knobs that the user has set for it. One that `traces`
    opens on the Trace screen, one that is to `learn` with a lesson, one that has a `sweep` with that; `courses` loads
    the lessons.
    """

    TITLE = "chainstep"
    allowed = EVERYTHING
    """What commands may reach."""
    watchdog: Watchdog | None = None
    """Watches over the limits, where somebody is to reach nothing else."""
    CSS_PATH = LOOKS
    SCREENS = {TRACE: _trace}

    def __init__(
        self,
        session: Session,
        source: Source,
        owned: RunFile | None = None,
        notes: Sequence[str] = (),
        table: PreparedTable | None = None,
        overrides: Mapping[str, object] | None = None,
        *,
        traces: bool = False,
        courses: Callable[[], Course] | None = None,
        learn: Learn | None = None,
        sweep: SweepToShow | None = None,
    ) -> None:
        super().__init__(courses, overrides or {})
        self._learn, self._sweep, self._traces = learn, sweep, traces
        self.saver = Saver(session, source, self._warn, self._elsewhere, owned, kept=learn is None)
        self.runner = Led(session, self._publish, self._parts, self.say, self.ready_for_more, self._changed)
        self.source = source
        self._notes = notes
        self._table = table
        self.train = TrainScreen()
        self.train.whole = process.loaded.get()
        self.train.leads = self._leads
        self._disable_notifications = True
        self._framed = False
        """The first frame is out."""

    def admit(self, kiosk: Kiosk) -> None:
        """Show it to somebody who is to reach nothing else; before it runs."""
        from .classroom.kiosk.watchdog import Watchdog  # others do without

        self.allowed = kiosk.allowed
        self.watchdog = Watchdog(kiosk, self.runner, self.say, self._leave_with)
        self.runner.limit(self.watchdog.limits)
        self.saver.again = kiosk.again

    def _leave_with(self, words: str) -> None:
        """Save and leave by itself, and say why."""
        self.parting = words
        self.call_later(self.action_quit)

    def get_default_screen(self) -> Screen[None]:
        """The Train screen is there from the start: pushing it on an empty one would paint twice."""
        return self.train

    def on_ready(self) -> None:
        """The first frame is out: what it could do without is loaded and measured, and the collector works again, but
        not on what was loaded for good.
        """
        self._framed = True
        if (appeared := process.on_screen.get()) is not None:
            appeared()
        self.train.framed()
        if self.watchdog is not None:
            self.watchdog.begin()
        if self.runner.session.test_size or self.train.comes_short:
            self.runner.show()
        self.stylesheet.read(DIALOGS)
        self.stylesheet.parse()
        if self.screen.is_modal:  # a key was there before
            self.stylesheet.update(self.screen)
        if not gc.isenabled():
            gc.freeze()
            gc.enable()
        if self._notes:
            self._warn("; ".join(self._notes))
        self.begin_behind()
        self.run_beside(self._first, "first")
        if self._table is not None:
            self.run_beside(partial(self.tables.report, self._table), "table")
            self._table = None  # it may be large

    def begin_behind(self) -> None:
        """Begin, behind the first frame, what need not be done before it."""
        self.behind = Thread(target=self._behind_the_first_frame, daemon=True)
        self.behind.start()

    def _behind_the_first_frame(self) -> None:
        """In a thread: what would hold up the loop."""
        import_module("plotext")  # wanted with the first curve
        self.prepare(self.runner.session, self.source)
        self.upkeep.work()
        import_module("chainstep.tui.render.curve.chart")
        import_module("chainstep.tui.render.text.chain_rule")

    async def _first(self) -> None:
        """What comes first: a lesson, the Trace screen, or whoever leads through the first minute."""
        await self.among_others()
        if self.follows:
            return
        if self._learn is not None:
            await self.learning.begin(self._learn)
        elif self._sweep is not None:
            await self.sweeping.begin(self._sweep)
        elif self._traces:
            await self.action_trace()
        else:
            await self._greet()

    def _leads(self) -> bool:
        """Whether the coach is to lead from the start on: nothing else comes first, and it has led nobody yet."""
        from .files.coached import coached

        if self._learn is not None or self._sweep is not None or self._traces or self._joins:
            return False
        # A script's own numbers are replayed: there is nothing to be trained.
        return self.source.kind != "script" and not coached()

    async def _greet(self) -> None:
        """Have the coach lead whom it has not led yet."""
        if not self.train.whole and await asyncio.to_thread(self._leads):
            self.train.lead()

    async def on_coached(self) -> None:
        """The coach has led somebody: that is remembered."""
        from .files.coached import remember

        await asyncio.to_thread(remember)

    # --- the screens

    @property
    def stage(self) -> Stage:
        """The screen that shows the session, be it behind a dialog."""
        return next((screen for screen in reversed(self.screen_stack) if isinstance(screen, Stage)), self.train)

    def _publish(self, snapshot: Snapshot, status: Status) -> None:
        self.stage.show(snapshot, status)
        self.stirred()

    def _parts(self) -> Collection[Part]:
        # There may be a thousand test samples.
        return self.stage.parts() if self._framed else {*self.stage.parts()} - {"test"}

    def say(self, message: str, wrong: bool) -> None:
        self.stage.say(message, wrong)

    def _warn(self, message: str) -> None:
        self.stage.say(message, True)

    def notify(self, message: str, *, severity: SeverityLevel = "information", **_: Any) -> None:
        """What Textual itself has to say is said where everything is."""
        self.stage.say(message, severity != "information")

    async def on_event(self, event: Event) -> None:
        if isinstance(event, Key) and self._framed:
            self.stage.hush()
        if self.watchdog is not None and isinstance(event, InputEvent | Paste):
            self.watchdog.stir()
        await super().on_event(event)

    def _elsewhere(self) -> bool:
        return self.runner.returning

    def _changed(self, by_hand: bool) -> None:
        self.saver.changed(soon=by_hand)
        self.stirred()

    def redraw(self) -> None:
        if self.stage.is_mounted:
            self.stage.redraw()

    async def action_trace(self) -> None:
        """Go over to the Trace screen."""
        if self.screen is self.train:  # a key that is held comes again before the other screen is there
            await self.push_screen(TRACE)
            self._show_anew()

    async def action_train(self) -> None:
        """Return to the Train screen."""
        if self.screen is not self.train:
            await self.pop_screen()
            self._show_anew()

    def _show_anew(self) -> None:
        """Another screen is shown: it has seen neither the session nor the colours of now."""
        self.runner.show()
        self.stage.redraw()

    def action_command_palette(self) -> None:
        """Find a command by its name; over a dialog there is none to be found."""
        from .dialogs.program.finder import Finder

        if self.screen is self.stage:
            self.push_screen(Finder(self.stage.name or "", self.stage.pane, self.allowed), self._command)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """False where it is forbidden. Textual's own actions are as many again, and one of them writes files."""
        may = self.allowed == EVERYTHING or action in methods(self.allowed).allowed or action in _HARMLESS
        return may and super().check_action(action, parameters)

    async def _command(self, action: str | None) -> None:
        """Carry out what was chosen in the palette."""
        if action is not None:
            await self.stage.run_action(action)

    def action_search_themes(self) -> None:
        """Find a theme by its name."""
        from .dialogs.program.palette import Palette

        self.push_screen(Palette.of_themes())

    # --- the session

    def action_open(self) -> None:
        """Choose another example; where this one stands is saved first."""
        from .dialogs.program.examples import Examples  # the first frame does not wait for it

        self.runner.pause()
        if self.watchdog is not None:
            self.reopening.choose()
            return
        self.push_screen(Examples(self.runner.session.subject.name), self._open)

    async def _open(self, name: str | None) -> None:
        """Go over to an example."""
        if name is not None:
            await self.go_over(*open_subject(name))

    async def go_over(
        self, session: Session, source: Source, owned: RunFile | None = None, *, kept: bool = True
    ) -> None:
        """Show another session in place of this one; what could not be saved stays open. One that has a file is saved
        there, and one that is not `kept` nowhere.
        """
        held = await self._held()
        self.saver.save()
        wrong = await asyncio.to_thread(self.saver.flush)
        if wrong is not None:
            self._warn(f"{wrong}: this one stays open")
            return
        self.saver.save()  # what was done meanwhile
        await asyncio.to_thread(self.saver.close)
        if self.leaving:
            return  # by a key or a signal that came first
        if self.follows:
            self.pupil.part()
        self.source = source
        self._save_into(owned, session, kept=kept)
        self.train.open(session)
        if held:
            from .playback.laying.aside import aside, free

            await aside(free, held)

    def attend(self, session: Session, source: Source, *, kept: bool) -> None:
        """Show a session that somebody leads, or has led until now, in place of another one of which nothing is to be
        saved; it is saved from now on, if it is `kept`.
        """
        before = self.runner.session
        self.saver.close()
        self.source = source
        self._save_into(None, session, kept=kept)
        if session.subject is not before.subject:
            self.train.open(session)
        elif session is not before:
            self.runner.open(session)

    def _save_into(self, owned: RunFile | None, session: Session, *, kept: bool) -> None:
        again = self.saver.again
        self.saver = Saver(session, self.source, self._warn, self._elsewhere, owned, kept=kept)
        self.saver.again = again

    async def _held(self) -> list[list[object]]:
        """What the session keeps of each sample, where these are so many that to let go of them at once takes long."""
        session = self.runner.session
        if session.snapshot(()).subject.train_size <= _MANY:
            return []
        from .playback.laying.aside import aside

        return await aside(session.of_samples)

    def on_unmount(self) -> None:
        super().on_unmount()
        if self.watchdog is not None:
            self.watchdog.close()

    # --- between it and its terminal

    def action_suspend_process(self) -> None:
        """Go to the shell, which brings it back by `fg`."""
        if signals.has_shell():
            super().action_suspend_process()
        else:
            self.say("no shell has started this, so none could bring it back", True)

    def live(self) -> bool:
        return self.runner.playing
