"""Connections to a run's file that nothing in the file can abuse. Must not know what a record means.

A file may come from a stranger, who can write any bytes and any schema. So it has to be a regular file of a bounded
size; what its schema says runs nowhere, and must be ours to the letter; a reader may read two tables and nothing else,
in a bounded number of instructions.
"""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from .errors import RunError, why
from .format import APPLICATION_ID, FORMAT, MAX_FILE, MAX_RECORD, SCHEMA, DamagedError

BESIDE = ("-wal", "-journal", "-shm")
"""Endings of what SQLite keeps beside a database that is open, or that a killed process had open."""

PATIENCE = 1.0
"""Seconds that a connection waits for another one to end its transaction."""

_MOST_INSTRUCTIONS = 1_000_000
"""Of SQLite's virtual machine, for one statement: several times what the most records need that a file may have."""

_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 2**16,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 2_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 16,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 16,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 1,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 1_000,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 4,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 16,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 128,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}

_LENGTH = MAX_RECORD + 2**16
"""Bytes of a row, once it is known what the tables are."""

_GUARDS = ("trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0")


class Files(NamedTuple):
    """A run's file as the system sees it: two equal ones hold the same bytes."""

    identity: tuple[int, int]
    size: int
    changed: int
    beside: frozenset[str]
    """The endings in `BESIDE` that are there."""


def look(path: Path) -> Files:
    """What is at `path`, without opening it: a FIFO would keep whoever opens it.

    Raises:
        OSError: nothing is there.
        DamagedError: it is no regular file, or larger than any run's.
    """
    state = path.stat()
    if not stat.S_ISREG(state.st_mode):
        raise DamagedError("it is no regular file")
    beside = set()
    for ending in BESIDE:
        try:
            found = path.with_name(path.name + ending).stat()
        except FileNotFoundError:
            continue
        if not stat.S_ISREG(found.st_mode):
            raise DamagedError("what is beside it is no regular file")
        if found.st_size > MAX_FILE:
            raise DamagedError(f"it is larger than {MAX_FILE // 2**20} MB")
        beside.add(ending)
    if state.st_size > MAX_FILE:
        raise DamagedError(f"it is larger than {MAX_FILE // 2**20} MB")
    return Files((state.st_dev, state.st_ino), state.st_size, state.st_mtime_ns, frozenset(beside))


@contextmanager
def in_words(doing: str) -> Iterator[None]:
    """Whatever goes wrong inside becomes one line: `doing`, a colon, and why.

    Raises:
        RunError: something went wrong.
    """
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise RunError(f"{doing}: {why(error)}") from None
    except (DamagedError, UnicodeError, OverflowError, MemoryError) as error:
        raise RunError(f"{doing}: {error if isinstance(error, DamagedError) else 'it is damaged'}") from None


@contextmanager
def reader(path: Path, *, untouched: bool) -> Iterator[sqlite3.Connection]:
    """A connection that can only read, checked, in one transaction. `untouched` promises that nobody writes the file:
    then no lock is taken, and nothing is left beside it.

    Raises:
        OSError, sqlite3.Error, DamagedError: it is no run's file, or cannot be read.
    """
    connection = _connect(path, "mode=ro&immutable=1" if untouched else "mode=ro")
    try:
        connection.execute("PRAGMA query_only=ON")
        connection.execute("BEGIN")
        check(connection)
        connection.set_authorizer(_authorise)
        yield connection
    finally:
        connection.close()


def writer(path: Path) -> sqlite3.Connection:
    """A connection that can write as well; what is in the file is not checked yet.

    Raises:
        OSError, sqlite3.Error, DamagedError: it cannot be opened.
    """
    look(path)
    return _connect(path, "mode=rw")


def check(connection: sqlite3.Connection) -> None:
    """See that the file has our tables and nothing else; rows can then be as long as ours are.

    Raises:
        sqlite3.Error, DamagedError: it has not.
    """
    ((application,),) = connection.execute("PRAGMA application_id")
    ((version,),) = connection.execute("PRAGMA user_version")
    if application != APPLICATION_ID:
        raise DamagedError("it is no saved run")
    if version != FORMAT:
        raise DamagedError(f"it was saved in format {version}, this version reads {FORMAT}")
    found = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master LIMIT 3").fetchall()
    if found != [("table", name, name, sql) for name, sql in SCHEMA.items()]:
        raise DamagedError("it has other tables than a run's")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LENGTH)


def _connect(path: Path, how: str) -> sqlite3.Connection:
    # A writer's connection lives in a thread of its own; isolation None leaves transactions to us.
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", timeout=PATIENCE, isolation_level=None, uri=True)
    try:
        for limit, number in _LIMITS.items():
            connection.setlimit(limit, number)
        connection.set_progress_handler(lambda: True, _MOST_INSTRUCTIONS)
        for guard in _GUARDS:
            connection.execute(f"PRAGMA {guard}")
    except BaseException:
        connection.close()
        raise
    return connection


def _authorise(action: int, first: str | None, second: str | None, database: str | None, inside: str | None) -> int:
    if action == sqlite3.SQLITE_SELECT or (action == sqlite3.SQLITE_PRAGMA and first == "quick_check"):
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_READ and first in SCHEMA and inside is None:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY
