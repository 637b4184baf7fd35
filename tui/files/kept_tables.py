"""Tables that came by standard input or from a teacher and are kept for runs: those that no run names go, once it was
said. Must not know what is in them.
"""

from __future__ import annotations

import contextlib
import json
import stat
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from .store.reading import Run, list_runs
from .store.told import NOTICE, note, read_told, was_told_long_ago
from .tables import followed, piped


class KeptTable(NamedTuple):
    """A file that holds what came by standard input, or from a teacher."""

    path: Path
    saved: datetime
    """When it came last."""

    @property
    def name(self) -> str:
        """What it is called in the folder of tables."""
        return _name(self.path)

    @property
    def followed(self) -> bool:
        """Whether it came from a teacher."""
        return _is_followed(self.path)


def keep(folder: Path, runs: Path, now: datetime) -> list[KeptTable]:
    """At each start: delete what may be, and give what is due and has to be told. Nothing is due as long as a file in
    the folder of `runs` cannot be read: it may name any of them.
    """
    tables = list(_tables(folder, now))
    if not tables:
        return []
    listing = list_runs(runs)
    if listing.damaged:
        return []
    named, told = _named(listing.runs), read_told(folder)
    due = [table for table in tables if table.name not in named]
    return [table for table in due if not _deleted(table, was_told_long_ago(table.name, table.saved, told, now))]


def tell(folder: Path, tables: Sequence[KeptTable], now: datetime) -> None:
    """Note that the tables have been told to be due."""
    note(folder, {table.name: table.saved for table in tables}, now)


def notice(tables: Sequence[KeptTable]) -> str:
    """What to tell of tables that are due: one line, empty for none."""
    if not tables:
        return ""
    which = "1 table" if len(tables) == 1 else f"{len(tables)} tables"
    whence = "by standard input or from a teacher" if any(table.followed for table in tables) else "by standard input"
    return f"{which} that came {whence} and that no run needs will be deleted at a next start"


def _is_followed(path: Path) -> bool:
    return path.parent.name.startswith(followed.PREFIX)


def _name(path: Path) -> str:
    """Those that were followed are called as the teacher's are, each in a folder of its own."""
    return f"{path.parent.name}/{path.name}" if _is_followed(path) else path.name


def _tables(folder: Path, now: datetime) -> Iterator[KeptTable]:
    """Those that came more than a day ago: whoever has just opened one may yet save a run."""
    with contextlib.suppress(OSError):
        for path in sorted((*folder.glob(f"{piped.PREFIX}*.csv"), *folder.glob(f"{followed.PREFIX}*/*"))):
            state = path.lstat()
            saved = datetime.fromtimestamp(int(state.st_mtime), UTC)
            if stat.S_ISREG(state.st_mode) and now - saved > NOTICE:
                yield KeptTable(path, saved)


def _named(runs: Sequence[Run]) -> set[str]:
    """The names of the files that runs are on, without the folders they are in: these may have been moved."""
    named = set()
    for run in runs:
        with contextlib.suppress(ValueError, TypeError, KeyError):
            named.add(_name(Path(json.loads(run.header.source)["name"])))
    return named


def _deleted(table: KeptTable, may: bool) -> bool:
    if may:
        with contextlib.suppress(OSError):
            table.path.unlink()
            if table.followed:
                table.path.parent.rmdir()
            return True
    return False
