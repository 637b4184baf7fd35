"""What the scripts share: how they begin, their data, batches and rates, and what they print. Must not know a library.

A float is written as its repr: read again, every bit of it is there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from chainstep.engine.training.analysis.model import Model

RATES: Mapping[str, str] = {
    "constant": "LR",
    "linear": "LR * (1.0 - 0.9 * min(k, HORIZON) / HORIZON)",
    "cosine": "LR * (0.1 + 0.45 * (1.0 + math.cos(math.pi * min(k, HORIZON) / HORIZON)))",
    "step": "LR * 0.5 ** (4 * min(k, HORIZON) // HORIZON)",
}
"""Each schedule's rate at step k, as a script has it."""

LOSSES: Mapping[str, str] = {
    "sse": "the squares, summed over outputs and samples",
    "mse": "the squares, summed over outputs; the mean over samples (nn.MSELoss divides by the outputs too)",
    "hinge": "max(0, 1 - y*out), summed over outputs; the mean over samples",
    "bce": "each output yes or no, from scores, summed over outputs; the mean over samples"
    " (nn.BCEWithLogitsLoss divides by the outputs too)",
    "softmax": "cross entropy of one class of all, from scores; the mean over samples, as nn.CrossEntropyLoss",
    "perceptron": "how many outputs are decided wrongly",
}
"""What is summed and what is averaged."""

_NAMED = 20
"""Inputs that a comment names."""


def untrained(model: Model) -> str:
    """Why the script cannot train on; empty where it can."""
    if model.settings.loss == "perceptron":
        return "Rosenblatt's rule is no gradient, so nothing is trained here"
    if model.settings.mistakes:
        return "training was broken on purpose, so nothing is trained here"
    return ""


def head(model: Model, file: str, modules: Iterable[str]) -> list[str]:
    """The docstring and the imports of the standard library."""
    settings = model.settings
    shape = "-".join(map(str, (len(model.inputs), *(len(layer.biases) for layer in model.layers))))
    activations = dict.fromkeys(layer.activation for layer in model.layers)
    penalties = [f"{weight!r} * {what}" for weight, what in ((settings.l1, "Σ|p|"), (settings.l2, "Σp²")) if weight]
    said = [
        f"{printed(model.name)} as chainstep has it at step {model.step}: {shape}, {', '.join(activations)}.",
        "",
        f"Loss {settings.loss}: {LOSSES[settings.loss]}.",
    ]
    if penalties:
        said += [f"Added to it: {' + '.join(penalties)} over all parameters, biases too."]
    if model.weighted:
        said += ["Each sample's is taken times the weight of its class first; a mean divides by the number of samples."]
    if model.means:
        said += ["The inputs are standardised: (x - MEANS) / SCALES."]
    return begun(said, model, file, modules)


def begun(said: Sequence[str], model: Model, file: str, modules: Iterable[str]) -> list[str]:
    """The docstring, of what is `said` of the model and how the script trains it, and the imports."""
    first, *rest = said
    why, left = untrained(model), max(0, model.settings.steps - model.step)
    told = (
        f"{why[0].upper()}{why[1:]}." if why else f"    python {printed(file)} [STEPS]    trains on; {left} were left."
    )
    return [f'"""{first}', *rest, "", told, '"""', "", *(f"import {module}" for module in modules), ""]


def printed(text: str) -> str:
    """A name inside a docstring or a comment: one line that ends neither."""
    return "".join(letter if letter.isprintable() and letter not in '"\\' else "?" for letter in text)[:200]


def rows(name: str, numbers: Iterable[Sequence[float]]) -> list[str]:
    """A list of lists, a line a row."""
    return [f"{name} = [", *(f"    [{', '.join(map(repr, row))}]," for row in numbers), "]"]


def data(model: Model) -> list[str]:
    """The samples, and how raw inputs become such."""
    named = ", ".join(map(printed, model.inputs[:_NAMED])) + ", …" * (len(model.inputs) > _NAMED)
    lines = [] if finite(model) else ["nan, inf = float('nan'), float('inf')"]
    lines += [f"# Inputs: {named}", *rows("X", (inputs for inputs, _ in model.samples))]
    lines += rows("Y", (targets[:-1] if model.weighted else targets for _, targets in model.samples))
    if model.weighted:
        weights = [targets[-1] for _, targets in model.samples]
        lines += ["# What each sample's loss is taken times: the weight of its class.", f"W = {weights!r}"]
    if model.means:
        lines += [f"MEANS = {list(model.means)!r}", f"SCALES = {list(model.scales)!r}"]
    return [*lines, ""]


def tensors(model: Model, made: str) -> str:
    """The data as a library has it, which `made` makes of a list."""
    names = ["X", "Y", *["W"] * model.weighted]
    return f"{', '.join(names)} = {', '.join(f'{made}({name})' for name in names)}"


def finite(model: Model) -> bool:
    """Whether every number is."""
    numbers = chain(model.parameters, *model.moments, *(chain(*sample) for sample in model.samples))
    return all(map(math.isfinite, numbers))


def knobs(model: Model) -> list[str]:
    """What training goes on with: constants, the rate of a step, and which samples it takes."""
    settings, n = model.settings, len(model.samples)
    lines = [f"LR, HORIZON, STEP = {settings.lr!r}, {settings.horizon}, {model.step}", ""]
    lines += ["", "def rate(k):", f"    return {RATES[settings.schedule]}", ""]
    if not _shuffled(model):
        return [*lines, "", "def batches():", "    while True:", "        yield list(range(len(X)))", ""]
    size = min(settings.batch_size or n, n)
    return [
        *lines,
        "",
        "def batches():",
        f"    epoch, cursor = {model.epoch}, {model.cursor}",
        "    while True:",
        "        order = list(range(len(X)))",
        f'        random.Random(f"shuffle {settings.seed} {{epoch}}").shuffle(order)',
        "        while cursor < len(X):",
        f"            yield order[cursor : cursor + {size}]",
        f"            cursor += {size}",
        "        epoch, cursor = epoch + 1, 0",
        "",
    ]


def _shuffled(model: Model) -> bool:
    return model.settings.batch_size is not None and model.settings.batch_size < len(model.samples)


def modules(model: Model) -> list[str]:
    """What `knobs` and `ending` need of the standard library."""
    if untrained(model):
        return []
    return [*["math"] * (model.settings.schedule == "cosine"), *["random"] * _shuffled(model), "sys"]


def ending(model: Model, number: str, step: Sequence[str]) -> list[str]:
    """Prints the loss over all samples, and trains on: `step` are the lines of one, with its loss in `loss`, and
    `number` says how a float is made of that.
    """
    told = f'print("loss", repr({number.format("loss_of(range(len(X)))")}))'
    if untrained(model):
        return ["", told, ""]
    return [
        "",
        told,
        "",
        "steps = int(sys.argv[1]) if len(sys.argv) > 1 else 0",
        "for k, batch in zip(range(STEP, STEP + steps), batches()):",
        "    lr = rate(k)",
        *(f"    {line}" for line in step),
        f'    print("step", k, repr({number.format("loss")}))',
        "if steps:",
        f"    {told}",
        "",
    ]
