"""JAX as a library to compare with. The only module that imports it; must not know what is compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from .library import OPERATORS, Function, Library


class Jax:
    """Columns are arrays of n float64 numbers."""

    name = "jax"
    version = str(jax.__version__)
    vectorised = True
    ops = {
        **OPERATORS,
        "pow": jnp.power,
        "sqrt": jnp.sqrt,
        "relu": jax.nn.relu,
        "leaky_relu": jax.nn.leaky_relu,
        "elu": jax.nn.elu,
        "gelu": partial(jax.nn.gelu, approximate=False),
        "silu": jax.nn.silu,
        "tanh": jnp.tanh,
        "sigmoid": jax.nn.sigmoid,
        "exp": jnp.exp,
        "log": jnp.log,
        "softplus": jax.nn.softplus,
        "sin": jnp.sin,
        "cos": jnp.cos,
        "abs": jnp.abs,
        "max": jnp.maximum,
        "min": jnp.minimum,
    }
    losses: Mapping[str, Any] = {}

    def column(self, numbers: Sequence[float]) -> Any:
        return jnp.array(list(numbers), dtype=jnp.float64)

    def constant(self, number: float) -> Any:
        return jnp.float64(number)

    def total(self, column: Any) -> Any:
        return column.sum()

    def gradients(self, function: Function, at: Sequence[float]) -> list[float]:
        return [float(grad) for grad in jax.grad(function)([self.constant(number) for number in at])]


def make() -> Library:
    """The library, ready for use: it computes in float32 unless it is told beforehand."""
    jax.config.update("jax_enable_x64", True)
    return Jax()
