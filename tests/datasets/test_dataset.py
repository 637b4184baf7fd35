"""The checks of a data set, and how its test part is measured. Knows no file and no example."""

from __future__ import annotations

import pytest

from chainstep.datasets import DataError, Dataset, Row


def test_the_test_part_is_measured_by_the_training_part() -> None:
    data = Dataset.of("d", ("x",), "y", (), [((1.0,), 0.5), ((3.0,), 0.7)], [((5.0,), 9.0)], standardised=True)
    assert (data.means, data.scales) == ((2.0,), (1.0,))
    assert data.train_inputs == ((-1.0,), (1.0,))
    assert data.test_inputs == ((3.0,),)
    assert data.test_targets == (9.0,)


def test_a_column_too_wide_for_floats_is_named() -> None:
    rows: list[Row] = [((1.0, -1.7e308), 0.0), ((2.0, 1.7e308), 1.0), ((3.0, -1.7e308), 1.0)]
    with pytest.raises(DataError, match="the numbers of column wide lie too far apart"):
        Dataset.of("d", ("x", "wide"), "y", ("a", "b"), rows, standardised=True)


def test_inconsistent_parts_are_refused() -> None:
    with pytest.raises(DataError, match="2 rows of inputs but 1 targets"):
        Dataset("d", ("x",), "y", (), ((1.0,), (2.0,)), (1.0,))
    with pytest.raises(DataError, match="every row needs 1 inputs"):
        Dataset("d", ("x",), "y", (), ((1.0, 2.0),), (1.0,))
    with pytest.raises(DataError, match="no row to train on"):
        Dataset("d", ("x",), "y", (), (), ())
    with pytest.raises(DataError, match="means and scales"):
        Dataset("d", ("x",), "y", (), ((1.0,),), (1.0,), means=(0.0,))
