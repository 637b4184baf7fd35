"""Losses -> their exponential moving average, corrected for its bias. Must not know colours, the chart or the session.

Each average depends on nothing but the losses up to its step, so an array that only grows is averaged only once.
"""

from __future__ import annotations

from array import array

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


def smoothed(losses: array[float], weight: float, length: int) -> array[float]:
    """The average at each step, at least up to `length`; without a `weight`, the losses themselves.

    A loss that is not finite stays what it is and leaves the average alone, as in TensorBoard. Whatever lies before
    `length` must not change; the work after the first call is bounded by what was appended since.
    """
    if not weight:
        return losses
    average = _memo.get(losses, weight)
    if average is None or not only_grew(losses, len(average.values), average.last):
        average = _memo.keep(losses, weight, _Average())
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
