"""A network as a PyTorch script: nn.Sequential in float64, its loss, and its optimiser. Must not import torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chainstep.engine.training.analysis.model import Model

from . import shared

ACTIVATIONS: Mapping[str, str] = {
    "tanh": "nn.Tanh()",
    "relu": "nn.ReLU()",
    "sigmoid": "nn.Sigmoid()",
    "leaky_relu": "nn.LeakyReLU(0.01)",
    "elu": "nn.ELU()",
    "gelu": "nn.GELU()",
    "silu": "nn.SiLU()",
    # Above its usual threshold of 20 it is the identity, and differs in the ninth digit.
    "softplus": "nn.Softplus(threshold=40)",
    "step": "Step()",
}
"""Each activation but the linear one, which has no module."""

_LOSSES: Mapping[str, str] = {
    "sse": "((out - y) ** 2).sum(1)",
    "mse": "((out - y) ** 2).sum(1)",
    "hinge": "(1 - y * out).relu().sum(1)",
    "bce": "(torch.logaddexp(out, torch.zeros_like(out)) - y * out).sum(1)",
    "softmax": "torch.logsumexp(out, 1) - (y * out).sum(1)",
    "perceptron": "(out != y).double().sum(1)",
}
"""Of each sample, from `out` and `y`."""

_OPTIMISERS: Mapping[str, str] = {
    "sgd": "torch.optim.SGD({parameters}, lr=LR{climbs})",
    "momentum": "torch.optim.SGD({parameters}, lr=LR, momentum={momentum!r}{climbs})",
    "adam": "torch.optim.Adam({parameters}, lr=LR, betas=({beta1!r}, {beta2!r}), eps={eps!r}{climbs})",
}
_STATE: Mapping[str, Sequence[str]] = {"sgd": (), "momentum": ("momentum_buffer",), "adam": ("exp_avg", "exp_avg_sq")}
"""What torch calls the state variables of each."""

_STEP_MODULE = ["", "class Step(nn.Module):", "    def forward(self, x):", "        return (x > 0).double()", "", ""]


def module_names(model: Model) -> list[str]:
    """What the Sequential calls each layer: its place among layers and activations."""
    names, place = [], 0
    for layer in model.layers:
        names.append(str(place))
        place += 1 if layer.activation == "linear" else 2
    return names


def script(model: Model, file: str) -> str:
    """The script; `file` is what it is going to be called."""
    lines = shared.head(model, file, shared.modules(model))
    lines += ["import torch", "from torch import nn", "", "torch.set_default_dtype(torch.float64)", ""]
    lines += [*shared.data(model), shared.tensors(model, "torch.tensor"), ""]
    if any(layer.activation == "step" for layer in model.layers):
        lines += _STEP_MODULE
    lines += ["model = nn.Sequential("]
    for number, layer in enumerate(model.layers, start=1):
        lines.append(f"    nn.Linear({len(layer.weights[0])}, {len(layer.biases)}),  # L{number}")
        if layer.activation != "linear":
            lines.append(f"    {ACTIVATIONS[layer.activation]},")
    lines += [")", *_tensors("WEIGHTS", model, model.parameters), "model.load_state_dict(WEIGHTS)", "", *_loss(model)]
    lines_of_step: list[str] = []
    if not shared.untrained(model):
        lines += ["", *shared.knobs(model), "", *optimiser(model, "model.parameters()", "model.named_parameters()")]
        lines_of_step = step(model, "model.named_parameters()")
    return "\n".join(lines + shared.ending(model, "{}.item()", lines_of_step))


def _tensors(name: str, model: Model, numbers: Sequence[float]) -> list[str]:
    lines = [f"{name} = {{"]
    if not model.layers:
        rows = zip(model.names, numbers, strict=True)
        return [*lines, *(f'    "{leaf}": torch.tensor({number!r}),' for leaf, number in rows), "}"]
    for module, (weights, biases) in zip(module_names(model), model.grouped(numbers), strict=True):
        lines += [f'    "{module}.weight": torch.tensor([', *(f"        {row!r}," for row in weights), "    ]),"]
        lines += [f'    "{module}.bias": torch.tensor({biases!r}),']
    return [*lines, "}"]


def _loss(model: Model) -> list[str]:
    lines = ["", "def loss_of(batch):", "    x, y = X[list(batch)], Y[list(batch)]", "    out = model(x)"]
    by_class = "W[list(batch)] * " * model.weighted
    lines += [f"    loss = ({by_class}({_LOSSES[model.settings.loss]})).{'mean' if model.mean else 'sum'}()"]
    for weight, power in ((model.settings.l1, "p.abs()"), (model.settings.l2, "(p * p)")):
        if weight:
            lines.append(f"    loss = loss + {weight!r} * sum({power}.sum() for p in model.parameters())")
    return [*lines, "    return loss", ""]


def optimiser(model: Model, parameters: str, named: str) -> list[str]:
    """The optimiser with what it remembers; the script has its `parameters` so, and with their names in `named`."""
    settings = model.settings
    made = _OPTIMISERS[settings.optimizer].format(
        parameters=parameters,
        momentum=settings.momentum,
        beta1=settings.beta1,
        beta2=settings.beta2,
        eps=settings.eps,
        climbs=", maximize=True" if settings.maximise else "",
    )
    lines, names = [f"optimiser = {made}"], _STATE[settings.optimizer]
    if names and model.updates:
        lines += ["# What it remembers of the steps so far."]
        for name, numbers in zip(names, model.moments, strict=True):
            lines += _tensors(name.upper(), model, numbers)
        # Where it climbs, torch turns the gradient round, and chainstep the rate.
        turned = [settings.maximise and name != "exp_avg_sq" for name in names]
        kept = [f'"{name}": {"-" * minus}{name.upper()}[name]' for name, minus in zip(names, turned, strict=True)]
        counted = [f'"step": torch.tensor({float(model.updates)!r})'] * (settings.optimizer == "adam")
        lines += [f"for name, p in {named}:"]
        lines += [f"    optimiser.state[p] = {{{', '.join([*counted, *kept])}}}"]
    if settings.frozen:
        frozen = [float(place in settings.frozen) for place in range(len(model.parameters))]
        lines += ["# 1 where a parameter is frozen.", *_tensors("FROZEN", model, frozen)]
    return [*lines, ""]


def step(model: Model, named: str) -> list[str]:
    """The lines of an update; see `optimiser`."""
    lines = ["for group in optimiser.param_groups:", '    group["lr"] = lr']
    lines += ["loss = loss_of(batch)", "optimiser.zero_grad()", "loss.backward()"]
    if not model.settings.frozen:
        return [*lines, "optimiser.step()"]
    return [
        *lines,
        f"before = {{name: p.detach().clone() for name, p in {named}}}",
        "optimiser.step()",
        "with torch.no_grad():",
        f"    for name, p in {named}:",
        "        p.copy_(torch.where(FROZEN[name] > 0, before[name], p))",
    ]
