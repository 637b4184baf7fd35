"""Snapshots: they never change, show what was asked for, and every number on them is true."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

import pytest

from chainstep.engine import MLP, Value
from chainstep.engine.training.commands import (
    Back,
    Command,
    Forward,
    Goto,
    Restart,
    SetGranularity,
    SetKnob,
    SetParameter,
    SetProbe,
)
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula
from chainstep.engine.training.snapshot.curve import Curve, ForkView
from chainstep.engine.training.snapshot.network import Lit, LossView, NetworkView
from chainstep.engine.training.snapshot.parameters import ParametersView
from chainstep.engine.training.snapshot.parts import DEFAULT_PARTS, Part
from chainstep.engine.training.snapshot.snapshot import Snapshot
from support.cases import each
from support.sessions import Begin, numbers_of

WorkedOut = Callable[[str, Mapping[str, float]], float]


def frozen(item: object) -> object:
    """Everything that a reader of a snapshot can see, as plain text."""
    if isinstance(item, Curve):
        arrays = [[numbers[step] for step in range(item.length)] for numbers in (item.loss, item.accuracy, item.lr)]
        return repr((item.length, arrays, item.test_steps, item.test_loss, item.marks, item.ghost and item.ghost[:]))
    if isinstance(item, ForkView):
        return repr(dataclasses.asdict(item) | {"losses": list(item.losses[: item.length])})
    if dataclasses.is_dataclass(item):
        return {field.name: frozen(getattr(item, field.name)) for field in dataclasses.fields(item)}
    if isinstance(item, tuple):
        return tuple(map(frozen, item))
    return repr(item)


def network_of(session: Session) -> NetworkView:
    network = session.snapshot({"network"}).network
    assert network is not None
    return network


def parameters_of(snapshot: Snapshot) -> ParametersView:
    assert snapshot.parameters is not None
    return snapshot.parameters


@pytest.mark.parametrize("name", ["lecture", "wonderland", "iris", "expression"])
def test_a_snapshot_never_changes(name: str, begin: Begin) -> None:
    session = begin(name)
    taken: list[tuple[Snapshot, object]] = []

    def take() -> None:
        snapshot = session.snapshot()
        taken.append((snapshot, frozen(snapshot)))

    take()
    for command in (
        Forward("op", 3), Forward("phase", 3), Forward("step", 3), Forward("op", 2), SetKnob("optimizer", "adam"),
        SetParameter(1, 0.5), Forward("step", 2), Back("step", 3), SetKnob("lr", 0.3), Forward("step", 9),
        Back("phase"), Goto(1), Forward("step", 4), Restart(), Forward("step", 2), SetKnob("seed", 3),
        Forward("layer", 2),
    ):  # fmt: skip
        session.apply(command)
        take()
        for snapshot, seen in taken:
            assert frozen(snapshot) == seen


def test_only_the_parts_that_were_asked_for_are_made(begin: Begin) -> None:
    session = begin("lecture")
    session.apply(Forward("step"))
    bare = session.snapshot(())
    # The test's numbers are two fields of every snapshot; the part says whether they are measured anew.
    pictures = DEFAULT_PARTS - {"test"}
    for part in pictures:
        assert getattr(bare, part) is None
        chosen = session.snapshot({part})
        # A network has no graph of an expression.
        assert (getattr(chosen, part) is None) == (part == "graph")
        assert all(getattr(chosen, other) is None for other in pictures - {part})
    expression = begin("expression").snapshot()
    assert expression.graph is not None
    assert expression.network is None


def test_looking_changes_nothing(begin: Begin) -> None:
    looked_at, alone = begin("moons"), begin("moons")
    for session in (looked_at, alone):
        for granularity in ("op", "phase", "step", "neuron"):
            session.apply(Forward(granularity))
            if session is looked_at:
                session.snapshot()
                session.snapshot()
    assert numbers_of(looked_at) == numbers_of(alone)


def test_where_a_snapshot_says_the_session_is(begin: Begin) -> None:
    session = begin("lecture")
    session.apply(SetGranularity("layer"))
    session.apply(Goto(2, 350))
    snapshot = session.snapshot(())
    at = snapshot.position
    assert (at.step, at.phase, at.sample, at.op, at.ops, at.index, at.total) == (2, "backward", 1, 6, 303, 350, 688)
    assert snapshot.granularity == "layer"
    assert snapshot.loss == session.losses[2]
    session.apply(Goto(2, 100))
    assert session.snapshot(()).loss == session.losses[1]
    session.apply(Goto(0, 302))
    assert session.snapshot(()).loss is None
    session.apply(Forward("op"))
    assert session.snapshot(()).loss == pytest.approx(6.005402783252284)
    subject = session.snapshot(()).subject
    assert (subject.architecture, subject.parameters) == ("MLP 3-4-4-1 tanh", 41)
    assert (subject.train_size, subject.test_size) == (4, 0)


@each(("name", "nouts"), [("lecture", [4, 4, 1]), ("iris", [8, 3]), ("moons", [16, 16, 1])])
def test_at_a_boundary_the_network_shows_the_last_sample_before_the_update(
    name: str, nouts: list[int], begin: Begin
) -> None:
    session = begin(name, batch_size=None, l2=0.0)
    session.apply(Forward("step", 2))
    before = session.parameters
    session.apply(Forward("step"))
    view, settings, data = network_of(session), session.settings, session.subject
    assert not isinstance(data, Formula)
    last = "linear" if settings.loss != "sse" else None
    mlp = MLP(len(data.features), nouts, activation=settings.activation, output=last)
    for parameter, number in zip(mlp.parameters(), before, strict=True):
        parameter.data = number
    x: list[Value] = [Value(number) for number in data.train_inputs[-1]]
    assert view.inputs == data.train_inputs[-1]
    for layer, shown in zip(mlp.layers, view.layers, strict=True):
        assert tuple(neuron.weighted_sum(x).data for neuron in layer.neurons) == shown.sums
        x = layer(x)
        assert tuple(out.data for out in x) == shown.data
        assert shown.computed == len(layer.neurons)
    now = session.parameters
    flat: list[float] = []
    for shown in view.layers:
        for weights, bias in zip(shown.weights, shown.biases, strict=True):
            flat += [*weights, bias]
    assert tuple(flat) == now


def test_the_gradients_shown_are_backpropagations(begin: Begin) -> None:
    session = begin("lecture", l1=0.01, l2=0.02)
    first = session.parameters
    session.apply(Forward("phase", 4))
    data = session.subject
    assert not isinstance(data, Formula)
    mlp = MLP(3, [4, 4, 1], activation="tanh")
    for parameter, number in zip(mlp.parameters(), first, strict=True):
        parameter.data = number
    loss = Value(0.0)
    for row, target in zip(data.train_inputs, data.train_targets, strict=True):
        out = mlp(row)
        assert isinstance(out, Value)
        loss = loss + (out - (2 * target - 1)) ** 2
    for parameter in mlp.parameters():
        loss = loss + 0.01 * abs(parameter) + 0.02 * parameter**2
    loss.backward()
    snapshot = session.snapshot()
    view = parameters_of(snapshot)
    expected = [parameter.grad for parameter in mlp.parameters()]
    assert snapshot.loss == pytest.approx(loss.data, rel=1e-12)
    assert view.grad == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert view.labels == tuple(parameter.label for parameter in mlp.parameters())
    session.apply(Forward("step"))
    view = parameters_of(session.snapshot())
    assert view.change == pytest.approx([-0.1 * grad for grad in expected], rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "knobs"),
    [
        ("lecture", {}), ("lecture", {"activation": "relu", "loss": "bce", "l1": 0.1}), ("wonderland", {"seed": 3}),
        ("lecture", {"optimizer": "adam", "loss": "softmax"}), ("xor", {"optimizer": "momentum", "l2": 0.01}),
        ("expression", {}), ("neuron", {"optimizer": "adam"}), ("parabola", {}), ("xor", {"activation": "step"}),
        ("lecture", {"loss": "hinge", "activation": "sigmoid", "batch_size": 3}),
    ],
)  # fmt: skip
def test_every_op_tells_the_truth(name: str, knobs: dict[str, object], begin: Begin, worked_out: WorkedOut) -> None:
    """What the Chain rule pane prints works out, and agrees with the parameters before and after."""
    session = begin(name, **knobs)
    session.apply(Goto(1))
    while session.step < 2:
        before = parameters_of(session.snapshot({"parameters"}))
        session.apply(Forward("op"))
        snapshot = session.snapshot({"parameters", "event"})
        event, after = snapshot.event, parameters_of(snapshot)
        assert event is not None
        assert event.assignments or event.phase == "backward"
        for line in event.assignments:
            result = worked_out(line.formula, line.values) if line.values else 0.0
            if line.operator == "+=":
                assert line.after == pytest.approx(line.before + result, rel=1e-9, abs=1e-12)
            elif line.values:
                assert line.after == pytest.approx(result, rel=1e-9, abs=1e-12)
            assert line.symbols
        if event.phase in ("zero_grad", "update"):
            assert after.current is not None
            label, index = after.labels[after.current], after.current
            last = event.assignments[0]
            if event.phase == "update":
                assert (last.target, last.before, last.after) == (label, before.data[index], after.data[index])
            else:
                assert (last.target, last.before, last.after) == (f"{label}.grad", before.grad[index], 0.0)
            touched = {index}
        else:
            # A square adds to the same gradient twice, so what it begins and ends with are on two lines.
            touched = {i for i in range(len(after.grad)) if after.grad[i] != before.grad[i]}
            assert {before.grad[i] for i in touched} <= {line.before for line in event.assignments}
            assert {after.grad[i] for i in touched} <= {line.after for line in event.assignments}
            assert event.phase == "backward" or not touched
        for i in set(range(len(after.data))) - touched:
            assert (after.data[i], after.grad[i]) == (before.data[i], before.grad[i])
        assert event.phase == "update" or after.data == before.data


def test_the_last_op_of_a_stride_is_the_one_shown(begin: Begin) -> None:
    session, single = begin("lecture"), begin("lecture")
    for granularity in ("neuron", "layer", "phase", "phase", "step"):
        session.apply(Forward(granularity))
        single.apply(Goto(session.step, session.op))
        assert frozen(session.snapshot({"event"}).event) == frozen(single.snapshot({"event"}).event)
    session.apply(Back("layer"))
    event = session.snapshot({"event"}).event
    assert event is not None
    assert (event.phase, event.scope) == ("update", "layer 2 › neuron 4")


def test_the_loss_is_the_samples_own_and_then_the_batchs_and_backward_begins_there_with_one(begin: Begin) -> None:
    session = begin("lecture")

    def loss() -> LossView:
        found = network_of(session).loss
        assert found is not None
        return found

    assert not loss().computed
    session.apply(Forward("phase"))
    assert not loss().computed
    session.apply(Forward("sample"))
    own = loss()
    assert (own.samples, own.grad, own.computed) == (1, 0.0, True)
    assert own.data == pytest.approx((session.snapshot({"network"}).network.layers[-1].data[0] - 1.0) ** 2)
    session.apply(Forward("phase"))
    assert loss() == LossView(4, session.losses[0], 0.0, True)
    session.apply(Forward("phase"))
    assert network_of(session).coming == Lit(3, 0, None, True)
    session.apply(Forward("op"))
    assert loss() == LossView(4, session.losses[0], 1.0, True)
    assert network_of(session).lit == Lit(3, 0, None, True)
    session.apply(Forward("op", 3))
    assert loss() == LossView(1, own.data, 1.0, True)
    session.apply(Forward("step", 3))
    assert loss() == LossView(4, session.losses[2], 1.0, True)


@pytest.mark.parametrize("name", ["xor", "expression"])
def test_what_comes_next_is_what_was_done_one_op_later(name: str, begin: Begin) -> None:
    session = begin(name, batch_size=None)
    parts: tuple[Part, ...] = ("network", "parameters", "graph", "trace")
    before = session.snapshot(parts)
    for _ in range(before.position.total):
        session.apply(Forward("op"))
        now = session.snapshot(parts)
        for view, later in ((before.network, now.network), (before.graph, now.graph)):
            assert (view and view.coming) == (later and later.lit)
        assert parameters_of(before).coming == parameters_of(now).current
        assert parameters_of(before).coming_backward == parameters_of(now).backward
        assert before.trace is not None
        assert now.trace is not None
        if now.trace.last is not None:
            assert (now.trace.last, now.trace.last_backward) == (before.trace.current, before.trace.backward)
        before = now
    assert (session.step, session.op) == (1, 0)


def test_the_graph_of_an_expression(begin: Begin) -> None:
    session = begin("expression")
    session.apply(Forward("phase", 3))
    graph = session.snapshot().graph
    assert graph is not None
    nodes = {node.name: (node.data, node.grad) for node in graph.nodes}
    assert nodes["a"] == (2.0, 6.0)
    assert nodes["a*b"] == (-6.0, -2.0)
    assert nodes["a*b + c"] == (4.0, -2.0)
    assert nodes["(a*b + c)*f"] == (-8.0, 1.0)
    for place, node in enumerate(graph.nodes):
        assert all(index < place for index in node.inputs)


def test_the_curve_marks_knobs_and_grows_only_with_the_position(begin: Begin) -> None:
    session = begin("lecture")
    session.apply(Forward("step", 5))
    session.apply(SetKnob("lr", 0.3))
    session.apply(Forward("step", 5))
    curve = session.snapshot({"curve"}).curve
    assert curve is not None
    assert (curve.length, curve.marks) == (10, ((5, "lr 0.3"),))
    assert [curve.lr[step] for step in range(10)] == [0.1] * 5 + [0.3] * 5
    assert curve.loss[:] == session.losses[:]
    session.apply(Goto(3))
    earlier = session.snapshot({"curve"}).curve
    assert earlier is not None
    assert (earlier.length, earlier.marks) == (3, ())


def test_the_test_loss_follows_an_edit_at_once(begin: Begin) -> None:
    session = begin("moons")
    session.apply(Forward("step"))
    assert (session.snapshot().test_loss, session.snapshot().test_accuracy) == session.test()
    session.apply(SetParameter(336, 5.0))
    assert (session.snapshot().test_loss, session.snapshot().test_accuracy) == session.test()


@each("back", [Back("op"), Back("phase"), Back("layer"), Goto(5, 1), Goto(5)])
def test_the_test_loss_is_that_of_the_step_where_it_stands(back: Command, begin: Begin) -> None:
    """On the way only the end is looked at: the step before it has not been measured."""
    session, straight = begin("circles", steps=6, hidden=(3,)), begin("circles", steps=6, hidden=(3,))
    session.apply(Forward("step", 6))
    assert session.snapshot().test_step == 6
    session.apply(back)
    straight.apply(Forward("step", 5))
    looked_at = session.snapshot()
    assert (looked_at.position.step, looked_at.test_step) == (5, 5)
    assert (looked_at.test_loss, looked_at.test_accuracy) == straight.test()


def test_a_test_loss_that_is_not_measured_says_its_step(begin: Begin) -> None:
    session = begin("circles", hidden=(3,))
    first = session.snapshot()
    session.apply(Forward("step", 4))
    later = session.snapshot(())
    assert (later.test_step, later.test_loss) == (0, first.test_loss)
    session.apply(Forward("phase", 2))
    session.apply(SetParameter(0, 2.0))  # the numbers that the step began with are gone
    session.apply(Forward("op"))
    assert session.snapshot().test_step == 0


def test_a_probe_is_what_the_network_makes_of_it(begin: Begin) -> None:
    session = begin("lecture")
    session.apply(SetProbe((2.0, 3.0, -1.0)))
    probe = session.snapshot(()).probe
    assert probe is not None
    assert probe.outputs == pytest.approx((0.42767811248845455,))
    assert probe.decision == 1
    session.apply(SetProbe(None))
    assert session.snapshot(()).probe is None


def test_nodes_that_hold_nothing_yet_say_so(begin: Begin) -> None:
    session = begin("lecture")
    assert not network_of(session).computed
    session.apply(Forward("neuron", 2))
    view = network_of(session)
    assert view.computed
    assert [layer.computed for layer in view.layers] == [2, 0, 0]
    session.apply(Forward("step", 3))
    session.apply(SetKnob("l2", 0.1))
    view = network_of(session)
    assert all(any(layer.data) for layer in view.layers) or not any(layer.computed for layer in view.layers)


def test_the_samples_behind_an_accuracy_are_those_of_its_step(begin: Begin) -> None:
    session = begin("iris")
    session.apply(Forward("step"))
    assert session.snapshot(()).accuracy_of == 30
    session.apply(SetKnob("batch_size", 50))
    assert session.snapshot(()).accuracy_of == 30
