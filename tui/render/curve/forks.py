"""The curves of the forks beside the current one: where each goes its own way, and its points. Must not know colours,
the chart or the session.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from chainstep.engine.training.snapshot.curve import ForkView

from .downsample import sampled
from .memo import Memo
from .window import Window

_NOTHING = ""
"""No fork's name: the past that all have in common, of no steps."""

_memo: Memo[list[tuple[int, float]]] = Memo()
"""Points of whole curves: a run that is not the current one stays as it is."""


class ForkCurve(NamedTuple):
    """What a fork has that the current one has not."""

    name: str
    points: list[tuple[int, float]]
    """(step, loss), at most two a column."""


def fork_curves(forks: Sequence[ForkView], columns: int, shown: Window) -> list[ForkCurve]:
    """The curves of the forks that are not the current one, each from where it parts from those before it."""
    known = {fork.name: fork for fork in forks}
    current = next((fork for fork in forks if fork.current), None)
    if current is None:
        return []
    drawn, curves = [dict(_past(current, known))], []
    for fork in forks:
        if fork is not current:
            past = dict(_past(fork, known))
            shared = max(min(past[name], other[name]) for other in drawn for name in past.keys() & other)
            points = [point for point in _points(fork, columns, shown) if point[0] >= shared]
            curves.append(ForkCurve(fork.name, points))
            drawn.append(past)
    return curves


def _past(fork: ForkView, known: Mapping[str, ForkView]) -> Iterator[tuple[str, float]]:
    """The runs whose losses are a fork's past, itself the first, and up to which step they are."""
    until = math.inf
    seen: ForkView | None = fork
    while seen is not None:
        yield seen.name, until
        until = min(until, seen.since)
        seen = known.get(seen.parent) if seen.parent is not None else None
    yield _NOTHING, 0


def _points(fork: ForkView, columns: int, shown: Window) -> list[tuple[int, float]]:
    """At most two points a column; worked out once as long as nothing changes."""
    newest, key = fork.losses.tail, (fork.length, columns, shown)
    points = _memo.get(newest, key)
    if points is None:
        made = sampled(fork.losses, columns, shown, min(fork.length, shown.end))
        points = _memo.keep(newest, key, made.points)
    return points
