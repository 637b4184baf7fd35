"""What is put where a row has a gap, and how rows are made of new tables as the ones before. Must not know the target.

Reference: indicators of what was missing beside imputed medians are usual practice; see scikit-learn's
`SimpleImputer(strategy="median", add_indicator=True)`.
"""

from __future__ import annotations

import math
import statistics
from array import array
from collections.abc import Sequence
from typing import NamedTuple

from ..blocks import in_blocks
from ..dataset import DataError, TableColumn
from ..printable import printable
from ..reading.table import Table
from ..split import evenly
from .encoders import Encoder

_ENOUGH, _SOME = 20_000, 2_000
"""Of more numbers than those, a median is taken of so many, evenly chosen; of a column in which there is no gap to fill
but in rows that are yet to come, of some.
"""


class Encoded(NamedTuple):
    """Features of all rows, before they are parted."""

    encoders: tuple[Encoder, ...]
    names: tuple[str, ...]
    """Of the features, all different."""
    columns: list[array[float]]
    """NaN where there is a gap."""
    of: tuple[int, ...]
    """For each feature the index of its encoder."""


class Filling(NamedTuple):
    """Fitted on the rows to train on."""

    encoders: tuple[Encoder, ...]
    names: tuple[str, ...]
    """Of the features; those that tell of gaps come last."""
    fills: tuple[float, ...]
    """For each feature of the encoders what stands for a gap: the median, or no category."""
    flags: tuple[int, ...]
    """Features of the encoders whose gaps are told by a feature, 1 where there was one."""

    @classmethod
    def of(cls, encoded: Encoded, train: Sequence[Sequence[float]]) -> Filling:
        """For the gaps that the rows to train on have; `train` has their features, column by column."""
        fills, flags, names = [], [], list(encoded.names)
        for k, (encoder, column) in enumerate(zip(encoded.of, train, strict=True)):
            there = [number for number in column if number == number] if has_gap(column) else column
            category = encoded.encoders[encoder].kind == "category"
            fills.append(0.0 if category or not there else _median(there, gaps=len(there) < len(column)))
            first = encoded.of.index(encoder) == k
            if first and len(there) < len(column):
                flags.append(k)
                names.append(f"{encoded.encoders[encoder].column} missing")
        return cls(encoded.encoders, tuple(names), tuple(fills), tuple(flags))

    @property
    def columns(self) -> tuple[TableColumn, ...]:
        """The columns of the table that the features were made of."""
        flags = {feature: len(self.fills) + place for place, feature in enumerate(self.flags)}
        columns, first = [], 0
        for encoder in self.encoders:
            own = range(first, first + len(encoder.features))
            name = printable(encoder.column)
            fills = self.fills[own.start : own.stop]
            dated = encoder.kind == "date"
            columns.append(TableColumn(name, tuple(own), encoder.says, fills, flags.get(first), dated))
            first = own.stop
        return tuple(columns)

    def rows(self, table: Table) -> list[tuple[float, ...]]:
        """The features of every row of another table, which has columns of the same names, in any order.

        Raises:
            DataError: it lacks one of them.
        """
        names = table.header.names
        for encoder in self.encoders:
            if encoder.column not in names:
                raise DataError(f"there is no column '{printable(encoder.column)}', which the network learnt from")
        made = [
            numbers
            for encoder in self.encoders
            for numbers in encoder.encode(table.columns[names.index(encoder.column)])
        ]
        return [self.inputs(row) for row in zip(*made, strict=True)]

    def filled(self, columns: Sequence[Sequence[float]]) -> list[Sequence[float]]:
        """The features of rows without gaps, column by column."""
        whole = [
            [fill if number != number else number for number in column] if has_gap(column) else column
            for column, fill in zip(columns, self.fills, strict=True)
        ]
        return [*whole, *([float(number != number) for number in columns[k]] for k in self.flags)]

    def inputs(self, inputs: Sequence[float]) -> tuple[float, ...]:
        """One row's features without gaps."""
        whole = [fill if number != number else number for number, fill in zip(inputs, self.fills, strict=True)]
        return (*whole, *(float(inputs[k] != inputs[k]) for k in self.flags))


def _median(numbers: Sequence[float], *, gaps: bool) -> float:
    few = len(numbers) <= _ENOUGH
    return statistics.median(numbers if few else evenly(numbers, _ENOUGH if gaps else _SOME))


def has_gap(column: Sequence[float]) -> bool:
    """Whether one of the numbers is NaN."""
    # A sum that is a number has none; one that is none may come of numbers that are too large.
    return math.isnan(sum(in_blocks(column))) and any(map(math.isnan, in_blocks(column)))
