"""What the app does with sweeps: one is begun around the settings of now, shown while it goes on, and a run of it is
opened. Must not know how runs are trained, nor the screens.

Sweeps are loaded where one is wanted: the first frame does not wait for them.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from chainstep.datasets import DataError
from chainstep.engine.records import record
from chainstep.engine.training.commands import Goto
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.settings import SettingsError

from .ending import EndingApp
from .files.subjects.source import Source

if TYPE_CHECKING:
    from .sweeps import kept
    from .sweeps.going import Going, MakePool
    from .sweeps.outcome import Outcome
    from .sweeps.spec import Spec
    from .sweeps.subject import Subject

_NICENESS = 5
"""Of workers beside a screen: keys come first."""


@record(eq=False)
class SweepToShow:
    """What the app opens with."""

    subject: Subject
    spec: Spec
    pool: MakePool
    found: kept.Found | None = None


class SweepingApp(EndingApp):
    """An app beside whose session a sweep may go on."""

    _source: Source
    _going: Going | None = None

    def _say(self, message: str, wrong: bool) -> None:
        raise NotImplementedError

    async def _go_over(self, session: Session, source: Source, *, kept: bool = True) -> None:
        raise NotImplementedError

    def action_sweep(self) -> None:
        """Show the sweep that there is or, where there is none, begin one."""
        if self._going is not None:
            self._show_sweep()
        else:
            self._ask_for_sweep()

    def _ask_for_sweep(self) -> None:
        """Ask what to sweep around the settings of now."""
        from .dialogs.base.prompt import Prompt
        from .sweeps.spec import of_words, proposed

        session = self.runner.session
        words = "Each setting with each seed, from the first weights up to the steps that are set."
        text = proposed(session.next_settings.lr, session.next_settings.seed)

        def read(text: str) -> Spec:
            return of_words(text, {})

        def begin(spec: Spec | None) -> None:
            if spec is not None:
                self.run_worker(self._sweep_around(spec), exclusive=True, group="sweep")

        self.push_screen(Prompt("Sweep around the settings of now", words, text, read), begin)

    async def _sweep_around(self, spec: Spec) -> None:
        """Begin a sweep of the session that is shown, which goes on as it does."""
        from .sweeps.pools.local import Processes
        from .sweeps.spec import around
        from .sweeps.subject import Subject, own_knobs

        session, source = self.runner.session, self._source
        try:
            subject = Subject.of(session, source)
            own = await asyncio.to_thread(own_knobs, subject, session.next_settings)
        except (DataError, SettingsError) as error:
            self._say(str(error), True)
            return
        await self.begin_sweep(SweepToShow(subject, around(spec, own), partial(Processes, subject, niceness=_NICENESS)))

    async def begin_sweep(self, show: SweepToShow) -> None:
        """Begin a sweep in place of the one that there is, and show it."""
        from .files.store.errors import RunError
        from .sweeps.going import Going

        await self._end_sweep()
        self._going = Going(show.subject, show.spec, show.pool, lambda message: self._say(message, True), show.found)
        self._show_sweep()
        try:
            await self._going.start()
        except (DataError, RunError) as error:
            self._going = None
            self._say(str(error), True)

    async def _end_sweep(self) -> None:
        going, self._going = self._going, None
        if going is not None and (wrong := await asyncio.to_thread(going.close)):
            self._say(wrong, True)

    def _show_sweep(self) -> None:
        from .dialogs.sweep.board import SweepBoard

        if self._going is not None and not self.screen.is_modal:
            self.push_screen(SweepBoard(self._going, self.runner.session.snapshot(())), self._leave_board)

    async def _leave_board(self, chosen: Outcome | str | None) -> None:
        """Open the run that was chosen, or ask for another sweep."""
        if chosen == "new":
            self._ask_for_sweep()
        elif chosen is not None and not isinstance(chosen, str) and self._going is not None:
            await self._open_run(self._going.subject, chosen)

    async def _open_run(self, subject: Subject, run: Outcome) -> None:
        """Go over to a run of the sweep, and to the step of it that is asked for; the sweep goes on."""
        from .dialogs import ask

        session, source = await asyncio.to_thread(subject.open, run.knobs)
        await self._go_over(session, source)
        self._say("F4 leads back to the sweep", False)

        def go(step: int | None) -> None:
            if step:
                self.runner.send(Goto(step))

        self.push_screen(ask.for_step(run.steps), go)

    def on_unmount(self) -> None:
        super().on_unmount()
        going, self._going = self._going, None
        if going is not None:
            going.close()
