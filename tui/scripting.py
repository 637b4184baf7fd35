"""What the app does with a user's own script: its moments are opened, and what it printed is shown. Must not know how a
script is run, nor the screens.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from chainstep.engine.training.commands import Goto
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Recorded

from .ending import EndingApp
from .files.subjects.source import Source

if TYPE_CHECKING:
    from chainstep.engine.training.recorded.recording import Recording

NO_SCRIPT = "there is no script here: chainstep FILE.py runs one"
"""What to say where a key is for scripts alone."""


class ScriptApp(EndingApp):
    """An app that may show what a script did."""

    _source: Source

    def _say(self, message: str, wrong: bool) -> None:
        raise NotImplementedError

    async def _go_over(self, session: Session, source: Source) -> None:
        raise NotImplementedError

    @property
    def _recorded(self) -> Recorded | None:
        """The run of a script that is open; None, which is said, where there is none."""
        subject = self.runner.session.subject
        if isinstance(subject, Recorded):
            return subject
        self._say(NO_SCRIPT, True)
        return None

    @property
    def _moment(self) -> int:
        """The number of the moment that is replayed, from 0."""
        session = self.runner.session
        assert isinstance(session.subject, Recorded)
        return session.subject.moments[min(session.step, len(session.subject.moments) - 1)]

    def action_moments(self) -> None:
        """List the script's moments, and open the one that is chosen."""
        from .dialogs.script.moments import Moments

        subject = self._recorded
        if subject is not None:
            self.runner.pause()
            self.push_screen(Moments(subject.recording, self._moment), self._to_moment)

    async def action_moment(self, direction: int) -> None:
        """Go to the start of the next moment, or of the one before."""
        subject = self._recorded
        if subject is None:
            return
        number = self._moment + direction
        if direction < 0 and (self.runner.session.op or self.runner.session.ended):
            number += 1  # first to where this one began
        if 0 <= number < len(subject.recording.moments):
            await self._to_moment(number)
        else:
            self._say(f"this is the {'first' if direction < 0 else 'last'} backward() of {subject.name}", True)

    async def _to_moment(self, number: int | None) -> None:
        """Stand at the start of a moment, in its own run."""
        from .files.subjects.script import on_recording

        subject = self._recorded
        if number is None or subject is None:
            return
        run = subject.recording.run_of(number)
        if run != subject.moments:
            recording, source = subject.recording, self._source
            await self._go_over(*await asyncio.to_thread(on_recording, recording, source.name, number, source.choices))
        if run.index(number) or run == subject.moments:
            self.runner.send(Goto(run.index(number)))

    def action_printed(self) -> None:
        """Show what the script printed."""
        from .dialogs.script.printed import Printed

        subject = self._recorded
        if subject is not None:
            self.push_screen(Printed(subject.recording))

    async def open_recording(self, recording: Recording) -> None:
        """Show what a script did when it was run again: the moment that is shown now, if there is one like it."""
        from .files.subjects.script import on_recording

        last = self._moment if isinstance(self.runner.session.subject, Recorded) else 0
        moment = last if last < len(recording.moments) else None
        source = self._source
        await self._go_over(*await asyncio.to_thread(on_recording, recording, source.name, moment, source.choices))
