"""A neuron close up has the tape's own numbers. Must not know screens."""

from __future__ import annotations

import math

import pytest

from chainstep.engine.training.commands import Forward, SetNeuron, SetParameter
from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot.closeup import NeuronView
from support.sessions import Begin


def close(session: Session, layer: int, neuron: int) -> NeuronView:
    session.apply(SetNeuron((layer, neuron)))
    view = session.snapshot({"neuron"}).neuron
    assert view is not None
    return view


@pytest.mark.parametrize(
    ("name", "unit"), [("lecture", (0, 2)), ("lecture", (2, 0)), ("moons", (1, 5)), ("iris", (1, 2))]
)
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
    assert view.grad == layer.grad[unit[1]]
    assert view.sum == pytest.approx(sum(x * w for x, w in zip(view.inputs, view.weights, strict=True)) + view.bias)
    assert session.labels[view.first_parameter] == f"L{unit[0] + 1}.n{unit[1] + 1}.w0"
    assert len(view.names) == len(view.inputs)


def test_its_inputs_are_called_as_the_network_has_them(begin: Begin) -> None:
    session = begin("circles", features=("x1^2", "x2^2", "x1*x2"))
    session.apply(Forward("phase"))
    view = close(session, 0, 1)
    assert view.names == ("x1²", "x2²", "x1·x2")
    assert len(view.inputs) == len(view.weights) == 3
    assert close(session, 1, 0).names[0] == "L1.n1"


@pytest.mark.parametrize("features", [(), ("x1^2", "x2^2", "x1*x2"), ("x2", "sin x1")])
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


def test_before_it_is_computed_it_says_so(begin: Begin) -> None:
    session = begin("lecture")
    assert not close(session, 2, 0).computed
    session.apply(Forward("neuron"))
    assert close(session, 0, 0).computed
    assert not close(session, 0, 1).computed


def test_in_every_moment_what_it_shows_adds_up(begin: Begin) -> None:
    session = begin("xor")
    shown = 0
    for _ in range(2 * session.snapshot().position.total):
        session.apply(Forward("op"))
        for unit in ((0, 0), (0, 3), (1, 0)):
            view = close(session, *unit)
            if view.computed:
                shown += 1
                total = view.inputs[0] * view.weights[0]
                for number, weight in zip(view.inputs[1:], view.weights[1:], strict=True):
                    total += number * weight
                assert (total + view.bias).hex() == view.sum.hex()
                assert math.tanh(view.sum) == view.output
    assert shown > 500


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


@pytest.mark.parametrize("unit", [None, (3, 0), (0, 4)])
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
