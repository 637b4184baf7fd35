"""Which runs are kept, and that nothing is deleted before it was said. Must not know how runs are stored.

Runs that the program named are due when 50 newer ones are there and nobody has saved them for 30 days. What is due is
told first, with the day; it is deleted at a start a day or more later, if it still is as it was. Never deleted is what
is pinned, has a name of the user's, is open or cannot be read. A date that the clock has not come to counts for
nothing, so a clock that was wrong deletes nothing by having been wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from .folder import delete, tidy
from .reading import Run, list_runs
from .told import Told, note, read_told, was_told_long_ago

KEPT = 50
"""So many of the newest stay however old they are."""

AGE = timedelta(days=30)

_AUTOMATIC = re.compile(r".+-[0-9]{8}-[0-9]{6}(-[0-9]+)?")


def automatic(name: str) -> bool:
    """Whether the program named the run, and not the user."""
    return _AUTOMATIC.fullmatch(name) is not None


def due(runs: Sequence[Run], now: datetime) -> list[Run]:
    """The runs that may go once it has been said; `runs` are sorted, the newest first."""
    ours = [run for run in runs if automatic(run.path.stem)]
    return [run for run in ours[KEPT:] if not run.header.pinned and now - run.header.saved > AGE]


def deletable(runs: Sequence[Run], told: Mapping[str, Told], now: datetime) -> list[Run]:
    """Those that are due, and were told long enough ago."""
    return [run for run in due(runs, now) if was_told_long_ago(run.path.stem, run.header.saved, told, now)]


def notice(runs: Sequence[Run]) -> str:
    """What to tell of runs that are due: one line, empty for none."""
    if not runs:
        return ""
    day = max(run.header.saved for run in runs).date() + timedelta(days=1)
    which = "1 run" if len(runs) == 1 else f"{len(runs)} runs"
    return f"{which} from before {day} will be deleted at a next start; chainstep resume --pin NAME keeps one"


def keep(folder: Path, now: datetime) -> list[Run]:
    """At each start: clear up, delete what may be, and give what is due and has to be told."""
    tidy(folder)
    runs = list_runs(folder).runs
    gone = {run.path for run in deletable(runs, read_told(folder), now) if delete(run)}
    return [run for run in due(runs, now) if run.path not in gone]


def tell(folder: Path, runs: Iterable[Run], now: datetime) -> None:
    """Note that `runs` have been told to be due. If it cannot be noted they stay."""
    note(folder, {run.path.stem: run.header.saved for run in runs}, now)
