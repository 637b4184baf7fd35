"""A user's table: from a file to a data set, or one line that says what is wrong. Must not know the examples."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from .columns.choices import Choices
from .columns.kinds import Kind
from .columns.preparation import Prepared, prepare
from .columns.selection import named, possible_kinds, target_column
from .dataset import DataError
from .printable import printable
from .reading.content import of_file
from .reading.table import Progress, Table, read_table

Read = Callable[[str, bool | None, Progress | None], Table]
"""Reads the file at a path; is told whether its first row is claimed to have names.

Raises:
    DataError: it cannot be read.
"""


def read_text(path: str, header: bool | None = None, progress: Progress | None = None) -> Table:
    """The table that a file of text is; see `read_table`."""
    return read_table(of_file(path), header, progress)


class UserTable(NamedTuple):
    """A file as it was read, to be made ready in more than one way."""

    path: str
    table: Table
    header: bool | None
    """What was claimed of its first row."""
    read: Read

    @classmethod
    def of(
        cls, path: str, header: bool | None = None, progress: Progress | None = None, read: Read = read_text
    ) -> UserTable:
        """A file's rows.

        Raises:
            DataError: the file cannot be read; the message begins with its path.
        """
        with _naming(path):
            return cls(path, read(path, header, progress), header, read)

    def again(self, header: bool | None) -> UserTable:
        """The file read again, with something else claimed of its first row.

        Raises:
            DataError: it cannot be read any more, or not so; the message begins with its path.
        """
        return self.of(self.path, header, read=self.read)

    @property
    def name(self) -> str:
        """The file's, without its folder."""
        return printable(Path(self.path).name)

    def target(self, target: str | None) -> int:
        """The index of the target column, by its name or its number from 1; None means the last one.

        Raises:
            DataError: there is no such column.
        """
        with _naming(self.path):
            return target_column(self.table, target)

    def names(self, target: int) -> tuple[str, ...]:
        """What the columns are called where that one is the target."""
        return named(self.table, target)

    def called(self, column: int) -> str:
        """What names a column for `target`: its number where the file has no names."""
        header = self.table.header
        return header.names[column] if header.named else str(column + 1)

    def kinds(self, column: int) -> tuple[Kind, ...]:
        """What a column can be taken for."""
        return possible_kinds(self.table.columns[column])

    def prepared(self, target: str | None, choices: Choices, *, seed: int = 0, test_fraction: float = 0.2) -> Prepared:
        """The rows made ready to learn from; see `prepare`.

        Raises:
            DataError: they cannot be; the message begins with the file's path.
            ValueError: `test_fraction` is not in [0, 1).
        """
        with _naming(self.path):
            return prepare(self.table, self.name, target, choices, seed=seed, test_fraction=test_fraction)

    def proposed(self, choices: Choices) -> PreparedTable:
        """Made ready with the last column as its target that can be one.

        Raises:
            DataError: none can; the message says why the last one cannot.
        """
        wrong = None
        for column in reversed(range(len(self.table.columns))):
            target = self.called(column)
            try:
                return PreparedTable(self, target, choices, self.prepared(target, choices), proposed=True)
            except DataError as error:
                wrong = wrong or error
        assert wrong is not None  # a table has a column
        raise wrong


class PreparedTable(NamedTuple):
    """A table, what is chosen for it, and what it is made by that."""

    table: UserTable
    target: str
    choices: Choices
    prepared: Prepared
    proposed: bool = False
    """Nobody has named the target."""


def open_table(
    path: str | os.PathLike[str],
    target: str | None,
    choices: Choices | None = None,
    *,
    seed: int = 0,
    test_fraction: float = 0.2,
) -> Prepared:
    """The rows of a file of text made ready to learn from; see `read_table` and `prepare`.

    Raises:
        DataError: the file cannot be read, or its contents used; the message begins with its path.
        ValueError: `test_fraction` is not in [0, 1).
    """
    choices = choices or Choices()
    table = UserTable.of(os.fspath(path), choices.header)
    return table.prepared(target, choices, seed=seed, test_fraction=test_fraction)


@contextmanager
def _naming(path: str) -> Iterator[None]:
    """What is wrong is said of the file."""
    try:
        yield
    except DataError as error:
        raise DataError(f"{printable(path, limit=200)}: {error}") from None
