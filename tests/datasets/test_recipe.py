"""Data made again with other noise or parted otherwise. Knows the examples and a user's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from chainstep.datasets import EXAMPLES, DataError, Dataset
from chainstep.datasets.user_table import open_table
from support.cases import each

MADE = {"moons": 0.1, "circles": 0.1, "gauss": 1.0, "spiral": 0.2, "plane": 0.05, "sine": 0.05}


def example(name: str) -> Dataset:
    load = EXAMPLES[name].load
    assert load is not None
    return load()


def rows(data: Dataset) -> list[tuple[tuple[float, ...], float]]:
    """All samples, smallest first."""
    train = zip(data.train_inputs, data.train_targets, strict=True)
    return sorted([*train, *zip(data.test_inputs, data.test_targets, strict=True)])


def moved(data: Dataset, other: Dataset) -> float:
    """The mean distance between points of the same place."""
    pairs = list(zip(data.train_inputs, other.train_inputs, strict=True))
    return sum(abs(a - b) for one, two in pairs for a, b in zip(one, two, strict=True)) / len(pairs)


@each(("name", "noise"), MADE.items())
def test_the_noise_is_what_the_points_are_made_with(name: str, noise: float) -> None:
    data = example(name)
    assert data.noise == noise
    if name != "moons":
        assert rows(data.varied(noise, None)) == rows(data)
    assert data.varied(3 * noise, None).noise == 3 * noise
    assert rows(data.varied(3 * noise, None)) == rows(example(name).varied(3 * noise, None))
    assert rows(data.varied(3 * noise, None)) != rows(data)
    assert data.varied(None, None) is data


@each("name", ["moons", "circles", "gauss", "spiral"])
def test_more_noise_moves_each_point_further_the_same_way(name: str) -> None:
    still, some, more = (example(name).varied(noise, None) for noise in (0.0, 0.2, 0.4))
    assert moved(still, more) == pytest.approx(2 * moved(still, some))


@each("name", [*MADE, "iris"])
@each("fraction", [0.0, 0.1, 0.6])
def test_a_split_takes_its_fraction_of_the_same_rows(name: str, fraction: float) -> None:
    data = example(name)
    other = data.varied(None, fraction)
    count = len(rows(data))
    assert len(other.test_inputs) == round(count * fraction)
    assert other.fraction == fraction
    if not data.means:
        assert rows(other) == rows(data)


def test_moons_with_noise_still_trains_on_a_hundred_and_tests_on_a_hundred() -> None:
    data = example("moons").varied(0.3, None)
    assert (len(data.train_inputs), len(data.test_inputs), data.fraction) == (100, 100, 0.5)
    assert set(data.train_inputs).isdisjoint(data.test_inputs)


def test_what_was_varied_can_be_varied_again_from_the_start() -> None:
    data = example("spiral")
    assert rows(data.varied(0.5, 0.5).varied(None, 0.25)) == rows(data)


def test_iris_is_standardised_on_its_new_training_part() -> None:
    other = example("iris").varied(None, 0.5)
    assert other.means != example("iris").means
    for column in zip(*other.train_inputs, strict=True):
        assert sum(column) / len(column) == pytest.approx(0.0, abs=1e-9)


@each("name", ["lecture", "wonderland", "and", "or", "xor"])
def test_what_is_given_row_by_row_says_so(name: str) -> None:
    data = example(name)
    assert (data.noise, data.fraction) == (None, None)
    for noise, fraction in ((0.1, None), (None, 0.1)):
        with pytest.raises(DataError, match=f"{name} is given row by row"):
            data.varied(noise, fraction)


def test_a_users_file_has_a_split_and_no_noise(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("\n".join(f"{k},{k * k},{k % 2}" for k in range(40)))
    data = open_table(path, "3").data
    assert (data.noise, data.fraction, len(data.test_inputs)) == (None, 0.2, 8)
    assert len(data.varied(None, 0.5).test_inputs) == 20
    with pytest.raises(DataError, match=r"mine\.csv was measured, not made: there is no noise to set"):
        data.varied(0.1, None)


def test_a_file_that_is_trained_on_whole_has_no_split(tmp_path: Path) -> None:
    path = tmp_path / "few.csv"
    path.write_text("\n".join(f"{k},{k % 2}" for k in range(6)))
    with pytest.raises(DataError, match="given row by row"):
        open_table(path, "2").data.varied(None, 0.5)
