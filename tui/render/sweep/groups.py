"""Runs that differ in their seeds alone, side by side: the spread of what came of a setting. Must not know how they are
drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import attrgetter
from statistics import median

from chainstep.engine.records import record

from ...sweeps.outcome import Outcome
from ...sweeps.spec import Knobs


@record
class Group:
    """The outcomes of one setting, in the order in which they came."""

    knobs: Knobs
    """Those that are swept, but for the seed."""
    outcomes: tuple[Outcome, ...]

    @property
    def losses(self) -> list[float]:
        """Final losses in their order; infinity where a run failed, or its loss is not finite."""
        return sorted(outcome.cost for outcome in self.outcomes)

    @property
    def spread(self) -> tuple[float, float, float]:
        """The smallest loss, the median and the largest."""
        losses = self.losses
        return losses[0], median(losses), losses[-1]

    @property
    def test(self) -> float | None:
        """The median of the losses on the test samples; None without any."""
        tests = [outcome.test_loss for outcome in self.outcomes if outcome.test_loss is not None]
        return median(tests) if tests and not any(map(math.isnan, tests)) else None

    @property
    def accuracy(self) -> float | None:
        """The median of the accuracies; None where there are none."""
        found = [outcome.accuracy for outcome in self.outcomes if outcome.accuracy is not None]
        return median(found) if found else None

    @property
    def best(self) -> Outcome:
        """The run with the smallest final loss."""
        return min(self.outcomes, key=attrgetter("cost"))

    @property
    def curve(self) -> list[tuple[int, float]]:
        """The median of the losses at each step that all of its runs have, those left out that failed."""
        curves = [dict(outcome.curve) for outcome in self.outcomes if outcome.curve]
        return [(step, median(curve[step] for curve in curves)) for step in _common(curves)]


def _common(curves: Sequence[dict[int, float]]) -> list[int]:
    return sorted(set.intersection(*map(set, curves))) if curves else []


def groups(outcomes: Sequence[Outcome], swept: Sequence[str]) -> list[Group]:
    """The settings, the one with the smallest median first."""
    names = [name for name in swept if name != "seed"]
    found: dict[tuple[object, ...], list[Outcome]] = {}
    for outcome in outcomes:
        found.setdefault(tuple(outcome.knobs.get(name) for name in names), []).append(outcome)
    made = [Group(dict(zip(names, values, strict=True)), tuple(some)) for values, some in found.items()]
    return sorted(made, key=lambda group: group.spread[1])


def best(outcomes: Sequence[Outcome]) -> Outcome | None:
    """The run with the smallest final loss; None where none has one."""
    return min((outcome for outcome in outcomes if outcome.finite), key=attrgetter("cost"), default=None)
