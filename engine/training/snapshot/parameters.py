"""The parameters as the screen may see them. Must not know the model or how gradients are checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from ...records import record


@record(eq=False)
class ParametersView:
    """Every parameter, in the model's order: tuples of the same length, a number a parameter."""

    labels: tuple[str, ...]
    """`L1.n1.w0` for a network, the leaf's own name for an expression."""
    data: tuple[float, ...]
    grad: tuple[float, ...]
    change: tuple[float, ...]
    """What the last update added; 0.0 before the first."""
    numeric: tuple[float | None, ...] | None
    """Numeric gradients, as far as the gradient check has come; None where there is none."""
    current: int | None
    """Index of the parameter that the last op wrote."""
    errors: tuple[float | None, ...] | None = None
    """Relative errors of `grad` against them, once backward is complete; None for a kink, which proves nothing."""
    frozen: frozenset[int] = frozenset()
    """Parameters that updates leave alone."""
    edited: frozenset[int] = frozenset()
    """Parameters that were edited by hand in this run."""
    units: tuple[tuple[int, int] | None, ...] = ()
    """Layer and neuron, from 0, that each belongs to; None for a leaf of an expression that is no neuron."""
    backward: bool = False
    """Whether the last op was one of backward."""
    coming: int | None = None
    """Index of the parameter that the next op reads or writes."""
    coming_backward: bool = False
    right: Mapping[int, float] = field(default_factory=dict)
    """What is right of `grad`, by index, where a script's own class has another number."""
