"""HIPS/autograd as a library to compare with. The only module that imports it; must not know what is compared."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import autograd
import autograd.numpy as np

from .library import OPERATORS, Function, Library


class Autograd:
    """Columns are NumPy's arrays. It has NumPy's functions; activations are written with them, as people do."""

    name = "autograd"
    version = version("autograd")
    vectorised = True
    ops = {
        **OPERATORS,
        "pow": operator.pow,
        "sqrt": np.sqrt,
        "relu": lambda a: np.maximum(a, 0.0),
        "tanh": np.tanh,
        "sigmoid": lambda a: 1.0 / (1.0 + np.exp(-a)),
        "silu": lambda a: a / (1.0 + np.exp(-a)),
        "exp": np.exp,
        "log": np.log,
        "softplus": lambda a: np.logaddexp(0.0, a),
        "sin": np.sin,
        "cos": np.cos,
        "abs": np.abs,
        "max": np.maximum,
        "min": np.minimum,
    }
    losses: Mapping[str, Any] = {}

    def column(self, numbers: Sequence[float]) -> Any:
        return np.array(list(numbers))

    def constant(self, number: float) -> Any:
        return number

    def total(self, column: Any) -> Any:
        return np.sum(column)

    def gradients(self, function: Function, at: Sequence[float]) -> list[float]:
        # Of one array: of a list it gives back a list's own kind of node.
        slopes = autograd.grad(lambda leaves: function([leaves[i] for i in range(len(at))]))
        return [float(slope) for slope in slopes(np.array(list(at)))]


def make() -> Library:
    """The library, ready for use."""
    return Autograd()
