"""A second backward() on a graph that is kept: its gradients go on from those of the first."""

from __future__ import annotations

import pytest

from chainstep.engine import Value
from chainstep.engine.training.commands import Back, CommandError, Forward, Goto, SetKnob
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula
from chainstep.engine.training.setup.settings import Settings, SettingsError
from chainstep.engine.training.step.evaluate import Evaluator
from support.sessions import Begin, Bits


def again(**knobs: object) -> Session:
    """micrograd's #32: v feeds x, and x feeds both y and L."""
    return Session(Formula("x = 2*v; y = 3*x; L = x + y", {"v": 1.0}), Settings.of({"mistakes": ("twice",), **knobs}))


def test_a_second_backward_goes_on_from_the_gradients_of_the_first(bits: Bits) -> None:
    """micrograd #32: 8, then 30 and not 16, since the inner nodes keep theirs, too."""
    session = again()
    found = []
    for _ in range(5):
        session.apply(Forward("phase"))
        found.append((session.snapshot(()).position.phase, session.run.gradients[0]))
    assert found[1:4] == [("backward", 0.0), ("backward", 8.0), ("update", 30.0)]
    assert session.run.gradients == (30.0,)
    assert session.snapshot({"proof"}).mistakes[0].proof == "v.grad is 30, one backward() gives 8"
    assert [node.grad for node in session.nodes() if node.value.label == "v"] == [30.0]

    session.apply(Goto(0, session.run.stepper.timeline(session.run.state).backward_end))
    by_hand = [Value(1.0) for _ in range(2)]
    for v, calls in zip(by_hand, (1, 2), strict=True):
        x = 2 * v
        y = x + 3 * x
        for _ in range(calls):
            y.backward()
    assert [v.grad for v in by_hand] == [8.0, 30.0], "as our own Value has it when it is called twice"
    before = bits(session)
    session.apply(Back("op"))
    session.apply(Forward("op"))
    assert bits(session) == before


def test_a_second_backward_adds_penalties_and_is_what_is_measured_beside_the_run() -> None:
    session = again(l2=0.5)
    while session.snapshot(()).position.phase != "update":
        session.apply(Forward("phase"))
    # By hand, of L + v²/2: the first call leaves 8 + 1 in v, the second adds 2·15 of x and 2·1.5 of the square.
    assert session.run.gradients == (42.0,)
    assert Evaluator(session.run.stepper).gradients(session.parameters) == [42.0]


def test_a_networks_graph_is_not_kept(begin: Begin) -> None:
    with pytest.raises(SettingsError, match="takes an expression"):
        begin("lecture", mistakes=("twice",))
    with pytest.raises(CommandError, match="takes an expression"):
        begin("lecture").apply(SetKnob("mistakes", ("twice",)))
