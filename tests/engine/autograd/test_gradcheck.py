"""Numeric against analytic gradients: of functions, of every example, and of a gradient that is wrong on purpose."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from chainstep.datasets import EXAMPLES
from chainstep.engine.autograd import replay
from chainstep.engine.autograd.gradcheck import TOLERANCE, Evaluation, gradcheck, relative_error
from chainstep.engine.autograd.ops.ieee import NAMESPACE
from chainstep.engine.training.commands import Forward, Reseed, SetParameter
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula
from chainstep.engine.training.setup.settings import Settings
from support.cases import each
from support.sessions import numbers_of


def parabola(p: Sequence[float]) -> Evaluation:
    return 3 * p[0] ** 2 - 4 * p[0] + 5, ()


def session(name: str, *, points: int | None = None, **knobs: object) -> Session:
    """A session on an example, on its first points only where their number is said."""
    subject = EXAMPLES[name]
    made = Settings.of({**subject.settings, **knobs})
    if subject.load is None:
        return Session(Formula(subject.expression, subject.leaves), made)
    data = subject.load()
    data = data.changed(train_inputs=data.train_inputs[:points], train_targets=data.train_targets[:points])
    return Session(data, made, subject.parameters or None)


@each("name", EXAMPLES)
def test_every_example_passes(name: str) -> None:
    # As large as moons they would take as long again; and moons' 337 parameters can be told on a fifth of its points.
    points = {"moons": 20, "penguins": 20, "digits": 3, "deep": 2}.get(name)
    hidden = {"spiral": (8,), "digits": (2,), "deep": (3,) * 10}
    knobs: dict[str, object] = {"hidden": hidden[name]} if name in hidden else {}
    subject = session(name, points=points, **knobs)
    rows = list(subject.check())
    assert [row.index for row in rows] == list(range(len(subject.parameters)))
    assert [row for row in rows if row.failed] == []
    # The perceptron rule is no derivative: none of its rows is judged.
    excused = len(rows) if subject.settings.loss == "perceptron" else len(rows) // 20
    assert sum(row.kink for row in rows) <= excused


@each("name", ["lecture", "iris", "xor", "sine"])
@each("knobs", [{"l1": 0.01, "l2": 0.02}, {"activation": "sigmoid"}, {"activation": "relu"}])
def test_examples_pass_with_other_knobs_and_on_the_way(name: str, knobs: dict[str, object]) -> None:
    subject = session(name, **knobs)
    subject.apply(Forward("step", 2))
    assert [row for row in subject.check() if row.failed] == []


def test_a_check_leaves_the_session_as_it_was() -> None:
    subject = session("lecture")
    subject.apply(Forward("op", 500))
    before = numbers_of(subject)
    rows = list(subject.check())
    assert numbers_of(subject) == before
    assert len(rows) == 41


def test_the_checked_gradient_is_the_one_that_backward_finds() -> None:
    subject = session("iris", batch_size=None, l1=0.01, l2=0.02)
    rows = list(subject.check())
    subject.apply(Forward("phase", 4))
    assert subject.snapshot().position.phase == "update"
    assert [row.analytic for row in rows] == pytest.approx(subject.run.gradients, rel=1e-9, abs=1e-12)


def test_the_worked_difference_quotients(golden: dict[str, Any]) -> None:
    row = golden["derivative"]["numeric"]
    (check,) = gradcheck(parabola, [row["x"]], [14.0], h=row["h"], central=False)
    assert check.numeric == pytest.approx(row["forward_difference"], rel=1e-12)
    assert check.failed  # a forward difference is off by h times half the curvature
    (central,) = gradcheck(parabola, [row["x"]], [14.0], h=row["h"])
    assert central.numeric == pytest.approx(14.0, rel=1e-12)
    assert not central.failed


def test_too_small_an_h_sees_no_slope(golden: dict[str, Any]) -> None:
    row = golden["derivative"]["too_small_h"]
    subject = session("parabola")
    for central in (False, True):
        (check,) = subject.check(h=row["h"], central=central)
        assert check.numeric == row["forward_difference"] == 0.0
        assert (check.analytic, check.error) == (14.0, 1.0)
        assert check.failed


@each("wrong", [13.9, -14.0, 0.0, 14.001, math.nan, math.inf])
def test_a_wrong_gradient_fails(wrong: float) -> None:
    (check,) = gradcheck(parabola, [3.0], [wrong])
    assert check.failed


def test_one_wrong_gradient_among_many_is_found() -> None:
    def function(p: Sequence[float]) -> Evaluation:
        return sum(x**3 for x in p), ()

    rows = list(gradcheck(function, [1.0, 2.0, 3.0], [3.0, 12.5, 27.0]))
    assert [row.failed for row in rows] == [False, True, False]
    assert rows[1].numeric == pytest.approx(12.0)
    assert rows[1].error == pytest.approx(0.04)


def test_a_kink_is_reported_and_not_failed() -> None:
    def function(p: Sequence[float]) -> Evaluation:
        return max(0.0, p[0]), (p[0] > 0,)

    at, near, away = (next(iter(gradcheck(function, [x], [float(x > 0)]))) for x in (0.0, 1e-7, 0.1))
    assert (at.kink, near.kink, away.kink) == (True, True, False)
    assert at.error > TOLERANCE
    assert not at.failed
    assert not away.failed


def test_a_kink_at_the_point_itself_is_one() -> None:
    """Both points of the quotient are on one side, the point between them is on the other."""

    def function(p: Sequence[float]) -> Evaluation:
        return abs(p[0]), (p[0] == 0.0,)

    (at,) = gradcheck(function, [0.0], [1.0])
    assert at.kink
    assert not at.failed


def test_a_relu_at_zero_is_a_kink_of_the_session() -> None:
    subject = session("moons", hidden=(4,))
    flat = next(i for i, label in enumerate(subject.labels) if label == "L1.n1.w0")
    for offset in range(3):
        subject.apply(SetParameter(flat + offset, 0.0))
    rows = list(subject.check())
    assert flat in [row.index for row in rows if row.kink]
    assert all(not row.failed for row in rows)


def test_an_output_at_the_margin_is_a_kink_of_the_hinge() -> None:
    subject = session("gauss")
    for index, value in enumerate((0.0, 0.0, 1.0)):  # every output is 1 now, and so is y·ŷ of a class
        subject.apply(SetParameter(index, value))
    rows = list(subject.check())
    assert all(row.kink and not row.failed for row in rows)
    assert any(row.error > 0.1 for row in rows)


@pytest.mark.parametrize(("name", "knobs"), [("iris", {"init": "zeros"}), ("xor", {"loss": "softmax"})])
def test_equal_scores_are_no_kink_of_a_softmax(name: str, knobs: dict[str, object]) -> None:
    """The largest score is only what it is shifted by: which of two equal ones that is changes nothing."""
    rows = list(session(name, **knobs).check())
    assert [row for row in rows if row.kink or row.failed] == []


def test_a_wrong_slope_is_found_where_scores_are_equal(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = [replace(op, backward=("divide(2.0, a)",)) if op.name == "log" else op for op in replay.BY_OPCODE]
    monkeypatch.setattr(replay, "BY_OPCODE", wrong)
    scope: dict[str, Any] = dict(NAMESPACE)
    exec(replay._source("backward", steps=False), scope)
    monkeypatch.setattr(replay, "backward", scope["loop"])
    subject = session("iris", init="zeros")
    found = [subject.labels[row.index] for row in subject.check() if row.failed]
    assert found == ["L2.n1.b", "L2.n2.b", "L2.n3.b"]
    assert len([row for row in session("xor", loss="softmax").check() if row.failed]) == 22


def test_a_flat_direction_is_not_judged_by_rounding() -> None:
    assert relative_error(0.0, 1e-10, 1.0, 1e-6) <= TOLERANCE
    assert relative_error(0.0, 1e-3, 1.0, 1e-6) == 1.0
    assert math.isnan(relative_error(math.nan, 1.0, 1.0, 1e-6))


def test_the_perceptron_rule_is_no_gradient_and_does_not_fail_as_one() -> None:
    subject = session("wonderland")
    subject.apply(Reseed(5))
    assert not any(row.failed for row in subject.check())
