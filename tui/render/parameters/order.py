"""Which parameters a table shows, and in which order. Must not know widgets, strips or the session."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import neg

from chainstep.engine.training.snapshot.parameters import ParametersView

MODEL, GRAD, CHANGE = "model", "grad", "change"

ORDERS = (MODEL, GRAD, CHANGE)
"""By place in the model; by |grad| and by |change|, the largest first."""


def following(order: str) -> str:
    """The order that comes next in the cycle."""
    return ORDERS[(ORDERS.index(order) + 1) % len(ORDERS)]


def matching(labels: Sequence[str], wanted: str) -> Sequence[int]:
    """Indices of the labels that have every word of `wanted`, in the model's order; all of them for none.

    A word that is a whole part of some label stands for that part alone: `n1` is not `n10`, and `b` is the biases.
    Any other is looked for anywhere: `w` is the weights.
    """
    if not wanted:
        return range(len(labels))
    lower = [f".{label.lower()}." for label in labels]
    found: Sequence[int] = range(len(labels))
    for word in wanted.lower().split():
        part = f".{word.strip('.')}."
        sought = part if any(part in label for label in lower) else word
        found = [index for index in found if sought in lower[index]]
    return found


def arranged(view: ParametersView, order: str, wanted: str) -> Sequence[int]:
    """Indices of the parameters to show, first row first; equal ones as in the model, what is no number before all."""
    shown = matching(view.labels, wanted)
    if order == MODEL:
        return shown
    sizes = view.grad if order == GRAD else view.change
    keys = [*map(neg, map(abs, sizes))]
    if math.isnan(sum(keys)):
        keys = [-math.inf if math.isnan(key) else key for key in keys]
    return sorted(shown, key=keys.__getitem__)


def described(order: str, wanted: str) -> str:
    """Order and filter as a title has them; empty where all stand as in the model."""
    words = [] if order == MODEL else [f"by |{order}|"]
    return " ".join([*words, f"/{wanted}"] if wanted else words)
