"""The records of a table's text, equally wide. Must not know what a column holds."""

from __future__ import annotations

import csv
import io
import re
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import TextIO

from ..dataset import DataError
from ..printable import printable
from .cells import plain_number
from .dialect import Dialect, Reader
from .plain import rows_of_numbers

_SAMPLE = 200
"""Records that are looked at to find out how wide they are."""

_BREAK = re.compile("\r\n|\r|\n")


class Records:
    """`first`, the first record, and then the others by `pieces`, each of `width` cells.

    Raises:
        DataError: there is none; or, in `pieces`, one is not as wide, or breaks the rules of quoting. The message says
            on which line, from 1, an editor shows its beginning.
    """

    def __init__(self, text: TextIO, dialect: Dialect) -> None:
        self._text = text
        self._dialect = dialect
        self._lines = 0
        """Those that have been read."""
        reader = dialect.cells(dialect.lines(text))
        self._head: list[_Piece] = []
        """What has been looked at."""
        while sum(map(len, self._head)) <= _SAMPLE and (piece := self._read(reader, _SAMPLE)):
            self._head.append(piece)
        places = [(piece, k) for piece in self._head for k, cells in enumerate(piece) if any(cells)]
        if not places:
            raise DataError("the file is empty")
        first, *others = (piece[k] for piece, k in places)
        self._skipped = [first]
        """Records that are not among the pieces."""
        self.classes = _counted_classes(first, others)
        """Names of classes, by a first line that counts rows and columns and then has those; that is no record."""
        if self.classes:
            first = others.pop(0)
            self._skipped.append(first)
        piece, k = places[len(self._skipped) - 1]
        self._first_line = piece.line(k)
        self.width, self.first = _width(first, others)

    def pieces(self, size: int) -> Iterator[list[list[str]] | array[float]]:
        """Lists of records, their cells as they are written; or, where every cell is plainly a number, all of these,
        row by row. Each is of about `size` characters.
        """
        for piece in self._head:
            rest = [cells for cells in piece if not any(cells is skipped for skipped in self._skipped)]
            yield self._checked(piece, rest)
        dialect = self._dialect._replace(separator_line=False)
        numbers_only = dialect.decimal == "." and dialect.delimiter != " "
        while text := self._text.read(size):
            text += self._text.readline()
            numbers = rows_of_numbers(text, dialect.delimiter, self.width) if numbers_only else None
            if numbers is not None:
                self._lines += len(numbers) // self.width
                yield numbers
                continue
            lines = io.StringIO(text, newline="").readlines()
            # A quoted cell may go on behind them.
            piece = self._read(dialect.cells(dialect.lines(chain(lines, self._text))), len(lines))
            yield self._checked(piece, piece)

    def _checked(self, piece: _Piece, records: list[list[str]]) -> list[list[str]]:
        """The records that are not blank, of those of a piece; all of them equally wide."""
        if not all(map(any, records)):
            records = list(filter(any, records))
        width = self.width
        if {*map(len, records)} <= {width}:
            return records
        for cells in records:
            if len(cells) == width + 1 and not cells[-1].strip():
                cells.pop()
            elif len(cells) != width:
                line = piece.line(next(k for k, other in enumerate(piece) if other is cells))
                raise DataError(f"row {line}: {_count(cells)}, but row {self._first_line} has {width}")
        return records

    def _read(self, reader: Reader, most: int) -> _Piece:
        """The next records; none at the end."""
        piece, before = _Piece(self._lines), reader.line_num
        try:
            piece.extend(islice(reader, most))
        except csv.Error as error:
            trouble = "a quotation mark is never closed" if "end of data" in str(error) else str(error)
            raise DataError(f"row {piece.line(len(piece))}: {printable(trouble, limit=80)}") from None
        self._lines += reader.line_num - before
        return piece


class _Piece(list[list[str]]):
    """Some records on end, blank ones too."""

    def __init__(self, before: int) -> None:
        self._before = before
        """Lines before the first one."""

    def line(self, index: int) -> int:
        """On which line, from 1, the record at `index` begins."""
        breaks = sum(len(_BREAK.findall(cell)) for cells in self[:index] for cell in cells)
        return self._before + index + breaks + 1


def _count(cells: Sequence[str]) -> str:
    return f"{len(cells)} cell{'s' * (len(cells) != 1)}"


def _counted_classes(first: list[str], others: list[list[str]]) -> tuple[str, ...]:
    """The names in a first line such as `150,4,setosa,versicolor,virginica` over 4 columns of features and one of
    numbers of classes, as scikit-learn's own files have; none where it is no such line.
    """
    if len(first) < 4 or not others or not all(cell.strip().isdecimal() for cell in first[:2]):
        return ()
    classes = tuple(cell.strip() for cell in first[2:])
    if any(len(cells) - 1 != int(first[1]) for cells in others) or any(
        plain_number(name) is not None for name in classes
    ):
        return ()
    allowed = set(map(str, range(len(classes))))
    return classes if all(cells[-1].strip() in allowed for cells in others) else ()


def _width(first: list[str], others: list[list[str]]) -> tuple[int, list[str]]:
    """How many cells a record has, and the first one with as many."""
    width = len(first)
    if width > 1 and not first[-1].strip() and not any(len(cells) >= width and cells[-1].strip() for cells in others):
        return width - 1, first[:-1]  # a delimiter at the end of the lines
    usual = Counter(map(len, others)).most_common(1)
    wider = [cells for cells in others if len(cells) == width + 1]
    if usual and usual[0][0] == width + 1 and any(cells[-1].strip() for cells in wider):
        return width + 1, ["", *first]  # names of the rows, which have no name themselves
    return width, first
