"""Which samples a picture of all of them has, and how far it goes beyond them. Must not know pictures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...step.program import Program

MOST_POINTS = 500
"""Samples of a kind that are shown."""

_EDGE = 0.12
"""How far a picture goes beyond its points, as a share of what they span."""

_FARTHEST = 1e300
"""It ends here at most: the difference of two larger coordinates may not be finite."""


def spacing(count: int, most: int = MOST_POINTS) -> int:
    """How far apart the chosen ones of `count` samples lie, where there are to be `most` at most."""
    return max(1, -(-count // most))


class Shown(NamedTuple):
    """A sample that is shown."""

    test: bool
    row: tuple[float, ...]
    """Of the data."""
    inputs: tuple[float, ...]
    targets: tuple[float, ...]
    """Coded."""


def evenly_chosen(program: Program) -> Iterator[Shown]:
    """At most so many training samples, then at most so many test samples, evenly chosen; of a network's program."""
    data = program.data
    assert data is not None
    for test, rows, samples in (
        (False, data.train_inputs, program.samples),
        (True, data.test_inputs, program.tests),
    ):
        apart = spacing(len(samples))
        for row, sample in zip(rows[::apart], samples[::apart], strict=True):
            yield Shown(test, row, *sample)


def stretched(low: float, high: float) -> tuple[float, float]:
    """A stretch that goes a little beyond another one, at either end."""
    low, high = max(low, -_FARTHEST), min(high, _FARTHEST)
    edge = (high - low) * _EDGE or 1.0
    return low - edge, high + edge
