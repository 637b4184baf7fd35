"""Backward in an order of one's own: what comes of it, what is right beside it, and that it is kept and undone."""

from __future__ import annotations

import pytest

from chainstep.engine.training.commands import Back, CommandError, Forward, Goto, RunTo, SetKnob, Undo
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula
from chainstep.engine.training.setup.settings import Settings, SettingsError
from chainstep.engine.training.snapshot.tape import TraceView
from support.archives import reopened
from support.sessions import Begin, Bits


@pytest.fixture
def shared() -> Session:
    """x has two uses: a node fires after all that use it."""
    session = Session(Formula("x = 2*v; y = 3*x; L = x + y", {"v": 1.0}), Settings(lr=0.01))
    session.apply(RunTo("backward"))
    return session


def trace(session: Session) -> TraceView:
    view = session.snapshot({"trace"}).trace
    assert view is not None
    return view


def fire(session: Session, name: str) -> TraceView:
    op = [line.name for line in trace(session).lines].index(name)
    session.apply(SetKnob("order", (*trace(session).fired, op)))
    session.apply(Forward("op"))
    return trace(session)


def test_x_before_y_gives_2_where_8_is_right(shared: Session) -> None:
    assert fire(shared, "L").right is None
    early = fire(shared, "x")
    assert early.right is not None
    assert (early.fired, early.right.grad, early.right.wrong) == ((2, 0), {0: 4.0}, 0)
    after = fire(shared, "y")
    assert after.section == "parameters"
    assert after.right is not None
    assert (after.grad, after.right.grad) == ((2.0,), {0: 8.0})
    (view,) = shared.snapshot({"proof"}).mistakes
    assert (view.label, view.proof) == ("backward out of order", "v.grad is 2, the chain rule gives 8")
    assert {node.value.label: node.grad for node in shared.nodes() if node.value.op} == {"x": 4.0, "y": 1.0, "L": 1.0}


def test_an_order_in_which_every_use_comes_first_is_right_as_well() -> None:
    session = Session(Formula("p = a*b; q = a + b; L = p*q", {"a": -2.0, "b": 3.0}), Settings())
    session.apply(RunTo("backward"))
    for name in ("L", "p", "q"):
        fire(session, name)
    assert session.run.stepper.program.tape.reordered
    assert session.snapshot(()).mistakes == ()
    assert session.run.gradients == (-3.0, -8.0)


def test_it_is_undone_gone_back_over_and_forked(shared: Session, bits: Bits) -> None:
    before = bits(shared)
    fire(shared, "y")
    assert shared.snapshot(()).position.phase == "backward"
    after = bits(shared)
    shared.apply(Back("op"))
    shared.apply(Forward("op"))
    assert bits(shared) == after
    assert bits(reopened(shared)) == after
    with pytest.raises(CommandError, match="stays fired"):
        shared.apply(SetKnob("order", (2,)))
    shared.apply(Undo())
    assert bits(shared) == before
    assert shared.settings.order == ()


def test_a_network_is_fired_so_too_and_the_next_step_as_well(begin: Begin, bits: Bits) -> None:
    session = begin("lecture")
    session.apply(Goto(2))
    session.apply(RunTo("backward sample 2"))
    fire(session, "L1.n1")
    assert [view.name for view in session.snapshot(()).mistakes] == ["order"]
    session.apply(Goto(5, 30))
    reached = bits(session)
    session.apply(Goto(1))
    session.apply(Goto(5, 30))
    assert bits(session) == reached
    obstacle = session.compilation.obstacle
    assert obstacle is not None
    assert "order" in obstacle


def test_what_is_not_there_is_refused(shared: Session) -> None:
    with pytest.raises(CommandError, match="no op 3 to fire: a sample has 3"):
        shared.apply(SetKnob("order", (3,)))
    with pytest.raises(SettingsError, match="each once"):
        Settings(order=(1, 1))
