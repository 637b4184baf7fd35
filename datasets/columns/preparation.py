"""From a table to a data set to learn from, and what was found out on the way. Must not know files or the engine.

What is fitted, medians, means and spreads, is fitted on the training part alone.
"""

from __future__ import annotations

import math
import random
from array import array
from collections.abc import Sequence
from functools import partial
from itertools import compress
from typing import NamedTuple

from ..blocks import in_blocks
from ..dataset import DataError, Dataset, Recipe
from ..printable import distinct, printable
from ..reading.table import Table
from ..recipe import varying
from ..split import chosen, evenly, others
from ..standardise import moment
from .choices import Choices, Missing
from .encoders import Encoder
from .filling import Encoded, Filling, has_gap
from .selection import ColumnReport, named, selected, target_column
from .targets import target_of

MIN_ROWS_TO_SPLIT = 10
"""Smaller tables are trained on whole; a test on one row says nothing."""

MOST_ROWS = 200_000
MOST_NUMBERS = 8_000_000
"""Rows, and numbers of all of them, that are learnt from: more would take minutes an epoch, and not fit in memory."""

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
    read: tuple[str, ...]
    """What was found out about the file, in lines."""


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
    than ten rows are all trained on. Of very many rows some are chosen, evenly.

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
    told = _whole([goal.numbers], range(table.rows))
    missing, kept = _kept(told, _whole(encoded.columns, told), choices.missing)
    rows = evenly(kept, min(MOST_ROWS, max(2, MOST_NUMBERS // len(encoded.columns))))
    columns = [_at(column, rows) for column in encoded.columns]
    parting = _Parting(
        name,
        encoded._replace(columns=columns),
        printable(names[index]),
        goal.classes,
        choices.scaled,
        choices.exact,
        len(kept) if len(rows) < len(kept) else 0,
    )
    data = parting.parted(_at(goal.numbers, rows), test_fraction, f"csv/split/{seed}")
    return Prepared(data, reports, table.rows, goal.missing, len(told) - len(kept), missing, table.said)


def _kept(told: Sequence[int], whole: Sequence[int], wanted: Missing | None) -> tuple[Missing, Sequence[int]]:
    """What is done about gaps, and the rows that are left: of those with a target all, or the `whole` ones.

    Raises:
        DataError: they are too few to learn from.
    """
    missing: Missing = wanted or ("drop" if len(told) - len(whole) <= _SPARED * len(told) else "fill")
    kept = whole if missing == "drop" else told
    if len(kept) < 2:
        raise DataError("fewer than two rows have all that is needed")
    return missing, kept


def _whole(columns: Sequence[array[float]], rows: Sequence[int]) -> Sequence[int]:
    """Those of the rows that have no gap."""
    for column in columns:
        if has_gap(column):
            rows = [row for row in rows if column[row] == column[row]]
    return rows


def _at(column: array[float], rows: Sequence[int]) -> array[float]:
    return column if len(rows) == len(column) else array("d", map(column.__getitem__, in_blocks(rows)))


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


class _Parting(NamedTuple):
    """Rows that are to be parted into those to train on and those to test on; column by column until they are."""

    name: str
    encoded: Encoded
    target: str
    classes: tuple[str, ...]
    scaled: bool
    exact: bool
    chosen_of: int

    def parted(self, targets: array[float], fraction: float, stream: str) -> Dataset:
        """The data set, which can be parted otherwise; too few rows are not parted."""
        if len(targets) < MIN_ROWS_TO_SPLIT:
            return self._data(targets, bytes(len(targets)), None)
        return varying(self.name, None, fraction, partial(self._build, targets, stream))

    def _build(self, targets: array[float], stream: str, _: float | None, share: float, recipe: Recipe) -> Dataset:
        tested = chosen(targets, share, random.Random(stream), by_class=bool(self.classes))
        return self._data(targets, tested, recipe)

    def _data(self, targets: array[float], tested_on: bytes, recipe: Recipe | None) -> Dataset:
        """`tested_on` has a 1 for each row that is."""
        trained_on = others(tested_on)
        trained, tested = [], []
        for column in self.encoded.columns:
            # Arrays, though each number is made anew from them: as lists all columns would take four times the room.
            trained.append(array("d", compress(in_blocks(column), trained_on)))
            tested.append(array("d", compress(in_blocks(column), tested_on)))
        goals = list(compress(targets, trained_on))
        filling = Filling.of(self.encoded, trained)
        inputs, tests = filling.filled(trained), filling.filled(tested)
        del trained, tested
        moments = [moment(column, exact=self.exact) for column in inputs]
        mean, scale = moment(goals, exact=self.exact) if self.scaled and not self.classes else (0.0, 1.0)
        return Dataset(
            name=self.name,
            features=filling.names,
            target=self.target,
            classes=self.classes,
            train_inputs=_standardised(inputs, moments, filling.names),
            train_targets=tuple([(target - mean) / scale for target in goals]),
            test_inputs=_standardised(tests, moments, filling.names),
            test_targets=tuple([(target - mean) / scale for target in compress(targets, tested_on)]),
            means=tuple(mean for mean, _ in moments),
            scales=tuple(scale for _, scale in moments),
            recipe=recipe,
            target_mean=mean,
            target_scale=scale,
            preparation=filling,
            chosen_of=self.chosen_of,
        )


def _standardised(
    columns: list[Sequence[float]], moments: Sequence[tuple[float, float]], names: Sequence[str]
) -> tuple[tuple[float, ...], ...]:
    """Rows of columns in units of their spread. None of the columns is left: to let go of all of them at once would
    hold up every other thread.

    Raises:
        DataError: the numbers of a column lie too far apart for that.
    """
    made: list[list[float]] = []
    columns.reverse()
    for (mean, scale), name in zip(moments, names, strict=True):
        made.append([(number - mean) / scale for number in columns.pop()])
        if not math.isfinite(sum(in_blocks(made[-1]))) and not all(map(math.isfinite, made[-1])):
            raise DataError(f"the numbers of column {name} lie too far apart")
    return tuple(zip(*map(in_blocks, made), strict=True))
