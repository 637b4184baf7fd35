"""A network as a micrograd script: a Value a number, as in the lecture. Must not import micrograd."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chainstep.engine.training.analysis.model import Model

from . import shared

ACTIVATIONS: Mapping[str, str] = {
    "tanh": "made(z, math.tanh(z.data), 1.0 - math.tanh(z.data) ** 2, 'tanh')",
    "relu": "z.relu()",
    "sigmoid": "made(z, sigmoid(z.data), sigmoid(z.data) * (1.0 - sigmoid(z.data)), 'sigmoid')",
    "leaky_relu": "made(z, z.data if z.data > 0 else 0.01 * z.data, 1.0 if z.data > 0 else 0.01, 'leaky_relu')",
    "elu": "made(z, z.data if z.data > 0 else math.expm1(z.data), math.exp(min(z.data, 0.0)), 'elu')",
    "gelu": "made(z, z.data * phi(z.data), phi(z.data) + z.data * bell(z.data), 'gelu')",
    "silu": "made(z, z.data * sigmoid(z.data), slope_of_silu(z.data), 'silu')",
    "softplus": "made(z, softplus(z.data), sigmoid(z.data), 'softplus')",
    "step": "made(z, float(z.data > 0), 0.0, 'step')",
    "linear": "z",
}
"""Each activation of the sum `z`."""

_LOSSES: Mapping[str, str] = {
    "sse": "sum((o - t) ** 2 for o, t in zip(out, y))",
    "mse": "sum((o - t) ** 2 for o, t in zip(out, y))",
    "hinge": "sum((1 - t * o).relu() for o, t in zip(out, y))",
    "bce": "sum(made(o, softplus(o.data), sigmoid(o.data), 'softplus') - t * o for o, t in zip(out, y))",
    "softmax": "cross_entropy(out, y)",
    "perceptron": "sum(Value(float(o.data != t)) for o, t in zip(out, y))",
}

_HELPERS: Mapping[str, Sequence[str]] = {
    "cross_entropy": (
        "def cross_entropy(out, y):",
        "    largest = max(o.data for o in out)",
        "    shifted = [o - largest for o in out]",
        "    total = sum(made(o, math.exp(o.data), math.exp(o.data), 'exp') for o in shifted)",
        "    chosen = sum(t * o for o, t in zip(shifted, y))",
        "    return made(total, math.log(total.data), 1.0 / total.data, 'log') - chosen",
    ),
    "slope_of_silu": (
        "def slope_of_silu(x):",
        "    return sigmoid(x) * (1.0 + x * (1.0 - sigmoid(x)))",
    ),
    "made": (
        "def made(x, data, slope, name):",
        "    out = Value(data, (x,), name)",
        "",
        "    def _backward():",
        "        x.grad += slope * out.grad",
        "",
        "    out._backward = _backward",
        "    return out",
    ),
    "sigmoid": (
        "def sigmoid(x):",
        "    return 1.0 / (1.0 + math.exp(-x)) if x >= 0 else math.exp(x) / (1.0 + math.exp(x))",
    ),
    "softplus": ("def softplus(x):", "    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))"),
    "phi": ("def phi(x):", "    return 0.5 * math.erfc(-x / math.sqrt(2.0))"),
    "bell": ("def bell(x):", "    return math.exp(-x * x / 2.0) / math.sqrt(2.0 * math.pi)"),
}
"""Functions of the script; each comes before those that it calls."""


def script(model: Model, file: str) -> str:
    """The script; `file` is what it is going to be called."""
    text = " ".join([*(ACTIVATIONS[layer.activation] for layer in model.layers), _LOSSES[model.settings.loss]])
    called, text = helpers(text)
    modules = {*shared.modules(model), "sys", *["math"] * ("math." in text)}
    lines = [*shared.head(model, file, sorted(modules)), "from micrograd.engine import Value", ""]
    lines += ["sys.setrecursionlimit(1_000_000)  # micrograd's backward calls itself, as deep as a sum is long", ""]
    lines += [*shared.data(model), *called, *_network(model), *_loss(model)]
    if shared.untrained(model):
        return "\n".join(lines + shared.ending(model, "float({}.data)", []))
    lines += ["", *shared.knobs(model), *state(model)]
    return "\n".join(lines + shared.ending(model, "float({}.data)", step(model)))


def helpers(text: str) -> tuple[list[str], str]:
    """The functions that lines of the script call, and those lines with what these call."""
    called: list[str] = []
    for name, function in _HELPERS.items():
        if f"{name}(" in text:
            called += ["", *function, ""]
            text += "\n".join(function)
    return called, text


def _network(model: Model) -> list[str]:
    lines = ["# Of each layer the rows of weights, and the biases.", "P = ["]
    for weights, biases in model.grouped(model.parameters):
        lines += ["    (", "        [", *(f"            {row!r}," for row in weights), "        ],"]
        lines += [f"        {biases!r},", "    ),"]
    lines += [
        "]",
        "P = [([[Value(w) for w in row] for row in rows], [Value(b) for b in biases]) for rows, biases in P]",
    ]
    lines += ["ALL = [p for rows, biases in P for row, b in zip(rows, biases) for p in (*row, b)]", ""]
    lines += ["", "def weighted(row, x):", "    total = x[0] * row[0]", "    for v, w in zip(x[1:], row[1:]):"]
    lines += ["        total = total + v * w", "    return total", "", "", "def network(x):"]
    for number, layer in enumerate(model.layers):
        lines += [f"    rows, biases = P[{number}]"]
        lines += ["    sums = [weighted(row, x) + b for row, b in zip(rows, biases)]"]
        lines += [f"    x = [{ACTIVATIONS[layer.activation]} for z in sums]"]
    return [*lines, "    return x", ""]


def _loss(model: Model) -> list[str]:
    loss = f"{'W[i] * ' * model.weighted}({_LOSSES[model.settings.loss]})"
    lines = ["", "def loss_of(batch):", "    losses = []", "    for i in batch:"]
    lines += [
        "        out, y = network(X[i]), Y[i]",
        f"        losses.append({loss})",
    ]
    lines += [f"    loss = sum(losses){' * (1.0 / len(losses))' * model.mean}"]
    if model.settings.l1:
        lines += [f"    loss = loss + {model.settings.l1!r} * sum(p.relu() + (-p).relu() for p in ALL)"]
    if model.settings.l2:
        lines += [f"    loss = loss + {model.settings.l2!r} * sum(p * p for p in ALL)"]
    return [*lines, "    return loss", ""]


def state(model: Model) -> list[str]:
    """What the optimiser remembers, and which parameters stay."""
    names: Mapping[str, Sequence[str]] = {"sgd": (), "momentum": ("V",), "adam": ("M", "V")}
    lines = [f"UPDATES = {model.updates}"] if model.settings.optimizer == "adam" else []
    pairs = zip(names[model.settings.optimizer], model.moments, strict=True)
    lines += [f"{name} = {list(numbers)!r}" for name, numbers in pairs]
    return [*lines, f"FROZEN = {set(model.settings.frozen)!r}"] if model.settings.frozen else lines


def step(model: Model) -> list[str]:
    """The lines of an update."""
    settings = model.settings
    lines = ["loss = loss_of(batch)", "for p in ALL:", "    p.grad = 0.0", "loss.backward()"]
    lines += ["lr = -lr"] if settings.maximise else []
    lines += ["for i, p in enumerate(ALL):"]
    lines += ["    if i in FROZEN:", "        continue"] if settings.frozen else []
    if settings.optimizer == "sgd":
        return [*lines, "    p.data -= lr * p.grad"]
    if settings.optimizer == "momentum":
        return [*lines, f"    V[i] = {settings.momentum!r} * V[i] + p.grad", "    p.data -= lr * V[i]"]
    one, two = settings.beta1, settings.beta2
    return [
        *lines,
        "    t = k - STEP + UPDATES + 1",
        f"    M[i] = {one!r} * M[i] + (1.0 - {one!r}) * p.grad",
        f"    V[i] = {two!r} * V[i] + (1.0 - {two!r}) * p.grad**2",
        f"    m, v = M[i] / (1.0 - {one!r}**t), V[i] / (1.0 - {two!r}**t)",
        f"    p.data -= lr * m / (v**0.5 + {settings.eps!r})",
    ]
