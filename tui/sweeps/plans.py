"""Which run comes next: of a list that is known from the start, or of what Optuna makes of those that are done. Must
not know where runs are trained.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from .outcome import Outcome
from .spec import Knobs, Spec


class Plan(Protocol):
    """Gives runs to train, and hears what came of them."""

    size: int
    """How many there are in all, those that were done before among them."""

    def ask(self) -> Knobs | None:
        """The knobs of the next run; None where there is none, or none until more is known."""
        ...

    def tell(self, outcome: Outcome) -> None:
        """A run has come to its end."""
        ...


class Listed:
    """All runs of a grid, or of a plain draw, but those that are done; of `before`, those that failed come again."""

    def __init__(self, spec: Spec, before: Iterable[Outcome] = ()) -> None:
        runs: Sequence[Knobs] = [{**spec.fixed, **knobs} for knobs in spec.runs()]
        self.size = len(runs)
        known = {key(outcome.knobs) for outcome in before if outcome.error is None}
        self._next = iter([knobs for knobs in runs if key(knobs) not in known])

    def ask(self) -> Knobs | None:
        return next(self._next, None)

    def tell(self, outcome: Outcome) -> None:
        pass


def plan(spec: Spec, before: Sequence[Outcome] = ()) -> Plan:
    """The plan of a sweep that may have been stopped: what came `before` is not trained again, unless it failed.

    Raises:
        DataError: Optuna is asked for and not installed, or has no such sampler.
    """
    if spec.sampler is None:
        return Listed(spec, before)
    from .sampled import Sampled  # loads Optuna

    return Sampled(spec, before)


def key(knobs: Knobs) -> tuple[tuple[str, object], ...]:
    """By which a run is known again."""
    return tuple(sorted(knobs.items()))
