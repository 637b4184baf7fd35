"""A neuron close up has the tape's own numbers. Must not know screens."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainstep.engine.training.commands import Back, Forward, SetNeuron, SetParameter
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.snapshot.closeup import NeuronOp, NeuronView
from chainstep.engine.training.step.last_op import LastOp
from chainstep.engine.training.step.program import Program
from chainstep.engine.training.views import closeup
from support.cases import each
from support.sessions import Begin


def close(session: Session, layer: int, neuron: int) -> NeuronView:
    session.apply(SetNeuron((layer, neuron)))
    view = session.snapshot({"neuron"}).neuron
    assert view is not None
    return view


@each(("name", "unit"), [("lecture", (0, 2)), ("lecture", (2, 0)), ("moons", (1, 5)), ("iris", (1, 2))])
def test_its_numbers_are_those_of_the_network(begin: Begin, name: str, unit: tuple[int, int]) -> None:
    session = begin(name)
    session.apply(Forward("step", 2))
    session.apply(Forward("phase", 3))
    session.apply(Forward("op", 40))
    view = close(session, *unit)
    network = session.snapshot({"network"}).network
    assert network is not None
    layer = network.layers[unit[0]]
    before = network.inputs if unit[0] == 0 else network.layers[unit[0] - 1].data
    assert (view.inputs, view.weights) == (before, layer.weights[unit[1]])
    assert (view.bias, view.sum, view.output) == (layer.biases[unit[1]], layer.sums[unit[1]], layer.data[unit[1]])
    assert (view.weight_grads, view.bias_grad) == (layer.weight_grads[unit[1]], layer.bias_grads[unit[1]])
    assert view.output_grad in (None, layer.grad[unit[1]])
    assert view.sum == pytest.approx(sum(x * w for x, w in zip(view.inputs, view.weights, strict=True)) + view.bias)
    assert session.labels[min(view.rows)] == f"L{unit[0] + 1}.n{unit[1] + 1}.w0"
    assert list(view.rows.values()) == list(range(len(view.inputs) + 1))
    assert len(view.names) == len(view.inputs)


def test_its_inputs_are_called_as_the_network_has_them(begin: Begin) -> None:
    session = begin("circles", features=("x1^2", "x2^2", "x1*x2"))
    session.apply(Forward("phase"))
    view = close(session, 0, 1)
    assert view.names == ("x0²", "x1²", "x0·x1")
    assert len(view.inputs) == len(view.weights) == 3
    assert close(session, 1, 0).names[0] == "L1.n1"


@each("features", [(), ("x1^2", "x2^2", "x1*x2"), ("x2", "sin x1")])
def test_the_sample_has_its_place_on_the_map_whatever_the_inputs_are_made_of(
    begin: Begin, features: tuple[str, ...]
) -> None:
    session = begin("circles", features=features, batch_size=10)
    assert session.snapshot({"network"}).network.place is None
    for movement in (Forward("op", 3), Forward("sample", 2), Forward("step"), Forward("op", 7)):
        session.apply(movement)
        index = session.run.stepper.loaded(session.run.state)
        x, y = session.snapshot({"network"}).network.place
        assert (x, y) == tuple(session.run.stepper.program.data.train_inputs[index])
        assert close(session, 1, 0).place == (x, y)
    assert begin("iris").snapshot({"network"}).network.place is None


@pytest.mark.parametrize("ops", [0, 5])
def test_behind_an_update_products_still_add_up_to_the_sum(begin: Begin, ops: int) -> None:
    session = begin("lecture")
    session.apply(Forward("phase", 5 if not ops else 4))
    if ops:
        session.apply(Forward("op", ops))
    view = close(session, 0, 0)
    assert view.weights != session.parameters[:3]
    total = view.inputs[0] * view.weights[0]
    for number, weight in zip(view.inputs[1:], view.weights[1:], strict=True):
        total += number * weight
    assert total + view.bias == view.sum


def test_the_curve_holds_the_sum_and_the_slope_is_its_own(begin: Begin) -> None:
    session = begin("lecture")
    session.apply(SetParameter(0, 9.0))
    session.apply(Forward("phase"))
    view = close(session, 0, 0)
    sums = [total for total, _ in view.curve]
    assert sums[0] <= view.sum <= sums[-1]
    assert sums[-1] in (4.0, 8.0, 16.0, 32.0)
    assert all(output == math.tanh(total) for total, output in view.curve)
    assert view.slope == pytest.approx(1 - math.tanh(view.sum) ** 2, abs=1e-12)


def test_its_inputs_are_known_before_anything_else(begin: Begin) -> None:
    session = begin("lecture")
    view = close(session, 0, 0)
    assert view.inputs == (2.0, 3.0, -1.0)
    assert view.weights == session.parameters[:3]
    assert (view.products, view.added, view.running, view.sum, view.output) == ((None,) * 3, 0, None, None, None)
    assert view.coming == NeuronOp("multiply", 0, "forward")
    assert close(session, 1, 0).inputs == (None,) * 4


def test_it_fills_in_op_by_op(begin: Begin) -> None:
    session = begin("lecture")
    seen = []
    for _ in range(7):
        session.apply(Forward("op"))
        view = close(session, 0, 0)
        seen.append((view.done.step, view.done.row, sum(p is not None for p in view.products), view.added))
    assert seen == [
        ("multiply", 0, 1, 0),
        ("multiply", 1, 2, 0),
        ("add", 1, 2, 2),
        ("multiply", 2, 3, 2),
        ("add", 2, 3, 3),
        ("bias", 3, 3, 3),
        ("activate", 3, 3, 3),
    ]
    assert view.output == math.tanh(view.sum)
    assert view.coming is None
    session.apply(Back("op"))
    assert close(session, 0, 0).output is None


@given(
    st.lists(st.integers(1, 3), max_size=2),
    st.sampled_from(["tanh", "linear", "relu"]),
    st.sampled_from([(), ("unordered",)]),
    st.data(),
)
@settings(max_examples=12)
def test_at_every_op_it_shows_what_has_been_computed_and_nothing_else(
    begin: Begin, hidden: list[int], activation: str, mistakes: tuple[str, ...], data: st.DataObject
) -> None:
    session = begin("xor", hidden=tuple(hidden), activation=activation, batch_size=2, mistakes=mistakes)
    run, program = session.run, session.run.stepper.program
    layer = data.draw(st.integers(0, len(hidden)))
    unit = layer, data.draw(st.integers(0, len(program.layers[layer].units) - 1))
    anatomy = closeup.anatomy_of(program, unit)
    running = anatomy.sums or anatomy.products
    nodes = (*(anatomy.inputs if layer else ()), *anatomy.products, anatomy.sum, anatomy.output)
    computed: set[int] = set()
    reached: set[int] = set()
    for _ in range(session.snapshot(()).position.total + 2 * len(program.tape)):
        session.apply(Forward("op"))
        _follow(run.last, computed, reached)
        view, memory = close(session, *unit), run.state.memory
        shown = (*(view.inputs if layer else ()), *view.products, view.sum, view.output)
        grads = (*(view.input_grads if layer else ()), *view.product_grads, view.sum_grad, view.output_grad)
        assert shown == tuple(memory.data[slot] if slot in computed else None for slot in nodes)
        assert grads == tuple(memory.grad[slot] if slot in reached else None for slot in nodes)
        added = [memory.data[slot] for slot in running if slot in computed]
        assert view.running == (added[-1] if added else None)
        if view.output is not None:
            total = view.inputs[0] * view.weights[0]
            for number, weight in zip(view.inputs[1:], view.weights[1:], strict=True):
                total += number * weight
            assert (total + view.bias).hex() == view.sum.hex()


def _follow(op: LastOp, computed: set[int], reached: set[int]) -> None:
    """Which slots hold a number of the sample in memory behind an op, and which a gradient."""
    program, spot = op.stepper.program, op.spot
    if spot.sample is None:
        return
    if not spot.offset:
        computed.clear()
        reached.clear()
    if spot.phase != "forward" and not spot.offset:  # the sample's numbers are computed anew for it
        first = program.tape.first
        computed.update(range(first, first + (len(program.tape) if spot.phase == "backward" else program.forward)))
    computed.add(op.slots[2])
    if spot.phase == "backward":
        reached.update(op.slots[:2])


def test_an_expression_that_is_a_neuron_is_shown_as_one(begin: Begin) -> None:
    session = begin("neuron")
    session.apply(Forward("phase", 2))
    session.apply(Forward("op", 3))
    view = close(session, 0, 0)
    assert (view.names, view.activation, view.inputs, view.weights) == (("x1", "x2"), "tanh", (2.0, 0.0), (-3.0, 1.0))
    assert (view.products, view.running) == ((-6.0, 0.0), -6.0)
    assert view.rows == {0: 0, 1: 1, 2: 0, 3: 1, 4: 2}
    assert (view.sum_grad, view.output_grad, view.running_grad) == pytest.approx((0.5, 1.0, 0.5))
    assert view.product_grads == pytest.approx((0.5, 0.5))
    assert view.weight_grads == (0.0, 0.0)


def test_other_expressions_are_none(begin: Begin) -> None:
    for name in ("expression", "parabola"):
        session = begin(name)
        session.apply(SetNeuron((0, 0)))
        assert session.snapshot({"neuron"}).neuron is None


@each(
    ("source", "inputs"), [("w*x", ("x",)), ("relu(w0*x0 + x1*w1)", ("x0", "x1")), ("a*b + c", ("a",)), ("a + b", None)]
)
def test_which_leaves_are_the_inputs(source: str, inputs: tuple[str, ...] | None) -> None:
    names = dict.fromkeys(["w", "x", "w0", "x0", "w1", "x1", "a", "b", "c"], 1.0)
    used = {name: value for name, value in names.items() if re.search(rf"\b{name}\b", source)}
    program = Program.of_expression(source, used, Settings())
    found = program.lone_neuron
    assert (found and tuple(program.slots.values[slot].label for slot in found.inputs)) == inputs


def units_of(session: Session) -> tuple[tuple[int, int] | None, ...]:
    view = session.snapshot({"parameters"}).parameters
    assert view is not None
    return view.units


def test_a_parameter_belongs_to_one_neuron(begin: Begin) -> None:
    session = begin("lecture")
    units = units_of(session)
    for label, unit in zip(session.labels, units, strict=True):
        assert unit is not None
        assert label.startswith(f"L{unit[0] + 1}.n{unit[1] + 1}.")
    assert units_of(begin("expression"))[0] is None


@each("unit", [None, (3, 0), (0, 4)])
def test_what_is_not_there_has_no_view(begin: Begin, unit: tuple[int, int] | None) -> None:
    session = begin("lecture")
    session.apply(SetNeuron(unit))
    assert session.snapshot({"neuron"}).neuron is None


def test_to_look_at_a_neuron_is_not_recorded(begin: Begin) -> None:
    session = begin("lecture")
    session.apply(Forward("op"))
    log = list(session.log)
    session.apply(SetNeuron((0, 1)))
    assert (session.inspector.neuron, list(session.log)) == ((0, 1), log)
