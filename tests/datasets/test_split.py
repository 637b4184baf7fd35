"""Splitting: sizes, order and shares of classes. Knows no file and no example."""

from __future__ import annotations

import math
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.datasets import Row
from chainstep.datasets.split import evenly, split
from support.cases import each

ROWS: list[Row] = [((float(k),), float(k % 3)) for k in range(30)]


def test_split_has_the_wanted_sizes_and_keeps_order() -> None:
    train, test = split(ROWS, 0.2, random.Random(0), by_class=False)
    assert (len(train), len(test)) == (24, 6)
    assert train == sorted(train)
    assert test == sorted(test)
    assert sorted(train + test) == ROWS


def test_split_depends_on_the_generator_alone() -> None:
    first = split(ROWS, 0.2, random.Random(1), by_class=True)
    assert split(ROWS, 0.2, random.Random(1), by_class=True) == first
    assert split(ROWS, 0.2, random.Random(2), by_class=True) != first


def test_split_by_class_gives_every_class_its_share() -> None:
    _, test = split(ROWS, 0.2, random.Random(0), by_class=True)
    assert Counter(target for _, target in test) == {0.0: 2, 1.0: 2, 2.0: 2}


@given(
    labels=st.lists(st.integers(0, 4), min_size=2, max_size=40),
    fraction=st.floats(0.01, 0.99),
    seed=st.integers(0, 9),
)
def test_split_by_class_trains_on_every_class(labels: list[int], fraction: float, seed: int) -> None:
    rows: list[Row] = [((float(k),), float(label)) for k, label in enumerate(labels)]
    train, test = split(rows, fraction, random.Random(seed), by_class=True)
    assert sorted(train + test) == rows
    assert {target for _, target in train} == set(map(float, labels))
    assert bool(test) == (len(set(labels)) < len(labels))


@given(size=st.integers(2, 40), fraction=st.floats(0.001, 0.999))
def test_split_leaves_a_row_in_each_part(size: int, fraction: float) -> None:
    rows: list[Row] = [((float(k),), 0.5 * k) for k in range(size)]
    train, test = split(rows, fraction, random.Random(0), by_class=False)
    assert train
    assert test
    assert len(test) == min(max(1, math.floor(size * fraction + 0.5)), size - 1)


def test_split_of_nothing_to_test_on() -> None:
    assert split(ROWS, 0.0, random.Random(0), by_class=True) == (ROWS, [])


@each("fraction", [-0.1, 1.0, math.nan])
def test_split_refuses_other_fractions(fraction: float) -> None:
    with pytest.raises(ValueError, match="test_fraction must be at least 0 and below 1"):
        split(ROWS, fraction, random.Random(0), by_class=False)


def test_items_are_chosen_evenly_and_in_their_order() -> None:
    assert [list(evenly(range(6), most)) for most in (2, 4, 6, 9)] == [[0, 3], [0, 1, 3, 4], [*range(6)], [*range(6)]]
