"""What the runs of a session may keep in memory, all together. Must not know why there are several."""

from __future__ import annotations

from collections.abc import Iterable

from ..run.history import ROOM
from ..run.run import Run

_ALL = 60 * 2**20
"""Bytes of all records of a session, at any length of its runs."""

_SERIES = 3 * 2**19
"""Bytes of a record without its checkpoints, at most."""


def share(runs: Iterable[Run]) -> None:
    """Let all runs keep as much as each other; who has too many checkpoints thins them out."""
    histories = {id(run.history): run.history for run in runs}.values()
    room = max(0, min(ROOM, _ALL // len(histories) - _SERIES))
    for history in histories:
        if history.room != room:
            history.fit(room)
