"""A run's file in the hands of the one that owns it, from the first record to the last. Must not know threads, or what
a record means.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from chainstep.datasets import printable

from .connect import BESIDE, check, in_words, look, reader, writer
from .errors import OpenElsewhereError
from .filesystems import is_local
from .format import (
    APPLICATION_ID,
    FORMAT,
    MAX_RECORDS,
    MAX_SOURCE,
    MAX_STAMP,
    MAX_STEP,
    MAX_TOTAL,
    MAX_WHAT,
    SCHEMA,
    SUFFIX,
    DamagedError,
    Header,
    Summary,
    pack,
    seal,
)
from .locks import RunLock
from .reading import header_of, list_runs, shown

Changes = Mapping[str, bytes | None]
"""Records by key; None is one that goes."""

_INSERT_HEADER = "INSERT INTO header VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

_PAGE = 8192
"""Bytes of a page: most records are larger than the usual 4,096, and to write one costs half as much again by those."""

_CACHE = 32
"""Pages that are kept in memory, where SQLite would keep two megabytes."""

_AT_ONCE = 32
"""Records that one statement writes. While it runs, nobody else waits for the interpreter; before and behind it the
thread has to get hold of it again, from whoever trains.
"""


class RunFile:
    """One run's file, its lock and, once something is written, a connection; for one thread at a time.

    Its stamps are a hybrid logical clock: milliseconds since 1970, but always above every stamp that was seen. So the
    run saved last is the newest, though the clock was set back meanwhile.
    """

    def __init__(self, path: Path, lock: RunLock) -> None:
        self.path = path
        self.found: frozenset[str] = frozenset()
        """Keys of the records that were in it when it was read by whoever goes on with it."""
        self._lock = lock
        self._connection: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None
        self._header: Header | None = None
        self._records: dict[str, tuple[int, int]] = {}
        """Size and check of each that is in the file."""
        self._total = self._seal = 0
        """What the sizes come to, and the checks."""
        self._stamp = 0
        self._logged = False

    # --- getting hold of one

    @classmethod
    def create(cls, folder: Path, what: str, now: datetime) -> RunFile:
        """A file that is empty so far, named by its subject and the time; no two ever get the same.

        Raises:
            RunError: there can be none in this folder.
        """
        subject = re.sub(r"[^A-Za-z0-9_-]+", "-", Path(what).stem)[:40].strip("-") or "run"
        with in_words(_cannot_save(folder)):
            return _reserve(folder, f"{subject}-{now:%Y%m%d-%H%M%S}")

    @classmethod
    def own(cls, path: Path) -> RunFile:
        """The file of a run that goes on; nobody else can write or delete it from here on.

        Raises:
            OpenElsewhereError: somebody has it open.
            RunError: it cannot be written.
        """
        with in_words(f"run {shown(path)} cannot be written"):
            look(path)
            lock = RunLock.take(path)
        if lock is None:
            raise OpenElsewhereError(f"run {shown(path)} is open elsewhere")
        return cls(path, lock)

    # --- writing

    def write(self, changes: Changes, summary: Summary, saved: datetime) -> None:
        """Replace records and say what the run now is, all of it or nothing.

        Raises:
            RunError: it could not be written; what was there before still is.
        """
        with in_words(_cannot_save(self.path.parent)):
            connection = self._writable()
            rows = [pack(key, record) for key, record in changes.items() if record is not None]
            before = {key: self._records[key] for key in changes if key in self._records}
            after = {key: (size, crc) for key, size, crc, _ in rows}
            count = len(self._records) - len(before) + len(after)
            total = self._total + _total(after) - _total(before)
            # One that goes leaves the seal as it came in: an exclusive or takes itself back.
            sealed = seal(crc for _, crc in ((0, self._seal), *before.values(), *after.values()))
            header = self._next_header(summary, saved, sealed)
            if total > MAX_TOTAL or count > MAX_RECORDS or len(header.source) > MAX_SOURCE:
                raise DamagedError("the run has grown too large")
            with _transaction(connection):
                if self._header is None:
                    _lay_out(connection)
                _delete(connection, [key for key in before if key not in after])
                _insert(connection, rows)
                _put_header(connection, header)
            for key in before:
                del self._records[key]
            self._records.update(after)
            self._total, self._seal, self._header, self._stamp = total, sealed, header, header.stamp
            self._use_log(connection)

    def pin(self, pinned: bool) -> None:
        """Say whether the run is kept for good.

        Raises:
            RunError: it could not be written.
        """
        with in_words(f"run {shown(self.path)} cannot be written"):
            connection = self._writable()
            if self._header is None:
                raise DamagedError("nothing has been saved in it yet")
            header = self._header._replace(pinned=pinned)
            with _transaction(connection):
                _put_header(connection, header)
            self._header = header

    def close(self) -> None:
        """Leave one file, with everything in it on disk, and let go of it. A file that got nothing is deleted.

        Raises:
            RunError: not all of it is known to be on disk. It is let go of all the same.
        """
        try:
            if self._connection is not None:
                with in_words(_cannot_save(self.path.parent)):
                    _settle(self._writable())
        finally:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            with contextlib.suppress(OSError):
                if self.path.stat().st_size == 0:
                    self.path.unlink()
            self._lock.release()

    def _next_header(self, summary: Summary, saved: datetime, sealed: int) -> Header:
        before = self._header
        return Header(
            printable(summary.what, MAX_WHAT),
            summary.source,
            min(summary.step, MAX_STEP),
            summary.loss,
            saved if before is None else before.created,
            saved,
            min(max(int(saved.timestamp() * 1000), self._stamp + 1), MAX_STAMP),
            before is not None and before.pinned,
            sealed,
        )

    # --- the connection

    def _writable(self) -> sqlite3.Connection:
        """The connection, to a file that is there and is ours."""
        if self._connection is None:
            self._connection = self._connect()
        elif not self._in_place():
            self._connection = self._move(self._connection)
        return self._connection

    def _connect(self) -> sqlite3.Connection:
        connection = writer(self.path)
        try:
            # The whole of a transaction, with or without a log.
            connection.execute("PRAGMA synchronous=FULL")
            # What is written is not read again: two megabytes would be kept of it.
            connection.execute(f"PRAGMA cache_size={_CACHE}")
            # Reads the file, so that what a killed process left beside it is taken up first.
            ((pages,),) = connection.execute("PRAGMA page_count")
            if pages:
                check(connection)
                self._header = header_of(connection)
                rows = connection.execute("SELECT key, size, crc FROM record")
                self._records = {key: (size, crc) for key, size, crc in rows}
                self._total = _total(self._records)
                self._seal = seal(crc for _, crc in self._records.values())
            else:
                connection.execute(f"PRAGMA page_size={_PAGE}")
            self._identity = look(self.path).identity
            if not self._stamp:
                self._stamp = _newest_stamp(self.path.parent)
        except BaseException:
            connection.close()
            raise
        return connection

    def _in_place(self) -> bool:
        """Whether the file that is written is still the one at the path."""
        try:
            return look(self.path).identity == self._identity
        except (OSError, DamagedError):
            return False

    def _move(self, old: sqlite3.Connection) -> sqlite3.Connection:
        """Somebody deleted the file, or the folder. While it is open its content is there: it goes into a new one."""
        self._lock.release()  # the same name, if it is free
        other = _reserve(self.path.parent, self.path.stem)
        other._stamp = self._stamp
        new: sqlite3.Connection | None = None
        try:
            new = other._connect()
            old.backup(new)
            check(new)
        except BaseException:
            if new is not None:
                new.close()
            other.close()
            raise
        old.close()
        self.path, self._lock, self._identity, self._logged = other.path, other._lock, other._identity, False
        return new

    def _use_log(self, connection: sqlite3.Connection) -> None:
        """Write ahead from here on, where the folder allows: a reader then never waits for us, and we for no reader.

        Not sooner: a file that has more than nothing in it shall have a header.
        """
        if self._logged:
            return
        with contextlib.suppress(sqlite3.Error):  # somebody is reading: at the next write
            local = is_local(self.path.parent)
            ((mode,),) = connection.execute(f"PRAGMA journal_mode={'WAL' if local else 'TRUNCATE'}")
            self._logged = True
            if mode == "wal":
                # A power cut may take back the last transactions, and no more.
                connection.execute("PRAGMA synchronous=NORMAL")


def recover(path: Path) -> bool:
    """Take up what a killed process left beside a run's file; whether all of it is in the file. Its lock must be held.

    Raises:
        RunError: it cannot be; everything is left as it is.
    """
    with in_words(f"run {shown(path)} cannot be opened"):
        if "-wal" in look(path).beside:
            # To look is safe; whoever may write deletes the log when he leaves, though it be another program's.
            with reader(path, untouched=False):
                pass
        connection = writer(path)
        try:
            ((pages,),) = connection.execute("PRAGMA page_count")
            if pages:
                check(connection)
            return _settle(connection)
        finally:
            connection.close()


def _reserve(folder: Path, stem: str) -> RunFile:
    """A name that nobody has, and the empty file that keeps it."""
    try:
        # The parents first: mkdir gives its mode to the last one only.
        for made in (folder.parent, folder):
            made.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError:
        raise NotADirectoryError(0, "it is no folder") from None
    for number in count(1):
        path = folder / f"{stem if number == 1 else f'{stem}-{number}'}{SUFFIX}"
        if path.exists() or path.with_suffix(".json").exists():
            continue
        # Before the file is there: an empty one that nobody holds is deleted.
        lock = RunLock.take(path)
        if lock is None:
            continue
        try:
            # Of another run of this name, deleted long ago: it would be taken for this one's.
            for ending in BESIDE:
                path.with_name(path.name + ending).unlink(missing_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            return RunFile(path, lock)
        except FileExistsError:
            lock.release()
        except BaseException:
            lock.release()
            raise
    raise AssertionError("unreachable")


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is done inside, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # some errors end it by themselves
            connection.execute("ROLLBACK")
        raise


def _lay_out(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={FORMAT}")
    for table in SCHEMA.values():
        connection.execute(table)
    check(connection)


def _total(records: Mapping[str, tuple[int, int]]) -> int:
    return sum(size for size, _ in records.values())


def _delete(connection: sqlite3.Connection, keys: Sequence[str]) -> None:
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        connection.execute(f"DELETE FROM record WHERE key IN ({', '.join('?' * len(some))})", some)


def _insert(connection: sqlite3.Connection, rows: Sequence[tuple[str, int, int, bytes]]) -> None:
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        places = ", ".join(["(?, ?, ?, ?)"] * len(some))
        connection.execute(f"INSERT OR REPLACE INTO record VALUES {places}", tuple(chain.from_iterable(some)))


def _put_header(connection: sqlite3.Connection, header: Header) -> None:
    connection.execute("DELETE FROM header")
    connection.execute(_INSERT_HEADER, header.row())


def _settle(connection: sqlite3.Connection) -> bool:
    """Bring everything into the one file, on disk; whether it is there, and not in the log as well."""
    try:
        ((mode,),) = connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        if not getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
            raise
        mode = "wal"
    if mode == "wal":
        # Somebody is reading: the log stays, on disk, and goes at a next start.
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
    return bool(mode != "wal")


def _newest_stamp(folder: Path) -> int:
    """The highest stamp of a folder; one that only a stranger can have made does not count."""
    stamps = (run.header.stamp for run in list_runs(folder).runs)
    return next((stamp for stamp in stamps if stamp <= MAX_STAMP // 2), 0)


def _cannot_save(folder: Path) -> str:
    return f"the run could not be saved in {printable(str(folder), 200)}"
