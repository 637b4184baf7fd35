"""The last numbers of a series as a row of bars, or how its numbers are spread. Must not know where they come from or
how they are coloured.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..style.glyphs import UNICODE, Glyphs


def sparkline(values: Sequence[float], width: int, glyphs: Glyphs = UNICODE) -> str:
    """The last `width` values, one bar each, from the least of them to the greatest, in exactly `width` cells.

    What is not finite is `!`. Equal values are bars of middle height, and missing ones blanks on the left.
    """
    last = list(values[-width:]) if width > 0 else []
    finite = [value for value in last if math.isfinite(value)]
    low, high = (min(finite), max(finite)) if finite else (0.0, 0.0)
    return "".join(_bar(value, low, high, glyphs) for value in last).rjust(max(0, width))


def histogram(values: Sequence[float], bins: int, glyphs: Glyphs = UNICODE) -> str:
    """How the finite values spread from the least to the greatest: `bins` bars of their counts.

    An empty bin is a blank; where any value is not finite the last bar is `!`.
    """
    finite = [value for value in values if math.isfinite(value)]
    counts = [0] * bins
    if finite:
        low, high = min(finite), max(finite)
        for value in finite:
            counts[_bin(value, low, high, bins)] += 1
    top = max(counts, default=0)
    bars = "".join(glyphs.bars[-(-count * len(glyphs.bars) // top) - 1] if count else " " for count in counts)
    return bars if len(finite) == len(values) else bars[:-1] + glyphs.bad


def bin_of(value: float, values: Sequence[float], bins: int) -> int:
    """The bar of `histogram(values, bins)` that counts `value`; the last one where it is not finite."""
    finite = [each for each in values if math.isfinite(each)]
    return _bin(value, min(finite), max(finite), bins) if math.isfinite(value) else bins - 1


def _bin(value: float, low: float, high: float, bins: int) -> int:
    return min(bins - 1, int(_share(value, low, high) * bins))


def _bar(value: float, low: float, high: float, glyphs: Glyphs) -> str:
    if not math.isfinite(value):
        return glyphs.bad
    return glyphs.bars[round(_share(value, low, high) * (len(glyphs.bars) - 1))]


def _share(value: float, low: float, high: float) -> float:
    """Where `value` lies between `low` and `high`, 0 to 1; the middle where they are equal."""
    # Halved first: the distance between two finite floats may overflow.
    reach = high / 2 - low / 2
    return min(1.0, max(0.0, (value / 2 - low / 2) / reach)) if reach else 0.5
