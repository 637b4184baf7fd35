"""What a data set is, how it is split and standardised. Must not know files, examples or the engine."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

Row: TypeAlias = tuple[tuple[float, ...], float]
"""One sample: its inputs and its target."""


class DataError(ValueError):
    """Data cannot be used; the message is one line for the user that says what is wrong and where."""


class Recipe(NamedTuple):
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


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
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
    means: tuple[float, ...] = ()
    """What was subtracted from each raw input; empty where nothing was standardised."""
    scales: tuple[float, ...] = ()
    """What each input was then divided by; empty where nothing was standardised."""
    recipe: Recipe | None = field(default=None, repr=False)
    """None where every row is given."""

    def __post_init__(self) -> None:
        width = len(self.features)
        for inputs, targets in (
            (self.train_inputs, self.train_targets),
            (self.test_inputs, self.test_targets),
        ):
            if len(inputs) != len(targets):
                raise DataError(f"{self.name}: {len(inputs)} rows of inputs but {len(targets)} targets")
            if any(len(row) != width for row in inputs):
                raise DataError(f"{self.name}: every row needs {width} inputs")
        if not self.train_inputs:
            raise DataError(f"{self.name}: there is no row to train on")
        if len(self.means) != len(self.scales) or len(self.means) not in (0, width):
            raise DataError(f"{self.name}: means and scales need one number for each of {width} inputs")

    @property
    def noise(self) -> float | None:
        """How far its points are scattered; None where that cannot be changed."""
        return self.recipe.noise if self.recipe else None

    @property
    def fraction(self) -> float | None:
        """The fraction of its samples that is for testing; None where that cannot be changed."""
        return self.recipe.fraction if self.recipe else None

    def varied(self, noise: float | None, split: float | None) -> Dataset:
        """The same data with this noise and this fraction for testing; None for what it has by itself.

        Raises:
            DataError: one of them cannot be changed.
        """
        if noise is None and split is None:
            return self
        if self.recipe is None:
            raise DataError(f"{self.name} is given row by row: there is neither noise nor a split to set")
        return self.recipe.make(noise, split)

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
        """A data set of `train` and `test` rows; with `standardised`, in units of the training part's spread.

        Raises:
            DataError: the rows do not fit together, or a column is too wide to be standardised in floats.
        """
        train_inputs = tuple(inputs for inputs, _ in train)
        test_inputs = tuple(inputs for inputs, _ in test)
        means: tuple[float, ...] = ()
        scales: tuple[float, ...] = ()
        if standardised:
            means, scales = moments(train_inputs)
            train_inputs = standardise(train_inputs, means, scales)
            test_inputs = standardise(test_inputs, means, scales)
            for row in (*train_inputs, *test_inputs):
                for feature, number in zip(features, row, strict=True):
                    if not math.isfinite(number):
                        raise DataError(f"the numbers of column {feature} lie too far apart")
        return cls(
            name=name,
            features=features,
            target=target,
            classes=classes,
            train_inputs=train_inputs,
            train_targets=tuple(target for _, target in train),
            test_inputs=test_inputs,
            test_targets=tuple(target for _, target in test),
            means=means,
            scales=scales,
            recipe=recipe,
        )


def split(
    rows: Sequence[Row], test_fraction: float, rng: random.Random, *, by_class: bool
) -> tuple[list[Row], list[Row]]:
    """Parts `rows` into those to train on and those to test on; both keep the order they had.

    The test part has the nearest whole number of rows to `test_fraction`, but at least one, and leaves at
    least one to train on. With `by_class` each class gives its share and keeps at least one row in the
    training part: where every class has a single row, the test part is empty. It is so for a fraction of 0.

    Raises:
        ValueError: `test_fraction` is not in [0, 1).
    """
    if not 0 <= test_fraction < 1:
        raise ValueError(f"test_fraction must be at least 0 and below 1, not {test_fraction!r}")
    groups: dict[float, list[int]] = {}
    for index, (_, target) in enumerate(rows):
        groups.setdefault(target if by_class else 0.0, []).append(index)
    if test_fraction == 0:
        shares = dict.fromkeys(groups, 0)
    else:
        shares = _shares({key: len(members) for key, members in groups.items()}, test_fraction)
    chosen: set[int] = set()
    for key in sorted(groups):
        chosen.update(rng.sample(groups[key], shares[key]))
    train = [row for index, row in enumerate(rows) if index not in chosen]
    test = [row for index, row in enumerate(rows) if index in chosen]
    return train, test


def _shares(sizes: dict[float, int], fraction: float) -> dict[float, int]:
    """How many of each group to test on: whole shares first, then one each by largest remainder."""
    wanted = max(1, math.floor(sum(sizes.values()) * fraction + 0.5))
    shares = {key: min(math.floor(size * fraction), size - 1) for key, size in sizes.items()}
    while sum(shares.values()) < wanted:
        open_groups = [key for key, size in sizes.items() if shares[key] < size - 1]
        if not open_groups:
            break
        shares[max(open_groups, key=lambda key: (sizes[key] * fraction - shares[key], -key))] += 1
    return shares


def moments(inputs: Sequence[Sequence[float]]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and population standard deviation of each column of an n x m table, n >= 1.

    A constant column has scale 1, so that standardising makes zeros of it.
    """
    means: list[float] = []
    scales: list[float] = []
    for column in zip(*inputs, strict=True):
        if min(column) == max(column):
            means.append(column[0])
            scales.append(1.0)
            continue
        # Relative to the largest magnitude, so that squares of very large or small numbers stay in range.
        unit = max(map(abs, column))
        relative = [number / unit for number in column]
        mean = math.fsum(relative) / len(relative)
        spread = math.sqrt(math.fsum((number - mean) ** 2 for number in relative) / len(relative))
        means.append(mean * unit)
        scales.append(spread * unit or 1.0)
    return tuple(means), tuple(scales)


def standardise(
    inputs: Sequence[Sequence[float]], means: Sequence[float], scales: Sequence[float]
) -> tuple[tuple[float, ...], ...]:
    """(number - mean) / scale for each column of an n x m table; `means` and `scales` have m numbers."""
    return tuple(
        tuple((number - mean) / scale for number, mean, scale in zip(row, means, scales, strict=True)) for row in inputs
    )
