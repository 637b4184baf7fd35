"""In which units and columns people have their own table, and how the network's numbers are read in them. Must not know
where data comes from, nor how a number is written.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from ...records import record
from .data import Standardised, TrainingData

Answer = float | str | None
"""What a row says in one column: a number, a category or the day of a date, `2026-01-31`, or nothing."""


class TableColumn(Protocol):
    """A column of a table, and which of a network's d inputs are made of it."""

    @property
    def name(self) -> str: ...

    @property
    def inputs(self) -> Sequence[int]:
        """Their indices; at least one."""
        ...

    @property
    def categories(self) -> Sequence[str]:
        """Empty for numbers. Of one input what 0, 1 … stand for; of several what it says where each of them is 1."""
        ...

    @property
    def fills(self) -> Sequence[float]:
        """What each of them is where the column says nothing."""
        ...

    @property
    def missing(self) -> int | None:
        """The input that is 1 where the column says nothing; None where there is none."""
        ...

    @property
    def dated(self) -> bool:
        """Its input is a date, in days since the beginning of 1970."""
        ...


@record(eq=False)
class Said:
    """What a row says in a column."""

    name: str
    """The column's."""
    inputs: tuple[int, ...]
    """Indices of the inputs that were made of it; the one that is 1 where it says nothing comes last."""
    categories: tuple[str, ...]
    """What it may say; empty for numbers and dates."""
    each: bool
    """Every category has an input of its own, in their order."""
    dated: bool
    answer: Answer
    """In its own units."""
    telling: int
    """The input that tells it: that of its category, of its number, or the one that is 1 where it says nothing."""


@runtime_checkable
class Tabular(TrainingData, Protocol):
    """A data set that was made of a table."""

    @property
    def columns(self) -> Sequence[TableColumn]:
        """Those that are learnt from."""
        ...


@record
class Units:
    """A number of the table is what the network has of it, times a scale, plus a mean."""

    columns: Sequence[TableColumn] = ()
    """Empty where each input is a column."""
    means: Sequence[float] = ()
    scales: Sequence[float] = ()
    """One an input; empty where the network gets them as they are."""
    target_mean: float = 0.0
    target_scale: float = 1.0

    @classmethod
    def of(cls, data: TrainingData) -> Units:
        """Those of a data set."""
        columns = data.columns if isinstance(data, Tabular) else ()
        if not isinstance(data, Standardised):
            return cls(columns)
        return cls(columns, data.means, data.scales, data.target_mean, data.target_scale)

    @property
    def scaled(self) -> bool:
        """The target is a number that the network has in other units."""
        return (self.target_mean, self.target_scale) != (0.0, 1.0)

    def target(self, number: float) -> float:
        """A target, or its prediction, in its own units."""
        return number * self.target_scale + self.target_mean

    def scaled_target(self, own: float) -> float:
        """The other way round."""
        return (own - self.target_mean) / self.target_scale

    def input(self, index: int, number: float) -> float:
        """One of the d inputs in its own units."""
        return number * self.scales[index] + self.means[index] if self.means else number

    def scaled_input(self, index: int, own: float) -> float:
        """The other way round."""
        return (own - self.means[index]) / self.scales[index] if self.means else own

    def row(self, inputs: Sequence[float]) -> tuple[float, ...]:
        """All d inputs in their own units."""
        return tuple(self.input(index, number) for index, number in enumerate(inputs))

    def scaled_row(self, own: Sequence[float]) -> tuple[float, ...]:
        """The other way round."""
        return tuple(self.scaled_input(index, number) for index, number in enumerate(own))

    def answers(self, inputs: Sequence[float], most: int | None = None) -> tuple[Answer, ...]:
        """What a row of d inputs says in each column, or in so many of them."""
        if not self.columns:
            return self.row(inputs[:most])
        return tuple(self._told(column, inputs)[0] for column in self.columns[:most])

    def said(self, inputs: Sequence[float]) -> tuple[Said, ...]:
        """What a row of d inputs says in each column of a table."""
        return tuple(
            Said(
                column.name,
                (*column.inputs, *([] if column.missing is None else [column.missing])),
                tuple(column.categories),
                len(column.inputs) > 1,
                column.dated,
                *self._told(column, inputs),
            )
            for column in self.columns
        )

    def _told(self, column: TableColumn, inputs: Sequence[float]) -> tuple[Answer, int]:
        """What a row says in a column, and which input tells it."""
        first = column.inputs[0]
        if column.missing is not None and self.input(column.missing, inputs[column.missing]) > 0.5:
            return None, column.missing
        if len(column.inputs) > 1:
            own = ((name, k) for k, name in zip(column.inputs, column.categories, strict=True))
            return next(((name, k) for name, k in own if self.input(k, inputs[k]) > 0.5), (None, first))
        number = self.input(first, inputs[first])
        if column.dated:
            return _day(number), first
        named = column.categories and -0.5 < number < len(column.categories) - 0.5
        return (column.categories[round(number)] if named else number), first

    def inputs(self, answers: Sequence[Answer]) -> tuple[float, ...]:
        """The d inputs of a row that says so much in each column.

        Raises:
            ValueError: a column has no such category, or it is no day; the message is one line.
        """
        if not self.columns:
            return self.scaled_row([float(answer or 0.0) for answer in answers])
        own: dict[int, float] = {}
        for column, answer in zip(self.columns, answers, strict=True):
            own |= _own(column, answer)
        return self.scaled_row([own[index] for index in range(len(own))])

    def answered(self, column: TableColumn, answer: Answer) -> dict[int, float]:
        """The inputs of one column, by their indices, of a row that says so much in it.

        Raises:
            ValueError: as `inputs`.
        """
        return {index: self.scaled_input(index, number) for index, number in _own(column, answer).items()}


def _own(column: TableColumn, answer: Answer) -> dict[int, float]:
    """A column's inputs in their own units, by their indices."""
    own = dict(zip(column.inputs, _numbers(column, answer), strict=True))
    return own if column.missing is None else own | {column.missing: float(answer is None)}


def _numbers(column: TableColumn, answer: Answer) -> Sequence[float]:
    """What a column's inputs are for an answer, in their own units."""
    if answer is None:
        return column.fills
    if column.dated:
        return [_days(column, str(answer))]
    if not column.categories:
        return [float(answer)]
    if answer not in column.categories:
        raise ValueError(f"{column.name} has no {answer!r}: there is {', '.join(column.categories)}")
    place = column.categories.index(answer)
    if len(column.inputs) == 1:
        return [float(place)]
    return [float(index == place) for index in range(len(column.inputs))]


def _day(days: float) -> Answer:
    """The day that is so many days behind the beginning of 1970; that number where there is no such day."""
    from datetime import date, timedelta  # few tables have dates

    try:
        return (date(1970, 1, 1) + timedelta(math.floor(days + 1e-6))).isoformat()
    except (OverflowError, ValueError):
        return days


def _days(column: TableColumn, day: str) -> float:
    from datetime import date

    try:
        return float((date.fromisoformat(day) - date(1970, 1, 1)).days)
    except ValueError:
        raise ValueError(f"{column.name} is a day such as 2026-01-31, not {day!r}") from None


PLAIN = Units()
"""Of what the network gets as it is."""
