"""Scores against closed forms: of predictions that are known, over both parts, and piece by piece."""

from __future__ import annotations

import math
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainstep.datasets.dataset import Dataset
from chainstep.engine.training.commands import SetParameter
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.snapshot.samples.scores import Scores, ScoresView

LINE = [float(k) for k in range(8)]
"""The targets of the quantity, in its own units 100 + 10 k."""


def quantity(slope: float, constant: float) -> Session:
    """ŷ = slope·x + constant, where the target is x; in units of 10 from 100 on."""
    rows = tuple((x,) for x in LINE)
    data = Dataset(
        "line", ("x",), "y", (), rows, tuple(LINE), rows[2:], tuple(LINE[2:]), target_mean=100.0, target_scale=10.0
    )
    session = Session(data, Settings(hidden=(), loss="mse"))
    session.apply(SetParameter(0, slope))
    session.apply(SetParameter(1, constant))
    return session


def scored(session: Session) -> ScoresView:
    scoring = session.scoring()
    for _ in scoring.work(lambda: 1):
        pass
    assert scoring.view is not None
    return scoring.view


def test_a_perfect_prediction_explains_all_and_one_that_is_off_is_so_in_units() -> None:
    perfect = scored(quantity(1.0, 0.0))
    assert [(part.test, part.samples, part.r2, part.rmse) for part in perfect.parts] == [
        (True, 6, 1.0, 0.0),
        (False, 8, 1.0, 0.0),
    ]
    assert {point.left for point in perfect.residuals} == {0.0}
    assert sorted(point.predicted for point in perfect.residuals if point.test) == [120, 130, 140, 150, 160, 170]
    off = scored(quantity(1.0, 0.5))
    assert [part.rmse for part in off.parts] == [5.0, 5.0]
    assert {point.left for point in off.residuals} == {-5.0}


def test_the_mean_as_a_prediction_explains_nothing_and_is_the_baseline() -> None:
    test, train = scored(quantity(0.0, 3.5)).parts
    assert train.r2 == 0.0
    assert train.rmse == train.baseline == pytest.approx(10 * math.sqrt(5.25))
    assert test.rmse == test.baseline == pytest.approx(10 * math.sqrt(23.5 / 6))


def classes(names: tuple[str, ...], targets: list[int], decided: list[int]) -> Scores:
    """Of a network that passes its inputs on, one of which stands out a sample."""
    size = len(names)
    rows = tuple(tuple(float(k == chosen) for k in range(size)) for chosen in decided)
    data = Dataset("known", tuple(f"x{k}" for k in range(size)), "y", names, rows, tuple(map(float, targets)))
    session = Session(data, Settings(hidden=(), loss="softmax"))
    places = count()
    for neuron in range(size):
        for k in range(size):
            session.apply(SetParameter(next(places), float(k == neuron)))
        session.apply(SetParameter(next(places), 0.0))
    (part,), told = scored(session).parts, session.scores()
    assert told == part
    return part


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=12))
def test_confusion_counts_every_sample_once_and_accuracy_is_its_diagonal(pairs: list[tuple[int, int]]) -> None:
    targets, decided = [target for target, _ in pairs], [decision for _, decision in pairs]
    part = classes(("a", "b", "c"), targets, decided)
    assert part.confusion is not None
    assert part.confusion == tuple(tuple(pairs.count((true, other)) for other in range(3)) for true in range(3))
    right = sum(target == decision for target, decision in pairs)
    assert part.accuracy == right / len(pairs)
    assert part.baseline == max(map(targets.count, range(3))) / len(pairs)
    for k in range(3):
        found = part.confusion[k][k]
        assert part.recall[k] == (found / targets.count(k) if k in targets else None)
        assert part.precision[k] == (found / decided.count(k) if k in decided else None)
