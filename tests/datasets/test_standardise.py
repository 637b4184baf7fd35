"""Standardised columns have mean 0 and spread 1, whatever their numbers. Knows no data set."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.datasets import standardise as standardise_
from chainstep.datasets.standardise import moments, standardise


@given(st.lists(st.floats(-1e300, 1e300), min_size=2, max_size=20))
def test_standardised_columns_have_mean_0_and_spread_1(column: list[float]) -> None:
    table = [(number,) for number in column]
    means, scales = moments(table)
    result = [row[0] for row in standardise(table, means, scales)]
    assert all(map(math.isfinite, result))
    if min(column) == max(column):
        assert result == [0.0] * len(column)
        assert scales == (1.0,)
    elif scales[0] > 1e-9 * max(map(abs, column)) > 1e-290:
        assert math.fsum(result) / len(result) == pytest.approx(0, abs=1e-5)
        assert math.fsum(number**2 for number in result) / len(result) == pytest.approx(1, rel=1e-5)


@given(st.lists(st.floats(-1e300, 1e300), min_size=2, max_size=20))
def test_moments_of_many_numbers_are_those_of_few(column: list[float]) -> None:
    of_few = standardise_.moment(column)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(standardise_, "_MANY", 1)
        assert standardise_.moment(column) == pytest.approx(of_few, rel=1e-9, abs=1e-12 * max(map(abs, column)))


def test_moments_of_known_columns() -> None:
    means, scales = moments([(2.0, 0.1), (4.0, 0.1), (6.0, 0.1)])
    assert means == (4.0, 0.1)
    assert scales == pytest.approx((math.sqrt(8 / 3), 1))
