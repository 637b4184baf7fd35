"""Losses -> their exponential moving average, corrected for its bias. Must not know colours, the chart or the session.

Each average depends on nothing but the losses up to its step, so an array that only grows is averaged only once.
"""

from __future__ import annotations

import math
from array import array
from typing import overload

from chainstep.engine.training.snapshot.series.series import Series

from .memo import Memo, only_grew


class _Average:
    """The average of an array that only grows, and where it goes on."""

    __slots__ = ("last", "missing", "total", "values")

    def __init__(self) -> None:
        self.values = array("d")
        self.total = 0.0
        """The moving average before its correction."""
        self.missing = 1.0
        """The weight that the losses so far do not have: what the correction divides by is the rest."""
        self.last = 0.0
        """The newest loss covered: if it is another one now, the array was not only appended to."""


_memo: Memo[_Average] = Memo()


@overload
def smoothed(losses: array[float], weight: float, length: int) -> array[float]: ...
@overload
def smoothed(losses: Series, weight: float, length: int) -> Series: ...
def smoothed(losses: array[float] | Series, weight: float, length: int) -> array[float] | Series:
    """The average at each step, at least up to `length`; without a `weight`, the losses themselves.

    A loss that is not finite stays what it is and leaves the average alone, as in TensorBoard. Whatever lies before
    `length` must not change; the work after the first call is bounded by what was appended since. In a stretch of a
    `Series` all losses count as their mean.
    """
    if not weight:
        return losses
    if isinstance(losses, Series):
        return _smoothed(losses, weight, length)
    average = _average(losses, weight)
    _extend(average, losses, weight, min(length, len(losses)))
    return average.values


def _average(losses: array[float], weight: float, total: float = 0.0, missing: float = 1.0) -> _Average:
    """What is known of the average of losses; where nothing is, it begins with these."""
    average = _memo.get(losses, weight)
    if average is None or not only_grew(losses, len(average.values), average.last):
        average = _memo.keep(losses, weight, _Average())
        average.total, average.missing = total, missing
    return average


def _extend(average: _Average, losses: array[float], weight: float, length: int) -> None:
    """Bring an average up to `length`."""
    covered = len(average.values)
    if covered >= length:
        return
    total, missing, rest = average.total, average.missing, 1.0 - weight
    append = average.values.append
    for loss in losses[covered:length]:
        if loss - loss == 0.0:  # finite
            total = total * weight + rest * loss
            missing *= weight
            append(total / (1.0 - missing))
        else:
            append(loss)
    average.total, average.missing, average.last = total, missing, losses[length - 1]


def _smoothed(losses: Series, weight: float, length: int) -> Series:
    """The average of losses of which the older ones are known by their stretches."""
    if length < losses.exact_from and losses.ends_at(length):
        losses = losses.until(length)
    width, (totals, counts) = losses.width, (losses.column(name) for name in ("total", "finite"))
    count = losses.exact_from // width
    past = _average(totals, weight)
    if len(past.values) > count:  # of a view that was drawn once before
        past = _Average()
    for total, finite in zip(totals[len(past.values) : count], counts[len(past.values) : count], strict=True):
        if finite:
            kept = weight**finite
            past.total = past.total * kept + (1.0 - kept) * (total / finite)
            past.missing *= kept
        past.values.append(past.total / (1.0 - past.missing) if past.missing < 1.0 else math.nan)
        past.last = total
    average = _average(losses.tail, weight, past.total, past.missing)
    _extend(average, losses.tail, weight, max(0, min(length, len(losses)) - losses.exact_from))
    return Series.level(width, past.values[:count], average.values)
