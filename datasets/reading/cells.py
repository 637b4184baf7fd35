"""One column's cells, stored small: numbers as numbers, all else by its text. Must not know what the column means."""

from __future__ import annotations

import math
import re
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence

from ..blocks import blocks, in_blocks
from .plain import cells_of_numbers

_LEADING_ZERO = re.compile(r"[+-]?0[0-9]")
"""A postal code or the number of a part: as a number it would lose its zeros."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")

NUMBER = -1
"""The code of a cell that is a plain number."""


class Column:
    """The cells of one column, in the order of the rows.

    `numbers[row]` is the number of a cell that is plainly one, as `1.5` or `-3e4`, with a decimal comma where the file
    has those; NaN for any other cell, whose text is then `texts[codes[row]]`.
    """

    def __init__(self, decimal: str = ".") -> None:
        self.numbers = array("d")
        self.codes = array("i")
        self.texts: list[str] = []
        """The different texts of the cells that are no plain numbers, stripped, in order of appearance."""
        self.decimal = decimal
        """The sign before the fraction of a number, `.` or `,`."""
        self._known: dict[str, int] = {}
        self._plain = 0

    def __len__(self) -> int:
        return len(self.codes)

    def text(self, row: int) -> str:
        """A cell as text; a number in its shortest form."""
        code = self.codes[row]
        return self.texts[code] if code != NUMBER else shortest(self.numbers[row])

    def counts(self) -> list[int]:
        """How many cells have each of the texts."""
        counts = Counter(in_blocks(self.codes)) if self.texts else {}
        return [counts[code] for code in range(len(self.texts))]

    def plain(self) -> int:
        """How many cells are plain numbers."""
        return self._plain

    def different(self, most: int | None = None) -> set[float]:
        """The different plain numbers; where there are more than `most`, some more than that."""
        found: set[float] = set()
        for some in blocks(self.numbers):
            found.update([number for number in some if number == number])
            if most is not None and len(found) > most:
                break
        return found

    def rows(self) -> Iterator[str]:
        """Every cell as text."""
        return map(self.text, range(len(self)))

    def extend(self, cells: Sequence[str]) -> None:
        """Append cells."""
        joined = "\n".join(cells)
        if self.decimal == ",":
            joined = joined.replace(".", "?").replace(",", ".")
        numbers = cells_of_numbers(joined)
        if numbers is not None and len(numbers) == len(cells):
            self.extend_numbers(numbers)
            return
        made = {cell: self._made(cell) for cell in dict.fromkeys(cells)}
        codes = [made[cell][1] for cell in cells]
        self.numbers.extend([made[cell][0] for cell in cells])
        self.codes.extend(codes)
        self._plain += codes.count(NUMBER)

    def extend_numbers(self, numbers: array[float]) -> None:
        """Append cells that are plain numbers, finite ones."""
        self.numbers.extend(numbers)
        self.codes.extend(array("i", [NUMBER]) * len(numbers))
        self._plain += len(numbers)

    def append(self, cell: str) -> None:
        """Append one cell."""
        number, code = self._made(cell)
        self.numbers.append(number)
        self.codes.append(code)
        self._plain += code == NUMBER

    def _made(self, cell: str) -> tuple[float, int]:
        """The number of a cell, and its code."""
        cell = cell.strip()
        code = self._known.get(cell)
        if code is None:
            number = plain_number(cell, self.decimal)
            if number is not None:
                return number, NUMBER
            code = self._known[cell] = len(self.texts)
            self.texts.append(cell)
        return math.nan, code

    def with_first(self, cell: str) -> Column:
        """The same column below one more cell."""
        column = Column(self.decimal)
        column._known, column.texts = dict(self._known), list(self.texts)
        column.append(cell)
        column.numbers.extend(self.numbers)
        column.codes.extend(self.codes)
        column._plain += self._plain
        return column


def plain_number(cell: str, decimal: str = ".") -> float | None:
    """What a cell says if it is plainly a number, and a finite one. Minus zero counts as zero."""
    if decimal == ",":
        if "." in cell:
            return None
        cell = cell.replace(",", ".")
    if not _NUMBER.fullmatch(cell) or _LEADING_ZERO.match(cell):
        return None
    number = float(cell) + 0.0
    return number if math.isfinite(number) else None


def shortest(number: float) -> str:
    """A number as people write it: `3`, not `3.0`."""
    return str(int(number)) if number.is_integer() and abs(number) < 2**53 else repr(number)
