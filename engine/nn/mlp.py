"""Neurons, layers and the multi-layer perceptron, built of Values. Must not know losses, data or training.

After micrograd's nn.py and the lecture "The spelled-out intro to neural networks and backpropagation" (Andrej
Karpathy, 2022).
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from ..autograd.value import Value
from ..records import record
from .outputs import Outputs

ACTIVATIONS: Mapping[str, Callable[[Value], Value]] = {
    "tanh": Value.tanh,
    "relu": Value.relu,
    "sigmoid": Value.sigmoid,
    "leaky_relu": Value.leaky_relu,
    "elu": Value.elu,
    "gelu": Value.gelu,
    "silu": Value.silu,
    "softplus": Value.softplus,
    "linear": lambda value: value,
    "step": Value.step,
}
"""Activation functions by name; `linear` hands its input on as it is."""

_SQUASHING = ("tanh", "sigmoid", "step")


@record
class Init:
    """A way to draw first weights."""

    draw: Callable[[random.Random, int, int], float]
    """A weight from (rng, fan-in, fan-out)."""
    draws_bias: bool
    """The bias is drawn like a weight; otherwise it starts at 0."""
    words: str


def _xavier(rng: random.Random, fan_in: int, fan_out: int) -> float:
    limit = math.sqrt(6.0 / (fan_in + fan_out))
    return rng.uniform(-limit, limit)


INITS: Mapping[str, Init] = {
    "lecture": Init(lambda rng, i, o: rng.uniform(-1.0, 1.0), True, "uniform in ±1, biases too"),
    "demo": Init(lambda rng, i, o: rng.uniform(-1.0, 1.0), False, "uniform in ±1, biases 0"),
    "zeros": Init(lambda rng, i, o: 0.0, False, "all 0, so that every neuron of a layer learns the same"),
    "xavier": Init(_xavier, False, "uniform in ±√(6/(in+out)) (Glorot & Bengio 2010)"),
    "kaiming": Init(
        lambda rng, i, o: rng.gauss(0.0, math.sqrt(2.0 / i)), False, "normal with variance 2/in (He et al. 2015)"
    ),
}
"""Initialisations by name."""


class Module:
    """Something with parameters."""

    def parameters(self) -> list[Value]:
        """Every parameter, in order; none where there are none."""
        return []

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0."""
        for parameter in self.parameters():
            parameter.grad = 0.0


_UNSEEDED = cast(random.Random, random)
"""Python's own generator: the module has the functions of one."""


class Neuron(Module):
    """activation(Σ xᵢ·wᵢ + b) with `nin` weights and a bias; linear without `nonlin`. Weights come from `rng`, or else
    from Python's own generator, as in micrograd.
    """

    def __init__(
        self,
        nin: int,
        nonlin: bool = True,
        *,
        rng: random.Random = _UNSEEDED,
        activation: str = "relu",
        init: str = "demo",
        fan_out: int = 1,
        name: str = "",
    ) -> None:
        scheme = INITS[init]
        self.w = [Value(scheme.draw(rng, nin, fan_out), label=f"{name}w{i}") for i in range(nin)]
        self.b = Value(scheme.draw(rng, nin, fan_out) if scheme.draws_bias else 0.0, label=f"{name}b")
        self.activation = activation if nonlin else "linear"

    @property
    def nonlin(self) -> bool:
        """Whether there is an activation, as micrograd calls it."""
        return self.activation != "linear"

    def weighted_sum(self, x: Sequence[Value | float]) -> Value:
        """Σ xᵢ·wᵢ + b, added from left to right.

        Raises:
            ValueError: `x` has not as many numbers as the neuron has weights.
        """
        products = [xi * wi for xi, wi in zip(x, self.w, strict=True)]
        total = products[0]
        for product in products[1:]:
            total = total + product
        return total + self.b

    def __call__(self, x: Sequence[Value | float]) -> Value:
        return ACTIVATIONS[self.activation](self.weighted_sum(x))

    def parameters(self) -> list[Value]:
        return [*self.w, self.b]

    def __repr__(self) -> str:
        return f"Neuron({len(self.w)}, {self.activation})"


class Layer(Module):
    """`nout` neurons side by side, each on all `nin` inputs. The rest is as for a `Neuron`."""

    def __init__(
        self,
        nin: int,
        nout: int,
        *,
        nonlin: bool = True,
        rng: random.Random = _UNSEEDED,
        activation: str = "relu",
        init: str = "demo",
        name: str = "",
    ) -> None:
        self.activation = activation = activation if nonlin else "linear"
        self.neurons = [
            Neuron(
                nin, rng=rng, activation=activation, init=init, fan_out=nout, name=f"{name}n{j + 1}." if name else ""
            )
            for j in range(nout)
        ]

    def __call__(self, x: Sequence[Value | float]) -> list[Value]:
        return Outputs(neuron(x) for neuron in self.neurons)

    def parameters(self) -> list[Value]:
        return [parameter for neuron in self.neurons for parameter in neuron.parameters()]

    def __repr__(self) -> str:
        return f"Layer of [{', '.join(map(str, self.neurons))}]"


def _of_layers(activation: str | Sequence[str], output: str | None, count: int) -> Sequence[str]:
    """The activation of each layer."""
    if isinstance(activation, str):
        last = output or (activation if activation in _SQUASHING else "linear")
        return [activation] * (count - 1) + [last]
    activations = [*activation[:-1], output or activation[-1]] if activation else []
    if len(activations) != count:
        raise ValueError(f"{count} layers need {count} activations, not {len(activations)}")
    return activations


class MLP(Module):
    """A multi-layer perceptron: `nin` inputs and a layer of each size in `nouts`.

    Weights come from one `random.Random(seed)`, neuron by neuron, weights before the bias. The last layer has the
    activation `output`; left out, it is `activation` where that squashes (tanh, sigmoid, step) and linear otherwise,
    as in the demo. Calling it with `nin` numbers gives a list of Values, or a bare Value where the last layer has one
    neuron. A sequence of activations has one for each layer, the last one too.

    Raises:
        ValueError: a size is below 1, or there is no such activation or initialisation.
    """

    def __init__(
        self,
        nin: int,
        nouts: Sequence[int],
        *,
        seed: int = 1337,
        activation: str | Sequence[str] = "relu",
        init: str = "demo",
        output: str | None = None,
    ) -> None:
        if nin < 1 or not nouts or min(nouts) < 1:
            raise ValueError(
                f"an MLP needs at least one input, one layer and one neuron a layer, not {nin} and {list(nouts)}"
            )
        activations = _of_layers(activation, output, len(nouts))
        given = [activation] if isinstance(activation, str) else activation
        for name, known in (*((name, ACTIVATIONS) for name in (*given, *activations)), (init, INITS)):
            if name not in known:
                raise ValueError(f"{name!r} is none of {', '.join(known)}")
        rng = random.Random(seed)
        sizes = [nin, *nouts]
        self.layers = [
            Layer(
                sizes[i],
                sizes[i + 1],
                rng=rng,
                activation=activations[i],
                init=init,
                name=f"L{i + 1}.",
            )
            for i in range(len(nouts))
        ]

    def __call__(self, x: Sequence[Value | float]) -> Value | list[Value]:
        values: Sequence[Value | float] = x
        for layer in self.layers:
            outputs = layer(values)
            values = outputs
        return outputs[0] if len(outputs) == 1 else outputs

    def parameters(self) -> list[Value]:
        return [parameter for layer in self.layers for parameter in layer.parameters()]

    def __repr__(self) -> str:
        return f"MLP of [{', '.join(map(str, self.layers))}]"
