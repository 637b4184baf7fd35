"""tinygrad as a library to compare with. The only module that imports it; must not know what is compared."""

from __future__ import annotations

import operator
import os
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

# Its own device in Python runs everywhere; the others want a compiler, or a GPU. It is chosen at the import.
os.environ.setdefault("DEV", "PYTHON")
from tinygrad import Tensor, dtypes

from .library import OPERATORS, Function, Library


class Tinygrad:
    """Columns are tensors of n float64 numbers. Its gelu is the one by tanh, which is another function."""

    name = "tinygrad"
    version = version("tinygrad")
    vectorised = True
    ops = {
        **OPERATORS,
        "pow": operator.pow,
        "sqrt": Tensor.sqrt,
        "relu": Tensor.relu,
        "leaky_relu": Tensor.leaky_relu,
        "elu": Tensor.elu,
        "silu": Tensor.silu,
        "tanh": Tensor.tanh,
        "sigmoid": Tensor.sigmoid,
        "exp": Tensor.exp,
        "log": Tensor.log,
        "softplus": Tensor.softplus,
        "sin": Tensor.sin,
        "cos": Tensor.cos,
        "abs": Tensor.abs,
        "max": Tensor.maximum,
        "min": Tensor.minimum,
    }
    losses: Mapping[str, Any] = {}

    def column(self, numbers: Sequence[float]) -> Any:
        return Tensor(list(numbers), dtype=dtypes.float64)

    def constant(self, number: float) -> Any:
        # Of one element, not of none: what is known beforehand would be folded, and read on a device with a compiler.
        return self.column([number])

    def total(self, column: Any) -> Any:
        return column.sum()

    def gradients(self, function: Function, at: Sequence[float]) -> list[float]:
        leaves = [self.constant(number) for number in at]
        value = function(leaves).sum()
        grads = value.gradient(*leaves)
        return [float(grad.item()) for grad in grads]


def make() -> Library:
    """The library, ready for use."""
    return Tinygrad()
