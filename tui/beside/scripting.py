"""What the app does with a user's own script: its moments are opened, and what it printed is shown. Must not know how a
script is run, nor the screens.

It is loaded where a script's key is pressed: the first frame does not wait for it.
"""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from chainstep.datasets import printable
from chainstep.engine.training.commands import Goto
from chainstep.engine.training.setup.data import Recorded

if TYPE_CHECKING:
    from chainstep.engine.training.recorded.recording import Recording

    from ..children.child import Child
    from ..scripts.running import How, Ran
    from .hosting import Host

_OFTEN = 10
"""Moments between two words on how far a script is."""

NO_SCRIPT = "there is no script here: chainstep FILE.py runs one"
"""What to say where a key is for scripts alone."""


class Scripting:
    """The script of an app whose session replays what one did."""

    def __init__(self, app: Host) -> None:
        self._app = app
        self._child: Child | None = None
        """The script, while it is run again."""
        self._told = ""
        """What was said that F5 will run."""

    @property
    def _recorded(self) -> Recorded | None:
        """The run of a script that is open; None, which is said, where there is none."""
        subject = self._app.runner.session.subject
        if isinstance(subject, Recorded):
            return subject
        self._app.say(NO_SCRIPT, True)
        return None

    @property
    def _moment(self) -> int:
        """The number of the moment that is replayed, from 0."""
        session = self._app.runner.session
        assert isinstance(session.subject, Recorded)
        return session.subject.moments[min(session.step, len(session.subject.moments) - 1)]

    def moments(self) -> None:
        """List the script's moments, and open the one that is chosen."""
        from ..dialogs.script.moments import Moments

        subject = self._recorded
        if subject is not None:
            self._app.runner.pause()
            self._app.push_screen(Moments(subject.recording, self._moment), self._to_moment)

    async def moment(self, direction: int) -> None:
        """Go to the start of the next moment, or of the one before."""
        subject = self._recorded
        if subject is None:
            return
        number = self._moment + direction
        if direction < 0 and (self._app.runner.session.op or self._app.runner.session.ended):
            number += 1  # first to where this one began
        if 0 <= number < len(subject.recording.moments):
            await self._to_moment(number)
        else:
            self._app.say(f"this is the {'first' if direction < 0 else 'last'} backward() of {subject.name}", True)

    async def _to_moment(self, number: int | None) -> None:
        """Stand at the start of a moment, in its own run."""
        from ..files.subjects.script import on_recording

        subject = self._recorded
        if number is None or subject is None:
            return
        run = subject.recording.run_of(number)
        if run != subject.moments:
            recording, source = subject.recording, self._app.source
            await self._app.go_over(
                *await asyncio.to_thread(on_recording, recording, source.name, number, source.choices)
            )
        if run.index(number) or run == subject.moments:
            self._app.runner.send(Goto(run.index(number)))

    def difference(self) -> None:
        """Go behind the op with which the script's numbers leave what is right: the next one, or the first of all."""
        subject = self._recorded
        if subject is None:
            return
        script = self._app.runner.session.snapshot(()).script
        if script is not None and script.difference is not None:
            self._app.runner.send(Goto(*script.difference))
            return
        other = next((n for n, moment in enumerate(subject.recording.moments) if moment.differs), None)
        where = "" if other is None else f"; moment {other + 1} has others: 0 lists them"
        self._app.say(f"in this run your numbers are ours{where}", other is not None)

    def printed(self) -> None:
        """Show what the script printed."""
        from ..dialogs.script.printed import Printed

        subject = self._recorded
        if subject is not None:
            self._app.push_screen(Printed(subject.recording))

    # --- running it again

    async def run_again(self) -> None:
        """Run the script anew, and open what it does; while it runs, stop it. The first time it is said what will run:
        it may be of a file that somebody else has made.
        """
        if self._child is not None:
            self._child.stop()
            return
        if self._recorded is None:
            return
        from ..files.subjects.script import changed_since
        from ..scripts.running import How, ScriptError

        try:
            how = How.from_json(self._app.source.choices or {})
        except ScriptError as error:
            self._app.say(str(error), True)
            return
        what = printable(" ".join(filter(None, (how.python, self._app.source.name, *how.arguments))), 120)
        if self._told != what:
            self._told = what
            changed = " has changed, and" if changed_since(self._app.source) else ""
            self._app.say(
                f"F5 once more runs {what}" if not changed else f"{what}{changed} F5 once more runs it", False
            )
            return
        self._app.runner.pause()
        self._app.run_beside(partial(self._run_again, how), "script")

    async def _run_again(self, how: How) -> None:
        from ..children.child import ChildError
        from ..scripts.running import ScriptError, complaints

        file = Path(self._app.source.name)
        name = printable(file.name, 60)
        try:
            ran = await self._run(file, how, name)
        except (ScriptError, ChildError) as error:
            self._app.say(str(error), True)
            return
        if self._app.leaving:
            return
        said = complaints(ran, name)
        if ran.recording is None:
            self._app.say(said[-1] if said else f"{name}: {ran.nothing}", True)
            return
        await self._open_again(ran.recording, how)
        self._app.say(said[-1] if said else f"{name} was run anew: {len(ran.recording.moments)} backward()", bool(said))

    async def _run(self, file: Path, how: How, name: str) -> Ran:
        """What comes of a file. What is heard takes time where a graph is large: a thread hears it."""
        from ..scripts.hearing import Listener
        from ..scripts.running import Ran, child_of

        child, listener = child_of(file, how), Listener(file)
        self._child = child
        self._app.say(f"{name} is running: F5 stops it", False)
        try:
            async with child:
                async for message in child:
                    row = await asyncio.to_thread(listener.hear, message)
                    if row is not None and row.index % _OFTEN == _OFTEN - 1:
                        self._app.say(f"{name} is running: {row.index + 1} backward(), F5 stops it", False)
        finally:
            self._child = None
        return Ran.of(listener, child)

    async def _open_again(self, recording: Recording, how: How) -> None:
        """Show what a script did this time: the moment that was shown, if there is one like it."""
        from ..files.subjects.script import on_recording

        last = self._moment
        moment = last if last < len(recording.moments) else None
        name = self._app.source.name
        await self._app.go_over(*await asyncio.to_thread(on_recording, recording, name, moment, how.to_json()))
