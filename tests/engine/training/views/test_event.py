"""An op in words: what a sentence says is what the op does. Must not know how it is drawn."""

from __future__ import annotations

import pytest

from chainstep.engine.training.commands import Forward, Goto
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula
from support.sessions import Begin

FORGOTTEN = "zero_grad is forgotten: a step against the sum of all gradients so far."


@pytest.mark.parametrize(
    ("name", "mistakes", "words"),
    [
        ("lecture", (), "Gradient descent: a step against the gradient, as long as the learning rate says."),
        ("lecture", ("no_zero_grad",), FORGOTTEN),
        ("expression", ("no_zero_grad",), FORGOTTEN.replace("against", "along")),
        (
            "lecture",
            ("no_zero_grad", "flipped"),
            f"{FORGOTTEN.replace('against', 'along')} Here its sign is flipped, on purpose.",
        ),
    ],
)
def test_an_update_says_what_it_follows(name: str, mistakes: tuple[str, ...], words: str, begin: Begin) -> None:
    session = begin(name, mistakes=mistakes)
    session.apply(Goto(0, session.snapshot(()).position.total - 1))
    event = session.snapshot({"next"}).next
    assert event is not None
    assert (event.phase, event.words) == ("update", words)


def test_what_did_not_exist_has_no_number_before(begin: Begin) -> None:
    session = begin("lecture")
    before = []
    while session.step == 0:
        event = session.snapshot({"next"}).next
        assert event is not None
        before += [(event.phase, event.scope.split(" › ")[0], line.before) for line in event.assignments]
        session.apply(Forward("op"))
    absent = {(phase, place) for phase, place, number in before if number is None}
    assert absent == {("forward", "sample 1"), ("loss", "sample 1"), ("loss", "batch")}
    present = {(phase, place) for phase, place, number in before if number is not None}
    assert not absent & present, "where one number is new, all are"


def test_an_expression_has_no_samples_and_no_loss(begin: Begin) -> None:
    session = begin("neuron")
    seen = []
    while session.step == 0:
        snapshot = session.snapshot({"next"})
        assert snapshot.next is not None
        seen.append(snapshot.next)
        assert "sample" not in snapshot.position.scope
        session.apply(Forward("op"))
    assert {event.scope for event in seen} == {""}
    root = next(event for event in seen if event.phase == "backward").assignments[0]
    assert root.symbols == "∂value/∂value"


def test_a_value_with_a_name_is_called_by_it() -> None:
    session = Session(Formula("d = a*b; L = d + a", {"a": 2.0, "b": -3.0}))
    session.apply(Forward("phase", 2))
    event = session.snapshot({"next"}).next
    assert event is not None
    assert event.assignments[0].symbols == "∂L/∂L"


def test_the_sum_of_the_first_losses_has_a_name_that_is_read(begin: Begin) -> None:
    session = begin("lecture")
    session.apply(Goto(0, session.run.stepper.timeline(session.run.state).loss_end - 1))
    event = session.snapshot({"next"}).next
    assert event is not None
    assert event.expression == "loss1to3 + loss4"
