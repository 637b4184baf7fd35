"""From a path to a table, whatever kind of file it is. Must not know how any kind is read."""

from __future__ import annotations

from pathlib import Path

from chainstep.datasets.reading.table import Progress, Table
from chainstep.datasets.user_table import UserTable, read_text

FOREIGN = (".parquet", ".pq", ".xlsx", ".xlsm", ".xls")
"""Endings of the files that are no text."""


def read(path: str, header: bool | None = None, progress: Progress | None = None) -> Table:
    """The table that a file is.

    Raises:
        DataError: it cannot be read, or is of a kind that an extra is needed for.
    """
    if Path(path).suffix.lower() in FOREIGN:
        from .foreign import read_foreign

        return read_foreign(path, header, progress)
    return read_text(path, header, progress)


def user_table(path: str, header: bool | None = None, progress: Progress | None = None) -> UserTable:
    """A file as it was read, to be made ready in more than one way.

    Raises:
        DataError: the file cannot be read; the message begins with its path.
    """
    return UserTable.of(path, header, progress, read)
