"""The curves of the forks beside the current one: where each goes its own way, and its points. Must not know colours,
the chart or the session.
"""

from __future__ import annotations

import math
import weakref
from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from chainstep.engine.training.snapshot.curve import ForkView

from .downsample import Downsampled, downsample
from .smooth import smoothed

_KEPT = 32
"""Curves whose points are kept: a run that is not the current one stays as it is."""


class _View(NamedTuple):
    """How all of the curves are looked at."""

    columns: int
    first: int
    span: int
    log: bool
    smoothing: float


_NOTHING = ""
"""No fork's name: the past that all have in common, of no steps."""

_memo: dict[tuple[int, int, _View], tuple[weakref.ref[array[float]], Downsampled]] = {}


class ForkCurve(NamedTuple):
    """What a fork has that the current one has not."""

    name: str
    points: list[tuple[int, float]]
    """(step, loss), at most two a column."""


def fork_curves(
    forks: Sequence[ForkView], columns: int, span: int, *, log: bool, first: int = 0, smoothing: float = 0.0
) -> list[ForkCurve]:
    """The curves of the forks that are not the current one, each from where it parts from those before it.

    Of `span` steps from `first` on, `smoothing` is the weight of their moving average.
    """
    view = _View(columns, first, span, log, smoothing)
    known = {fork.name: fork for fork in forks}
    current = next((fork for fork in forks if fork.current), None)
    if current is None:
        return []
    drawn, curves = [dict(_past(current, known))], []
    for fork in forks:
        if fork is not current:
            past = dict(_past(fork, known))
            shared = max(min(past[name], other[name]) for other in drawn for name in past.keys() & other)
            points = [point for point in _points(fork, view).points if point[0] >= shared]
            curves.append(ForkCurve(fork.name, points))
            drawn.append(past)
    return curves


def longest(forks: Sequence[ForkView]) -> int:
    """Steps of the longest curve of the forks."""
    return max((fork.length for fork in forks), default=0)


def _past(fork: ForkView, known: Mapping[str, ForkView]) -> Iterator[tuple[str, float]]:
    """The runs whose losses are a fork's past, itself the first, and up to which step they are."""
    until = math.inf
    seen: ForkView | None = fork
    while seen is not None:
        yield seen.name, until
        until = min(until, seen.since)
        seen = known.get(seen.parent) if seen.parent is not None else None
    yield _NOTHING, 0


def _points(fork: ForkView, view: _View) -> Downsampled:
    """At most two points a column; worked out once as long as nothing changes."""
    key = id(fork.losses), fork.length, view
    kept = _memo.get(key)
    if kept is None or kept[0]() is not fork.losses:
        length = min(fork.length, view.first + view.span)
        losses = smoothed(fork.losses, view.smoothing, length)
        made = downsample(losses, view.columns, first=view.first, length=length, span=view.span, positive=view.log)
        if len(_memo) >= _KEPT:
            del _memo[next(iter(_memo))]
        kept = _memo[key] = weakref.ref(fork.losses), made
    return kept[1]
