"""All that is shown of a table before anything trains, worked out once. Must not know how wide or high it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from chainstep.datasets.columns.preparation import Prepared
from chainstep.datasets.columns.selection import ColumnReport
from chainstep.datasets.printable import printable

from ...files.subjects.weighing import weighing
from . import facts
from .distribution import Distribution


class Page(NamedTuple):
    """A report."""

    columns: Sequence[ColumnReport]
    spread: Distribution
    """The target's."""
    lines: Sequence[str]
    """The facts."""
    rare: str
    """Which class is rare; empty where none is."""
    weights: str
    """What class weights come to; empty where there are no classes."""

    @classmethod
    def of(cls, prepared: Prepared) -> Page:
        """The report on a table; takes time where that has many rows."""
        data, lines = prepared.data, facts.of_rows(prepared)
        if prepared.missing == "fill":
            lines.append("gaps are filled with the training part's median, and told by a feature")
        if not data.classes:
            lines.append(facts.of_target(data))
        lines += [facts.of_baseline(data), *prepared.read]
        classes = weighing(data)
        rare = printable(facts.of_rare(data, classes), 300) if classes else ""
        weights = printable(facts.of_weights(data, classes), 300) if classes else ""
        return cls(prepared.columns, Distribution.of(data), [printable(line, 300) for line in lines], rare, weights)
