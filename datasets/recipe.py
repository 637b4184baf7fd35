"""How a data set is made, so that it can be made again with other noise or parted otherwise. Must not know examples,
files or the engine.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import partial

from .dataset import DataError, Dataset, Recipe
from .split import Row, split

Points = Callable[[float | None], Sequence[Row]]
"""Noise -> rows; None for the noise that the data has by itself."""

Build = Callable[[float | None, float, Recipe], Dataset]
"""Noise, as for `Points`, the fraction to test on, and the recipe that the data is to have -> the data."""


def varying(name: str, noise: float | None, fraction: float, build: Build) -> Dataset:
    """Data that can be built again with other noise or parted otherwise.

    `noise` and `fraction` are what it has by itself; noise is None where it was measured, and has none to set.
    """

    return _made(name, noise, fraction, build, None, None)


def _made(
    name: str, noise: float | None, fraction: float, build: Build, own_noise: float | None, own_fraction: float | None
) -> Dataset:
    """What a recipe makes: no closure, so that a user's table can travel to another process as far as `build` can."""
    if own_noise is not None and noise is None:
        raise DataError(f"{name} was measured, not made: there is no noise to set")
    share = fraction if own_fraction is None else own_fraction
    again = partial(_made, name, noise, fraction, build)
    return build(own_noise, share, Recipe(noise if own_noise is None else own_noise, share, again))


def parted(
    name: str,
    features: tuple[str, ...],
    target: str,
    classes: tuple[str, ...],
    points: Points,
    *,
    noise: float | None,
    fraction: float,
    seed: str,
    standardised: bool = False,
) -> Dataset:
    """Rows parted into those to train on and those to test on.

    `noise` is what the points are made with, None where they are not made; `seed` names the stream of the split.
    """

    def build(own_noise: float | None, share: float, recipe: Recipe) -> Dataset:
        train, test = split(points(own_noise), share, random.Random(seed), by_class=bool(classes))
        return Dataset.of(name, features, target, classes, train, test, standardised=standardised, recipe=recipe)

    return varying(name, noise, fraction, build)


def with_tests(
    name: str,
    features: tuple[str, ...],
    target: str,
    classes: tuple[str, ...],
    points: tuple[Points, Points],
    *,
    noise: float,
    seed: str,
) -> Dataset:
    """Rows to train on and rows to test on that come apart. For another fraction they are thrown together."""

    def make(own_noise: float | None, own_fraction: float | None) -> Dataset:
        train, test = (list(made(own_noise)) for made in points)
        share = len(test) / (len(train) + len(test)) if own_fraction is None else own_fraction
        if own_fraction is not None:
            train, test = split([*train, *test], own_fraction, random.Random(seed), by_class=bool(classes))
        recipe = Recipe(noise if own_noise is None else own_noise, share, make)
        return Dataset.of(name, features, target, classes, train, test, recipe=recipe)

    return make(None, None)
