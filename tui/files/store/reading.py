"""Reads runs' files, our own and a stranger's: one whole, one's header, or the headers of a folder. Must not know how
they are written, or what a record means.
"""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

from chainstep.datasets import printable

from .connect import in_words, look, reader
from .errors import RunError
from .format import MAX_RECORDS, MAX_TOTAL, SUFFIX, DamagedError, Header, seal, unpack

_Taken = TypeVar("_Taken")


class Contents(NamedTuple):
    """All that is in a file."""

    header: Header
    records: dict[str, bytes]


class Run(NamedTuple):
    """A run in the list of those that can be opened."""

    path: Path
    header: Header

    @property
    def name(self) -> str:
        """What the user calls it; safe to show."""
        return shown(self.path)


class Listing(NamedTuple):
    """The runs of a folder."""

    runs: tuple[Run, ...]
    """The one saved last comes first."""
    damaged: tuple[str, ...]
    """A line for each file that cannot be read."""


def shown(path: Path) -> str:
    """The name of a run by the path of its file, as it can be shown."""
    return printable(path.stem, 200)


def read(path: Path) -> Contents:
    """A run's header and all of its records.

    Raises:
        RunError: the file cannot be read, or something in it is not what was written.
    """
    return _steadily(path, _contents)


def read_header(path: Path) -> Header:
    """A run's header; nothing else of the file is read.

    Raises:
        RunError: the file cannot be read, or its header is not what was written.
    """
    return _steadily(path, header_of)


def is_sound(path: Path) -> bool:
    """Whether a run that can be read can be written as well: its free pages, too, are in order."""
    try:
        return _steadily(path, _quick_check)
    except RunError:
        return False


def header_of(connection: sqlite3.Connection) -> Header:
    """The header, over a connection to a file that was checked.

    Raises:
        sqlite3.Error, DamagedError: it is not what was written.
    """
    rows = connection.execute("SELECT * FROM header LIMIT 2").fetchall()
    if len(rows) != 1:
        raise DamagedError("it has no header, or several")
    return Header.of(rows[0])


def list_runs(folder: Path) -> Listing:
    """The runs of a folder, by their headers. A folder that is not there has none."""
    runs, damaged = [], []
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == SUFFIX and not path.name.startswith("."))
    except OSError:
        return Listing((), ())
    for path in paths:
        try:
            state = path.stat()
            # Somebody begins one that is empty at this moment.
            if state.st_size or not stat.S_ISREG(state.st_mode):
                runs.append(Run(path, read_header(path)))
        except FileNotFoundError:
            continue  # deleted meanwhile
        except (OSError, RunError) as error:
            damaged.append(str(error) if isinstance(error, RunError) else f"run {shown(path)} cannot be read")
    runs.sort(key=lambda run: (run.header.stamp, run.name), reverse=True)
    return Listing(tuple(runs), tuple(damaged))


def _contents(connection: sqlite3.Connection) -> Contents:
    found = header_of(connection)
    records: dict[str, bytes] = {}
    checks: list[int] = []
    last, room = "", MAX_TOTAL
    for row in connection.execute("SELECT key, size, crc, data FROM record ORDER BY key"):
        key, record = unpack(row, room)
        # A tree of pages that was tampered with can come to the same one again and again.
        if key <= last or len(records) == MAX_RECORDS:
            raise DamagedError("its records are not in order")
        records[key] = record
        checks.append(row[2])
        last, room = key, room - len(record)
    if seal(checks) != found.seal:
        raise DamagedError("some of its records are missing")
    return Contents(found, records)


def _quick_check(connection: sqlite3.Connection) -> bool:
    found: list[tuple[str]] = connection.execute("PRAGMA quick_check(1)").fetchall()
    return found == [("ok",)]


def _steadily(path: Path, take: Callable[[sqlite3.Connection], _Taken]) -> _Taken:
    """What `take` reads, in one piece, whatever another process does with the file."""
    with in_words(f"run {shown(path)} cannot be opened"):
        before = look(path)
        # Without locks while nobody has it open: they would leave files beside it.
        untouched = not before.beside
        try:
            with reader(path, untouched=untouched) as connection:
                taken = take(connection)
        except (sqlite3.Error, DamagedError):
            if not untouched or look(path) == before:
                raise
        else:
            if not untouched or look(path) == before:
                return taken
        with reader(path, untouched=False) as connection:
            return take(connection)
