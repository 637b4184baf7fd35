"""Which samples are trained on and which are tested on. Must not know what they are of, nor how they were made."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import TypeAlias, TypeVar

Row: TypeAlias = tuple[tuple[float, ...], float]
"""One sample: its inputs and its target."""

T = TypeVar("T")


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
    train, test = parts([target for _, target in rows], test_fraction, rng, by_class=by_class)
    return [rows[index] for index in train], [rows[index] for index in test]


def parts(
    targets: Sequence[float], test_fraction: float, rng: random.Random, *, by_class: bool
) -> tuple[list[int], list[int]]:
    """The indices of the rows to train on and of those to test on, by the targets of all; see `split`.

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
    chosen: set[int] = set()
    for key in sorted(groups):
        chosen.update(rng.sample(groups[key], shares[key]))
    return [index for index in range(len(targets)) if index not in chosen], sorted(chosen)


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
