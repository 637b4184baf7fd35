"""The slope at a point is what calculus says it is, a difference quotient what floats make of it. Knows sessions."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.datasets.dataset import Dataset
from chainstep.engine.training.commands import CommandError, Forward, SetKnob, SetQuotient
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.snapshot.plots.function import SlopeView
from chainstep.engine.training.step.evaluate import Evaluator
from support.cases import each
from support.sessions import Begin, numbers_of


def measured(session: Session, h: float = 1e-3, *, central: bool = False, leaf: int = 0) -> SlopeView:
    session.apply(SetQuotient(h, central, leaf))
    view = session.snapshot({"slope"}).slope
    assert view is not None
    return view


def parabola(x: float = 3.0) -> Session:
    return Session(Formula("3*x**2 - 4*x + 5", {"x": x}), Settings(loss="sse", lr=0.1))


def test_the_lectures_first_numbers() -> None:
    view = measured(parabola())
    assert (view.x, view.y, view.slope) == (3.0, 20.0, 14.0)
    assert view.behind == (3.0, 20.0)
    assert view.ahead == (3.001, pytest.approx(20.014003, abs=1e-14))
    assert view.quotient == pytest.approx(14.003, abs=1e-10)
    assert (view.rate, view.next, view.reason) == (0.1, 3.0 - 0.1 * 14.0, "bends")


@given(st.floats(-50.0, 50.0), st.sampled_from([1.0, 0.1, 1e-2, 1e-3]))
def test_forward_is_off_by_three_h_and_central_is_exact(x: float, h: float) -> None:
    session = parabola(x)
    forward, central = measured(session, h), measured(session, h, central=True)
    rounding = 64.0 * max(forward.grain, central.grain)
    assert forward.quotient - forward.slope == pytest.approx(3.0 * h, abs=rounding)
    assert central.quotient == pytest.approx(central.slope, abs=rounding)
    assert central.slope == pytest.approx(6.0 * x - 4.0, abs=1e-12)


@each(
    ("h", "quotient", "reason"),
    [
        (1.0, 17.0, "bends"),
        (1e-8, pytest.approx(14.0, rel=1e-6), "close"),
        (1e-15, pytest.approx(10.66, abs=0.01), "rounded"),
        (1e-16, 0.0, "stuck"),
        (1e-17, 0.0, "stuck"),
    ],
)
def test_a_tiny_h_breaks_the_quotient_and_it_says_why(h: float, quotient: float, reason: str) -> None:
    view = measured(parabola(), h)
    assert (view.quotient, view.reason) == (quotient, reason)
    assert view.spacing == math.ulp(3.0)


def test_values_that_share_their_digits_cancel() -> None:
    view = measured(Session(Formula("x + 1000000", {"x": 1.0}), Settings(loss="sse")), 2.0**-30)
    assert view.slope == 1.0
    assert (view.quotient, view.reason) == (1.0, "close")
    view = measured(Session(Formula("0.3*x + 1000000", {"x": 1.0}), Settings(loss="sse")), 2.0**-30)
    assert view.reason == "cancels"
    assert abs(view.quotient - view.slope) <= view.grain


def test_what_is_no_number_is_no_reason() -> None:
    assert measured(Session(Formula("log(x)", {"x": -1.0}), Settings(loss="sse"))).reason == "nonfinite"


def test_along_each_leaf_the_others_stay(begin: Begin) -> None:
    session = begin("expression")  # (a*b + c)*f
    a, b, f = 2.0, -3.0, -2.0
    for leaf, wanted in enumerate((b * f, a * f, f, a * b + 10.0)):
        view = measured(session, 0.5, leaf=leaf)
        assert (view.variable, view.slope) == ("abcf"[leaf], wanted)
        assert view.quotient == pytest.approx(wanted)
        assert view.rate == -0.01  # it climbs
        assert view.next == view.x + 0.01 * wanted


@each("optimizer", ["sgd", "momentum", "adam"])
def test_the_next_place_is_where_the_update_leads(optimizer: str) -> None:
    session = parabola()
    session.apply(SetKnob("optimizer", optimizer))
    for _ in range(3):
        told = measured(session).next
        session.apply(Forward("step"))
        assert session.parameters[0] == told


def test_a_frozen_leaf_stays(begin: Begin) -> None:
    session = begin("neuron")
    assert measured(session, leaf=0).next is None
    assert measured(session, leaf=2).next is not None


def test_a_network_of_one_input_is_a_function_too(begin: Begin) -> None:
    session = begin("sine")
    session.train(10_000, 20)
    before = numbers_of(session)
    view = measured(session, 1e-4, central=True)
    row = session.subject.train_inputs[-1]  # the one that is in memory
    told = Evaluator(session.run.stepper).predict(session.parameters, row)
    assert (view.x, view.y) == (row[0], told.outputs[0])
    assert view.quotient == pytest.approx(view.slope, rel=1e-6)
    assert view.next is None
    assert numbers_of(session) == before


@each("loss", ["mse", "bce", "softmax", "hinge"])
@each("classes", [2, 3])
def test_in_the_datas_own_units_and_for_classes(loss: str, classes: int) -> None:
    rows = [((20.0 + 7.0 * k,), float(k % classes)) for k in range(12)]
    data = Dataset.of("own", ("cm",), "kind", ("r", "g", "b")[:classes], rows, standardised=True)
    session = Session(data, Settings(hidden=(3,), activation="tanh", loss=loss, seed=3))
    session.apply(Forward("sample", 2))
    view = measured(session, 1e-3, central=True)
    assert view.x == pytest.approx(27.0)
    assert view.quotient == pytest.approx(view.slope, rel=1e-5, abs=1e-9)
    assert view.function == ("P" if loss in ("bce", "softmax") else "ŷ")


def test_a_broken_backward_shows(begin: Begin) -> None:
    session = Session(Formula("x*x + x", {"x": 3.0}), Settings(loss="sse"))
    assert measured(session).slope == 7.0
    session.apply(SetKnob("mistakes", ("overwrite",)))
    assert measured(session).slope != 7.0


@each("h", [0.0, -1.0, math.nan, math.inf])
def test_no_h_is_refused(h: float) -> None:
    session = parabola()
    with pytest.raises(CommandError, match="h must be finite and above 0"):
        session.apply(SetQuotient(h))
