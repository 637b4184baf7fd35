"""micrograd as a library to compare with. The only module that imports it; must not know what is compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from micrograd.engine import Value

from .library import OPERATORS, Function, Library


class Micrograd:
    """Numbers are Values, one by one."""

    name = "micrograd"
    version = version("micrograd")
    vectorised = False
    ops = {
        **OPERATORS,
        "relu": Value.relu,
    }
    losses: Mapping[str, Any] = {}

    def column(self, numbers: Sequence[float]) -> Any:
        raise NotImplementedError("micrograd has no columns")

    def constant(self, number: float) -> Any:
        return Value(number)

    def total(self, column: Any) -> Any:
        return sum(column)

    def gradients(self, function: Function, at: Sequence[float]) -> list[float]:
        leaves = [Value(number) for number in at]
        value = function(leaves)
        value.backward()
        return [float(leaf.grad) for leaf in leaves]


def make() -> Library:
    """The library, ready for use."""
    return Micrograd()
