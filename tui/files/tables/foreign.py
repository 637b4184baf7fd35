"""Parquet and Excel, by the readers that their extras bring. The one module that imports those; must not know what a
column means.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Protocol
from zipfile import BadZipFile

from chainstep.datasets.dataset import DataError
from chainstep.datasets.reading.cells import Column
from chainstep.datasets.reading.content import of_file
from chainstep.datasets.reading.dialect import Dialect
from chainstep.datasets.reading.header import Header, header_of
from chainstep.datasets.reading.table import Progress, Table, check_cells, check_rows

_PIECE = 4096
"""Rows that are stored at a time."""

_DIALECT = Dialect("", ".", comments=False, separator_line=False)
_INDEX = "__index_level_0__"
"""What pandas calls the names of the rows, which have no name."""


def read_foreign(path: str, header: bool | None, progress: Progress | None = None) -> Table:
    """The table of a Parquet file, or of the first sheet of an Excel file. `progress` is told the share of the file's
    bytes that is the share of its rows.

    Raises:
        DataError: it is none, or the extra that reads it is not installed.
    """
    size = of_file(path).size  # says what is no regular file

    def told(row: int, *, rows: int | None) -> None:
        if progress is not None:
            progress(size * min(row, rows) // rows if rows else 0)

    match Path(path).suffix.lower():
        case ".parquet" | ".pq":
            return _parquet(path, told)
        case ".xls":
            raise DataError("this is an Excel file of before 2007; save it as .xlsx, or as CSV")
        case _:
            return _excel(path, header, told)


class _Told(Protocol):
    """Is told how many of how many rows have been read; None where that is not known."""

    def __call__(self, row: int, *, rows: int | None) -> None: ...


def _parquet(path: str, told: _Told) -> Table:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise _missing("Parquet", "parquet") from None
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            names = ["" if name == _INDEX else name.strip() for name in file.schema_arrow.names]
            batches = file.iter_batches(batch_size=_PIECE)
            columns = _columns(len(names), _pieces(batches, partial(told, rows=file.metadata.num_rows)))
    except (pyarrow.ArrowException, OSError):
        raise DataError("the file is damaged: this is no Parquet file") from None
    found = header_of(names, columns, True, None)
    return _table(columns, found._replace(named_by_first=False, why="the file names its columns"))


def _excel(path: str, header: bool | None, told: _Told) -> Table:
    try:
        import openpyxl
    except ImportError:
        raise _missing("Excel", "excel") from None
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            rows = list(_rows(sheet.iter_rows(values_only=True), partial(told, rows=sheet.max_row)))
        finally:
            book.close()
    except (BadZipFile, KeyError, IndexError, ValueError, OSError):
        raise DataError("the file is damaged: this is no Excel file") from None
    width = max((k + 1 for row in rows for k, value in enumerate(row) if _cell(value)), default=0)
    if not rows:
        raise DataError("the first sheet is empty")
    records = ([*row[:width], *[None] * (width - len(row))] for row in rows)
    first = list(map(_cell, next(records)))
    pieces = iter(lambda: list(islice(records, _PIECE)), [])
    columns = _columns(width, (list(zip(*piece, strict=True)) for piece in pieces))
    found = header_of(first, columns, header, None)
    if not found.named_by_first:
        columns = [column.with_first(cell) for column, cell in zip(columns, first, strict=True)]
    return _table(columns, found)


def _pieces(batches: Iterable[Any], told: Callable[[int], object]) -> Iterator[list[list[object]]]:
    """The columns of each batch; tells how many rows there have been."""
    row = 0
    for batch in batches:
        yield list(batch.to_pydict().values())
        row += batch.num_rows
        told(row)


def _rows(rows: Iterable[Sequence[object]], told: Callable[[int], object]) -> Iterator[Sequence[object]]:
    """Those that are not blank; tells now and then how many there have been."""
    for number, row in enumerate(rows, start=1):
        if any(map(_cell, row)):
            yield row
        if number % _PIECE == 0:
            told(number)


def _columns(width: int, pieces: Iterable[Sequence[Sequence[object]]]) -> list[Column]:
    """Columns of pieces of columns."""
    columns = [Column() for _ in range(width)]
    for piece in pieces:
        for column, values in zip(columns, piece, strict=True):
            column.extend(list(map(_cell, values)))
        check_cells(columns)
    return columns


def _table(columns: Sequence[Column], header: Header) -> Table:
    check_rows(columns)
    return Table(tuple(columns), header, _DIALECT, "")


def _cell(value: object) -> str:
    """A value as a text file would have it."""
    match value:
        case None:
            return ""
        case str():
            return value.strip()
        case datetime() if value.time() == datetime.min.time():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case float():
            return "" if math.isnan(value) else repr(value)
        case _:
            return str(value).strip()


def _missing(kind: str, extra: str) -> DataError:
    return DataError(f"{kind} files need an extra: pip install 'chainstep[{extra}]'")
