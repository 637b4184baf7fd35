"""The records of a table's text, equally wide. Must not know what a column holds."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from ..dataset import DataError
from ..printable import printable
from .cells import plain_number
from .dialect import Dialect

_SAMPLE = 200
"""Records that are looked at to find out how wide they are."""


class Records:
    """`first`, the first record, and then the others by iterating, each of `width` cells as they are written.

    Raises:
        DataError: there is none; or, while iterating, one is not as wide, or breaks the rules of quoting. The message
            says on which line, from 1, an editor shows its beginning.
    """

    def __init__(self, lines: Iterable[str], dialect: Dialect) -> None:
        self._line = 1
        """The line on which the newest record begins."""
        self._between = True
        """The next line begins a record."""
        self._all = self._cells(lines, dialect)
        first = next(self._all, None)
        if first is None:
            raise DataError("the file is empty")
        self._first_line = self._line
        self._peeked = [(self._line, cells) for cells in islice(self._all, _SAMPLE)]
        others = [cells for _, cells in self._peeked]
        self.classes = _counted_classes(first, others)
        """Names of classes, by a first line that counts rows and columns and then has those; that is no record."""
        if self.classes:
            self._first_line, first = self._peeked.pop(0)
            del others[0]
        self.width, self.first = _width(first, others)

    def __iter__(self) -> Iterator[list[str]]:
        width = self.width
        for line, cells in chain(self._peeked, ((0, cells) for cells in self._all)):
            if len(cells) != width:
                if len(cells) != width + 1 or cells[-1].strip():
                    raise DataError(
                        f"row {line or self._line}: {_count(cells)}, but row {self._first_line} has {width}"
                    )
                cells.pop()
            yield cells

    def _cells(self, lines: Iterable[str], dialect: Dialect) -> Iterator[list[str]]:
        """Every record that is not blank."""
        reader = dialect.cells(self._followed(dialect.lines(lines)))
        while True:
            self._between = True
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                trouble = "a quotation mark is never closed" if "end of data" in str(error) else str(error)
                raise DataError(f"row {self._line}: {printable(trouble, limit=80)}") from None
            if any(cells):
                yield cells

    def _followed(self, lines: Iterable[tuple[int, str]]) -> Iterator[str]:
        for number, line in lines:
            if self._between:
                self._line, self._between = number, False
            yield line


def _count(cells: Sequence[str]) -> str:
    return f"{len(cells)} cell{'s' * (len(cells) != 1)}"


def _counted_classes(first: list[str], others: list[list[str]]) -> tuple[str, ...]:
    """The names in a first line such as `150,4,setosa,versicolor,virginica` over 4 columns of features and one of
    numbers of classes, as scikit-learn's own files have; none where it is no such line.
    """
    if len(first) < 4 or not others or not all(cell.strip().isdecimal() for cell in first[:2]):
        return ()
    classes = tuple(cell.strip() for cell in first[2:])
    if any(len(cells) - 1 != int(first[1]) for cells in others) or any(map(plain_number, classes)):
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
