"""Columns of numbers in units of their spread. Must not know what they are of."""

from __future__ import annotations

import math
from collections.abc import Sequence


def moments(inputs: Sequence[Sequence[float]]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and population standard deviation of each column of an n x m table, n >= 1.

    A constant column has scale 1, so that standardising makes zeros of it.
    """
    found = [moment(column) for column in zip(*inputs, strict=True)]
    return tuple(mean for mean, _ in found), tuple(scale for _, scale in found)


def moment(column: Sequence[float]) -> tuple[float, float]:
    """Mean and population standard deviation of n >= 1 numbers; 1 in place of a deviation of 0."""
    if min(column) == max(column):
        return column[0], 1.0
    # Relative to the largest magnitude, so that squares of very large or small numbers stay in range.
    unit = max(map(abs, column))
    relative = [number / unit for number in column]
    mean = math.fsum(relative) / len(relative)
    spread = math.sqrt(math.fsum([(number - mean) ** 2 for number in relative]) / len(relative))
    return mean * unit, spread * unit or 1.0


def standardise(
    inputs: Sequence[Sequence[float]], means: Sequence[float], scales: Sequence[float]
) -> tuple[tuple[float, ...], ...]:
    """(number - mean) / scale for each column of an n x m table; `means` and `scales` have m numbers."""
    return tuple(
        tuple((number - mean) / scale for number, mean, scale in zip(row, means, scales, strict=True)) for row in inputs
    )
