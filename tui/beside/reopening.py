"""Opens saved runs from within the app, where nobody has a command line for that. Must not know how a run is kept."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from ..dialogs.program.examples import Examples, Saved
from ..files import runs
from ..files.store.errors import RunError
from ..files.subjects.opening import open_subject
from ..render.canvas import numbers

if TYPE_CHECKING:
    from .hosting import Host

MOST = 20
"""The newest of them are shown."""

_OF_A_RUN = "run "
"""How what is chosen begins where it is a run, and no example."""


class Reopening:
    """Has an example or a saved run chosen, and goes over to it."""

    def __init__(self, app: Host) -> None:
        self._app = app

    def choose(self) -> None:
        """List what there is to open."""
        app = self._app
        app.push_screen(Examples(app.runner.session.subject.name, partial(saved, app.saver.name)), self._open)

    async def _open(self, chosen: str | None) -> None:
        if chosen is None:
            return
        if not chosen.startswith(_OF_A_RUN):
            await self._app.go_over(*open_subject(chosen))
            return
        try:
            resumed = await asyncio.to_thread(runs.resume, chosen.removeprefix(_OF_A_RUN))
        except RunError as error:
            self._app.say(str(error), True)
            return
        await self._app.go_over(resumed.session, resumed.source, resumed.file)
        if self._app.runner.session is not resumed.session and resumed.file is not None:
            resumed.file.close()  # what was open could not be saved, and has stayed
        elif resumed.notes:
            self._app.say("; ".join(resumed.notes), True)


def saved(current: str | None) -> list[Saved]:
    """The newest runs but the one that is open; none where they cannot be listed. In a thread: it reads each."""
    try:
        rows = runs.listed().rows
    except RunError:
        return []
    return [
        Saved(_OF_A_RUN + row.name, f"{row.what}, step {row.step}{_loss(row)}, saved {row.saved:%Y-%m-%d %H:%M}")
        for row in rows
        if row.name != current
    ][:MOST]


def _loss(row: runs.Row) -> str:
    return "" if row.loss is None else f", loss {numbers.loss(row.loss)}"
