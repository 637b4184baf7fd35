"""PyTorch as a library to compare with. The only module that imports it; must not know what is compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as f

from .library import OPERATORS, Function, Library


class Torch:
    """Columns are tensors of n float64 numbers."""

    name = "torch"
    version = str(torch.__version__).partition("+")[0]
    vectorised = True
    ops = {
        **OPERATORS,
        "pow": torch.pow,
        "sqrt": torch.sqrt,
        "relu": torch.relu,
        "leaky_relu": f.leaky_relu,
        "elu": f.elu,
        "gelu": f.gelu,
        "silu": f.silu,
        "tanh": torch.tanh,
        "sigmoid": torch.sigmoid,
        "exp": torch.exp,
        "log": torch.log,
        "softplus": f.softplus,
        "sin": torch.sin,
        "cos": torch.cos,
        "abs": torch.abs,
        "max": torch.maximum,
        "min": torch.minimum,
    }
    losses = {
        "mse": lambda outputs, targets: f.mse_loss(torch.stack(outputs, 1), torch.stack(targets, 1)),
        "bce": lambda outputs, targets: f.binary_cross_entropy_with_logits(
            torch.stack(outputs, 1), torch.stack(targets, 1)
        ),
        "softmax": lambda outputs, targets: f.cross_entropy(torch.stack(outputs, 1), torch.stack(targets, 1)),
    }

    def column(self, numbers: Sequence[float]) -> Any:
        return torch.tensor(list(numbers), dtype=torch.float64)

    def constant(self, number: float) -> Any:
        return torch.tensor(number, dtype=torch.float64)

    def total(self, column: Any) -> Any:
        return column.sum()

    def gradients(self, function: Function, at: Sequence[float]) -> list[float]:
        leaves = [torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in at]
        value = function(leaves)
        value.backward()
        return [0.0 if leaf.grad is None else leaf.grad.item() for leaf in leaves]


def make() -> Library:
    """The library, ready for use."""
    return Torch()
