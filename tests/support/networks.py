"""Random networks on a few random samples, for property tests. Knows settings, programs, steppers and
snapshots.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from hypothesis import strategies as st

from chainstep.engine.nn.mlp import ACTIVATIONS
from chainstep.engine.nn.optimizers import OPTIMIZERS
from chainstep.engine.training.setup.data import Rows
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.snapshot.closeup import NeuronView
from chainstep.engine.training.snapshot.network import LayerView, Lit, NetworkView
from chainstep.engine.training.step.program import Program
from chainstep.engine.training.step.stepper import Stepper
from support.compiled import Case

weights = st.floats(-2.0, 2.0)
odd = st.sampled_from([0.0, -0.0, 1e200, -1e200, 1e-200, math.inf, -math.inf, math.nan, 1e19, -1e21, 30.0])
inputs = st.floats(-3.0, 3.0) | st.sampled_from([0.0, -0.0, 1.0, 1e150, -1e150, 1e-300])
tame = st.floats(-3.0, 3.0)


@dataclass(frozen=True)
class Data:
    """A data set of these numbers."""

    train_inputs: Rows
    train_targets: tuple[float, ...]
    classes: tuple[str, ...]
    name: str = "numbers"
    target: str = "y"
    test_inputs: Rows = ()
    test_targets: tuple[float, ...] = ()

    @property
    def features(self) -> tuple[str, ...]:
        return tuple(f"x{i}" for i in range(len(self.train_inputs[0])))


@st.composite
def networks(draw: st.DrawFn, *, wild: bool) -> Case:
    """A network on a few samples, its first weights, and a number of steps."""
    loss = draw(st.sampled_from(["sse", "mse", "hinge", "bce", "softmax", "perceptron"]))
    classes = draw(st.sampled_from([2, 3] if loss not in ("sse", "mse") else [0, 2, 3]))
    perceptron = loss == "perceptron"
    n = draw(st.integers(1, 5))
    width = draw(st.integers(1, 3))
    number = inputs if wild else tame
    rows = tuple(tuple(draw(number) for _ in range(width)) for _ in range(n))
    targets = tuple(float(draw(st.integers(0, classes - 1))) if classes else draw(number) for _ in range(n))
    data = Data(rows, targets, tuple("abc"[:classes]))
    settings = Settings(
        hidden=() if perceptron else tuple(draw(st.lists(st.integers(1, 4), max_size=3))),
        activation="step" if perceptron else draw(st.sampled_from([*["relu"] * len(ACTIVATIONS), *ACTIVATIONS])),
        loss=loss,
        optimizer=draw(st.sampled_from(list(OPTIMIZERS))),
        schedule=draw(st.sampled_from(["constant", "linear", "cosine", "step"])),
        horizon=draw(st.integers(1, 4)),
        lr=draw(st.sampled_from([0.01, 0.5, 3.0])),
        momentum=draw(st.sampled_from([0.0, 0.9])),
        beta1=draw(st.sampled_from([0.0, 0.9, 0.3])),
        beta2=draw(st.sampled_from([0.0, 0.999, 0.7])),
        eps=draw(st.sampled_from([1e-8, 0.1, 5e-324])),
        l1=0.0 if perceptron else draw(st.sampled_from([0.0, 0.01, 1.0])),
        l2=0.0 if perceptron else draw(st.sampled_from([0.0, 1e-4, 1e308])),
        batch_size=draw(st.none() | st.integers(1, n)),
        maximise=draw(st.booleans()),
        frozen=tuple(draw(st.lists(st.integers(0, 12), max_size=3))),
        mistakes=tuple(draw(st.sets(st.sampled_from(["flipped", "no_bias", "no_nonlinearity"]), max_size=1))),
        seed=draw(st.integers(0, 9)),
    )
    program = Program.of_network(data, settings)
    first = list(program.first)
    count = len(first)
    if wild:
        for place in draw(st.lists(st.integers(0, count - 1), max_size=4)):
            first[place] = draw(odd)
    elif draw(st.booleans()):
        first = [draw(weights) for _ in range(count)]
    return Stepper(program, settings), tuple(first), draw(st.integers(1, 6))


def network(counts: Sequence[int], lit: Lit | None = None) -> NetworkView:
    """Numbers drawn at random, about a third of the hidden units inactive."""
    rng = random.Random(len(counts))

    def numbers(count: int) -> tuple[float, ...]:
        return tuple(rng.uniform(-1, 1) for _ in range(count))

    layers = []
    first = 0
    for before, count in pairwise(counts):
        data = tuple(value if value > -0.3 else 0.0 for value in numbers(count))
        layers.append(
            LayerView(
                activation="relu",
                weights=tuple(numbers(before) for _ in range(count)),
                biases=numbers(count),
                weight_grads=tuple(numbers(before) for _ in range(count)),
                bias_grads=numbers(count),
                sums=data,
                data=data,
                grad=numbers(count),
                computed=count,
                first_parameter=first,
            )
        )
        first += count * (before + 1)
    return NetworkView(
        sample=1,
        input_names=tuple(f"x{index}" for index in range(counts[0])),
        inputs=numbers(counts[0]),
        input_grads=numbers(counts[0]),
        layers=tuple(layers),
        output_names=tuple(f"y{index}" for index in range(counts[-1])),
        targets=(1.0,) * counts[-1],
        computed=True,
        lit=lit,
    )


def neuron_view(count: int = 2, layer: int = 0, activation: str = "tanh", **changes: object) -> NeuronView:
    """A neuron that has been computed, and gone through backward."""
    inputs = tuple(0.5 + k for k in range(count))
    weights = tuple((-1) ** k * 0.25 for k in range(count))
    products = tuple(x * w for x, w in zip(inputs, weights, strict=True))
    total = sum(products) + 0.125
    facts = {
        "layer": layer,
        "neuron": 2,
        "sample": 3,
        "activation": activation,
        "names": tuple(f"L{layer}.n{k + 1}" if layer else f"x{k}" for k in range(count)),
        "inputs": inputs,
        "input_grads": (0.03,) * count,
        "weights": weights,
        "weight_grads": (0.5,) * count,
        "products": products,
        "product_grads": (0.75,) * count,
        "added": count,
        "running": sum(products),
        "running_grad": 0.75,
        "bias": 0.125,
        "bias_grad": -0.75,
        "sum": total,
        "sum_grad": 0.75,
        "output": math.tanh(total),
        "output_grad": 0.625,
        "slope": 1 - math.tanh(total) ** 2,
        "done": None,
        "coming": None,
        "rows": {k: k for k in range(count + 1)},
        "curve": tuple((x / 16, math.tanh(x / 16)) for x in range(-64, 65)),
        "place": None,
    }
    return NeuronView(**{**facts, **changes})
