"""Stretches of numbers: what is known of many that lie side by side. Must not know how numbers come to be forgotten."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterable, Sequence
from operator import add
from typing import NamedTuple


class Stretch(NamedTuple):
    """What is known of steps `start` … `stop`−1."""

    start: int
    stop: int
    first: float
    last: float
    low: float
    """The smallest finite number; inf where there is none."""
    high: float
    """The largest one; −inf where there is none."""
    least: float
    """The smallest finite number above 0; inf where there is none."""
    total: float
    """The sum of the finite numbers."""
    finite: float
    """How many there are."""
    positive: float
    """How many of those are above 0."""

    @classmethod
    def of(cls, start: int, numbers: Sequence[float]) -> Stretch:
        """The stretch of these numbers, at least one, from step `start` on."""
        kept, total = numbers, sum(numbers)
        if total - total != 0.0:  # a NaN or an infinity among them would have survived the sum
            kept = [number for number in numbers if number - number == 0.0]
            total = sum(kept)
        low, high = min(kept, default=math.inf), max(kept, default=-math.inf)
        above = kept if low > 0.0 else [number for number in kept if number > 0.0]
        least = min(above, default=math.inf)
        ends = numbers[0], numbers[-1]
        return cls(start, start + len(numbers), *ends, low, high, least, total, float(len(kept)), float(len(above)))

    @property
    def exact(self) -> bool:
        """Whether it is one step alone, of which all is known."""
        return self.stop - self.start == 1


class Extent(NamedTuple):
    """The smallest and the largest number of some steps that can be drawn, and where; `low > high` where none can."""

    low: float
    low_at: int
    high: float
    high_at: int
    dropped: int
    """How many cannot be drawn: they are not finite or, where a logarithm is wanted, not above 0."""


_JOINED: tuple[Callable[[float, float], float], ...] = (
    lambda first, _: first,
    lambda _, last: last,
    min,
    max,
    min,
    add,
    add,
    add,
)
"""How two stretches become one: a function a column, in the order of `Stretch`'s fields behind `start` and `stop`."""

LOW, HIGH, LEAST, FINITE, POSITIVE = (Stretch._fields.index(name) - 2 for name in
                                           ("low", "high", "least", "finite", "positive"))  # fmt: skip


class Past:
    """Stretches side by side from step 0 on, all of the same width; a column of numbers each field. Only ever grows."""

    __slots__ = ("columns", "width")

    def __init__(self, width: int, columns: Iterable[array[float]] = ()) -> None:
        self.width = width
        self.columns = tuple(columns) or tuple(array("d") for _ in _JOINED)

    def __len__(self) -> int:
        return len(self.columns[0])

    def __getitem__(self, place: int) -> Stretch:
        start = place * self.width
        return Stretch(start, start + self.width, *(column[place] for column in self.columns))

    def extent(self, start: int, stop: int, *, positive: bool) -> Extent:
        """The extremes of the stretches that begin with one of the steps `start` … `stop`−1; each is placed where its
        stretch begins. With `positive`, only numbers above 0 count.
        """
        columns, width = self.columns, self.width
        i, j = -(-start // width), -(-stop // width)
        if i >= j:
            return Extent(math.inf, start, -math.inf, start, 0)
        low_column, kept = columns[LEAST if positive else LOW], columns[POSITIVE if positive else FINITE]
        low, high = min(low_column[i:j]), max(columns[HIGH][i:j])
        dropped = (j - i) * width - int(sum(kept[i:j]))
        if low > high:
            return Extent(math.inf, start, -math.inf, start, dropped)
        low_at, high_at = low_column.index(low, i, j) * width, columns[HIGH].index(high, i, j) * width
        return Extent(low, low_at, high, high_at, dropped)

    def append(self, stretch: Stretch) -> None:
        for column, number in zip(self.columns, stretch[2:], strict=True):
            column.append(number)

    def until(self, count: int) -> Past:
        return Past(self.width, (column[:count] for column in self.columns))

    def halved(self) -> Past:
        """Two stretches in one each; there is an even number of them."""
        pairs = zip(_JOINED, self.columns, strict=True)
        return Past(2 * self.width, (array("d", map(join, column[::2], column[1::2])) for join, column in pairs))


def is_past(width: int, columns: Sequence[array[float]]) -> bool:
    """Whether these can be the columns of a `Past`: nothing that is compared is a NaN, nothing is counted that is not
    there.
    """
    if width < 1 or len(columns) != len(_JOINED) or len(set(map(len, columns))) != 1:
        return False
    compared = (number for column in (LOW, HIGH, LEAST) for number in columns[column])
    counts = (number for column in (FINITE, POSITIVE) for number in columns[column])
    return all(n == n for n in compared) and all(0.0 <= n <= width and n.is_integer() for n in counts)
