"""Which of a few steps stands for a number. Must not know the colours and shapes that a step is shown in."""

from __future__ import annotations

import math
from collections.abc import Iterable

LEVELS = 9
"""Shades for each sign: few, so that runs of cells merge and 256-colour terminals tell them apart."""


def level(value: float, scale: float) -> int:
    """`value / scale` in whole steps from -LEVELS to LEVELS; 0 for zero only. `value` must be finite.

    A scale of zero, or one that is not finite, gives the sign alone at full strength.
    """
    if not value:
        return 0
    size = LEVELS
    if 0 < scale < math.inf:
        size = min(LEVELS, math.ceil(LEVELS * min(1.0, abs(value) / scale)) or 1)
    return size if value > 0 else -size


def levels(values: Iterable[float], scale: float) -> list[int | None]:
    """The level of each of many values; None for what is not finite."""
    if not 0 < scale < math.inf:
        return [level(value, scale) if value - value == 0.0 else None for value in values]
    ceil = math.ceil
    result: list[int | None] = []
    # As `level`, in place: a picture asks for hundreds.
    for value in values:
        if value - value != 0.0:
            result.append(None)
        elif not value:
            result.append(0)
        else:
            share = abs(value) / scale
            size = ceil(LEVELS * share) or 1 if share < 1.0 else LEVELS
            result.append(size if value > 0.0 else -size)
    return result
