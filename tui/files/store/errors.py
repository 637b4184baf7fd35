"""What can go wrong with a run's file, as one line of words. Must not know files or databases of ours."""

from __future__ import annotations

import sqlite3

from chainstep.datasets import printable


class RunError(ValueError):
    """A run cannot be saved or opened; the message is one line that says which and why."""


class OpenElsewhereError(RunError):
    """The run is open in another process: it can be read, but neither written nor deleted."""


_WORDS = {
    "SQLITE_FULL": "the disk is full",
    "SQLITE_IOERR_WRITE": "the system refused to write: a quota, a limit on sizes, or a failing disk",
    "SQLITE_IOERR": "the system refused to read or write it",
    "SQLITE_READONLY": "it is read-only",
    "SQLITE_CANTOPEN": "it cannot be opened",
    "SQLITE_BUSY": "another process is using it",
    "SQLITE_NOTADB": "it is no saved run",
    "SQLITE_CORRUPT": "it is damaged",
    "SQLITE_TOOBIG": "it is damaged",
    "SQLITE_INTERRUPT": "it is damaged",
    "SQLITE_AUTH": "it is damaged",
}
"""By the beginning of SQLite's own name of an error; the longer come first."""


def why(error: OSError | sqlite3.Error) -> str:
    """The reason, in words that can follow a colon; nothing in it acts on a terminal."""
    if isinstance(error, OSError):
        return printable((error.strerror or str(error)).lower(), 120)
    name = getattr(error, "sqlite_errorname", "")
    return next((words for start, words in _WORDS.items() if name.startswith(start)), printable(str(error), 120))
