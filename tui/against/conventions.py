"""Where mathematics leaves a choice, and what each library chose, as measured. Must not import any of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from chainstep.engine.records import record

Slopes = tuple[float, ...]
"""∂y/∂a and, of a binary op, ∂y/∂b."""


@record(eq=False)
class Convention:
    """One choice: an op at certain inputs, and its slopes there."""

    name: str
    op: str
    """As the table of operations calls it."""
    holds: Callable[[float, float], bool]
    """Whether inputs are such ones."""
    at: tuple[float, ...]
    """Inputs to try it with."""
    slopes: Mapping[str, Slopes]
    """By library; those that lack the op are left out."""


_NAN = math.nan

CONVENTIONS: tuple[Convention, ...] = (
    Convention(
        "relu at 0",
        "relu",
        lambda a, b: a == 0.0,
        (0.0,),
        {
            "chainstep": (0.0,),
            "torch": (0.0,),
            "jax": (0.0,),
            "autograd": (0.5,),
            "tinygrad": (0.0,),
            "micrograd": (0.0,),
        },
    ),
    Convention(
        "leaky relu at 0",
        "leaky_relu",
        lambda a, b: a == 0.0,
        (0.0,),
        {"chainstep": (0.01,), "torch": (0.01,), "jax": (1.0,), "tinygrad": (1.0,)},
    ),
    Convention(
        "abs at 0",
        "abs",
        lambda a, b: a == 0.0,
        (0.0,),
        {"chainstep": (0.0,), "torch": (0.0,), "jax": (1.0,), "autograd": (0.0,), "tinygrad": (0.0,)},
    ),
    Convention(
        "max of two equals",
        "max",
        lambda a, b: a == b,
        (1.0, 1.0),
        {
            "chainstep": (1.0, 0.0),
            "torch": (0.5, 0.5),
            "jax": (0.5, 0.5),
            "autograd": (0.5, 0.5),
            "tinygrad": (0.5, 0.5),
        },
    ),
    Convention(
        "min of two equals",
        "min",
        lambda a, b: a == b,
        (1.0, 1.0),
        {
            "chainstep": (1.0, 0.0),
            "torch": (0.5, 0.5),
            "jax": (0.5, 0.5),
            "autograd": (0.5, 0.5),
            "tinygrad": (0.5, 0.5),
        },
    ),
    Convention(
        "x**0.0 at 0",
        "powc",
        lambda a, b: a == b == 0.0,
        (0.0, 0.0),
        {"chainstep": (0.0,), "torch": (0.0,), "jax": (_NAN,), "autograd": (0.0,), "tinygrad": (0.0,)},
    ),
    Convention(
        "softplus above 20",
        "softplus",
        lambda a, b: a > 20.0,
        (21.0,),
        {"chainstep": (1.0 / (1.0 + math.exp(-21.0)),), "torch": (1.0,)},
    ),
)
"""Each is tried by a test with those libraries that are installed."""

MEASURED: Mapping[str, str] = {
    "torch": "2.13.0",
    "jax": "0.10.2",
    "autograd": "1.9.1",
    "tinygrad": "0.14.0",
    "micrograd": "0.1.0",
}
"""The versions that were."""

_WORDS = """\
reduction: mse and bce sum over a sample's outputs and average over samples; torch averages over both, so that with k \
outputs its gradients are 1/k of ours
ε: Adam adds 1e-8 to the root after the correction, as torch, optax and tinygrad do; keras adds 1e-7 before it; mlx \
corrects nothing unless it is told to
decay: --l2 X adds X·Σp² to the loss, biases too, which is torch's weight_decay=2X in SGD and Adam; AdamW keeps it out \
of the gradient
schedule: linear and cosine end at a tenth of the base and stay there; torch's CosineAnnealingLR climbs again behind \
its end
"""

ELSEWHERE: Mapping[str, str] = dict(line.split(": ", 1) for line in _WORDS.splitlines())
"""Choices that are not an op's."""


def differing(library: str) -> list[Convention]:
    """Those that a library answers otherwise than we do."""
    return [
        convention
        for convention in CONVENTIONS
        if library in convention.slopes and not same(convention.slopes[library], convention.slopes["chainstep"])
    ]


def same(a: Slopes, b: Slopes) -> bool:
    """Whether slopes are equal, where nan equals nan."""
    return all(x == y or (x != x and y != y) for x, y in zip(a, b, strict=True))
