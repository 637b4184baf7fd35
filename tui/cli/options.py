"""The options that all commands share: the knobs of training as the command line spells them. Must not know what the
commands do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

CHOICES: Mapping[str, tuple[str, ...]] = {
    "activation": ("tanh", "relu", "sigmoid", "linear", "step"),
    "loss": ("sse", "mse", "hinge", "bce", "softmax", "perceptron"),
    "optimizer": ("sgd", "momentum", "adam"),
    "schedule": ("constant", "linear", "cosine", "step"),
    "init": ("lecture", "demo", "zeros", "xavier", "kaiming"),
}
"""What the knobs that are a choice can be: the engine's own tables, written out since a help text does not load it."""


def _sizes(ctx: click.Context, param: click.Parameter, text: str | None) -> tuple[int, ...] | None:
    """`16,16` as (16, 16), and `none` as ()."""
    if text is None or text == "none":
        return None if text is None else ()
    sizes = text.split(",")
    # isdecimal, since int() takes signs, underscores and surrounding space as well.
    if not all(size.isascii() and size.isdecimal() and len(size) < 10 and int(size) > 0 for size in sizes):
        raise click.BadParameter(f"{text!r} is no list of layer sizes such as 16,16 (or none)", ctx, param)
    return tuple(map(int, sizes))


def _choice(name: str) -> click.Option:
    choices = CHOICES[name]
    return click.Option([f"--{name}"], type=click.Choice(choices), metavar="NAME", help=", ".join(choices) + ".")


_SEED = click.Option(["--seed"], type=int, metavar="N", help="Draws the first weights.")
_LR = click.Option(["--lr"], type=float, metavar="X", help="Learning rate; the schedule scales it.")
_STEPS = click.Option(["--steps"], type=int, metavar="N", help="Where training ends, or the app pauses.")
_HIDDEN = click.Option(["--hidden"], callback=_sizes, metavar="16,16", help="Neurons of each hidden layer, or none.")
_BATCH = click.Option(["--batch-size"], type=int, metavar="N", help="Samples a step; all if not given.")
_L1 = click.Option(["--l1"], type=float, metavar="X", help="Penalty X·Σ|p| over all parameters.")
_L2 = click.Option(["--l2"], type=float, metavar="X", help="Penalty X·Σp² over all parameters.")
_MOMENTUM = click.Option(["--momentum"], type=float, metavar="X", help="Of the momentum optimiser.")
_TARGET = click.Option(["--target"], metavar="COLUMN", help="What to predict: a column's name or number.")

OF_TRAINING = (
    _SEED,
    _LR,
    _STEPS,
    _HIDDEN,
    _BATCH,
    _L1,
    _L2,
    _MOMENTUM,
    *map(_choice, CHOICES),
)
"""Every knob of training."""

OF_EXPRESSIONS = (_SEED, _LR, _STEPS, _L1, _L2, _MOMENTUM, _choice("optimizer"), _choice("schedule"))
"""Those that mean something without a network."""

WITH_DATA = (_TARGET, *OF_TRAINING)


def overrides(values: dict[str, Any]) -> dict[str, object]:
    """The knobs that the user has set."""
    return {name: value for name, value in values.items() if value is not None}
