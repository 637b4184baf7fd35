"""What of a sweep is shown: which runs or settings, in which order, over which knob. Must not know how it is drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import attrgetter

from chainstep.engine.records import record

from ...sweeps.outcome import Outcome
from .groups import Group, groups

SORTS = ("loss", "test loss", "accuracy", "order")
"""By what the table can be sorted; at last as the runs ended."""


Row = Outcome | Group
"""Of the table: a run, or all runs of a setting."""


@record
class Board:
    """What is shown of a sweep."""

    outcomes: Sequence[Outcome]
    """In the order of the table."""
    swept: Sequence[str]
    selected: int
    """The row that the keys are on."""
    settings: Sequence[Group] = ()
    """The rows of the table, where runs that differ in their seeds alone are one."""
    by: str = "loss"
    knob: str | None = None
    """Over which losses are shown; None for the first of those that can be."""

    @property
    def rows(self) -> Sequence[Row]:
        """Those of the table."""
        return self.settings or self.outcomes

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.rows)

    @property
    def row(self) -> Row | None:
        """The selected one."""
        return self.rows[self.selected] if self.selected < self.count else None

    @property
    def chosen(self) -> Outcome | None:
        """The run of the selected row."""
        return None if self.row is None else run_of(self.row)

    @property
    def knobs(self) -> list[str]:
        """The knobs over which losses can be shown: the rate first; none where seeds alone are swept."""
        return sorted((name for name in self.swept if name != "seed"), key=lambda name: name != "lr")

    @property
    def grouped(self) -> bool:
        """Whether runs that differ in their seeds alone can be put together."""
        return "seed" in self.swept and bool(self.knobs)

    @property
    def across(self) -> str | None:
        """The knob over which they are."""
        return self.knob if self.knob in self.knobs else next(iter(self.knobs), None)


def run_of(row: Row) -> Outcome:
    """The run that a row stands for: of a setting its best one."""
    return row.best if isinstance(row, Group) else row


def holds(row: Row, run: Outcome | None) -> bool:
    """Whether a row is that of a run."""
    return run is not None and (run in row.outcomes if isinstance(row, Group) else row is run)


def in_order(outcomes: Sequence[Outcome], by: str) -> list[Outcome]:
    """The runs, the best first."""
    if by == "order":
        return list(outcomes)
    if by == "accuracy":
        return sorted(outcomes, key=lambda run: _most(run.accuracy))
    if by == "test loss":
        return sorted(outcomes, key=lambda run: _least(run.test_loss))
    return sorted(outcomes, key=attrgetter("cost"))


def settings_in_order(outcomes: Sequence[Outcome], swept: Sequence[str], by: str) -> list[Group]:
    """The settings, the best first, by the median over their seeds."""
    found = groups(outcomes, swept)
    if by == "order":
        places = {id(outcome): place for place, outcome in enumerate(outcomes)}
        return sorted(found, key=lambda group: places[id(group.outcomes[0])])
    if by == "accuracy":
        return sorted(found, key=lambda group: _most(group.accuracy))
    return sorted(found, key=lambda group: _least(group.test)) if by == "test loss" else found


def _least(number: float | None) -> float:
    return math.inf if number is None or math.isnan(number) else number


def _most(number: float | None) -> float:
    return -(number if number is not None else -1.0)


def values(outcomes: Sequence[Outcome], name: str) -> list[object]:
    """The values that a knob has in these runs, in their order."""
    found = {outcome.knobs[name] for outcome in outcomes if name in outcome.knobs}
    numeric = sorted(value for value in found if isinstance(value, int | float))
    return [*numeric] if len(numeric) == len(found) else sorted(found, key=_as_sizes)


def _as_sizes(value: object) -> tuple[object, ...]:
    """Layers by their number and their sizes, words by their letters."""
    return (len(value), *value) if isinstance(value, tuple) else (0, str(value))
