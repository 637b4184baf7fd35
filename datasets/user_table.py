"""A user's table: from a file to a data set, or one line that says what is wrong. Must not know the examples."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from .columns.choices import Choices
from .columns.preparation import Prepared, prepare
from .dataset import DataError
from .printable import printable
from .reading.content import of_file
from .reading.table import Progress, Table, read_table


def open_table(
    path: str | os.PathLike[str],
    target: str | None,
    choices: Choices | None = None,
    *,
    progress: Progress | None = None,
    seed: int = 0,
    test_fraction: float = 0.2,
) -> Prepared:
    """A file's rows made ready to learn from; see `read_table` and `prepare`.

    Raises:
        DataError: the file cannot be read, or its contents used; the message begins with its path.
        ValueError: `test_fraction` is not in [0, 1).
    """
    return prepared(
        path,
        target,
        choices,
        lambda header: read_table(of_file(path), header, progress),
        seed=seed,
        test_fraction=test_fraction,
    )


def prepared(
    path: str | os.PathLike[str],
    target: str | None,
    choices: Choices | None,
    read: Callable[[bool | None], Table],
    *,
    seed: int = 0,
    test_fraction: float = 0.2,
) -> Prepared:
    """The same of a table that `read` gives, which is told whether its first row is claimed to have names.

    Raises:
        DataError: the table cannot be read, or used; the message begins with the path.
    """
    try:
        choices = choices or Choices()
        table, name = read(choices.header), printable(Path(path).name)
        return prepare(table, name, target, choices, seed=seed, test_fraction=test_fraction)
    except DataError as error:
        raise DataError(f"{printable(os.fspath(path), limit=200)}: {error}") from None
