"""Which samples are trained on and which are tested on. Must not know what they are of, nor how they were made."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from itertools import compress
from typing import TypeAlias, TypeVar

Row: TypeAlias = tuple[tuple[float, ...], float]
"""One sample: its inputs and its target."""

T = TypeVar("T")

_TURNED = bytes([1, 0, *range(2, 256)])


def split(
    rows: Sequence[Row], test_fraction: float, rng: random.Random, *, by_class: bool
) -> tuple[list[Row], list[Row]]:
    """Parts `rows` into those to train on and those to test on; both keep the order they had.

    The test part has the nearest whole number of rows to `test_fraction`, but at least one, and leaves at
    least one to train on. With `by_class` each class gives its share and keeps at least one row in the
    training part: where every class has a single row, the test part is empty. It is so for a fraction of 0.

    Raises:
        ValueError: `test_fraction` is not in [0, 1).
    """
    tested = chosen([target for _, target in rows], test_fraction, rng, by_class=by_class)
    return list(compress(rows, others(tested))), list(compress(rows, tested))


def chosen(targets: Sequence[float], test_fraction: float, rng: random.Random, *, by_class: bool) -> bytes:
    """By the targets of all rows, a 1 for each that is to be tested on and a 0 for each of the others; see `split`.

    Raises:
        ValueError: `test_fraction` is not in [0, 1).
    """
    if not 0 <= test_fraction < 1:
        raise ValueError(f"test_fraction must be at least 0 and below 1, not {test_fraction!r}")
    groups: dict[float, list[int]] = {}
    if by_class:
        for index, target in enumerate(targets):
            groups.setdefault(target, []).append(index)
    else:
        groups[0.0] = list(range(len(targets)))
    if test_fraction == 0:
        shares = dict.fromkeys(groups, 0)
    else:
        shares = _shares({key: len(members) for key, members in groups.items()}, test_fraction)
    marks = bytearray(len(targets))
    for key in sorted(groups):
        for index in rng.sample(groups[key], shares[key]):
            marks[index] = 1
    return bytes(marks)


def others(marks: bytes) -> bytes:
    """A 1 for each row that has none, as `compress` takes them."""
    return marks.translate(_TURNED)


def evenly(items: Sequence[T], most: int) -> Sequence[T]:
    """At most so many of the items, evenly chosen, in their order."""
    count = len(items)
    return items if count <= most else [items[k * count // most] for k in range(most)]


def _shares(sizes: dict[float, int], fraction: float) -> dict[float, int]:
    """How many of each group to test on: whole shares first, then one each by largest remainder."""
    wanted = max(1, math.floor(sum(sizes.values()) * fraction + 0.5))
    shares = {key: min(math.floor(size * fraction), size - 1) for key, size in sizes.items()}
    while sum(shares.values()) < wanted:
        open_groups = [key for key, size in sizes.items() if shares[key] < size - 1]
        if not open_groups:
            break
        shares[max(open_groups, key=lambda key: (sizes[key] * fraction - shares[key], -key))] += 1
    return shares
