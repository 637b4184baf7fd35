"""What the user was told to be going to be deleted, noted beside it. Must not know what that is.

A date that the clock has not come to counts for nothing, so a clock that was wrong deletes nothing by having been
wrong.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

NOTICE = timedelta(days=1)

TOLD = ".due.json"
"""The file that says what was told: beside what it is of, since to tell of something is no reason to write it."""

_LARGEST = 2**20


class Told(NamedTuple):
    """That something is going to be deleted was said."""

    saved: datetime
    """When it had been saved; if it was saved again, nothing was said of it."""
    told: datetime


def was_told(name: str, saved: datetime, told: Mapping[str, Told], now: datetime) -> bool:
    """Whether it was said of what has a name, and was saved then."""
    note = told.get(name)
    return note is not None and note.saved == saved < note.told <= now


def was_told_long_ago(name: str, saved: datetime, told: Mapping[str, Told], now: datetime) -> bool:
    """The same, long enough ago."""
    return was_told(name, saved, told, now) and now - told[name].told >= NOTICE


def note(folder: Path, due: Mapping[str, datetime], now: datetime) -> None:
    """Note that it has been said of all that is `due`, by names and when each was saved. If it cannot be noted they
    stay.
    """
    before = read_told(folder)
    told = {
        name: before[name] if was_told(name, saved, before, now) else Told(saved, now) for name, saved in due.items()
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


def read_told(folder: Path) -> dict[str, Told]:
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
    return {name: each for name, each in told.items() if each.saved.tzinfo and each.told.tzinfo}
