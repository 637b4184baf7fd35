"""Any number of losses -> at most two points a column, exactly. Must not know colours, the chart or the session."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from chainstep.engine.training.snapshot.series.series import Series

from .memo import Memo, only_grew
from .smooth import smoothed
from .window import Window

BLOCK = 128
"""Values a summary covers: scanning two partial blocks a column stays below a millisecond for a whole chart."""


class Extent(NamedTuple):
    """What a stretch of values holds; `low > high` where nothing in it can be drawn."""

    low: float
    high: float
    dropped: int
    """Values that cannot be drawn: not finite, or not positive where a logarithm is wanted."""


_Stretch = tuple[Extent, int, int]
"""(extent, from, to)"""


class Downsampled(NamedTuple):
    """What is left of a curve."""

    points: list[tuple[int, float]]
    """(step, value), ascending by step: of each column its minimum and its maximum."""
    dropped: int
    """Values among those looked at that cannot be drawn."""


class _Blocks:
    """Extents of the full blocks of an array that only grows."""

    __slots__ = ("dropped", "high", "last", "low")

    def __init__(self) -> None:
        self.low = array("d")
        self.high = array("d")
        self.dropped = array("l")
        self.last = 0.0
        """The newest value covered: if it is another one now, the array was not only appended to."""


_memo: Memo[_Blocks] = Memo()


def sampled(losses: Series, columns: int, shown: Window, length: int) -> Downsampled:
    """The first `length` losses, or their average, as at most two points a column of what is shown."""
    return downsample(
        smoothed(losses, shown.smoothing, length),
        columns,
        first=shown.first,
        length=length,
        span=shown.span,
        positive=shown.log,
    )


def downsample(
    values: Series | Sequence[float],
    columns: int,
    *,
    first: int = 0,
    length: int | None = None,
    span: int | None = None,
    positive: bool = False,
) -> Downsampled:
    """Minimum and maximum of each of `columns` columns, at their own steps.

    Step `s` belongs to the column nearest to `(s − first) · (columns − 1) / (span − 1)`, so that step `first` is in
    the first column and step `first + span − 1` in the last. Only the first `length` values are looked at (default:
    all), and of those not the ones before `first`. `span` (default: up to `length`) may reach beyond `length`: the
    curve then ends before the last column. `positive` drops what has no logarithm. For an `array` the work after the
    first call is bounded by what was appended since, because its full blocks are remembered; whatever lies before
    `length` must not change. The stretches of a `Series` belong to the columns that they begin in.
    """
    length = len(values) if length is None else min(length, len(values))
    span = max(length - first, span or 0)
    if length <= first or columns <= 0:
        return Downsampled([], 0)
    known = _known(values, length)
    exact, worth = known.exact, length - max(first, known.since) >= 2 * BLOCK
    blocks = _summary(exact, length - known.since, positive) if isinstance(exact, array) and worth else None
    points: list[tuple[int, float]] = []
    dropped = 0
    for start, stop in _spans(columns, first, length, span):
        if stop - start == 1 and start >= known.since:
            # Of a curve with fewer steps than columns, all are so.
            value = exact[start - known.since]
            if value - value == 0.0 and (value > 0.0 or not positive):
                points.append((start, value))
            else:
                dropped += 1
        else:
            found = _column(known, start, stop, positive, blocks)
            points += found.points
            dropped += found.dropped
    return Downsampled(points, dropped)


def _spans(columns: int, first: int, length: int, span: int) -> Iterator[tuple[int, int]]:
    """The steps of each column that has any: from one, as far as before another."""
    start, across, along = first, 2 * (columns - 1), span - 1
    for column in range(1, columns + 1):
        # Whole numbers only, so that no rounding can lose a step.
        stop = min(first - (1 - 2 * column) * along // across, length) if across and along else length
        if stop > start:
            yield start, stop
            start = stop


class _Known(NamedTuple):
    """Values of which the older ones may be known by stretches only."""

    past: Series | None
    since: int
    """The step from which on they are exact."""
    exact: Sequence[float]


def _known(values: Series | Sequence[float], length: int) -> _Known:
    if not isinstance(values, Series):
        return _Known(None, 0, values)
    if length < values.exact_from and values.ends_at(length):
        # Within a stretch: what is known of it tells of steps behind the last one, too.
        values = values.until(length)
    return _Known(values, values.exact_from, values.tail)


def _column(known: _Known, start: int, stop: int, positive: bool, blocks: _Blocks | None) -> Downsampled:
    """What is left of the steps of one column."""
    past, since, exact = known
    points: list[tuple[int, float]] = []
    dropped = 0
    if stop > since:
        parts = _stretches(exact, max(start, since) - since, stop - since, positive, blocks)
        dropped = sum(extent.dropped for extent, _, _ in parts)
        points = _extremes(exact, parts, since)
    if past is None or start >= since:
        return Downsampled(points, dropped)
    extent = past.extent(start, stop, positive=positive)
    if extent.low <= extent.high:
        points += [(extent.low_at, extent.low), (extent.high_at, extent.high)]
        points = sorted({min(points, key=itemgetter(1)), max(points, key=itemgetter(1))})
    return Downsampled(points, dropped + extent.dropped)


def _extremes(values: Sequence[float], parts: Sequence[_Stretch], since: int) -> list[tuple[int, float]]:
    """(step, value) of the minimum and of the maximum of a column, in their order; one where they are equal. The first
    of the values is that of step `since`.
    """
    lowest = highest = parts[0]
    if len(parts) > 1:
        lowest = min(parts, key=lambda part: part[0].low)
        highest = max(parts, key=lambda part: part[0].high)
    least, most = lowest[0].low, highest[0].high
    if least > most:
        return []
    low = since + values.index(least, *lowest[1:]), least
    if least == most:
        return [low]
    return sorted((low, (since + values.index(most, *highest[1:]), most)))


def _scan(chunk: Sequence[float], positive: bool) -> Extent:
    """Extent of a short stretch, at C speed where all of it can be drawn."""
    total = sum(chunk)
    if total - total == 0.0:  # finite: then every term is (a NaN or an infinity would have survived the sum)
        low, high = min(chunk), max(chunk)
        if low > 0.0 or not positive:
            return Extent(low, high, 0)
    kept = [value for value in chunk if math.isfinite(value) and (value > 0.0 or not positive)]
    dropped = len(chunk) - len(kept)
    return Extent(min(kept), max(kept), dropped) if kept else Extent(math.inf, -math.inf, dropped)


def _stretches(
    values: Sequence[float], start: int, stop: int, positive: bool, blocks: _Blocks | None
) -> list[_Stretch]:
    """`values[start:stop]` in stretches, one of which holds the minimum, and one the maximum.

    Two partial blocks are scanned; of the full ones between, the summaries name the block to look into.
    """
    first, last = -(-start // BLOCK), stop // BLOCK
    if blocks is None or first >= last:
        return [(_scan(values[start:stop], positive), start, stop)]
    low, high = min(blocks.low[first:last]), max(blocks.high[first:last])
    dropped = sum(blocks.dropped[first:last])
    at = BLOCK * blocks.low.index(low, first, last)
    parts = [(Extent(low, -math.inf, dropped), at, at + BLOCK)]
    at = BLOCK * blocks.high.index(high, first, last)
    parts.append((Extent(math.inf, high, 0), at, at + BLOCK))
    for a, b in ((start, first * BLOCK), (last * BLOCK, stop)):
        if a < b:
            parts.append((_scan(values[a:b], positive), a, b))
    return parts


def _summary(values: array[float], length: int, positive: bool) -> _Blocks:
    """The remembered blocks of an array, brought up to `length`."""
    blocks = _memo.get(values, positive)
    covered = len(blocks.low) * BLOCK if blocks else 0
    if blocks is None or not only_grew(values, covered, blocks.last):
        blocks, covered = _memo.keep(values, positive, _Blocks()), 0
    for start in range(covered, length - BLOCK + 1, BLOCK):
        extent = _scan(values[start : start + BLOCK], positive)
        blocks.low.append(extent.low)
        blocks.high.append(extent.high)
        blocks.dropped.append(extent.dropped)
        blocks.last = values[start + BLOCK - 1]
    return blocks
