"""Training that is broken on purpose: the worked numbers, what is told of each op, and the proofs."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chainstep.engine import Value
from chainstep.engine.autograd.tape import Scope, Slots, Tape
from chainstep.engine.training.commands import Back, Forward, Goto, SetKnob, SetParameter
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula
from chainstep.engine.training.setup.mistakes import MISTAKES
from chainstep.engine.training.setup.settings import Settings, SettingsError, restarts
from chainstep.engine.training.snapshot.event import Event
from chainstep.engine.training.step.evaluate import Evaluator
from chainstep.engine.training.step.timeline import GRANULARITIES
from support.cases import each
from support.graphs import grown
from support.sessions import Begin, Bits

WorkedOut = Callable[[str, Mapping[str, float]], float]

GRADIENTS = ["no_zero_grad", "overwrite", "unordered"]


def proof(session: Session) -> str | None:
    (view,) = session.snapshot({"proof"}).mistakes
    assert session.snapshot(()).mistakes[0].proof is None
    assert view.label == MISTAKES[view.name].label
    return view.proof


def formula(source: str, mistake: str, **leaves: float) -> Session:
    return Session(Formula(source, leaves), Settings(mistakes=(mistake,)))


def backward_done(session: Session) -> Session:
    while session.snapshot(()).position.phase != "update":
        session.apply(Forward("phase"))
    return session


def event_of(session: Session) -> Event:
    event = session.snapshot({"event"}).event
    assert event is not None
    return event


# --- the settings


def test_mistakes_are_a_set() -> None:
    assert Settings(mistakes=("flipped", "overwrite", "flipped")).mistakes == ("overwrite", "flipped")
    with pytest.raises(SettingsError, match="no mistake 'typo': it is one of no_zero_grad"):
        Settings(mistakes=("typo",))


def test_first_weights_make_a_restart() -> None:
    right = Settings()
    made = {name for name in MISTAKES if restarts(right, right.replace(mistakes=(name,)))}
    assert made == {"zero_weights", "no_bias"}
    assert restarts(Settings(mistakes=("no_bias",)), right)
    assert not restarts(Settings(mistakes=("no_bias",)), Settings(mistakes=("no_bias", "flipped")))
    assert restarts(right, right.replace(seed=1))
    assert not restarts(right, right.replace(lr=0.5))


@each("name", ["zero_weights", "no_bias", "no_nonlinearity"])
def test_an_expression_has_no_layers_to_break(name: str) -> None:
    with pytest.raises(SettingsError, match="takes a network"):
        formula("a + b", name, a=1.0, b=2.0)


# --- what they do


def test_forgetting_zero_grad_gives_the_worked_losses(golden: dict[str, Any], begin: Begin) -> None:
    expected = {int(step): loss for step, loss in golden["lecture"]["forgot_zero_grad"].items()}
    session = begin("lecture", mistakes=("no_zero_grad",))
    session.apply(Forward("step", 4))
    assert dict(enumerate(session.losses)) == pytest.approx(expected, rel=1e-9)
    phases = {session.run.stepper.timeline(session.run.state).phase(op)[0] for op in range(600)}
    assert "zero_grad" not in phases


def test_overwriting_gives_the_worked_gradient(golden: dict[str, Any]) -> None:
    row = golden["reuse"][0]
    session = backward_done(formula(row["expr"], "overwrite", **row["leaves"]))
    assert dict(zip(session.labels, session.run.gradients, strict=True)) == row["with the overwrite bug"]
    assert proof(session) == "a.grad is 1, the chain rule gives 2"


def naive(root: Value) -> None:
    """Backward as people write it first: each node's rule, then its inputs' straight away."""
    seen: set[Value] = set()

    def visit(value: Value) -> None:
        if value in seen or value.op is None:
            return
        seen.add(value)
        for inner, slope in zip((value.a, value.b), value.op.backward_functions, strict=False):
            if inner is not None and slope is not None:
                b = value.b.data if value.b is not None else 0.0
                assert value.a is not None
                inner.grad += slope(value.a.data, b, value.data) * value.grad
        for inner in (value.a, value.b):
            if inner is not None:
                visit(inner)

    root.grad = 1.0
    visit(root)


@given(
    leaves=st.lists(st.floats(-2.0, 2.0), min_size=2, max_size=3),
    ops=st.lists(
        st.tuples(st.sampled_from(["add", "mul", "tanh", "sub"]), st.integers(0, 4), st.integers(0, 4)),
        min_size=1,
        max_size=12,
    ),
)
@example(leaves=[0.5, 0.3], ops=[("mul", 1, 0), ("tanh", 0, 0), ("mul", 1, 3), ("add", 1, 0)])
def test_without_order_gradients_are_those_of_a_naive_backward(
    leaves: list[float], ops: list[tuple[str, int, int]]
) -> None:
    nodes = grown([Value(data) for data in leaves], ops)
    slots = Slots()
    parameters = slots.add_all(nodes[: len(leaves)])
    tape = Tape(slots, [(Scope(), nodes[-1])], unordered=True)
    memory = slots.memory()
    tape.forward(memory)
    memory.grad[slots.of[nodes[-1]]] = 1.0
    tape.backward(memory)
    naive(nodes[-1])
    assert [memory.grad[slot] for slot in parameters] == [node.grad for node in nodes[: len(leaves)]]


def test_a_deep_expression_needs_no_recursion() -> None:
    a, slots = Value(1.0, label="a"), Slots()
    slots.add_all([a])
    tape = Tape(slots, [(Scope(), sum([a] * 3000, a))], unordered=True)
    memory = slots.memory()
    memory.grad[-1] = 1.0
    tape.backward(memory)
    assert memory.grad[0] == 3001.0


def test_flipped_climbs_and_descends_where_it_should_climb(begin: Begin) -> None:
    right, flipped = begin("lecture"), begin("lecture", mistakes=("flipped",))
    for session in (right, flipped):
        session.apply(Forward("step"))
    first = begin("lecture").parameters
    moves = [now - before for now, before in zip(right.parameters, first, strict=True)]
    turned = [now - before for now, before in zip(flipped.parameters, first, strict=True)]
    assert turned == pytest.approx([-move for move in moves], rel=1e-9)
    twice = begin("lecture", mistakes=("flipped",), maximise=True)
    twice.apply(Forward("step"))
    assert twice.parameters == right.parameters
    assert "+ lr·" in event_of(flipped).assignments[0].symbols
    assert "- lr·" in event_of(twice).assignments[0].symbols
    assert "flipped" in event_of(flipped).words


def test_the_first_weights_of_two_mistakes(begin: Begin) -> None:
    assert set(begin("iris", mistakes=("zero_weights",)).run.history.start.parameters) == {0.0}
    drawn, session = begin("lecture"), begin("lecture", mistakes=("no_bias",))
    biases = session.run.stepper.program.biases
    assert [drawn.labels[index] for index in biases[:2]] == ["L1.n1.b", "L1.n2.b"]
    expected = [0.0 if index in biases else number for index, number in enumerate(drawn.parameters)]
    assert list(session.parameters) == expected
    session.apply(Forward("step", 3))
    assert {session.parameters[index] for index in biases} == {0.0}
    assert any(session.run.gradients[index] for index in biases)


@each("name", ["lecture", "iris", "wonderland"])
def test_without_activation_a_network_is_a_line(name: str, begin: Begin) -> None:
    session = begin(name)
    session.apply(Forward("step", 2))
    weights = session.parameters
    session.apply(SetKnob("mistakes", ("no_nonlinearity",)))
    assert session.parameters == weights
    program = session.run.stepper.program
    assert not {"tanh", "relu", "sigmoid", "step"} & {op.name for op in program.tape.ops}
    assert {layer.activation for layer in program.layers} == {"linear"}


def test_in_the_middle_of_a_step_a_mistake_waits_for_the_next(begin: Begin) -> None:
    session = begin("lecture")
    session.apply(Forward("op", 5))
    session.apply(SetKnob("mistakes", ("no_zero_grad",)))
    seen = [session.settings.mistakes]
    session.apply(Forward("step", 2))
    assert [*seen, session.settings.mistakes] == [(), ("no_zero_grad",)]


# --- stepping


@settings(max_examples=2 * settings.default.max_examples // 3 or 1)
@given(
    mistakes=st.sets(st.sampled_from([name for name in MISTAKES if not MISTAKES[name].kept]), min_size=1).map(tuple),
    batch_size=st.sampled_from([None, 3]),
)
def test_broken_training_steps_to_the_same_bits(
    mistakes: tuple[str, ...], batch_size: int | None, begin: Begin, bits: Bits
) -> None:
    knobs: dict[str, object] = {"mistakes": mistakes, "batch_size": batch_size, "hidden": (2,)}
    whole, replayed = begin("lecture", **knobs), begin("lecture", **knobs)
    replayed.compiles_here = False
    whole.apply(Goto(3))
    replayed.apply(Goto(3))
    assert bits(whole) == bits(replayed)
    assert whole.run.compilation.possible == (not set(mistakes) & set(GRADIENTS))
    for granularity in GRANULARITIES[1:6]:
        stepped = begin("lecture", **knobs)
        seen = []
        while stepped.step < 2:
            seen.append(bits(stepped))
            stepped.apply(Forward(granularity))
        for expected in reversed(seen):
            stepped.apply(Back(granularity))
            assert bits(stepped) == expected
        stepped.apply(Goto(3))
        assert bits(stepped) == bits(whole)


@each("mistake", GRADIENTS)
def test_what_is_told_of_each_op_is_what_it_did(mistake: str, begin: Begin, worked_out: WorkedOut) -> None:
    session = begin("lecture", mistakes=(mistake,), hidden=(2,))
    session.apply(Goto(1))
    program = session.run.stepper.program
    while session.step < 2:
        session.apply(Forward("op"))
        event, memory = event_of(session), session.run.state.memory
        assert event.phase != "zero_grad" or mistake != "no_zero_grad"
        last = session.run.last
        assert last is not None
        if event.phase != "backward":
            continue
        gradients = {memory.grad[slot] for slot in last.slots[:2]}
        for line in event.assignments:
            if "loss/" in line.symbols:
                continue
            assert line.operator == ("=" if mistake == "overwrite" else "+=")
            share = worked_out(line.formula, line.values)
            assert line.after == pytest.approx(share + line.before * (line.operator == "+="), rel=1e-9, abs=1e-12)
        assert event.assignments[-1].after in gradients or any(slot in program.tape.constants for slot in last.slots)


def test_a_fault_of_piled_up_gradients_is_found_where_it_is() -> None:
    """Each step's own gradients are finite; what they are added to is not forgotten."""
    leaves = {"a": 1.0, "b": 1.5e308}
    session = Session(Formula("a * b", leaves), Settings(lr=1e-310, mistakes=("no_zero_grad",)))
    session.apply(Forward("step", 2))
    fault = session.snapshot(()).fault
    assert fault is not None
    assert (fault.step, fault.phase, fault.result) == (1, "backward", math.inf)


# --- proofs


def numbers(text: str) -> list[float]:
    return [float(found) for found in re.findall(r"-?\d+(?:\.\d+)?(?:e[+-]\d+)?(?![\w.])", text)]


def test_forgotten_zero_grad_is_proved_by_the_step_alone(begin: Begin) -> None:
    session = begin("lecture", mistakes=("no_zero_grad",))
    assert proof(session) is None
    # The first step starts from 0 anyway.
    assert proof(backward_done(session)) is None
    session.apply(Goto(2))
    at_start = proof(session)
    assert at_start is not None
    session.apply(Back("phase"))
    assert proof(session) == at_start
    session.apply(Forward("op", 20))
    assert proof(session) == at_start
    label = at_start.split(".grad")[0]
    index = session.labels.index(label)
    real, alone = numbers(at_start)[-2:]
    assert real == pytest.approx(session.run.gradients[index], rel=1e-3)
    one = begin("lecture")
    one.apply(Forward("step"))
    one.apply(Forward("phase", 4))
    assert alone == pytest.approx(one.run.gradients[index], rel=1e-3)
    session.apply(Forward("step"))
    session.apply(Forward("phase"))
    session.apply(Forward("op", 60))
    assert session.snapshot(()).position.phase == "backward"
    assert proof(session) is None


@pytest.mark.parametrize("mistake", ["overwrite", "unordered"])
def test_wrong_gradients_are_proved_by_the_chain_rule(mistake: str, begin: Begin) -> None:
    session = backward_done(begin("lecture", mistakes=(mistake,), l2=0.01, batch_size=3))
    right = backward_done(begin("lecture", l2=0.01, batch_size=3))
    told = proof(session)
    assert told is not None
    pairs = list(zip(session.run.gradients, right.run.gradients, strict=True))
    index = max(range(len(pairs)), key=lambda p: abs(pairs[p][0] - pairs[p][1]))
    real, should = pairs[index]
    assert told == f"{session.labels[index]}.grad is {real + 0.0:.4g}, the chain rule gives {should:.4g}"
    made = Evaluator(session.run.stepper).gradients(session.parameters, session.run.stepper.batch(session.run.state))
    assert made == pytest.approx(session.run.gradients, rel=1e-9)


def test_no_proof_where_something_was_edited_on_the_way(begin: Begin) -> None:
    session = begin("lecture", mistakes=("overwrite",))
    session.apply(Forward("step", 2))
    assert proof(session) is not None
    session.apply(SetParameter(0, 5.0))
    assert proof(session) is None
    assert proof(backward_done(session)) is not None


def test_a_flipped_update_is_proved_by_the_loss_of_its_batch(begin: Begin) -> None:
    session = begin("lecture", mistakes=("flipped",))
    session.apply(Forward("step", 2))
    told = proof(session)
    session.apply(Forward("phase", 2))
    before, after = session.losses[1:3]
    assert told == f"loss {before:.4g} → {after:.4g} by the last update" == proof(session)
    assert after > before


def test_zero_weights_are_proved_by_equal_gradients(begin: Begin) -> None:
    session = begin("lecture", mistakes=("zero_weights",))
    assert proof(session) is None
    session.apply(Forward("step", 4))
    assert proof(session) == "4 neurons in layer 1, 1 distinct gradient, and it is 0"
    session.apply(SetParameter(0, 0.5))
    session.apply(SetParameter(session.labels.index("L2.n1.w0"), 0.5))
    session.apply(SetParameter(session.labels.index("L3.n1.w0"), 0.5))
    session.apply(Forward("step", 2))
    assert proof(session) == "4 neurons in layer 1, 2 distinct gradients"


def test_a_missing_bias_is_proved_at_the_origin(begin: Begin) -> None:
    session = begin("lecture", mistakes=("no_bias",))
    session.apply(Forward("step", 2))
    assert proof(session) == "at x = 0 the network says 0, whatever its weights"
    weighed = proof(begin("lecture", mistakes=("no_bias",), activation="sigmoid"))
    assert weighed is not None
    assert weighed.endswith("and no bias can move it")


def test_a_line_is_proved_by_its_numbers(begin: Begin) -> None:
    session = begin("lecture", mistakes=("no_nonlinearity",))
    told = proof(session)
    assert told is not None
    found = re.fullmatch(r"3 layers are one: ŷ = (-? ?\S+)·x0 ([+-] \S+)·x1 ([+-] \S+)·x2 ([+-] \S+)", told)
    assert found
    *weights, constant = (float(group.replace(" ", "")) for group in found.groups())
    for x in ((1.0, 2.0, -1.0), (0.0, 0.5, 3.0)):
        line = sum(w * each for w, each in zip(weights, x, strict=True)) + constant
        (output,) = Evaluator(session.run.stepper).predict(session.parameters, x).outputs
        assert line == pytest.approx(output, abs=0.02)
