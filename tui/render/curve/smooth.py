"""Losses -> their exponential moving average, corrected for its bias. Must not know colours, the chart or the session.

Each average depends on nothing but the losses up to its step, so an array that only grows is averaged only once.
"""

from __future__ import annotations

import math
import weakref
from array import array
from dataclasses import dataclass, field

_KEPT = 32
"""Arrays whose averages are kept: the run, its ghost and its forks."""


@dataclass(slots=True)
class _Average:
    """The average of an array that only grows, and where it goes on."""

    source: weakref.ref[array[float]]
    values: array[float] = field(default_factory=lambda: array("d"))
    total: float = 0.0
    """The moving average before its correction."""
    missing: float = 1.0
    """The weight that the losses so far do not have: what the correction divides by is the rest."""
    last: float = 0.0
    """The newest loss covered: if it is another one now, the array was not only appended to."""


_memo: dict[tuple[int, float], _Average] = {}


def smoothed(losses: array[float], weight: float, length: int) -> array[float]:
    """The average at each step, at least up to `length`; without a `weight`, the losses themselves.

    A loss that is not finite stays what it is and leaves the average alone, as in TensorBoard. Whatever lies before
    `length` must not change; the work after the first call is bounded by what was appended since.
    """
    if not weight:
        return losses
    key = id(losses), weight
    average = _memo.get(key)
    if average is None or average.source() is not losses or _differs(average, losses):
        _memo.pop(key, None)
        if len(_memo) >= _KEPT:
            del _memo[next(iter(_memo))]
        average = _memo[key] = _Average(weakref.ref(losses))
    _extend(average, losses, weight, min(length, len(losses)))
    return average.values


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


def _differs(average: _Average, losses: array[float]) -> bool:
    """Whether the newest covered loss has changed or is gone; a NaN counts as itself."""
    covered = len(average.values)
    if not covered:
        return False
    if covered > len(losses):
        return True
    now = losses[covered - 1]
    return now != average.last and not (math.isnan(now) and math.isnan(average.last))
