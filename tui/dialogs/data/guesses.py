"""What was guessed of a table and can be changed, by the columns' places: their names hang on the target where a file
has none. Must not know keys or the table's cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, cast

from chainstep.datasets.columns.choices import Choices, Missing, Task
from chainstep.datasets.columns.encoders import USED
from chainstep.datasets.columns.kinds import Kind
from chainstep.datasets.columns.selection import ColumnReport


class Guesses(NamedTuple):
    """What somebody has chosen so far; what is not among it is found out."""

    target: int
    """The column that is predicted."""
    left: frozenset[int]
    """Columns that are left out."""
    kinds: Mapping[int, Kind]
    """What columns are taken for."""
    given: Choices
    """The others."""

    @classmethod
    def of(cls, choices: Choices, target: int, columns: Sequence[ColumnReport]) -> Guesses:
        """The choices that a report on these columns was made by."""
        names = [column.column for column in columns]
        left = {names.index(name) for name in choices.drop}
        kinds = {names.index(name): kind for name, kind in choices.kinds.items()}
        if choices.only:
            left |= {k for k, name in enumerate(names) if name not in choices.only and k != target}
            # Who names a column wants it, be it constant.
            used = (k for k, column in enumerate(columns) if column.used and k != target)
            kinds = {k: cast(Kind, columns[k].kind) for k in used} | kinds
        return cls(target, frozenset(left), kinds, choices)

    def choices(self, names: Sequence[str]) -> Choices:
        """As choices, by the columns' names."""
        drop = tuple(names[k] for k in sorted(self.left) if k != self.target)
        kinds = {names[k]: kind for k, kind in sorted(self.kinds.items()) if k != self.target}
        return replace(self.given, drop=drop, only=(), kinds=kinds)

    def toggled(self, place: int, report: ColumnReport, possible: Sequence[Kind]) -> Guesses:
        """A column left out that is used, or used that is left out, as what it can be taken for.

        Raises:
            ValueError: it is the target, or nothing can be learnt from it; the message goes on after its name.
        """
        if place == self.target:
            raise ValueError("is the target")
        if report.used:
            return self._replace(left=self.left | {place})
        if place in self.left and (report.kind in USED or place in self.kinds):
            return self._replace(left=self.left - {place})
        same = [kind for kind in possible if kind == report.kind]
        return self.taken(place, _first(same or possible))

    def turned(self, place: int, report: ColumnReport, possible: Sequence[Kind], direction: int) -> Guesses:
        """A column taken for the next kind that it can be, or with -1 for the one before.

        Raises:
            ValueError: it is the target, or there is no other; the message goes on after its name.
        """
        if place == self.target:
            raise ValueError("is the target: c takes it for classes or a quantity")
        now = next((k for k, kind in enumerate(possible) if kind == report.kind), None)
        if now is None:
            return self.taken(place, _first(possible))
        if len(possible) == 1:
            raise ValueError(f"can be nothing but {report.kind}")
        return self.taken(place, possible[(now + direction) % len(possible)])

    def taken(self, place: int, kind: Kind) -> Guesses:
        """A column taken for a kind, and used."""
        return self._replace(left=self.left - {place}, kinds={**self.kinds, place: kind})

    def predicting(self, place: int) -> Guesses:
        """Another target, whose task is found out."""
        return self._replace(target=place, left=self.left - {place}, given=replace(self.given, task=None))

    def with_task(self, task: Task) -> Guesses:
        """The target's values as classes, or as a quantity."""
        return self._replace(given=replace(self.given, task=task))

    def with_missing(self, missing: Missing) -> Guesses:
        """What is done about gaps."""
        return self._replace(given=replace(self.given, missing=missing))

    def with_header(self, header: bool) -> Guesses:
        """Whether the first row has the names."""
        return self._replace(given=replace(self.given, header=header))


def _first(possible: Sequence[Kind]) -> Kind:
    if not possible:
        raise ValueError("has nothing that can be learnt from")
    return possible[0]
