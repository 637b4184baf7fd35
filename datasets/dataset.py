"""What a data set is. Must not know files, examples or the engine."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import compress
from typing import TYPE_CHECKING, Any

from .blocks import in_blocks
from .fixed import Fixed
from .split import Row, chosen, others

if TYPE_CHECKING:
    from typing import Protocol

    class Preparation(Protocol):
        """How a user's table became rows."""

        @property
        def columns(self) -> tuple[TableColumn, ...]:
            """Those that features were made of."""
            ...

        @property
        def names(self) -> tuple[str, ...]:
            """Of the features."""
            ...

        def inputs(self, inputs: Sequence[float]) -> tuple[float, ...]:
            """The features of a row of which some are NaN, before they are standardised."""
            ...

        def rows(self, table: Any) -> list[tuple[float, ...]]:
            """The features of every row of another table as it was read, before they are standardised.

            Raises:
                DataError: it lacks a column.
            """
            ...


class DataError(ValueError):
    """Data cannot be used; the message is one line for the user that says what is wrong and where."""


class Recipe(Fixed):
    """How a data set was made, and how it is made otherwise."""

    noise: float | None
    """How far its points are scattered; None where they were measured."""
    fraction: float
    """Of all samples, those to test on."""
    make: Callable[[float | None, float | None], Dataset]
    """(noise, fraction) -> the data made so; None for what it has by itself.

    Raises:
        DataError: it has no noise.
    """


class TableColumn(Fixed):
    """A column of a table, and which of the m inputs are made of it."""

    name: str
    inputs: tuple[int, ...]
    """Their indices; at least one."""
    categories: tuple[str, ...] = ()
    """Empty for numbers. Of one input what 0, 1 … stand for; of several what it says where each of them is 1."""
    fills: tuple[float, ...] = (0.0,)
    """What each of them is where the column says nothing, before it is standardised."""
    missing: int | None = None
    """The input that is 1 where the column says nothing; None where there is none."""
    dated: bool = False
    """Its input is a date, in days since the beginning of 1970."""


class Dataset(Fixed):
    """Samples to train on and samples to test on, n x m inputs and n targets each. Immutable."""

    name: str
    features: tuple[str, ...]
    """Names of the m input columns."""
    target: str
    """Name of the target column."""
    classes: tuple[str, ...]
    """Names of the classes by index; empty for regression."""
    train_inputs: tuple[tuple[float, ...], ...]
    train_targets: tuple[float, ...]
    """The class's index (0.0, 1.0, ...), or the number to regress on."""
    test_inputs: tuple[tuple[float, ...], ...] = ()
    """May be empty."""
    test_targets: tuple[float, ...] = ()
    validation_inputs: tuple[tuple[float, ...], ...] = ()
    """Rows that are held out of the training part; empty where none is."""
    validation_targets: tuple[float, ...] = ()
    means: tuple[float, ...] = ()
    """What was subtracted from each raw input; empty where nothing was standardised."""
    scales: tuple[float, ...] = ()
    """What each input was then divided by; empty where nothing was standardised."""
    recipe: Recipe | None = None
    """None where every row is given."""
    target_mean: float = 0.0
    """What was subtracted from each raw target, in its own units."""
    target_scale: float = 1.0
    """What each target was then divided by; 1 where it was not scaled."""
    image: tuple[int, int] | None = None
    """Columns and rows of the picture that the m inputs are, row by row from the top left; None where they are none."""
    preparation: Preparation | None = None
    """How a user's table became rows; None for data that is bundled."""
    chosen_of: int = 0
    """How many rows its own are evenly chosen of; 0 where they are all."""

    def _check(self) -> None:
        width = len(self.features)
        for inputs, targets in (
            (self.train_inputs, self.train_targets),
            (self.test_inputs, self.test_targets),
        ):
            if len(inputs) != len(targets):
                raise DataError(f"{self.name}: {len(inputs)} rows of inputs but {len(targets)} targets")
            if not {*map(len, in_blocks(inputs))} <= {width}:
                raise DataError(f"{self.name}: every row needs {width} inputs")
        if not self.train_inputs:
            raise DataError(f"{self.name}: there is no row to train on")
        if len(self.means) != len(self.scales) or len(self.means) not in (0, width):
            raise DataError(f"{self.name}: means and scales need one number for each of {width} inputs")

    @cached_property
    def columns(self) -> tuple[TableColumn, ...]:
        """The columns of the table that the m inputs were made of."""
        if self.preparation is not None:
            return self.preparation.columns
        fills = self.means or (0.0,) * len(self.features)
        return tuple(TableColumn(name, (k,), fills=(fills[k],)) for k, name in enumerate(self.features))

    @property
    def noise(self) -> float | None:
        """How far its points are scattered; None where that cannot be changed."""
        return self.recipe.noise if self.recipe else None

    @property
    def fraction(self) -> float | None:
        """The fraction of its samples that is for testing; None where that cannot be changed."""
        return self.recipe.fraction if self.recipe else None

    def standardised(self, inputs: Sequence[float]) -> tuple[float, ...]:
        """The m numbers of a row in the units in which they are learnt from."""
        if not self.means:
            return tuple(inputs)
        return tuple((x - mean) / scale for x, mean, scale in zip(inputs, self.means, self.scales, strict=True))

    def in_units(self, target: float) -> float:
        """A target, or its prediction, in the data's own units."""
        return target * self.target_scale + self.target_mean

    def varied(self, noise: float | None, split: float | None) -> Dataset:
        """The same data with this noise and this fraction for testing; None for what it has by itself.

        Raises:
            DataError: one of them cannot be changed.
        """
        if noise is None and split is None:
            return self
        if self.recipe is None:
            raise DataError(f"{self.name} is given row by row: there is neither noise nor a split to set")
        return self.recipe.make(noise, split).changed(name=self.name, image=self.image)

    def held_out(self, fraction: float) -> Dataset:
        """The same data with this fraction of its training part held out of it, each class its share; always the same
        rows.
        """
        held = chosen(self.train_targets, fraction, random.Random("validation"), by_class=bool(self.classes))
        kept = others(held)
        return self.changed(
            train_inputs=tuple(compress(self.train_inputs, kept)),
            train_targets=tuple(compress(self.train_targets, kept)),
            validation_inputs=tuple(compress(self.train_inputs, held)),
            validation_targets=tuple(compress(self.train_targets, held)),
        )

    @classmethod
    def of(
        cls,
        name: str,
        features: tuple[str, ...],
        target: str,
        classes: tuple[str, ...],
        train: Sequence[Row],
        test: Sequence[Row] = (),
        *,
        standardised: bool = False,
        recipe: Recipe | None = None,
    ) -> Dataset:
        """A data set of `train` and `test` rows; inputs in units of the training part's spread where they are to be
        `standardised`.

        Raises:
            DataError: the rows do not fit together, or a column is too wide to be standardised in floats.
        """
        means: tuple[float, ...] = ()
        scales: tuple[float, ...] = ()
        if standardised:
            from .standardise import moments  # few need it

            means, scales = moments([inputs for inputs, _ in train])
        return cls(
            name=name,
            features=features,
            target=target,
            classes=classes,
            train_inputs=_inputs(train, features, means, scales),
            train_targets=tuple(target for _, target in train),
            test_inputs=_inputs(test, features, means, scales),
            test_targets=tuple(target for _, target in test),
            means=means,
            scales=scales,
            recipe=recipe,
        )


def _inputs(
    rows: Sequence[Row], features: Sequence[str], means: Sequence[float], scales: Sequence[float]
) -> tuple[tuple[float, ...], ...]:
    """The inputs of rows, standardised where there are means.

    Raises:
        DataError: a column is too wide for that.
    """
    inputs = tuple(inputs for inputs, _ in rows)
    if not means:
        return inputs
    from .standardise import standardise

    inputs = standardise(inputs, means, scales)
    for row in inputs:
        for feature, number in zip(features, row, strict=True):
            if not math.isfinite(number):
                raise DataError(f"the numbers of column {feature} lie too far apart")
    return inputs
