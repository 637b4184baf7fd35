"""Saves a run as it goes, in a thread of its own: whoever has records hands them over and never waits. Must not know
what a record means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from threading import Condition, Thread
from typing import NamedTuple

from .errors import RunError
from .file import RunFile
from .format import MAX_RECORD, Summary, valid_key
from .reading import shown


class _Waiting(NamedTuple):
    """What is to be written next."""

    changes: dict[str, bytes | None]
    summary: Summary
    saved: datetime


class Writer:
    """Owns a run's file from the first record to the last; it is made when the first ones come, in `folder`.

    A thread does all of the work: it packs what waits, writes it in one transaction, and sleeps. What is handed over
    meanwhile waits together, of each key the newest. What could not be written waits on, and is tried again with what
    comes next.
    """

    def __init__(self, folder: Path, owned: RunFile | None = None) -> None:
        """`owned` is the file of a run that goes on."""
        self._folder = folder
        self._file = owned
        self._changed = Condition()
        self._thread: Thread | None = None
        self._waiting: _Waiting | None = None
        self._wanted = False
        """The thread has something to do."""
        self._asked = self._tried = 0
        """How often the thread was given something to do, and how much of that it has done or failed to do."""
        self._closing = self._closed = False
        self._error: str | None = None

    @property
    def error(self) -> str | None:
        """One line: why what was handed over is not on disk; None while everything goes well."""
        return self._error

    @property
    def path(self) -> Path | None:
        """The run's file, once there is one."""
        return None if self._file is None else self._file.path

    @property
    def name(self) -> str | None:
        """What the user calls the run, once it has a file; safe to show."""
        return None if self._file is None else shown(self._file.path)

    def put(self, records: Mapping[str, bytes], drop: Iterable[str] = (), *, summary: Summary) -> None:
        """Hand over what is new: first `drop` goes, then `records` come or are replaced. All of it is written in one
        transaction, and a file has the whole of a hand-over or nothing of it.

        Raises:
            ValueError: the writer is closed, or something is no record.
        """
        for key, record in records.items():
            if not valid_key(key) or len(record) > MAX_RECORD:
                raise ValueError(f"no record: {key!r}")
        saved = datetime.now().astimezone()
        with self._changed:
            if self._closing:
                raise ValueError("the run is closed")
            changes = {} if self._waiting is None else self._waiting.changes
            changes.update(dict.fromkeys(drop))
            changes.update(records)
            self._waiting = _Waiting(changes, summary, saved)
            self._want()

    def flush(self, limit: float) -> bool:
        """Wait until everything that was handed over is in the file, at most `limit` seconds; whether it is."""
        with self._changed:
            if self._waiting is not None and not self._closing:
                self._want()
            asked = self._asked
            return self._changed.wait_for(lambda: self._tried >= asked, limit) and self._error is None

    def close(self, limit: float) -> bool:
        """Write what waits, leave one file and let go of it, in at most `limit` seconds; whether all is on disk.

        A second time waits again, if need be, and says the same.
        """
        with self._changed:
            if not self._closing:
                self._closing = True
                self._want()
            if not self._changed.wait_for(lambda: self._closed, limit):
                self._error = self._error or f"the run is not saved after {limit:g} seconds"
            return self._error is None

    def _want(self) -> None:
        """Give the thread something to do. The condition's lock is held."""
        self._wanted = True
        self._asked += 1
        if self._thread is None:
            # Nothing that is stuck in the system's hands keeps the process from ending.
            self._thread = Thread(target=self._work, name="run writer", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    # --- in the thread

    def _work(self) -> None:
        closing = False
        while not closing:
            with self._changed:
                self._changed.wait_for(lambda: self._wanted)
                batch, self._waiting, asked, closing = self._waiting, None, self._asked, self._closing
                self._wanted = False
            error = self._write(batch) if batch is not None else self._error
            if closing:
                error = self._let_go() or error
            with self._changed:
                if error is not None and batch is not None:
                    self._put_back(batch)
                self._error, self._tried, self._closed = error, asked, closing
                self._changed.notify_all()

    def _write(self, batch: _Waiting) -> str | None:
        """Why it failed."""
        try:
            if self._file is None:
                self._file = RunFile.create(self._folder, batch.summary.what, batch.saved)
            self._file.write(batch.changes, batch.summary, batch.saved)
        except RunError as error:
            return str(error)
        except Exception as error:
            # Whatever it is, the thread lives on and whoever waits for it is told.
            return f"the run could not be saved: {type(error).__name__}"
        return None

    def _let_go(self) -> str | None:
        try:
            if self._file is not None:
                self._file.close()
        except RunError as error:
            return str(error)
        return None

    def _put_back(self, batch: _Waiting) -> None:
        """What could not be written waits again, behind what came meanwhile. The condition's lock is held."""
        newer = self._waiting
        if newer is None:
            self._waiting = batch
        else:
            self._waiting = newer._replace(changes=batch.changes | newer.changes)
