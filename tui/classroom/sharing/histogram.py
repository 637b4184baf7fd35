"""Answers as a histogram: numbers -> how many lie where, and where the right one is. Must not know who gave them, nor
the screen.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from itertools import pairwise

from chainstep.engine.records import record

from ...render.canvas import numbers

BARS = 11
"""Rows at most."""


@record
class Bar:
    """A row: the answers from `low` to `high`."""

    low: float
    high: float
    count: int
    right: bool
    """What is right lies there."""

    @property
    def label(self) -> str:
        """What it is called: the answers in it, by their bounds."""
        low, high = numbers.plain(self.low), numbers.plain(self.high)
        return low if low == high else f"{low} … {high}"


def histogram(answers: Collection[float], right: float | None) -> Sequence[Bar]:
    """Rows in order: one for each answer where there are few different ones, and else of equal widths; what is `right`
    is in one of them, if it is to be seen.
    """
    shown = [*answers, *([right] if right is not None and math.isfinite(right) else [])]
    if not shown:
        return []
    different = sorted(set(shown))
    if len(different) <= BARS:
        known = list(answers)
        return [Bar(value, value, known.count(value), value == right) for value in different]
    low, high = _middle(different)
    width = (high - low) / BARS
    edges = [-math.inf, *(low + width * k for k in range(1, BARS)), math.inf]
    bars = []
    for start, stop in pairwise(edges):
        inside = [value for value in shown if start <= value < stop]
        count = sum(start <= value < stop for value in answers)
        bounds = (min(inside), max(inside)) if inside else (max(low, start), min(high, stop))
        bars.append(Bar(*bounds, count, right is not None and start <= right < stop))
    return bars


def _middle(values: Sequence[float]) -> tuple[float, float]:
    """Bounds between which most of some values in order lie: one wild guess does not make all others one row."""
    tenth = len(values) // 10
    low, high = values[tenth], values[-1 - tenth]
    return (low, high) if low < high and math.isfinite(high - low) else (values[0], values[0] + 1.0)
