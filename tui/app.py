"""The app: wires session, screen, themes, signals and the palette together. Must not draw or compute."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterable

from textual.app import App, SystemCommand
from textual.screen import Screen

from chainstep.engine.training.session import Session

from . import runs
from .commands import ENTRIES
from .render.palette import Palette
from .screens.examples import Examples
from .screens.train import TrainScreen
from .subjects import Source, open_subject
from .theme import DARK, LIGHT, Look, glyphs

_FATAL = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name))


class ChainstepApp(App[None]):
    """One session on the Train screen."""

    TITLE = "chainstep"
    CSS_PATH = ["screens/train.tcss", "screens/dialogs.tcss"]
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, session: Session, source: Source) -> None:
        super().__init__()
        self.source = source
        self.failure: str | None = None
        """Why the session could not be saved."""
        self._glyphs = glyphs()
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name
        self.look = Look(Palette.dark(), self._glyphs)
        self.train = TrainScreen(session)

    def get_default_screen(self) -> Screen[None]:
        """The Train screen is there from the start: pushing it on an empty one would paint twice."""
        return self.train

    def on_mount(self) -> None:
        self._recolour()
        self.set_class(not self.look.unicode, "-ascii")
        self.theme_changed_signal.subscribe(self, lambda _: self._recolour())
        loop = asyncio.get_running_loop()
        for number in _FATAL:
            loop.add_signal_handler(number, self._end, number)

    def _recolour(self) -> None:
        """Take the panes' colours from the theme."""
        self.look = Look(Palette.from_variables(self.theme_variables, dark=self.current_theme.dark), self._glyphs)
        if self.train.is_mounted:
            self.train.redraw()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: every command of the registry, and Textual's list of themes."""
        for entry in ENTRIES:
            if entry.id != "palette":
                yield SystemCommand(f"{entry.label} ({entry.shown})", entry.help, self._runs(entry.action))
        yield SystemCommand("themes", "Choose among all themes.", self.action_change_theme)

    def _runs(self, action: str):  # type: ignore[no-untyped-def]
        async def run() -> None:
            await self.train.run_action(action)

        return run

    def action_theme(self) -> None:
        """Light, dark, and back."""
        self.theme = LIGHT.name if self.current_theme.dark else DARK.name

    def action_open(self) -> None:
        """Choose another example; where this one stands is saved first."""

        def opened(name: str | None) -> None:
            if name is not None:
                self._save()
                session, self.source = open_subject(name)
                self.train.open(session)

        self.train.runner.pause()
        self.push_screen(Examples(self.train.session.subject.name), opened)

    def _save(self) -> None:
        try:
            runs.save(self.train.session, self.source)
        except runs.RunError as error:
            self.failure = str(error)

    async def action_quit(self) -> None:
        """Save, and leave."""
        self.train.runner.pause()
        self._save()
        self.exit(return_code=0)

    def _end(self, number: int) -> None:
        """A signal ends the program: save, restore the terminal where there still is one, and tell the parent which
        signal it was.
        """
        self.train.runner.pause()
        self._save()
        self.exit(return_code=128 + number)


def run_app(session: Session, source: Source) -> int:
    """Show a session until the user leaves; returns the exit status."""
    app = ChainstepApp(session, source)
    # Keys and frames go through threads of Textual, which would wait for the interpreter five milliseconds at a time.
    sys.setswitchinterval(0.0005)
    app.run()
    if app.failure and os.isatty(2):
        os.write(2, f"chainstep: {app.failure}\n".encode())
    return app.return_code or 0
