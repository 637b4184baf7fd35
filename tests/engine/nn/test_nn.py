"""Networks: the lecture's first weights, labels, initialisations and shapes. Knows nn alone."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest

from chainstep.engine import MLP, Layer, Neuron, Value
from chainstep.engine.nn.mlp import ACTIVATIONS, INITS
from support.cases import each


def data(mlp: MLP) -> list[float]:
    return [parameter.data for parameter in mlp.parameters()]


def test_the_lectures_network(golden: dict[str, Any]) -> None:
    row = golden["lecture"]
    mlp = MLP(3, [4, 4, 1], seed=row["seed"], activation="tanh", init="lecture")
    assert data(mlp)[:3] == row["first_weights"]
    assert len(mlp.parameters()) == 41
    prediction = mlp([2.0, 3.0, -1.0])
    assert isinstance(prediction, Value)
    assert prediction.data == pytest.approx(row["prediction of the untrained net on [2,3,-1]"], rel=1e-9)


def test_the_lectures_biases_are_drawn_and_the_demos_are_zero() -> None:
    rng = random.Random(7)
    drawn = [rng.uniform(-1, 1) for _ in range(2 * 3 + 4)]
    assert data(MLP(2, [2, 1], seed=7, init="lecture")) == drawn[:9]
    demo = MLP(2, [2, 1], seed=7)
    assert data(demo) == [drawn[0], drawn[1], 0.0, drawn[2], drawn[3], 0.0, drawn[4], drawn[5], 0.0]
    assert len(MLP(2, [16, 16, 1]).parameters()) == 337


def test_labels_say_layer_neuron_and_weight() -> None:
    labels = [parameter.label for parameter in MLP(2, [2, 1]).parameters()]
    assert labels == [f"L{layer}.n{n}.{p}" for layer, n in ((1, 1), (1, 2), (2, 1)) for p in ("w0", "w1", "b")]


def test_the_seed_alone_decides_the_weights() -> None:
    assert data(MLP(3, [5, 2])) == data(MLP(3, [5, 2], seed=1337))
    assert data(MLP(3, [5, 2], seed=1)) != data(MLP(3, [5, 2], seed=2))


@each("init", INITS)
def test_initialisations(init: str) -> None:
    nin, width = 30, 50
    mlp = MLP(nin, [width, width], seed=3, init=init)
    first = mlp.layers[0].neurons
    weights = [w.data for neuron in first for w in neuron.w]
    biases = [neuron.b.data for neuron in first]
    spread = math.sqrt(sum(w * w for w in weights) / len(weights))
    if init == "zeros":
        assert set(data(mlp)) == {0.0}
    elif init in ("lecture", "demo"):
        assert max(map(abs, weights)) <= 1.0
        assert spread == pytest.approx(1 / math.sqrt(3), rel=0.05)
    elif init == "xavier":
        limit = math.sqrt(6 / (nin + width))
        assert 0.98 * limit < max(map(abs, weights)) <= limit
        assert spread == pytest.approx(limit / math.sqrt(3), rel=0.05)
        assert max(abs(w.data) for w in mlp.layers[1].neurons[0].w) <= math.sqrt(6 / (2 * width))
    else:
        assert init == "kaiming"
        assert spread == pytest.approx(math.sqrt(2 / nin), rel=0.05)
        assert max(map(abs, weights)) > math.sqrt(6 / nin)  # normal, not uniform
    assert any(biases) == (init == "lecture")


def test_zeros_teach_every_neuron_of_a_layer_the_same() -> None:
    mlp = MLP(2, [3, 1], activation="tanh", init="zeros")
    for parameter in mlp.layers[1].parameters():
        parameter.data = 0.5
    out = mlp([1.0, -2.0])
    assert isinstance(out, Value)
    out.backward()
    gradients = [[p.grad for p in neuron.parameters()] for neuron in mlp.layers[0].neurons]
    assert gradients[0] == gradients[1] == gradients[2] != [0.0] * 3


@each("activation", ACTIVATIONS)
def test_the_last_layer_squashes_where_the_activation_does(activation: str) -> None:
    mlp = MLP(2, [3, 2], activation=activation)
    last = activation if activation in ("tanh", "sigmoid", "step") else "linear"
    assert [layer.activation for layer in mlp.layers] == [activation, last]
    assert MLP(2, [3, 2], activation=activation, output="relu").layers[1].activation == "relu"


@each("activation", ACTIVATIONS)
def test_a_neuron_is_an_activated_weighted_sum(activation: str) -> None:
    neuron = Neuron(3, rng=random.Random(1), activation=activation, init="lecture")
    x = (0.5, -1.5, 2.0)
    total = 0.0
    for number, w in zip(x, neuron.w, strict=True):
        total += number * w.data
    total += neuron.b.data
    meant = {
        "tanh": math.tanh(total),
        "relu": max(0.0, total),
        "sigmoid": 1 / (1 + math.exp(-total)),
        "leaky_relu": max(total, 0.01 * total),
        "elu": total if total > 0 else math.exp(total) - 1,
        "gelu": total * (1 + math.erf(total / math.sqrt(2))) / 2,
        "silu": total / (1 + math.exp(-total)),
        "softplus": math.log(1 + math.exp(total)),
        "linear": total,
        "step": float(total > 0),
    }
    assert neuron.weighted_sum(x).data == pytest.approx(total, rel=1e-14)
    assert neuron(x).data == pytest.approx(meant[activation], rel=1e-14)


def test_one_output_is_a_bare_value_and_more_are_a_list() -> None:
    assert isinstance(MLP(1, [1])([0.0]), Value)
    many = MLP(1, [3])([0.0])
    assert isinstance(many, list)
    assert len(many) == 3
    assert len(Layer(2, 1, rng=random.Random(0))([1.0, 1.0])) == 1


def test_zero_grad_clears_every_parameter() -> None:
    mlp = MLP(2, [2, 1], init="lecture", activation="tanh")
    out = mlp([1.0, 2.0])
    assert isinstance(out, Value)
    out.backward()
    assert all(parameter.grad for parameter in mlp.parameters())
    mlp.zero_grad()
    assert not any(parameter.grad for parameter in mlp.parameters())


@each("wrong", [(0, [1]), (2, []), (2, [0]), (2, [3, -1])])
def test_impossible_shapes(wrong: tuple[int, list[int]]) -> None:
    with pytest.raises(ValueError, match="at least one"):
        MLP(*wrong)


@each("wrong", [{"activation": "sine"}, {"init": "ones"}, {"output": "softmax"}])
def test_unknown_names(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="is none of"):
        MLP(1, [1], **wrong)


def test_an_input_of_the_wrong_length() -> None:
    with pytest.raises(ValueError, match="zip"):
        MLP(3, [1])([1.0, 2.0])


def test_networks_describe_themselves() -> None:
    assert repr(MLP(2, [1])) == "MLP of [Layer of [Neuron(2, linear)]]"
