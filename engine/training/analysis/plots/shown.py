"""Which samples a picture of all of them has, and how far it goes beyond them. Must not know pictures."""

from __future__ import annotations

from collections.abc import Iterator

from ...setup.data import Rows
from ...step.program import Samples

MOST_POINTS = 500
"""Samples of a kind that are shown."""

_EDGE = 0.12
"""How far a picture goes beyond its points, as a share of what they span."""

_FARTHEST = 1e300
"""It ends here at most: the difference of two larger coordinates may not be finite."""


def evenly_chosen(
    rows: Rows, samples: Samples
) -> Iterator[tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]]:
    """(row of the data, inputs, coded targets) of at most so many samples, evenly chosen."""
    apart = max(1, -(-len(samples) // MOST_POINTS))
    return ((row, *sample) for row, sample in zip(rows[::apart], samples[::apart], strict=True))


def stretched(low: float, high: float) -> tuple[float, float]:
    """A stretch that goes a little beyond another one, at either end."""
    low, high = max(low, -_FARTHEST), min(high, _FARTHEST)
    edge = (high - low) * _EDGE or 1.0
    return low - edge, high + edge
