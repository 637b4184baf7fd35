"""From a table to a data set to learn from, and what was found out on the way. Must not know files or the engine.

What is fitted, medians, means and spreads, is fitted on the training part alone.
"""

from __future__ import annotations

import math
import random
from array import array
from collections.abc import Sequence
from typing import NamedTuple

from ..dataset import DataError, Dataset, Recipe, Row
from ..printable import distinct, printable
from ..reading.table import Table
from ..split import split
from .choices import Choices, Missing
from .encoders import Encoder
from .filling import Encoded, Filling
from .selection import ColumnReport, named, selected, target_column
from .targets import target_of

MIN_ROWS_TO_SPLIT = 10
"""Smaller tables are trained on whole; a test on one row says nothing."""

_SPARED = 0.05
"""The largest share of the rows that is left out for their gaps; if there are more, gaps are filled."""


class Prepared(NamedTuple):
    """A table made ready."""

    data: Dataset
    columns: tuple[ColumnReport, ...]
    """For every column of the table, the target too, what became of it."""
    rows: int
    """Rows of the table."""
    untold: int
    """Rows that were left out because the target is missing."""
    gaps: int
    """Rows that were left out because something else is."""
    missing: Missing
    """What was done about gaps."""


def prepare(
    table: Table,
    name: str,
    target: str | None,
    choices: Choices | None = None,
    *,
    seed: int = 0,
    test_fraction: float = 0.2,
) -> Prepared:
    """The rows of a table as a data set: split with `seed`, features and quantities in units of their spread.

    `target` is a column's name or its number from 1, None the last one. The split gives every class its share; fewer
    than ten rows are all
    trained on.

    Raises:
        DataError: there is no such column, or nothing to learn from; the message is one line.
    """
    choices = choices or Choices()
    index = target_column(table, target)
    names = named(table, index)
    where = f"column {index + 1}" + (f" ({printable(names[index])})" if table.header.named else "")
    goal = target_of(table.columns[index], where, choices.task, table.classes if index == len(names) - 1 else ())
    reports, encoders = selected(table, names, index, goal, choices)
    encoded = _encoded(table, names, encoders)
    told = [number == number for number in goal.numbers]
    whole = [not any(map(math.isnan, row)) for row in zip(*encoded.columns, strict=True)]
    lost = sum(known and not full for known, full in zip(told, whole, strict=True))
    missing = choices.missing or ("drop" if lost <= _SPARED * sum(told) else "fill")
    kept = [row for row, known in enumerate(told) if known and (missing == "fill" or whole[row])]
    if len(kept) < 2:
        raise DataError("fewer than two rows have all that is needed")
    columns = [[column[row] for row in kept] for column in encoded.columns]
    rows: list[Row] = list(zip(zip(*columns, strict=True), (goal.numbers[row] for row in kept), strict=True))
    data = _parted(
        name, encoded, names[index], goal.classes, rows, test_fraction, f"csv/split/{seed}", scaled=choices.scaled
    )
    return Prepared(data, reports, table.rows, goal.missing, sum(told) - len(kept), missing)


def _encoded(table: Table, names: Sequence[str], encoders: Sequence[Encoder]) -> Encoded:
    columns: list[array[float]] = []
    features: list[str] = []
    of: list[int] = []
    for k, encoder in enumerate(encoders):
        made = encoder.encode(table.columns[names.index(encoder.column)])
        columns += made
        features += encoder.features
        of += [k] * len(made)
    return Encoded(tuple(encoders), distinct(features), columns, tuple(of))


def _parted(
    name: str,
    encoded: Encoded,
    target: str,
    classes: tuple[str, ...],
    rows: Sequence[Row],
    fraction: float,
    stream: str,
    *,
    scaled: bool,
) -> Dataset:
    """The rows parted into those to train on and those to test on, by the recipe of data that was measured."""

    def data(train: Sequence[Row], test: Sequence[Row], recipe: Recipe | None) -> Dataset:
        filling = Filling.of(encoded, train)
        return Dataset.of(
            name,
            filling.names,
            printable(target),
            classes,
            filling.filled(train),
            filling.filled(test),
            standardised=True,
            scaled=scaled and not classes,
            recipe=recipe,
            preparation=filling,
        )

    def make(noise: float | None, own_fraction: float | None) -> Dataset:
        if noise is not None:
            raise DataError(f"{name} was measured, not made: there is no noise to set")
        share = fraction if own_fraction is None else own_fraction
        train, test = split(rows, share, random.Random(stream), by_class=bool(classes))
        return data(train, test, Recipe(None, share, make))

    return data(rows, (), None) if len(rows) < MIN_ROWS_TO_SPLIT else make(None, None)
