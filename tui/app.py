"""The app: wires session, screen, themes, signals and the palette together. Must not draw or compute."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Collection, Iterable, Sequence
from importlib import import_module
from threading import Thread

from textual.app import App, SystemCommand
from textual.filter import LineFilter
from textual.screen import Screen

from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot.parts import Part
from chainstep.engine.training.snapshot.snapshot import Snapshot

from .commands import TRACE, TRAIN, entries
from .files.subjects import Source, open_subject
from .playback.runner import Runner, Status
from .render.style.palette import Palette
from .screens.stage import Stage
from .screens.train import TrainScreen
from .terminal.colours import depth, filters
from .terminal.link import LinkedApp
from .theme import DARK, LIGHT, Look, dark_theme, glyphs, light_theme

_FATAL = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name))


def _trace() -> Screen[None]:
    from .screens.trace import TraceScreen  # the first frame does not wait for it

    return TraceScreen()


class ChainstepApp(LinkedApp):
    """One session, on the Train screen and on the Trace screen."""

    TITLE = "chainstep"
    CSS_PATH = ["screens/train.tcss", "dialogs/dialogs.tcss"]
    SCREENS = {TRACE: _trace}
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, session: Session, source: Source) -> None:
        super().__init__()
        self.source = source
        self.failure: str | None = None
        """Why the session could not be saved."""
        self._depth = depth(self.console.color_system)
        self._shown_through = filters(self._depth)
        self._glyphs = glyphs(self._depth)
        self.register_theme(dark_theme(self._depth))
        self.register_theme(light_theme(self._depth))
        # Not by assignment: every style sheet would be parsed twice.
        self.set_reactive(App.theme, DARK.name)
        self.stylesheet.set_variables(self.get_css_variables())
        self.look = Look(Palette.dark(self._depth), self._glyphs, self._depth)
        self.runner = Runner(session, self._publish, self._parts, self._say, self.ready_for_more)
        self.train = TrainScreen()

    def get_default_screen(self) -> Screen[None]:
        """The Train screen is there from the start: pushing it on an empty one would paint twice."""
        return self.train

    def on_mount(self) -> None:
        self._recolour()
        self.set_class(not self.look.unicode, "-ascii")
        self.set_class(self._shown_through is not None, "-few-colours")
        self.theme_changed_signal.subscribe(self, lambda _: self._recolour())
        loop = asyncio.get_running_loop()
        for number in _FATAL:
            loop.add_signal_handler(number, self._end, number)

    def on_ready(self) -> None:
        """The first frame is out: the collector works again, but not on what was loaded for good."""
        if not gc.isenabled():
            gc.freeze()
            gc.enable()
        # Loaded with the first curve it would hold up the loop.
        Thread(target=import_module, args=("plotext",), daemon=True).start()

    def _recolour(self) -> None:
        """Take the panes' colours from the theme."""
        dark = self.current_theme.dark
        palette = Palette.from_variables(self.theme_variables, dark=dark, depth=self._depth)
        self.look = Look(palette, self._glyphs, self._depth)
        if self.stage.is_mounted:
            self.stage.redraw()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What every cell of every widget goes through before it is sent."""
        return super().get_line_filters() if self._shown_through is None else self._shown_through

    # --- the screens

    @property
    def stage(self) -> Stage:
        """The screen that shows the session, be it behind a dialog."""
        return next((screen for screen in reversed(self.screen_stack) if isinstance(screen, Stage)), self.train)

    def _publish(self, snapshot: Snapshot, status: Status) -> None:
        self.stage.show(snapshot, status)

    def _parts(self) -> Collection[Part]:
        return self.stage.parts()

    def _say(self, message: str, wrong: bool) -> None:
        self.stage.say(message, wrong)

    async def action_trace(self) -> None:
        """Go over to the Trace screen."""
        await self.push_screen(TRACE)
        self._came()

    async def action_train(self) -> None:
        """Return to the Train screen."""
        await self.pop_screen()
        self._came()

    def _came(self) -> None:
        """Another screen is shown: it has seen neither the session nor the colours of now."""
        self.runner.show()
        self.stage.redraw()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: every command of the screen, and Textual's list of themes."""
        for entry in entries(TRAIN if self.stage is self.train else TRACE):
            if entry.id != "palette":
                yield SystemCommand(f"{entry.label} ({entry.shown})", entry.help, self._runs(entry.action))
        yield SystemCommand("themes", "Choose among all themes.", self.action_change_theme)

    def _runs(self, action: str):  # type: ignore[no-untyped-def]
        async def run() -> None:
            await self.stage.run_action(action)

        return run

    def action_theme(self) -> None:
        """Light, dark, and back."""
        self.theme = LIGHT.name if self.current_theme.dark else DARK.name

    def action_open(self) -> None:
        """Choose another example; where this one stands is saved first."""
        from .dialogs.help.examples import Examples  # the first frame does not wait for it

        def opened(name: str | None) -> None:
            if name is not None:
                self._save()
                session, self.source = open_subject(name)
                self.train.open(session)

        self.runner.pause()
        self.push_screen(Examples(self.runner.session.subject.name), opened)

    def _save(self) -> None:
        from .files import runs  # the first frame does not wait for it

        try:
            runs.save(self.runner.session, self.source)
        except runs.RunError as error:
            self.failure = str(error)

    async def action_quit(self) -> None:
        """Save, and leave."""
        self.runner.pause()
        self._save()
        await self.acknowledged()
        self.exit(return_code=0)

    def live(self) -> bool:
        return self.runner.playing

    def lost(self) -> None:
        """The terminal is gone without a word: as if it had hung up."""
        self._end(signal.SIGHUP)

    def _end(self, number: int) -> None:
        """A signal ends the program: save, restore the terminal where there still is one, and tell the parent which
        signal it was.
        """
        self.runner.pause()
        self._save()
        self.exit(return_code=128 + number)


def run_app(session: Session, source: Source) -> int:
    """Show a session until the user leaves; returns the exit status."""
    app = ChainstepApp(session, source)
    # Keys and frames go through threads of Textual, which would wait for the interpreter five milliseconds at a time.
    sys.setswitchinterval(0.0005)
    app.run()
    if app.stuck:
        # Not by the usual way: the interpreter would want the lock of stderr, which Textual's thread holds while it
        # waits for the terminal.
        os._exit(app.return_code or 0)
    if app.failure and os.isatty(2):
        os.write(2, f"chainstep: {app.failure}\n".encode())
    return app.return_code or 0
