"""A table as it was written: its columns of cells, their names, and what was found out about the file. Must not know
what is learnt from it.
"""

from __future__ import annotations

import io
import zlib
from array import array
from collections.abc import Callable, Sequence
from typing import BinaryIO, NamedTuple

from ..dataset import DataError
from .cells import Column
from .content import MAX_BYTES, Content
from .dialect import Dialect, commented_header, dialect_of
from .encoding import encoding_of
from .header import Header, header_of
from .records import Records

MAX_CELLS = 40_000_000
"""More would not fit in memory: a cell takes twelve bytes."""

_ENCODINGS = {
    "cp1252": "Windows-1252",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
}
"""Those that are worth a word."""

_SAMPLE = 2**16
_PIECE = 2**16
"""Characters that are read at a time."""

Progress = Callable[[int], object]
"""Is told how many bytes of the stored content have been read."""


class Table(NamedTuple):
    """n rows of m columns, n >= 2."""

    columns: tuple[Column, ...]
    """m columns of n cells each."""
    header: Header
    """The names of the columns, and how it was found out whether the first row has them."""
    dialect: Dialect
    encoding: str
    classes: tuple[str, ...] = ()
    """Names of classes that are numbered from 0 in the last column, where the file's first line has them."""

    @property
    def rows(self) -> int:
        """n"""
        return len(self.columns[0])

    @property
    def said(self) -> tuple[str, ...]:
        """What was found out about the file, in lines."""
        first = "has the names" if self.header.named_by_first else "is data"
        encoding = _ENCODINGS.get(self.encoding)
        where = f", in {encoding}" if encoding else ""
        cut = f"cut by {self.dialect.words}{where}; " if self.dialect.delimiter else ""
        return (f"{cut}the first row {first}: {self.header.why}", *self.header.notes)


def read_table(content: Content, header: bool | None = None, progress: Progress | None = None) -> Table:
    """The table that bytes are.

    `header` says whether the first row has the names of the columns; None finds it out. A delimiter at the end of the
    lines is no column more, and a name fewer than there are columns means that the first one, of names of the rows, has
    none.

    Raises:
        DataError: it is no text, its records are not equally wide, or it has fewer than two rows; the message says
            where.
    """
    try:
        return _read(content, header, progress)
    except UnicodeDecodeError as error:
        raise DataError(f"this is no text in {error.encoding.upper()}, as which it begins") from None
    except (EOFError, zlib.error):
        raise DataError("the file is damaged: it cannot be unpacked") from None
    except OSError as error:
        trouble = "it cannot be unpacked" if content.packed else (error.strerror or "input error").lower()
        raise DataError(f"the file cannot be read ({trouble})") from None


def _read(content: Content, header: bool | None, progress: Progress | None) -> Table:
    head = next(content.pieces(_SAMPLE), b"")
    if not head.strip(b"\0\r\n\t ,;"):
        raise DataError("the file is empty")
    encoding = encoding_of(content, head, lambda: progress(0) if progress else None)
    sample = _sample(head, encoding)
    dialect = dialect_of(sample)
    with content.raw() as raw, _text(content.unpacked(raw), encoding) as text:
        records = Records(text, dialect)
        columns = _columns(records, dialect, lambda: progress(raw.tell()) if progress else None)
    above = commented_header(sample, dialect)
    found = header_of(records.first, columns, header, above if above and len(above) == records.width else None)
    if not found.named_by_first:
        columns = [column.with_first(cell) for column, cell in zip(columns, records.first, strict=True)]
    check_rows(columns, " below its header" if found.named_by_first else "")
    return Table(tuple(columns), found, dialect, encoding, records.classes)


def _columns(records: Records, dialect: Dialect, told: Callable[[], object]) -> list[Column]:
    """The cells of all records but the first one."""
    columns = [Column(dialect.decimal) for _ in range(records.width)]
    for piece in records.pieces(_PIECE):
        if isinstance(piece, array):
            for k, column in enumerate(columns):
                column.extend_numbers(piece[k :: records.width])
        elif piece:
            for column, cells in zip(columns, zip(*piece, strict=True), strict=True):
                column.extend(cells)
        check_cells(columns)
        told()
    return columns


def check_cells(columns: Sequence[Column]) -> None:
    """Raises DataError: there are more cells than fit in memory."""
    if columns and len(columns[0]) * len(columns) > MAX_CELLS:
        raise DataError(f"the table has more than {MAX_CELLS // 10**6} million cells")


def check_rows(columns: Sequence[Column], below: str = "") -> None:
    """Raises DataError: there are too few rows to learn anything from; `below` says what they stand below."""
    rows = len(columns[0]) if columns else 0
    if rows < 2:
        raise DataError(f"the file has {'1 row' if rows else 'no row'} of data{below}; 2 are needed")


def _sample(head: bytes, encoding: str) -> str:
    """The lines that a table begins with, whole ones where there is more."""
    text = head.decode(encoding, errors="ignore")
    if len(head) < _SAMPLE:
        return text
    return text[: text.rfind("\n") + 1] or text


class _Bounded(io.RawIOBase):
    """Bytes that may not go on for ever: what is packed may unpack to anything."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._left = MAX_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise DataError(f"the table is larger than {MAX_BYTES // 2**20} MB")
        buffer[: len(data)] = data
        return len(data)


def _text(stream: BinaryIO, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BufferedReader(_Bounded(stream), 2**18), encoding, newline="")
