"""The app: wires session, screens and palette together. Must not draw or compute."""

from __future__ import annotations

import gc
from collections.abc import Awaitable, Callable, Collection, Iterable
from importlib import import_module
from pathlib import Path
from threading import Thread

from textual.app import SystemCommand
from textual.screen import Screen

from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot.parts import Part
from chainstep.engine.training.snapshot.snapshot import Snapshot

from .commands import TRACE, TRAIN, entries
from .files.saving import Saver
from .files.subjects import Source, open_subject
from .playback.runner import Runner, Status
from .screens.stage import Stage
from .screens.train import TrainScreen
from .terminal import process, signals
from .terminal.link import LinkedApp
from .theme import ThemedApp

DIALOGS = Path(__file__).parent / "dialogs" / "dialogs.tcss"
"""What dialogs look like, the palette's among them."""


def _trace() -> Screen[None]:
    from .screens.trace import TraceScreen  # the first frame does not wait for it

    return TraceScreen()


class ChainstepApp(LinkedApp, ThemedApp):
    """One session, on the Train screen and on the Trace screen."""

    TITLE = "chainstep"
    CSS_PATH = "chainstep.tcss"
    SCREENS = {TRACE: _trace}

    def __init__(self, session: Session, source: Source) -> None:
        super().__init__()
        self.saver = Saver(source)
        self.runner = Runner(session, self._publish, self._parts, self._say, self.ready_for_more)
        self.train = TrainScreen()
        self._framed = False
        """The first frame is out."""

    def get_default_screen(self) -> Screen[None]:
        """The Train screen is there from the start: pushing it on an empty one would paint twice."""
        return self.train

    def on_ready(self) -> None:
        """The first frame is out: what it could do without is loaded and measured, and the collector works again, but
        not on what was loaded for good.
        """
        self._framed = True
        if self.runner.session.test_size:
            self.runner.show()
        self.stylesheet.read(DIALOGS)
        self.stylesheet.parse()
        if not gc.isenabled():
            gc.freeze()
            gc.enable()
        # Loaded with the first curve it would hold up the loop.
        Thread(target=import_module, args=("plotext",), daemon=True).start()

    # --- the screens

    @property
    def stage(self) -> Stage:
        """The screen that shows the session, be it behind a dialog."""
        return next((screen for screen in reversed(self.screen_stack) if isinstance(screen, Stage)), self.train)

    def _publish(self, snapshot: Snapshot, status: Status) -> None:
        self.stage.show(snapshot, status)

    def _parts(self) -> Collection[Part]:
        # There may be a thousand test samples.
        return self.stage.parts() if self._framed else {*self.stage.parts()} - {"test"}

    def _say(self, message: str, wrong: bool) -> None:
        self.stage.say(message, wrong)

    def redraw(self) -> None:
        if self.stage.is_mounted:
            self.stage.redraw()

    async def action_trace(self) -> None:
        """Go over to the Trace screen."""
        await self.push_screen(TRACE)
        self._show_anew()

    async def action_train(self) -> None:
        """Return to the Train screen."""
        await self.pop_screen()
        self._show_anew()

    def _show_anew(self) -> None:
        """Another screen is shown: it has seen neither the session nor the colours of now."""
        self.runner.show()
        self.stage.redraw()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: every command of the screen, and Textual's list of themes."""
        for entry in entries(TRAIN if self.stage is self.train else TRACE):
            if entry.id != "palette":
                yield SystemCommand(f"{entry.label} ({entry.shown})", entry.help, self._command(entry.action))
        yield SystemCommand("themes", "Choose among all themes.", self.action_change_theme)

    def _command(self, action: str) -> Callable[[], Awaitable[None]]:
        """What carries out an action of the screen."""
        # Of the one that is shown when it is chosen: the palette lies over it, and is a screen itself.
        return lambda: self.stage.run_action(action)

    # --- the session

    def action_open(self) -> None:
        """Choose another example; where this one stands is saved first."""
        from .dialogs.program.examples import Examples  # the first frame does not wait for it

        def opened(name: str | None) -> None:
            if name is not None:
                self.saver.save(self.runner.session)
                session, self.saver.source = open_subject(name)
                self.train.open(session)

        self.runner.pause()
        self.push_screen(Examples(self.runner.session.subject.name), opened)

    async def action_quit(self) -> None:
        """Save, and leave."""
        self.runner.pause()
        self.saver.save(self.runner.session)
        await self.acknowledged()
        self.exit(return_code=0)

    def end(self, number: int) -> None:
        """Save, restore the terminal where there still is one, and tell the parent which signal it was."""
        self.runner.pause()
        self.saver.save(self.runner.session)
        self.exit(return_code=signals.status(number))

    def live(self) -> bool:
        return self.runner.playing


def run_app(session: Session, source: Source) -> int:
    """Show a session until the user leaves; returns the exit status."""
    app = ChainstepApp(session, source)
    return process.run(app, lambda: app.saver.failure)
