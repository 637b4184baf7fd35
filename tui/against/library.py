"""What is asked of another library, and which there are. Must not import any."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

from chainstep.datasets import DataError

Function = Callable[[Sequence[Any]], Any]
"""P differentiable scalars of a library -> a scalar of it."""


class Library(Protocol):
    """A library of automatic differentiation, in float64."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...

    @property
    def ops(self) -> Mapping[str, Callable[..., Any]]:
        """Ours by name -> its own, of its numbers; those that it lacks are left out."""
        ...

    @property
    def losses(self) -> Mapping[str, Callable[[Sequence[Any], Sequence[Any]], Any]]:
        """Its own losses by our names: (k outputs, k targets), of n samples each, -> the loss, reduced as it does by
        default.
        """
        ...

    @property
    def vectorised(self) -> bool:
        """Its numbers may be columns of n samples; else they are scalars."""
        ...

    def column(self, numbers: Sequence[float]) -> Any:
        """A constant column of n numbers."""
        ...

    def constant(self, number: float) -> Any:
        """A constant number."""
        ...

    def total(self, column: Any) -> Any:
        """The sum of a column."""
        ...

    def gradients(self, function: Function, at: Sequence[float]) -> list[float]:
        """The P derivatives of `function` at P numbers."""
        ...


OPERATORS: Mapping[str, Callable[..., Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "neg": operator.neg,
    "powc": operator.pow,
}
"""What every library writes as Python does; of a power with a fixed exponent, that is a plain number."""

LIBRARIES = ("torch", "jax", "autograd", "tinygrad", "micrograd")
"""What may be named; the package that has to be installed is called so, too."""


def library(name: str) -> Library:
    """The library of that name.

    Raises:
        DataError: it is not installed, or does not work here.
    """
    if find_spec(name) is None:
        raise DataError(f"{name} is not installed here: pip install {name}")
    try:
        made: Library = import_module(f".of_{name}", __package__).make()
    except ImportError as error:
        raise DataError(f"{name} cannot be imported: {error}") from None
    return made
