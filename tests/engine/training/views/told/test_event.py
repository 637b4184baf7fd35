"""An op in words: what a sentence says is what the op does. Must not know how it is drawn."""

from __future__ import annotations

from string import Formatter

import pytest

from chainstep.engine.training.commands import Forward, Goto, RunTo
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.setup.units import Units
from support.cases import each
from support.sessions import Begin

DESCENT = "Gradient descent: a step against the gradient, as long as the learning rate says."
FORGOTTEN = "zero_grad is forgotten: a step against the sum of all gradients so far."


@each(
    ("name", "mistakes", "words"),
    [
        ("lecture", (), DESCENT),
        (
            "parabola",
            (),
            f"{DESCENT} Of one variable the gradient is its derivative.",
        ),
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


def test_backward_begins_with_the_value_though_another_op_is_fired_first() -> None:
    session = Session(Formula("d = a*b; L = d + a", {"a": 2.0, "b": -3.0}), Settings(order=(0,)))
    session.apply(RunTo("backward"))
    event = session.snapshot({"next"}).next
    assert event is not None
    seed, *others = event.assignments
    assert (seed.target, seed.symbols, seed.before, seed.after) == ("L.grad", "∂L/∂L", 0.0, 1.0)
    assert [line.after for line in others] == [0.0, 0.0]
    session.apply(Forward("op"))
    event = session.snapshot({"next"}).next
    assert event is not None
    assert "L.grad" not in [line.target for line in event.assignments], "it begins once"


def test_the_sum_of_the_first_losses_has_a_name_that_is_read(begin: Begin) -> None:
    session = begin("lecture")
    session.apply(Goto(0, session.run.stepper.timeline(session.run.state).loss_end - 1))
    event = session.snapshot({"next"}).next
    assert event is not None
    assert event.expression == "loss1to3 + loss4"


@pytest.mark.parametrize(
    ("name", "knobs"),
    [
        ("lecture", {}),
        ("wonderland", {}),
        ("moons", {"batch_size": 2}),
        ("iris", {"batch_size": 2, "hidden": (2,), "class_weights": True}),
        ("iris", {"batch_size": 2, "hidden": (2,), "loss": "bce", "l1": 0.1}),
    ],
)
def test_each_op_of_forward_says_what_it_means_in_its_own_numbers(
    name: str, knobs: dict[str, object], begin: Begin
) -> None:
    session, said = begin(name, **knobs), set[str]()
    while (event := session.snapshot({"next"}).next) and event.phase in ("forward", "loss"):
        line = event.assignments[0]
        known = {**line.values, "y": line.after}
        numbers = event.numbers
        fields = {field for _, field, _, _ in Formatter().parse(event.words) if field}
        assert fields <= {*known, "x", "w", "threshold"}
        assert {field: numbers[field] for field in fields & {*known}} == {
            field: known[field] for field in fields & {*known}
        }
        if "w" in numbers:
            assert {numbers["x"], numbers["w"]} == {line.values["a"], line.values["b"]}
            assert numbers["threshold"] == -numbers["w"]
        told = event.words.format(**dict.fromkeys(numbers, "-0.12345"))
        assert told.endswith(".")
        assert len(told) <= 2 * 74, "two lines of a small terminal"
        said.add(event.words)
        session.apply(Forward("op"))
    assert {words[0] for words in said} >= set("123")


def test_the_bias_is_the_threshold_turned_round(begin: Begin) -> None:
    """Wonderland: the sum must beat 3, and then the neuron fires."""
    session = begin("wonderland")
    session.apply(Forward("sample", 5))
    told = []
    for _ in range(7):
        session.apply(Forward("op"))
        event = session.snapshot({"event"}).event
        assert event is not None
        told.append(event.words.format(**event.numbers))
    assert told[5] == "3 bias: the sum must beat the threshold, -bias = 3.0. 9.0 does, so 6.0 is above 0."
    assert told[6].endswith("6.0 is above 0: it fires.")


def test_an_op_says_what_its_input_is_in_the_table(begin: Begin) -> None:
    session = begin("penguins")
    row = session.subject.train_inputs[session.snapshot({"network"}).network.row]
    island, bill = Units.of(session.subject).answers(row, 2)

    def fed(op: int) -> str:
        session.apply(Goto(0, op))
        event = session.snapshot({"event"}).event
        assert event is not None
        return event.fed

    total = session.snapshot(()).position.total
    assert fed(1) == f"x0 is island=Biscoe: island is {island} here."
    assert fed(2) == f"x1 is island=Dream: island is {island} here."
    assert fed(3) == "", "a sum"
    assert fed(6) == f"x3 is bill_length_mm, which is {bill:.5g} here."
    assert fed(total - 107 + 4) == "w3 weighs bill_length_mm."
    snapshot = session.snapshot({"trace"})
    assert snapshot.trace is not None
    columns = snapshot.subject.features
    assert [line.column for line in snapshot.trace.lines[: len(columns) + 1]] == [*columns, ""]
    assert [snapshot.subject.weighed(f"L1.n1.{name}") for name in ("w3", "b")] == ["bill_length_mm", ""]
    assert snapshot.subject.weighed("L2.n1.w3") == ""
    assert fed(total) == ""
