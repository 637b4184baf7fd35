"""Sums of products over rows of numbers, each in its order: what a generated function calls for a layer. Must not know
plans, tapes or networks.

`sum` is not used: since Python 3.12 it is more exact than one addition after the other, and so has other bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import chain, compress

Row = Sequence[float]

Kernel = Callable[[float, Iterable[tuple[float, Row]]], tuple[float, ...]]
"""(what every sum begins with, (factor, row) pairs) -> for each place of a row the sum of factor · number."""

Tiles = list[tuple[Kernel, list[Row]]]
"""A matrix cut into stripes of so many columns as there are variables in a kernel."""

WIDTH = 32
"""Columns of a stripe: in variables of its own a sum takes half as long as in a list."""


@cache
def _kernel(width: int) -> Kernel:
    """The kernel for stripes of `width` columns."""
    places = range(width)
    lines = [
        "def kernel(start, pairs):",
        f"    {' = '.join(f'n{i}' for i in places)} = start",
        f"    for x, ({', '.join(f'w{i}' for i in places)},) in pairs:",
        *(f"        n{i} += x * w{i}" for i in places),
        f"    return ({', '.join(f'n{i}' for i in places)},)",
    ]
    scope: dict[str, Kernel] = {}
    exec("\n".join(lines), scope)
    return scope["kernel"]


def tiled(numbers: Sequence[float], rows: Iterable[range]) -> Tiles:
    """The matrix whose rows are at these places of `numbers`; all of them are of one length."""
    source = tuple(numbers)
    made = [source[row.start : row.stop : row.step] for row in rows]
    width = len(made[0])
    return [(_kernel(min(WIDTH, width - at)), [row[at : at + WIDTH] for row in made]) for at in range(0, width, WIDTH)]


def combined(start: float, tiles: Tiles, factors: Row) -> list[float]:
    """start + Σ factor · row, added row by row."""
    sums: list[float] = []
    for kernel, rows in tiles:
        sums += kernel(start, zip(factors, rows, strict=False))
    return sums


def combined_open(start: float, tiles: Tiles, factors: Row) -> list[float]:
    """The same, where all numbers are finite: rows whose factor is 0 are left out."""
    used = [factor for factor in factors if factor]
    sums: list[float] = []
    for kernel, rows in tiles:
        sums += kernel(start, zip(used, compress(rows, factors), strict=False))
    return sums


def spread(sums: list[list[float]], factors: Row, row: Row) -> None:
    """Add to each of the `sums`, by its own factor, factor · row."""
    for place, factor in enumerate(factors):
        sums[place] = [total + x * factor for total, x in zip(sums[place], row, strict=False)]


def spread_open(sums: list[list[float]], factors: Row, row: Row) -> None:
    """The same, where all numbers are finite: products with 0 are left out."""
    used = [(place, x) for place, x in enumerate(row) if x]
    for own, factor in zip(sums, factors, strict=False):
        if factor:
            for place, x in used:
                own[place] += x * factor


def cut(numbers: Sequence[float], places: range) -> list[list[float]]:
    """The numbers at these places, `places.step` in each list."""
    return [[*numbers[at : at + places.step]] for at in places]


def joined(rows: Iterable[Row]) -> list[float]:
    """The numbers of all rows, one row behind the other."""
    return [*chain.from_iterable(rows)]


def total_of(numbers: Iterable[float]) -> float:
    """The numbers added one after the other."""
    sum_ = -0.0
    for number in numbers:
        sum_ += number
    return sum_


FUNCTIONS: Mapping[str, object] = {
    function.__name__: function
    for function in (tiled, combined, combined_open, spread, spread_open, cut, joined, total_of)
}
"""What a generated function may call, by the names that it calls them."""
