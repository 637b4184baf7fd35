"""Stretches of numbers: what is known of many that lie side by side. Must not know how numbers come to be forgotten."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterable, Sequence
from operator import add, attrgetter, lt

from ....records import record


@record
class Stretch:
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
    rises: float
    """How many steps running it rises at most, from the first number to the last; where stretches were joined, no more
    than that.
    """

    @classmethod
    def of(cls, start: int, numbers: Sequence[float]) -> Stretch:
        """The stretch of these numbers, at least one, from step `start` on."""
        kept = every = list(numbers)
        total = sum(every)
        if total - total != 0.0:  # a NaN or an infinity among them would have survived the sum
            kept = [number for number in every if number - number == 0.0]
            total = sum(kept)
        low, high = min(kept, default=math.inf), max(kept, default=-math.inf)
        above = kept if low > 0.0 else [number for number in kept if number > 0.0]
        least, finite, positive = min(above, default=math.inf), float(len(kept)), float(len(above))
        # Most curves fall, and that is seen three times as fast; where nothing is finite it may rise from -inf to inf.
        if kept is every and every == sorted(every, reverse=True):
            rises = 0.0
        else:
            rises = _rises(every) if kept else min(1.0, len(every) - 1.0)
        stop = start + len(every)
        return cls(start, stop, every[0], every[-1], low, high, least, total, finite, positive, rises)

    @property
    def exact(self) -> bool:
        """Whether it is one step alone, of which all is known."""
        return self.stop - self.start == 1


def _rises(numbers: list[float]) -> float:
    """How many steps running they rise at most."""
    return float(max(map(len, bytes(map(lt, numbers, numbers[1:])).split(b"\0"))))


@record
class Extent:
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
    max,
)
"""How two stretches become one: a function a column, in the order of `Stretch`'s fields behind `start` and `stop`. But
`rises` are one more than both together where it rises from the one to the other.
"""

COLUMNS = Stretch.__match_args__[2:]
"""The numbers of a stretch, by name."""

_numbers = attrgetter(*COLUMNS)

FIRST, LAST, LOW, HIGH, LEAST, FINITE, POSITIVE, RISES = (COLUMNS.index(name) for name in
    ("first", "last", "low", "high", "least", "finite", "positive", "rises"))  # fmt: skip


def joined(stretches: Iterable[Stretch]) -> Stretch:
    """Stretches that follow each other, at least one, as one of all their steps."""
    first, *others = stretches
    for other in others:
        rises = first.rises + 1.0 + other.rises if other.first > first.last else max(first.rises, other.rises)
        numbers = [join(a, b) for join, a, b in zip(_JOINED, _numbers(first), _numbers(other), strict=True)]
        numbers[RISES] = rises
        first = Stretch(first.start, other.stop, *numbers)
    return first


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
        for column, number in zip(self.columns, _numbers(stretch), strict=True):
            column.append(number)

    def until(self, count: int) -> Past:
        return Past(self.width, (column[:count] for column in self.columns))

    def halved(self) -> Past:
        """Two stretches in one each; there is an even number of them."""
        pairs = zip(_JOINED, self.columns, strict=True)
        joined = [array("d", map(join, column[::2], column[1::2])) for join, column in pairs]
        first, last, rises = self.columns[FIRST], self.columns[LAST], self.columns[RISES]
        for place, (before, after) in enumerate(zip(last[::2], first[1::2], strict=True)):
            if after > before:
                joined[RISES][place] = rises[2 * place] + 1.0 + rises[2 * place + 1]
        return Past(2 * self.width, joined)


def is_past(width: int, columns: Sequence[array[float]]) -> bool:
    """Whether these can be the columns of a `Past`: nothing that is compared is a NaN, nothing is counted that is not
    there.
    """
    if width < 1 or len(columns) != len(_JOINED) or len(set(map(len, columns))) != 1:
        return False
    compared = (number for column in (LOW, HIGH, LEAST) for number in columns[column])
    counts = (number for column in (FINITE, POSITIVE, RISES) for number in columns[column])
    return all(n == n for n in compared) and all(0.0 <= n <= width and n.is_integer() for n in counts)
