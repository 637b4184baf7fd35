"""Tests the table of examples and the bundled data against golden.json and known facts. Knows no engine."""

from __future__ import annotations

import csv
import math
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import chainstep.datasets
from chainstep.datasets import EXAMPLES, DataError, Dataset, example
from support.cases import each
from support.figures.golden import GOLDEN

DATA = Path(chainstep.datasets.__file__).parent / "data"
KNOBS = {
    "hidden", "activation", "init", "loss", "optimizer", "schedule", "lr", "horizon", "batch_size", "l2",
    "steps", "maximise", "frozen",
}  # fmt: skip


def load(name: str) -> Dataset:
    loader = example(name).load
    assert loader is not None
    return loader()


def test_the_table_is_in_teaching_order() -> None:
    assert list(EXAMPLES) == [
        "lecture", "wonderland", "parabola", "expression", "neuron", "and", "or", "xor", "moons", "circles",
        "gauss", "spiral", "iris", "penguins", "digits", "deep", "plane", "sine", "geyser",
    ]  # fmt: skip


@each("name", EXAMPLES)
def test_every_example_is_whole(name: str) -> None:
    subject = EXAMPLES[name]
    assert subject.name == name
    assert 30 <= len(subject.purpose) <= 90
    assert subject.purpose.endswith(".")
    assert "\n" not in subject.purpose
    assert subject.settings.keys() <= KNOBS
    assert bool(subject.expression) == bool(subject.leaves) == (subject.load is None)


@each("name", [name for name, subject in EXAMPLES.items() if subject.load])
def test_every_data_set_is_finite_and_loads_the_same_twice(name: str) -> None:
    data, again = load(name), load(name)
    assert data.name == name
    rows = (*data.train_inputs, *data.test_inputs)
    targets = (*data.train_targets, *data.test_targets)
    assert all(math.isfinite(number) for row in rows for number in (*row, *targets))
    assert rows == (*again.train_inputs, *again.test_inputs)
    assert targets == (*again.train_targets, *again.test_targets)
    if data.classes:
        assert set(data.train_targets) == set(map(float, range(len(data.classes))))
        assert set(data.test_targets) <= set(data.train_targets)


def test_the_table_cannot_be_changed() -> None:
    settings: Any = EXAMPLES["lecture"].settings
    with pytest.raises(TypeError):
        settings["lr"] = 9.0
    table: Any = EXAMPLES
    with pytest.raises(TypeError):
        del table["lecture"]


def test_lecture_is_the_golden_one() -> None:
    golden, data = GOLDEN["lecture"], load("lecture")
    assert [list(row) for row in data.train_inputs] == golden["xs"]
    assert [float(data.classes[int(target)]) for target in data.train_targets] == golden["ys"]
    assert data.test_inputs == ()
    settings = example("lecture").settings
    assert (settings["lr"], settings["steps"]) == (golden["lr"], golden["steps"])


def test_wonderland_is_the_golden_truth_table() -> None:
    golden, data = GOLDEN["wonderland"], load("wonderland")
    table = {
        "".join(str(int(answer)) for answer in row): int(target)
        for row, target in zip(data.train_inputs, data.train_targets, strict=True)
    }
    assert table == {answers: output for answers, (_, output) in golden["table"].items()}
    assert list(table) == sorted(table)
    assert data.features == tuple(golden["meaning"].values())
    assert data.classes == ("No", "Yes")
    assert example("wonderland").parameters == (*golden["weights"], golden["bias"])


@pytest.mark.parametrize("name", ["expression", "neuron"])
def test_expressions_are_the_golden_ones(name: str) -> None:
    assert example(name).expression == GOLDEN[name]["expr"]
    assert dict(example(name).leaves) == GOLDEN[name]["leaves"]


def test_parabola_is_the_golden_derivative() -> None:
    assert example("parabola").expression == GOLDEN["derivative"]["f"]
    assert dict(example("parabola").leaves) == {"x": GOLDEN["derivative"]["x"][0]}


def test_only_the_two_that_add_their_gradient_maximise() -> None:
    assert [name for name, subject in EXAMPLES.items() if subject.settings.get("maximise")] == [
        "wonderland",
        "expression",
    ]


def test_penguins_are_a_table_with_categories_and_gaps() -> None:
    data = load("penguins")
    assert data.classes == ("Adelie", "Chinstrap", "Gentoo")
    assert data.features[:3] == ("island=Biscoe", "island=Dream", "island=Torgersen")
    assert len(data.train_inputs) + len(data.test_inputs) == 333, "eleven of 344 have gaps"


def test_digits_are_pictures() -> None:
    data = load("digits")
    assert data.image == (8, 8)
    assert len(data.train_inputs) + len(data.test_inputs) == 1797
    assert {ink * 16 for row in data.train_inputs for ink in row} == set(range(17))
    again = data.varied(None, 0.5)
    assert (again.name, again.image) == ("digits", (8, 8))


def test_the_geyser_is_told_in_minutes() -> None:
    data = load("geyser")
    waits = [data.in_units(target) for target in (*data.train_targets, *data.test_targets)]
    assert (len(waits), round(min(waits)), round(max(waits))) == (272, 43, 96)
    assert math.fsum(waits) / len(waits) == pytest.approx(70.897, abs=1e-3)


@each(("name", "outputs"), [("and", [0, 0, 0, 1]), ("or", [0, 1, 1, 1]), ("xor", [0, 1, 1, 0])])
def test_gates(name: str, outputs: list[int]) -> None:
    data = load(name)
    assert data.train_inputs == ((0, 0), (0, 1), (1, 0), (1, 1))
    assert list(data.train_targets) == outputs
    assert data.classes == ("0", "1")
    assert data.test_inputs == ()


def test_moons_trains_on_the_bundled_points_in_order() -> None:
    data = load("moons")
    with (DATA / "moons.csv").open(newline="") as lines:
        table = list(csv.DictReader(lines))
    assert len(table) == 100
    assert [[repr(x) for x in row] for row in data.train_inputs] == [[row["x0"], row["x1"]] for row in table]
    assert [int(data.classes[int(target)]) for target in data.train_targets] == [int(row["label"]) for row in table]
    assert Counter(data.train_targets) == Counter(data.test_targets) == {0.0: 50, 1.0: 50}
    assert data.means == ()
    assert not set(data.train_inputs) & set(data.test_inputs)


def test_moons_generated_points_lie_where_the_bundled_ones_do() -> None:
    data = load("moons")
    # Class 0 arches over the origin, class 1 hangs below (1, 0.5): both parts agree on which is which.
    for inputs, targets in ((data.train_inputs, data.train_targets), (data.test_inputs, data.test_targets)):
        for (x, y), target in zip(inputs, targets, strict=True):
            centre = (1.0, 0.5) if target else (0.0, 0.0)
            assert math.dist((x, y), centre) == pytest.approx(1, abs=0.5)


def test_iris_is_fishers_table() -> None:
    with (DATA / "iris.csv").open(newline="") as lines:
        table = list(csv.DictReader(lines))
    assert Counter(row["species"] for row in table) == {"setosa": 50, "versicolor": 50, "virginica": 50}
    # Published means in cm; rows 35 and 38 are those that the UCI copy has wrong.
    means = {name: sum(float(row[name]) for row in table) / 150 for name in list(table[0])[:4]}
    assert means == {
        "sepal_length": pytest.approx(5.843333, abs=1e-6),
        "sepal_width": pytest.approx(3.057333, abs=1e-6),
        "petal_length": pytest.approx(3.758, abs=1e-6),
        "petal_width": pytest.approx(1.199333, abs=1e-6),
    }
    assert list(table[34].values()) == ["4.9", "3.1", "1.5", "0.2", "setosa"]
    assert list(table[37].values()) == ["4.9", "3.6", "1.4", "0.1", "setosa"]


def test_iris_is_split_by_species_and_standardised() -> None:
    data = load("iris")
    assert Counter(data.train_targets) == {0.0: 40, 1.0: 40, 2.0: 40}
    assert Counter(data.test_targets) == {0.0: 10, 1.0: 10, 2.0: 10}
    for column in zip(*data.train_inputs, strict=True):
        assert math.fsum(column) / 120 == pytest.approx(0, abs=1e-12)
        assert math.fsum(number**2 for number in column) / 120 == pytest.approx(1)
    # Undone, the numbers are those of the file again.
    lengths = sorted(row[0] * data.scales[0] + data.means[0] for row in (*data.train_inputs, *data.test_inputs))
    assert lengths[0] == pytest.approx(4.3)
    assert lengths[-1] == pytest.approx(7.9)


@each(
    ("name", "train", "test"),
    [("circles", 90, 30), ("gauss", 90, 30), ("spiral", 180, 60), ("plane", 90, 30), ("sine", 60, 20)],
)
def test_generated_sizes(name: str, train: int, test: int) -> None:
    data = load(name)
    assert (len(data.train_inputs), len(data.test_inputs)) == (train, test)


def test_an_unknown_name_gets_close_ones() -> None:
    with pytest.raises(DataError) as caught:
        example("mons")
    assert "no example called 'mons'" in str(caught.value)
    assert "moons" in str(caught.value)
    assert "`chainstep examples` lists them" in str(caught.value)


def test_an_unknown_name_cannot_reach_the_terminal_raw() -> None:
    with pytest.raises(DataError) as caught:
        example("\x1b]0;owned\x07\n" + "z" * 500)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 160
    assert "did you mean" not in str(caught.value)
