"""Which runs are kept, and that nothing is deleted before it was said. Must not know how runs are stored.

Runs that the program named are due when 50 newer ones are there and nobody has saved them for 30 days. What is due is
told first, with the day; it is deleted at a start a day or more later, if it still is as it was. Never deleted is what
is pinned, has a name of the user's, is open or cannot be read. A date that the clock has not come to counts for
nothing, so a clock that was wrong deletes nothing by having been wrong.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import stat
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from .folder import delete, tidy
from .reading import Run, list_runs

KEPT = 50
"""So many of the newest stay however old they are."""

AGE = timedelta(days=30)
NOTICE = timedelta(days=1)

TOLD = ".due.json"
"""The file that says what was told: beside the runs, since to tell of one is no reason to write it."""

_AUTOMATIC = re.compile(r".+-[0-9]{8}-[0-9]{6}(-[0-9]+)?")
_LARGEST = 2**20


class Told(NamedTuple):
    """That a run is going to be deleted was said."""

    saved: datetime
    """When the run had been saved; if it was saved again, nothing was said of it."""
    told: datetime


def automatic(name: str) -> bool:
    """Whether the program named the run, and not the user."""
    return _AUTOMATIC.fullmatch(name) is not None


def due(runs: Sequence[Run], now: datetime) -> list[Run]:
    """The runs that may go once it has been said; `runs` are sorted, the newest first."""
    ours = [run for run in runs if automatic(run.path.stem)]
    return [run for run in ours[KEPT:] if not run.header.pinned and now - run.header.saved > AGE]


def deletable(runs: Sequence[Run], told: Mapping[str, Told], now: datetime) -> list[Run]:
    """Those that are due, and were told long enough ago."""
    return [run for run in due(runs, now) if _was_told(run, told, now) and now - told[run.path.stem].told >= NOTICE]


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
    gone = {run.path for run in deletable(runs, _read_told(folder), now) if delete(run)}
    return [run for run in due(runs, now) if run.path not in gone]


def tell(folder: Path, runs: Iterable[Run], now: datetime) -> None:
    """Note that `runs` have been told to be due. If it cannot be noted they stay."""
    before = _read_told(folder)
    told = {
        run.path.stem: before[run.path.stem] if _was_told(run, before, now) else Told(run.header.saved, now)
        for run in runs
    }
    text = json.dumps({name: [each.saved.isoformat(), each.told.isoformat()] for name, each in told.items()})
    temporary = folder / f".due.{os.getpid()}.tmp"
    try:
        descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        temporary.replace(folder / TOLD)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _was_told(run: Run, told: Mapping[str, Told], now: datetime) -> bool:
    note = told.get(run.path.stem)
    return note is not None and note.saved == run.header.saved < note.told <= now


def _read_told(folder: Path) -> dict[str, Told]:
    """Nothing, where the file is not what was written: then it is told again."""
    path = folder / TOLD
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode) or state.st_size > _LARGEST:
            return {}
        notes = json.loads(path.read_text(encoding="utf-8"))
        told = {name: Told(*map(datetime.fromisoformat, dates)) for name, dates in notes.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}
    return {name: note for name, note in told.items() if note.saved.tzinfo and note.told.tzinfo}
