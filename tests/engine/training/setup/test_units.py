"""A table's own units and columns: what the network's numbers say in them, and back."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from chainstep.datasets.columns.choices import Choices
from chainstep.datasets.dataset import Dataset
from chainstep.datasets.user_table import open_table
from chainstep.engine.training.commands import Forward, SetPlot
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.setup.units import Units
from chainstep.engine.training.snapshot.plots.fit import FitView
from chainstep.engine.training.snapshot.plots.map import MapView

GROUPS = (("Dream", "male"), ("Biscoe", "female"), ("Dream", "female")) * 4
ROWS = (
    "island,sex,mass,price",
    "Dream,male,3700,10",
    "Biscoe,female,NA,20",
    "Torgersen,male,4100,30",
    *(f"{island},{sex},{3000 + 10 * k},{40 + k}" for k, (island, sex) in enumerate(GROUPS)),
)


def table(path: Path) -> Dataset:
    path.write_text("\n".join(ROWS) + "\n")
    return open_table(path, "price", Choices(missing="fill"), test_fraction=0.0).data


def test_a_row_says_what_it_says_in_the_table_and_a_gap_nothing(tmp_path: Path) -> None:
    data = table(tmp_path / "birds.csv")
    units = Units.of(data)
    assert [column.name for column in units.columns] == ["island", "sex", "mass"]
    assert data.features == ("island=Biscoe", "island=Dream", "island=Torgersen", "sex=male", "mass", "mass missing")
    rows = sorted(zip(data.train_targets, data.train_inputs, strict=True))
    said = [units.answers(inputs) for _, inputs in rows]
    assert said[0] == ("Dream", "male", pytest.approx(3700))
    assert said[1] == ("Biscoe", "female", None)
    assert [units.target(target) for target, _ in rows[:3]] == pytest.approx([10, 20, 30])
    for (_, inputs), answers in zip(rows, said, strict=True):
        assert units.inputs(answers) == pytest.approx(inputs)
    with pytest.raises(ValueError, match="island has no 'Narnia': there is Biscoe, Dream, Torgersen"):
        units.inputs(("Narnia", "male", 3000.0))


def test_a_date_is_said_as_its_day_and_typed_so(tmp_path: Path) -> None:
    path = tmp_path / "days.csv"
    path.write_text("day,y\n" + "".join(f"{3 + k}.2.2020,{k % 7 + 0.5 * k}\n" for k in range(12)))
    data = open_table(path, "y", test_fraction=0.0).data
    units = Units.of(data)
    said = [units.answers(inputs) for inputs in data.train_inputs]
    assert sorted(said) == [(f"2020-02-{3 + k:02}",) for k in range(12)]
    assert [units.inputs(answers) for answers in said] == [pytest.approx(inputs) for inputs in data.train_inputs]
    with pytest.raises(ValueError, match="day is a day such as 2026-01-31, not 'soon'"):
        units.inputs(("soon",))


def test_what_is_not_scaled_is_left_alone_to_the_bit() -> None:
    data = Dataset("plain", ("a", "b"), "y", (), ((0.1, -0.0),), (0.3,))
    units = Units.of(data)
    assert not units.scaled
    assert units.row((0.1, 3.0)) == units.answers((0.1, 3.0)) == units.inputs((0.1, 3.0)) == (0.1, 3.0)
    assert units.target(0.3) == units.scaled_target(0.3) == 0.3


def of_two_columns(path: Path) -> Session:
    path.write_text("a,b,price\n" + "".join(f"{k + 0.5},{100 - k * k + 0.25},{5000 + 13 * k}\n" for k in range(30)))
    data = open_table(path, "price", test_fraction=0.2).data
    return Session(data, Settings(hidden=(3,), loss="mse", lr=0.05))


def plotted(session: Session, kind: str) -> object:
    session.apply(SetPlot(kind))
    for _ in session.plotting(8, 4) or ():
        pass
    return session.snapshot({"plot"}).plot


def test_plots_are_in_units(tmp_path: Path) -> None:
    session = of_two_columns(tmp_path / "prices.csv")
    session.apply(Forward("step", 3))
    fit, over = plotted(session, "fit"), plotted(session, "map")
    assert isinstance(fit, FitView)
    assert isinstance(over, MapView)
    assert sorted(point.actual for point in fit.points) == pytest.approx([5000 + 13 * k for k in range(30)])
    assert sorted(point.x for point in over.points) == pytest.approx([k + 0.5 for k in range(30)])
    left, right, bottom, top = over.extent
    assert left < 0.5 < 29.5 < right
    assert bottom < -740.75 < 100.25 < top
    scores = session.scores()
    assert scores is not None
    assert scores.rmse is not None
    tests = [point for point in fit.points if point.test]
    error = math.fsum((point.predicted - point.actual) ** 2 for point in tests)
    assert scores.rmse == pytest.approx(math.sqrt(error / len(tests)))


def test_a_loss_is_told_as_an_rmse_in_units_where_it_says_one(tmp_path: Path) -> None:
    session = of_two_columns(tmp_path / "prices.csv")
    session.apply(Forward("step", 3))
    snapshot, scores = session.snapshot({"test", "network"}), session.scores()
    assert snapshot.loss is not None
    assert scores is not None
    scale = snapshot.subject.units.target_scale
    assert snapshot.rmse == pytest.approx(math.sqrt(snapshot.loss) * scale)
    assert snapshot.test_rmse == pytest.approx(scores.rmse)
    assert snapshot.network is not None
    assert snapshot.network.own is not None
    assert 5000 <= snapshot.network.own.target <= 5400
    penalised = Session(session.subject, Settings(hidden=(3,), loss="mse", l2=0.1))
    penalised.apply(Forward("step", 3))
    snapshot, scores = penalised.snapshot({"test"}), penalised.scores()
    assert snapshot.loss is not None
    assert scores is not None
    assert snapshot.test_rmse == pytest.approx(scores.rmse)
    penalty = 0.1 * sum(p * p for p in penalised.run.state.previous)
    assert snapshot.rmse == pytest.approx(math.sqrt(snapshot.loss - penalty) * scale)
    assert penalty > 0.0
