"""Turns a user's CSV file into a data set, or says in one line what is wrong. Must not know the examples."""

from __future__ import annotations

import csv
import io
import math
import os
import re
import stat
from pathlib import Path
from typing import NamedTuple

from .dataset import DataError, Dataset, Row
from .printable import distinct, printable
from .recipe import parted

MAX_BYTES = 32 * 2**20
"""Larger files are refused: an engine in pure Python could not train on them anyway."""
MAX_INTEGER_CLASSES = 10
MAX_TEXT_CLASSES = 50
MIN_ROWS_TO_SPLIT = 10
"""Smaller files are trained on whole; a test on one row says nothing."""

# Stricter than float(), which also takes 1_000, digits of other scripts and surrounding space.
_NUMBER = re.compile(r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|nan|inf|infinity)", re.IGNORECASE)


class _Line(NamedTuple):
    """A record of the file and the line, from 1, on which an editor shows its beginning."""

    number: int
    cells: list[str]


def read_csv(path: str | os.PathLike[str], target: str, *, seed: int = 0, test_fraction: float = 0.2) -> Dataset:
    """The rows of a CSV file as a data set: split with `seed`, features standardised on the training part.

    Cells are parted by commas, semicolons or tabs, in UTF-8. The first row is a header if and only if it has
    a cell that is not a number; without one, features are called x0, x1, ... and the target y. `target` is a
    column's name or its number from 1. A target of text, or of at most ten distinct whole numbers, means
    classes, in alphabetical or numerical order, and the split then gives every class its share; any other
    target is regressed on as it is. Fewer than ten rows are all trained on.

    Raises:
        DataError: the file cannot be read, or its contents used; the message says where.
        ValueError: `test_fraction` is not in [0, 1).
    """
    try:
        table = _Table(_lines(_text(path)))
        return table.dataset(printable(Path(path).name), target, seed, test_fraction)
    except DataError as error:
        raise DataError(f"{printable(os.fspath(path), limit=200)}: {error}") from None


def _text(path: str | os.PathLike[str]) -> str:
    """The decoded file.

    Raises:
        DataError: it is missing, no regular file, unreadable, too large or not UTF-8.
    """
    try:
        # Not blocking: a FIFO would keep whoever opens it.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        kind = os.fstat(descriptor).st_mode
        if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
            os.close(descriptor)
            raise DataError("this is a pipe, a socket or a device, not a CSV file")
        with os.fdopen(descriptor, "rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except DataError:
        raise
    except FileNotFoundError:
        raise DataError("there is no such file") from None
    except IsADirectoryError:
        raise DataError("this is a directory, not a CSV file") from None
    except OSError as error:
        raise DataError(f"the file cannot be read ({(error.strerror or 'input error').lower()})") from None
    except ValueError:
        raise DataError("this cannot be the name of a file") from None
    if len(raw) > MAX_BYTES:
        raise DataError(f"the file is larger than {MAX_BYTES // 2**20} MB")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = raw.count(b"\n", 0, error.start) + 1
        byte = f"0x{raw[error.start]:02x}"
        raise DataError(f"row {number}: byte {byte} is not UTF-8; save the file as UTF-8") from None


def _lines(text: str) -> list[_Line]:
    """The records that are not blank.

    Raises:
        DataError: there is none, or one breaks the rules of quoting.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True, skipinitialspace=True)
    lines: list[_Line] = []
    while True:
        # A quoted cell may span lines; the record is where it begins, and the reader knows where it ended.
        number = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            break
        except csv.Error as error:
            trouble = "a quotation mark is never closed" if "end of data" in str(error) else str(error)
            raise DataError(f"row {number}: {printable(trouble, limit=80)}") from None
        if cells and cells != [""]:
            lines.append(_Line(number, cells))
    if not lines:
        raise DataError("the file is empty")
    return lines


def _delimiter(text: str) -> str:
    """The comma, semicolon or tab that cuts the first records into equally many cells, and into the most."""
    best, best_score = ",", (False, 1)
    for delimiter in ",;\t":
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
        try:
            widths = [len(cells) for cells, _ in zip(reader, range(20), strict=False) if cells]
        except csv.Error:
            continue
        score = (len(set(widths)) == 1 and widths[0] > 1, max(widths[:1], default=1))
        if score > best_score:
            best, best_score = delimiter, score
    return best


class _Table:
    """The records of one file as columns with names. All of its errors say row and column."""

    def __init__(self, lines: list[_Line]) -> None:
        first = lines[0]
        self.has_header = any(_number(cell) is None for cell in first.cells)
        self.rows = lines[1:] if self.has_header else lines
        self.width = len(first.cells)
        self.raw_names = first.cells if self.has_header else []
        if self.has_header:
            self._check_header(first)
        self.names = distinct(self.raw_names)
        if len(self.rows) < 2:
            found = "1 row" if self.rows else "no row"
            below = " below its header" if self.has_header else ""
            raise DataError(f"the file has {found} of data{below}; 2 are needed")
        for line in self.rows:
            if len(line.cells) != self.width:
                raise DataError(f"row {line.number}: {len(line.cells)} cells, but row {first.number} has {self.width}")

    def dataset(self, name: str, target: str, seed: int, test_fraction: float) -> Dataset:
        """All columns but `target` as features."""
        column = self._column(target.strip())
        if self.width == 1:
            raise DataError("the target is the only column; there is none to learn from")
        targets, classes = self._targets(column)
        others = [index for index in range(self.width) if index != column]
        rows: list[Row] = [
            (tuple(self._finite(line, index) for index in others), label)
            for line, label in zip(self.rows, targets, strict=True)
        ]
        if self.has_header:
            features, target_name = tuple(self.names[index] for index in others), self.names[column]
        else:
            features, target_name = tuple(f"x{k}" for k in range(len(others))), "y"
        if len(rows) < MIN_ROWS_TO_SPLIT:
            return Dataset.of(name, features, target_name, classes, rows, standardised=True)
        return parted(
            name,
            features,
            target_name,
            classes,
            lambda _: rows,
            noise=None,
            fraction=test_fraction,
            seed=f"csv/split/{seed}",
            standardised=True,
        )

    def _check_header(self, first: _Line) -> None:
        seen: dict[str, int] = {}
        for index, name in enumerate(first.cells):
            if not name:
                raise DataError(f"row {first.number}, column {index + 1}: the cell is empty")
            if name in seen:
                raise DataError(
                    f"row {first.number}: columns {seen[name] + 1} and {index + 1} are both called '{printable(name)}'"
                )
            seen[name] = index

    def _column(self, target: str) -> int:
        """Index of the target column; a name goes before a number."""
        if target in self.raw_names:
            return self.raw_names.index(target)
        # int() refuses thousands of digits, and takes digits of other scripts.
        if re.fullmatch("[0-9]{1,9}", target):
            if 1 <= int(target) <= self.width:
                return int(target) - 1
            raise DataError(f"there is no column {int(target)}; columns are numbered from 1 to {self.width}")
        if not self.has_header:
            raise DataError(
                f"there is no column '{printable(target)}': without a header, the target is a number"
                f" from 1 to {self.width}"
            )
        shown = ", ".join(self.names[:12]) + (", …" if self.width > 12 else "")
        raise DataError(f"there is no column '{printable(target)}'; the columns are {shown}")

    def _targets(self, column: int) -> tuple[list[float], tuple[str, ...]]:
        """The target of every row, and the names of the classes: none of them where it is a quantity."""
        cells = [line.cells[column] for line in self.rows]
        if all(_number(cell) is not None for cell in cells):
            numbers = [self._finite(line, column) for line in self.rows]
            values = sorted(set(numbers))
            self._check_varied(column, len(values))
            if len(values) > MAX_INTEGER_CLASSES or not all(value.is_integer() for value in values):
                return numbers, ()
            return [float(values.index(number)) for number in numbers], tuple(map(_integer_name, values))
        for line in self.rows:
            number = _number(line.cells[column])
            if not line.cells[column] or (number is not None and not math.isfinite(number)):
                raise self._bad_cell(line, column)
        texts = sorted(set(cells))
        self._check_varied(column, len(texts))
        if len(texts) > MAX_TEXT_CLASSES:
            odd = next(line for line in self.rows if _number(line.cells[column]) is None)
            raise DataError(
                f"{self._where(column)} has {len(texts)} different texts (row {odd.number}:"
                f" '{printable(odd.cells[column])}'), which looks like free text; at most {MAX_TEXT_CLASSES}"
                f" classes are possible"
            )
        indices = {text: float(index) for index, text in enumerate(texts)}
        return [indices[cell] for cell in cells], distinct(texts)

    def _check_varied(self, column: int, values: int) -> None:
        if values == 1:
            cell = printable(self.rows[0].cells[column])
            raise DataError(f"{self._where(column)} is '{cell}' in every row; there is nothing to learn")

    def _finite(self, line: _Line, column: int) -> float:
        number = _number(line.cells[column])
        if number is None or not math.isfinite(number):
            raise self._bad_cell(line, column)
        return number

    def _bad_cell(self, line: _Line, column: int) -> DataError:
        cell = line.cells[column]
        if not cell:
            trouble = "the cell is empty"
        elif _number(cell) is None:
            trouble = f"'{printable(cell)}' is not a number"
        else:
            trouble = f"'{printable(cell)}' is not a finite number"
        return DataError(f"row {line.number}, {self._where(column)}: {trouble}")

    def _where(self, column: int) -> str:
        return f"column {column + 1}" + (f" ({self.names[column]})" if self.has_header else "")


def _number(cell: str) -> float | None:
    """What a cell says if it says a number, which may be infinite or NaN. Minus zero counts as zero."""
    return float(cell) + 0.0 if _NUMBER.fullmatch(cell) else None


def _integer_name(value: float) -> str:
    return str(int(value)) if abs(value) < 2**53 else repr(value)
