"""A network as a NumPy script: forward, backward by hand and update, in float64. Must not import numpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from chainstep.engine.nn.optimizers import KNOBS, OPTIMIZERS
from chainstep.engine.training.analysis.model import Model

from . import shared


class _Function(NamedTuple):
    """An activation or a loss."""

    result: str
    slope: str


_ACTIVATIONS: Mapping[str, _Function] = {
    "tanh": _Function("np.tanh(z)", "1.0 - a * a"),
    "relu": _Function("np.where(z <= 0.0, 0.0, z)", "np.where(z <= 0.0, 0.0, 1.0)"),
    "sigmoid": _Function("sigmoid(z)", "a * (1.0 - a)"),
    "leaky_relu": _Function("np.where(z <= 0.0, 0.01 * z, z)", "np.where(z <= 0.0, 0.01, 1.0)"),
    "elu": _Function("np.where(z <= 0.0, np.expm1(np.minimum(z, 0.0)), z)", "np.exp(np.minimum(z, 0.0))"),
    "gelu": _Function("z * phi(z)", "phi(z) + z * np.exp(-z * z / 2.0) / math.sqrt(2.0 * math.pi)"),
    "silu": _Function("z * sigmoid(z)", "sigmoid(z) + a * (1.0 - sigmoid(z))"),
    "softplus": _Function("np.logaddexp(z, 0.0)", "sigmoid(z)"),
    "step": _Function("np.where(z > 0.0, 1.0, 0.0)", "np.zeros_like(z)"),
    "linear": _Function("z", "np.ones_like(z)"),
}
"""In the sum `z` and the result `a`."""

_LOSSES: Mapping[str, _Function] = {
    "sse": _Function("((out - y) ** 2).sum(1)", "2.0 * (out - y)"),
    "mse": _Function("((out - y) ** 2).sum(1)", "2.0 * (out - y)"),
    "hinge": _Function("np.maximum(0.0, 1.0 - y * out).sum(1)", "np.where(1.0 - y * out <= 0.0, 0.0, -y)"),
    "bce": _Function("(np.logaddexp(out, 0.0) - y * out).sum(1)", "sigmoid(out) - y"),
    "softmax": _Function("logsumexp(out) - (y * out).sum(1)", "np.exp(out - logsumexp(out)[:, None]) - y"),
    "perceptron": _Function("(out != y).sum(1)", "0.0 * out"),
}
"""Each sample's loss from `out` and `y`, and its derivative in `out`."""

_HELPERS: Mapping[str, Sequence[str]] = {
    "sigmoid": ("def sigmoid(z):", "    return np.exp(-np.logaddexp(0.0, -z))"),
    "phi": ("phi = np.vectorize(lambda z: 0.5 * math.erfc(-z / math.sqrt(2.0)), otypes=[float])",),
    "logsumexp": (
        "def logsumexp(out):",
        "    largest = out.max(1)",
        "    return np.log(np.exp(out - largest[:, None]).sum(1)) + largest",
    ),
}


def script(model: Model, file: str) -> str:
    """The script; `file` is what it is going to be called."""
    body = [*_forward(model), *([] if shared.untrained(model) else _backward(model))]
    text = "\n".join(body)
    helpers = [line for name, lines in _HELPERS.items() if f"{name}(" in text for line in ("", *lines, "")]
    modules = {*shared.modules(model), *["math"] * ("math." in "\n".join([*helpers, text]))}
    lines = [*shared.head(model, file, sorted(modules)), "import numpy as np", ""]
    lines += [*shared.data(model), shared.tensors(model, "np.array"), *helpers, *body]
    return "\n".join(lines + shared.ending(model, "float({})", [] if shared.untrained(model) else _step(model)))


def _arrays(name: str, model: Model, numbers: Sequence[float]) -> list[str]:
    lines = [f"{name} = ["]
    for weights, biases in model.grouped(numbers):
        lines += ["    np.array([", *(f"        {row!r}," for row in weights), "    ]),", f"    np.array({biases!r}),"]
    return [*lines, "]"]


def _forward(model: Model) -> list[str]:
    lines = ["", "# Weights and biases of each layer.", *_arrays("P", model, model.parameters), ""]
    lines += ["", "def forward(x):", "    layers = []  # inputs, sums and results of each"]
    for number, layer in enumerate(model.layers):
        lines += [f"    z = x @ P[{2 * number}].T + P[{2 * number + 1}]"]
        lines += [f"    a = {_ACTIVATIONS[layer.activation].result}", "    layers.append((x, z, a))", "    x = a"]
    lines += ["    return layers", "", "", "def loss_of(batch):", "    x, y = X[list(batch)], Y[list(batch)]"]
    lines += ["    out = forward(x)[-1][2]"]
    by_class = "W[list(batch)] * " * model.weighted
    lines += [f"    loss = ({by_class}({_LOSSES[model.settings.loss].result})).{'mean' if model.mean else 'sum'}()"]
    for weight, power in ((model.settings.l1, "abs(p)"), (model.settings.l2, "(p * p)")):
        if weight:
            lines.append(f"    loss = loss + {weight!r} * sum({power}.sum() for p in P)")
    return [*lines, "    return loss", ""]


def _backward(model: Model) -> list[str]:
    lines = ["", "def gradients(batch):", "    x, y = X[list(batch)], Y[list(batch)]", "    layers = forward(x)"]
    lines += ["    out, found = layers[-1][2], []"]
    by_class = "W[list(batch)][:, None] * " * model.weighted
    lines += [f"    d = {by_class}({_LOSSES[model.settings.loss].slope}){' / len(y)' * model.mean}"]
    for number, layer in reversed(list(enumerate(model.layers))):
        lines += [f"    x, z, a = layers[{number}]", f"    d = d * ({_ACTIVATIONS[layer.activation].slope})"]
        lines += ["    found = [d.T @ x, d.sum(0), *found]", f"    d = d @ P[{2 * number}]"]
    for weight, slope in ((model.settings.l1, "np.sign(p)"), (model.settings.l2, "2.0 * p")):
        if weight:
            lines.append(f"    found = [g + {weight!r} * {slope} for g, p in zip(found, P)]")
    optimiser, settings = OPTIMIZERS[model.settings.optimizer], model.settings
    lines += ["    return found", "", *shared.knobs(model), ""]
    lines += [f"{name} = {getattr(settings, KNOBS[name])!r}" for name in optimiser.knobs]
    lines += [f"UPDATES = {model.updates}"]
    for name, numbers in zip(optimiser.state, model.moments, strict=True):
        lines += [f"# What the optimiser remembers as {name}.", *_arrays(name.upper(), model, numbers)]
    if settings.frozen:
        frozen = [float(place in settings.frozen) for place in range(len(model.parameters))]
        lines += ["# 1 where a parameter is frozen.", *_arrays("FROZEN", model, frozen)]
    return [*lines, ""]


def _step(model: Model) -> list[str]:
    """An update by the very formulas of the optimiser."""
    settings, optimiser = model.settings, OPTIMIZERS[model.settings.optimizer]
    lines = ["loss, found = loss_of(batch), gradients(batch)", "t = k - STEP + UPDATES + 1"]
    lines += ["lr = -lr"] if settings.maximise else []
    lines += ["for i, g in enumerate(found):", "    p = P[i]"]
    lines += [f"    {name} = {name.upper()}[i]" for name in optimiser.state]
    lines += [f"    {line.target} = {line.formula.replace('sqrt(', 'np.sqrt(')}" for line in optimiser.lines]
    keep = [*optimiser.state, "p"]
    if settings.frozen:
        lines += [f"    {name} = np.where(FROZEN[i] > 0.0, {name.upper()}[i], {name})" for name in keep]
    return [*lines, *(f"    {name.upper()}[i] = {name}" for name in keep)]
