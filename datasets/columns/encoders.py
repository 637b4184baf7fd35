"""How one column becomes features, numbers to learn from. Must not know other columns, nor what is learnt."""

from __future__ import annotations

import math
from array import array
from typing import NamedTuple

from ..blocks import in_blocks
from ..reading.cells import NUMBER, Column, plain_number, shortest
from .dates import ORDERS, days, order_of
from .kinds import Kind, folded, is_absent, values

USED: frozenset[Kind] = frozenset({"number", "yesno", "category", "ordinal", "date"})
"""The kinds that can be learnt from."""

_MOST_FEATURES = 1000
"""Categories that one column may have where somebody wants them."""


class Encoder(NamedTuple):
    """What is made of a column."""

    column: str
    kind: Kind
    """One of `USED`."""
    categories: tuple[str, ...] = ()
    """Of a category those that have a feature; of an ordinal all, the lowest first; of yes and no what stands for 0 and
    for 1.
    """
    order: int = 0
    """Of dates: the index in `ORDERS`."""
    first: str = ""
    """Of a category of two: the one that has no feature."""

    @classmethod
    def of(cls, column: Column, name: str, kind: Kind) -> Encoder:
        """For all that a column has, by the kind that it is taken for.

        Raises:
            ValueError: it cannot be taken so; the message goes on after the column's name.
        """
        match kind:
            case "number":
                if all(map(math.isnan, values(column))):
                    raise ValueError("has no numbers")
                return cls(name, kind)
            case "yesno":
                said = tuple(sorted(set(folded(column).values()), key=_NO_FIRST.index)) or _texts(column, 2)
                if len(said) > 2:
                    raise ValueError("says more than two things")
                return cls(name, kind, said)
            case "category":
                texts = _texts(column, _MOST_FEATURES)
                if len(texts) > _MOST_FEATURES:
                    raise ValueError(f"has more than {_MOST_FEATURES} categories; no more are possible")
                # Of two, the second one says all.
                return cls(name, kind, texts[1:], first=texts[0]) if len(texts) == 2 else cls(name, kind, texts)
            case "ordinal":
                return cls(name, kind, _texts(column))
            case "date":
                order = order_of([text for text in column.texts if not is_absent(text)])
                if order is None:
                    raise ValueError("has no dates")
                return cls(name, kind, order=ORDERS.index(order))
            case _:
                raise ValueError("is of no kind that can be learnt from")

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the features."""
        if self.kind == "category":
            return tuple(f"{self.column}={category}" for category in self.categories)
        return (self.column,)

    @property
    def says(self) -> tuple[str, ...]:
        """Of one feature what 0, 1 … stand for; of several what the column says where each is 1; empty for numbers."""
        return (self.first, *self.categories) if self.first else self.categories

    def encode(self, column: Column) -> list[array[float]]:
        """The numbers of each feature, row by row; NaN where the column says nothing. A category that has no feature is
        a row of zeros; a date is in days since the beginning of 1970.
        """
        if self.kind == "number":
            return [values(column)]
        if self.kind == "date":
            order = ORDERS[self.order]
            return [_looked_up(column, [_nan(days(text, order)) for text in column.texts])]
        if self.kind == "category":
            return [self._indicator(column, category) for category in self.categories]
        places = {category: float(place) for place, category in enumerate(self.categories)}
        told = [places.get(text, places.get(text.casefold())) for text in column.texts]
        return [_looked_up(column, list(map(_nan, told)), places)]

    def _indicator(self, column: Column, category: str) -> array[float]:
        told = [math.nan if is_absent(text) else float(text == category) for text in column.texts]
        number = plain_number(category)
        others = {category: 1.0} if number is not None else {}
        return _looked_up(column, told, others, otherwise=0.0)


_NO_FIRST = ["no", "false", "n", "f", "off", "yes", "true", "y", "t", "on"]


def _texts(column: Column, most: int | None = None) -> tuple[str, ...]:
    """All that a column says, numbers in their order before texts in theirs; where that is more than `most`, some more
    than that.
    """
    numbers = sorted(column.different(most))
    return (*map(shortest, numbers), *sorted(text for text in column.texts if not is_absent(text)))


def _looked_up(
    column: Column, told: list[float], numbers: dict[str, float] | None = None, *, otherwise: float = math.nan
) -> array[float]:
    """For each row what its text was `told`; plain numbers by how they are written, `otherwise` where they are not
    among `numbers`.
    """
    if not column.plain():
        return array("d", map(told.__getitem__, in_blocks(column.codes)))
    named = {number: (numbers or {}).get(shortest(number), otherwise) for number in column.different()}
    return array(
        "d",
        (
            named[number] if code == NUMBER else told[code]
            for code, number in zip(column.codes, column.numbers, strict=True)
        ),
    )


def _nan(number: float | None) -> float:
    return math.nan if number is None else number
