"""The settings a table is learnt with, by its shape. Must not know files."""

from __future__ import annotations

import pytest

from chainstep.datasets import Dataset
from chainstep.engine.training.session import Session
from chainstep.tui.files.subjects.defaults import MOST_WORK, for_data
from support.cases import each


def table(rows: int, features: int, classes: int = 0) -> Dataset:
    """A table of a shape, whose numbers do not matter."""
    inputs, names = ((0.5,) * features,) * rows, tuple(f"x{k}" for k in range(features))
    targets = tuple(float(row % max(1, classes)) for row in range(rows))
    return Dataset("table", names, "y", tuple("abcdefghij"[:classes]), inputs, targets)


@each(
    ("rows", "features", "classes", "hidden", "loss", "batch", "l2"),
    [
        (26, 10, 0, 16, "mse", None, 0.04),
        (120, 4, 3, 16, "softmax", 32, 0.008),
        (455, 30, 2, 16, "bce", 32, 0.002),
        (1_438, 64, 10, 16, "softmax", 32, 0.0007),
        (5_093, 8, 0, 16, "mse", 64, 0.0002),
        (43_152, 26, 0, 32, "mse", 128, 2e-05),
    ],
)
def test_the_shape_of_a_table_decides(
    rows: int, features: int, classes: int, hidden: int, loss: str, batch: int | None, l2: float
) -> None:
    settings = for_data(table(rows, features, classes))

    assert (settings.hidden, settings.loss) == ((hidden,), loss)
    assert (settings.batch_size, settings.l2) == (batch, l2)


def test_few_rows_get_enough_steps_and_many_rows_no_more_than_people_wait_for() -> None:
    assert for_data(table(26, 10)).steps == 300
    assert for_data(table(320, 4)).steps == 100 * 10

    settings = for_data(table(43_152, 26))
    work = settings.steps * 128 * (32 * 28 + 1)
    assert 0.99 * MOST_WORK < work <= MOST_WORK


def test_of_many_rows_some_are_held_out() -> None:
    assert for_data(table(999, 4)).validation == 0.0
    assert for_data(table(1_000, 4)).validation == 0.1
    assert round(100_000 * for_data(table(100_000, 4)).validation) == 2_000


@pytest.mark.parametrize("features", [800, 1_500])
def test_a_wide_table_gets_a_network_that_is_compiled_to_a_straight_line(features: int) -> None:
    data = table(40, features, 2)
    settings = for_data(data)

    assert settings.hidden[0] < 16
    assert not Session(data, settings).compilation.plan.layered
    wider = settings.replace(hidden=(2 * settings.hidden[0],))
    assert Session(data, wider).compilation.plan.layered
