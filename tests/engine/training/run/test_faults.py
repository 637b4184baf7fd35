"""Runs that leave the finite numbers: nothing raises, and the op that first did is named."""

from __future__ import annotations

import math

import pytest

from chainstep.datasets import EXAMPLES
from chainstep.engine.training.commands import Back, Forward, Goto, Restart, SetKnob, SetParameter
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.snapshot.debugger import Fault
from support.archives import reopened
from support.cases import each
from support.sessions import Begin, numbers_of


def first_bad_op(session: Session, longest: int) -> tuple[int, str, str]:
    """Step, phase and scope of the first op after which a number of the session is not finite: the slow way."""
    while session.step < longest:
        position = session.snapshot(()).position
        session.apply(Forward("op"))
        _, data, grad, *_ = numbers_of(session)
        assert isinstance(data, tuple)
        assert isinstance(grad, tuple)
        if not all(map(math.isfinite, (*data, *grad))):
            nowhere = position.phase == "update" or isinstance(session.subject, Formula)
            scope = position.scope or ("" if nowhere else "batch")
            return position.step, position.phase, scope
    raise AssertionError("it stayed finite")


def fault_of(session: Session) -> Fault:
    fault = session.snapshot(()).fault
    assert fault is not None
    return fault


DIVERGING: list[tuple[str, dict[str, object]]] = [
    ("lecture", {"activation": "linear", "lr": 1e6}),
    ("lecture", {"activation": "relu", "lr": 1e6}),
    ("lecture", {"activation": "linear", "lr": 1e200, "optimizer": "momentum"}),
    ("xor", {"activation": "linear", "loss": "mse", "lr": 1e3}),
    ("plane", {"lr": 1e160}),
    ("wonderland", {"activation": "linear", "loss": "sse", "maximise": False, "lr": 100.0}),
    ("parabola", {"lr": 1e100}),
]


@pytest.mark.parametrize(("name", "knobs"), DIVERGING)
def test_a_fault_names_the_op_that_went_bad_first(name: str, knobs: dict[str, object], begin: Begin) -> None:
    session = begin(name, **knobs)
    session.apply(Forward("step", 200))
    fault = fault_of(session)
    assert not math.isfinite(fault.result)
    slow = begin(name, **knobs)
    slow.apply(Goto(max(0, fault.step - 1)))
    step, phase, scope = first_bad_op(slow, fault.step + 2)
    assert (fault.step, fault.phase) == (step, phase)
    assert phase == "update" or fault.scope == scope
    assert fault.expression


def test_the_lecture_without_a_squash(begin: Begin) -> None:
    session = begin("lecture", activation="linear", lr=1e6)
    session.apply(Forward("step", 10))
    fault = fault_of(session)
    assert (fault.step, fault.phase) == (3, "forward")
    assert fault.expression == "L1.n1*L2.n1.w0"
    (_, a), (_, b) = fault.inputs
    assert math.isfinite(a)
    assert math.isfinite(b)
    assert fault.result == a * b == -math.inf


def test_a_fault_lies_in_the_past_or_is_none(begin: Begin) -> None:
    session = begin("lecture", activation="linear", lr=1e6)
    session.apply(Forward("step", 30))
    fault = fault_of(session)
    session.apply(Goto(fault.step))
    assert session.snapshot(()).fault is None
    session.apply(Goto(30))
    assert fault_of(session) == fault
    session.apply(Back("op"))
    assert fault_of(session) == fault
    session.apply(Restart())
    assert session.snapshot(()).fault is None


def test_a_fault_survives_an_archive(begin: Begin) -> None:
    session = begin("lecture", activation="linear", lr=1e6)
    session.apply(Forward("step", 200))
    again = reopened(session)
    assert fault_of(again) == fault_of(session)
    again.apply(Goto(1))
    assert again.snapshot(()).fault is None


def test_an_update_that_overflows_is_named(begin: Begin) -> None:
    session = begin("parabola", lr=1e308)
    session.apply(SetParameter(0, 10.0))  # slope 56
    session.apply(Forward("step"))
    fault = fault_of(session)
    assert (fault.step, fault.phase, fault.result) == (0, "update", -math.inf)
    assert "x" in fault.expression


@pytest.mark.parametrize(
    ("source", "leaves", "phase", "expression"),
    [
        # Infinite in between, and hidden from the loss by tanh; backward meets it as 0·inf.
        ("tanh((a*b)*c)", {"a": 1e200, "b": 1e200, "c": 1.0}, "forward", "a*b"),
        # Everything is finite but the slope, 1/a.
        ("log(a)*b", {"a": 5e-324, "b": 1.0}, "backward", "log(a)"),
    ],
)
def test_what_goes_bad_behind_a_finite_loss_is_named(
    source: str, leaves: dict[str, float], phase: str, expression: str
) -> None:
    session = Session(Formula(source, leaves), Settings(lr=0.01))
    session.apply(Forward("step"))
    assert math.isfinite(session.losses[0])
    fault = fault_of(session)
    assert (fault.step, fault.phase, fault.expression, fault.result) == (0, phase, expression, math.inf)


@each("optimizer", ["sgd", "momentum", "adam"])
@each("name", [name for name in EXAMPLES if name not in ("spiral", "moons", "digits")])
def test_no_learning_rate_raises(name: str, optimizer: str, begin: Begin) -> None:
    session = begin(name, lr=1e200, optimizer=optimizer)
    session.apply(Forward("step", 3))
    session.apply(Forward("op", 3))
    session.apply(Forward("neuron", 3))
    snapshot = session.snapshot()
    assert snapshot.position.step >= 3
    session.apply(Back("step", 2))
    session.final_loss()
    session.test()


@each("activation", ["tanh", "relu", "sigmoid", "linear", "step", "elu", "gelu"])
@each("loss", ["sse", "mse", "hinge", "bce", "softmax"])
def test_no_loss_raises_on_huge_weights(activation: str, loss: str, begin: Begin) -> None:
    session = begin("lecture", activation=activation, loss=loss, l1=0.1, l2=0.1)
    for index, value in enumerate((1e308, -1e308, 1e200, 5e-324)):
        session.apply(SetParameter(index * 5, value))
    for _ in range(60):
        session.apply(Forward("neuron"))
        session.snapshot()
    session.apply(Forward("step", 4))
    session.apply(SetKnob("lr", 1e300))
    session.apply(Forward("step", 4))
    session.snapshot()
    assert session.step == 8
    assert len(session.losses) == 8


def test_a_run_gone_bad_still_goes_back_to_where_it_was_good(begin: Begin) -> None:
    session = begin("lecture", activation="linear", lr=1e6)
    first = session.parameters
    session.apply(Forward("step", 50))
    assert any(map(math.isnan, session.parameters))
    session.apply(Goto(0))
    assert session.parameters == first
    session.apply(SetKnob("lr", 0.001))
    session.apply(Forward("step", 50))
    assert all(map(math.isfinite, session.parameters))
    assert session.snapshot(()).fault is None


def test_a_fault_is_named_at_once_when_its_op_is_stepped(begin: Begin) -> None:
    session = begin("expression")
    for command in (SetParameter(0, 1e308), SetParameter(1, 1e308)):
        session.apply(command)
    while session.run.fault is None:
        session.apply(Forward("op"))
    fault = session.run.fault
    assert (session.step, session.op) == (fault.step, fault.op + 1)
    session.apply(Back("op"))
    assert session.run.fault is None


def test_a_step_that_was_edited_within_is_not_blamed_on_an_op_that_was_finite(begin: Begin) -> None:
    session = begin("lecture")
    for command in (SetKnob("mistakes", ("no_nonlinearity",)), Goto(1, 200), SetParameter(0, 1e308), Forward("step")):
        session.apply(command)
    fault = session.run.fault
    assert fault is not None
    assert fault.step >= 1
    if fault.step == 1:
        assert (fault.phase, fault.inputs) in [("loss", ()), ("update", fault.inputs)]
    session.apply(Goto(0))
    session.apply(Goto(2))
    assert repr(session.run.fault) == repr(fault)
