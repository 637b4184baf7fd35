"""What the app does with sweeps: one is begun around the settings of now, shown while it goes on, and a run of it is
opened. Must not know how runs are trained, nor the screens.

It is loaded where a sweep is wanted: the first frame does not wait for it.
"""

from __future__ import annotations

import asyncio
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from chainstep.datasets import DataError
from chainstep.engine.records import record
from chainstep.engine.training.commands import Goto
from chainstep.engine.training.setup.settings import SettingsError

from ..dialogs import ask
from ..dialogs.base.prompt import Prompt
from ..files.store.errors import RunError
from ..sweeps.spec import Spec, around, of_words, proposed
from ..sweeps.subject import Subject, own_knobs

if TYPE_CHECKING:
    from ..sweeps import kept
    from ..sweeps.outcome import Outcome
    from ..sweeps.running import MakePool, RunningSweep
    from .hosting import Host

_NICENESS = 5
"""Of workers beside a screen: keys come first."""


@record(eq=False)
class SweepToShow:
    """What the app opens with."""

    subject: Subject
    spec: Spec
    pool: MakePool
    found: kept.Found | None = None


class Sweeping:
    """The sweep of an app, which may go on beside its session."""

    def __init__(self, app: Host) -> None:
        self._app = app
        self._running: RunningSweep | None = None

    def show(self) -> None:
        """Show the sweep that there is or, where there is none, begin one."""
        if self._running is not None:
            self._show()
        else:
            self._ask()

    def _ask(self) -> None:
        """Ask what to sweep around the settings of now."""
        session = self._app.runner.session
        words = "Each setting with each seed, from the first weights up to the steps that are set."
        text = proposed(session.next_settings.lr, session.next_settings.seed)

        def read(text: str) -> Spec:
            return of_words(text, {})

        def begin(spec: Spec | None) -> None:
            if spec is not None:
                self._app.run_beside(partial(self._around, spec), "sweep")

        self._app.push_screen(Prompt("Sweep around the settings of now", words, text, read), begin)

    async def _around(self, spec: Spec) -> None:
        """Begin a sweep of the session that is shown, which goes on as it does."""
        await asyncio.to_thread(_load)
        from ..sweeps.pools.local import Processes

        session, source = self._app.runner.session, self._app.source
        try:
            subject = Subject.of(session, source)
            own = await asyncio.to_thread(own_knobs, subject, session.next_settings)
        except (DataError, SettingsError) as error:
            self._app.say(str(error), True)
            return
        await self.begin(SweepToShow(subject, around(spec, own), partial(Processes, subject, None, niceness=_NICENESS)))

    async def begin(self, show: SweepToShow) -> None:
        """Begin a sweep in place of the one that there is, and show it."""
        await self._end()
        await asyncio.to_thread(_load)
        from ..sweeps.running import RunningSweep

        def say(message: str) -> None:
            self._app.say(message, True)

        self._running = RunningSweep(show.subject, show.spec, show.pool, say, show.found)
        self._show()
        try:
            await self._running.start()
        except (DataError, RunError) as error:
            self._running = None
            self._app.say(str(error), True)

    async def _end(self) -> None:
        before, self._running = self._running, None
        if before is not None and (wrong := await asyncio.to_thread(before.close)):
            self._app.say(wrong, True)

    def _show(self) -> None:
        from ..dialogs.sweep.board import SweepBoard

        if self._running is not None and not self._app.dialog:
            self._app.push_screen(SweepBoard(self._running, self._app.runner.session.snapshot(())), self._leave_board)

    async def _leave_board(self, chosen: Outcome | str | None) -> None:
        """Open the run that was chosen, or ask for another sweep."""
        if chosen == "new":
            self._ask()
        elif chosen is not None and not isinstance(chosen, str) and self._running is not None:
            await self._open_run(self._running.subject, chosen)

    async def _open_run(self, subject: Subject, run: Outcome) -> None:
        """Go over to a run of the sweep, and to the step of it that is asked for; the sweep goes on."""
        session, source = await asyncio.to_thread(subject.open, run.knobs)
        await self._app.go_over(session, source)

        def go(step: int | None) -> None:
            if step:
                self._app.runner.send(Goto(step))
            self._app.say("F4 leads back to the sweep", False)

        self._app.push_screen(ask.for_step(run.steps), go)

    def close(self) -> None:
        """Stop the sweep, have what is kept of it on disk, and say at the end how it goes on."""
        before, self._running = self._running, None
        if before is None:
            return
        complete, wrong = not (before.going or before.stopped), before.close()
        if wrong is not None:
            self._app.parting = wrong
        elif not complete and before.name is not None:
            done = f"{len(before.outcomes)} of {before.size} runs of the sweep are kept"
            self._app.parting = f"{done}: chainstep resume {before.name} goes on"


def _load() -> None:
    """In a thread: what takes longer than a key may, and nobody needs who only asks."""
    for name in ("dialogs.sweep.board", "sweeps.pools.local"):
        import_module(f"chainstep.tui.{name}")
