"""An expression as a script for PyTorch or micrograd, an operation a line. Must not import either."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chainstep.engine.training.analysis.arithmetic import Arithmetic
from chainstep.engine.training.analysis.model import Model

from . import pytorch, scalars, shared

_COMMON: Mapping[str, str] = {
    "add": "{a} + {b}",
    "sub": "{a} - {b}",
    "mul": "{a} * {b}",
    "div": "{a} / {b}",
    "neg": "-{a}",
    "powc": "{a} ** {b}",
    "relu": "{a}.relu()",
}
"""What both libraries write alike; of a power with a fixed exponent, b is a number."""

_TORCH: Mapping[str, str] = {
    **_COMMON,
    "pow": "{a} ** {b}",
    "sqrt": "{a}.sqrt()",
    "tanh": "{a}.tanh()",
    "sigmoid": "{a}.sigmoid()",
    "exp": "{a}.exp()",
    "log": "{a}.log()",
    "sin": "{a}.sin()",
    "cos": "{a}.cos()",
    "abs": "{a}.abs()",
    "max": "torch.maximum({a}, {b})",
    "min": "torch.minimum({a}, {b})",
    "leaky_relu": "nn.functional.leaky_relu({a}, 0.01)",
    "elu": "nn.functional.elu({a})",
    "gelu": "nn.functional.gelu({a})",
    "silu": "nn.functional.silu({a})",
    "softplus": "torch.logaddexp({a}, torch.zeros_like({a}))",
    "step": "({a} > 0).double() + 0.0 * {a}",
}

_MICROGRAD: Mapping[str, str] = {
    **_COMMON,
    **{name: text.replace("z", "{a}") for name, text in scalars.ACTIVATIONS.items() if name not in ("linear", "relu")},
    "sqrt": "made({a}, math.sqrt({a}.data), 0.5 / math.sqrt({a}.data), 'sqrt')",
    "exp": "made({a}, math.exp({a}.data), math.exp({a}.data), 'exp')",
    "log": "made({a}, math.log({a}.data), 1.0 / {a}.data, 'log')",
    "sin": "made({a}, math.sin({a}.data), math.cos({a}.data), 'sin')",
    "cos": "made({a}, math.cos({a}.data), -math.sin({a}.data), 'cos')",
    "abs": "{a}.relu() + (-{a}).relu()",
    "max": "{a} if {a}.data >= {b}.data else {b}",
    "min": "{a} if {a}.data <= {b}.data else {b}",
    "pow": "power({a}, {b})",
}

_POWER = [
    "",
    "def power(a, b):",
    "    data = a.data**b.data",
    "    out = Value(data, (a, b), '**')",
    "",
    "    def _backward():",
    "        a.grad += b.data * a.data ** (b.data - 1.0) * out.grad",
    "        b.grad += data * math.log(a.data) * out.grad",
    "",
    "    out._backward = _backward",
    "    return out",
    "",
]


def for_torch(model: Model, arithmetic: Arithmetic, file: str) -> str:
    """The script; `file` is what it is going to be called."""
    lines = [*_head(model, file, shared.modules(model)), "import torch"]
    lines += ["from torch import nn", "", "torch.set_default_dtype(torch.float64)", ""]
    lines += _leaves(model, "torch.tensor({}, requires_grad=True)")
    lines += _value(arithmetic, _TORCH, "torch.tensor({})")
    if shared.untrained(model):
        return "\n".join(lines + shared.ending(model, "{}.item()", []))
    lines += [*shared.knobs(model), "", *pytorch.optimiser(model, "P.values()", "P.items()"), ""]
    return "\n".join(lines + shared.ending(model, "{}.item()", pytorch.step(model, "P.items()")))


def for_micrograd(model: Model, arithmetic: Arithmetic, file: str) -> str:
    """The script; `file` is what it is going to be called."""
    body = [*_leaves(model, "Value({})"), *_value(arithmetic, _MICROGRAD, "Value({})")]
    helpers, text = scalars.helpers("\n".join(body))
    powers = _POWER if "power(" in text else []
    body = [*helpers, *powers, *body]
    trains = not shared.untrained(model)
    if trains:
        body += ["ALL = list(P.values())", *shared.knobs(model), *scalars.state(model)]
    modules = [*["math"] * ("math." in "\n".join(body)), "sys"]
    lines = [*_head(model, file, modules), "from micrograd.engine import Value", ""]
    lines += ["sys.setrecursionlimit(1_000_000)  # micrograd's backward calls itself, as deep as a sum is long", ""]
    return "\n".join([*lines, *body, *shared.ending(model, "float({}.data)", scalars.step(model) if trains else [])])


def _head(model: Model, file: str, modules: Sequence[str]) -> list[str]:
    goal = "climbs" if model.settings.maximise else "descends"
    said = f"An expression as chainstep has it at step {model.step}: {shared.printed(model.name)}, which {goal}."
    return shared.begun([said], model, file, modules)


def _leaves(model: Model, made: str) -> list[str]:
    rows = zip(model.names, model.parameters, strict=True)
    finite = [] if shared.finite(model) else ["nan, inf = float('nan'), float('inf')"]
    return [*finite, "P = {", *(f'    "{name}": {made.format(repr(number))},' for name, number in rows), "}", ""]


def _value(arithmetic: Arithmetic, texts: Mapping[str, str], made: str) -> list[str]:
    """The expression as a function, a line for each operation."""
    names = {slot: f'P["{name}"]' for slot, name in enumerate(arithmetic.names)}
    exponents = {inputs[1] for op, inputs, _ in arithmetic.operations if op == "powc"}
    lines = ["", "def loss_of(batch):"]
    for slot, number in arithmetic.constants.items():
        names[slot] = repr(number) if slot in exponents else f"c{slot}"
        if slot not in exponents:
            lines.append(f"    c{slot} = {made.format(repr(number))}")
    for op, inputs, result in arithmetic.operations:
        names[result] = f"v{result}"
        first, last = names[inputs[0]], names[inputs[-1]]
        lines.append(f"    v{result} = {texts[op].format(a=first, b=last)}")
    return [*lines, f"    return {names[arithmetic.root]}", "", "", "X = [()]  # one sample, without inputs", ""]
