"""Optimisers and learning-rate schedules. Must not know Values, tapes or training.

An optimiser is a row of assignments, run for each parameter in turn. As in the table of operations, the formulas are
what is run, what is compiled and what the screen prints.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from ..records import Caching, record

NAMESPACE: Mapping[str, object] = {"sqrt": math.sqrt}
"""The functions that a formula may call."""

VARIABLES = ("p", "g", "lr", "t")
"""What any formula may name beside the optimiser's own state and knobs: parameter, gradient, effective learning rate,
and the number of this update since the optimiser began, from 1.
"""

KNOBS: Mapping[str, str] = {"mu": "momentum", "beta1": "beta1", "beta2": "beta2", "eps": "eps"}
"""What a formula calls each knob of an optimiser -> the knob."""

SYMBOLS: Mapping[str, str] = {"mu": "μ", "beta1": "β1", "beta2": "β2", "eps": "ε"}
"""How people write them."""


@record
class Line:
    """One assignment of an optimiser."""

    target: str
    """`p` or one of the optimiser's state variables."""
    formula: str
    text: str
    """The formula as people write it, with `{p}`, `{g}`, `{lr}` … where a value goes."""


@record(eq=False)
class Optimizer(Caching):
    """An optimiser: its state variables (one number a parameter each, first 0) and its assignments."""

    state: tuple[str, ...]
    lines: tuple[Line, ...]
    words: str
    squares: tuple[str, ...] = ()
    """State variables that are never below 0: a root is taken of them."""

    @cached_property
    def knobs(self) -> tuple[str, ...]:
        """Those of `KNOBS` that its formulas name."""
        named = {name for line in self.lines for name in compile(line.formula, "<formula>", "eval").co_names}
        return tuple(name for name in KNOBS if name in named)

    @cached_property
    def update(self) -> Callable[..., tuple[float, ...]]:
        """(p, g, lr, t, *knobs, *state) -> the new (p, *state)."""
        names = ", ".join((*VARIABLES, *self.knobs, *self.state))
        body = "\n".join(f"    {line.target} = {line.formula}" for line in self.lines)
        scope: dict[str, Any] = dict(NAMESPACE)
        exec(f"def update({names}):\n{body}\n    return ({', '.join(('p', *self.state))},)", scope)
        made: Callable[..., tuple[float, ...]] = scope["update"]
        return made


OPTIMIZERS: Mapping[str, Optimizer] = {
    "sgd": Optimizer(
        (),
        (Line("p", "p - lr * g", "{p} - {lr}·{g}"),),
        "Gradient descent: a step against the gradient, as long as the learning rate says.",
    ),
    "momentum": Optimizer(
        ("v",),
        (
            Line("v", "mu * v + g", "{mu}·{v} + {g}"),
            Line("p", "p - lr * v", "{p} - {lr}·{v}"),
        ),
        "Momentum (Polyak 1964) steps along a decaying sum of the gradients so far.",
    ),
    "adam": Optimizer(
        ("m", "v"),
        (
            Line("m", "beta1 * m + (1.0 - beta1) * g", "{beta1}·{m} + (1-{beta1})·{g}"),
            Line("v", "beta2 * v + (1.0 - beta2) * (g * g)", "{beta2}·{v} + (1-{beta2})·{g}²"),
            Line(
                "p",
                "p - lr * (m / (1.0 - beta1**t)) / (sqrt(v / (1.0 - beta2**t)) + eps)",
                "{p} - {lr}·({m}/(1-{beta1}^{t})) / (√({v}/(1-{beta2}^{t})) + {eps})",
            ),
        ),
        "Adam (Kingma & Ba 2015) divides a running mean of the gradient by the root of one of its square.",
        squares=("v",),
    ),
}
"""Optimisers by name."""


@record
class Schedule:
    """How the learning rate changes with the step k over a horizon of h steps."""

    scale: Callable[[int, int], float]
    """(k, h) -> factor on the base learning rate; from k = h on it is always the same."""
    words: str


SCHEDULES: Mapping[str, Schedule] = {
    "constant": Schedule(lambda k, h: 1.0, "the base rate throughout"),
    "linear": Schedule(lambda k, h: 1.0 - 0.9 * min(k, h) / h, "down to a tenth in a straight line, as in the demo"),
    "cosine": Schedule(
        lambda k, h: 0.1 + 0.45 * (1.0 + math.cos(math.pi * min(k, h) / h)),
        "down to a tenth along half a cosine (Loshchilov & Hutter 2017)",
    ),
    "step": Schedule(lambda k, h: 0.5 ** (4 * min(k, h) // h), "halved four times, at each quarter of the horizon"),
}
"""Schedules by name."""
