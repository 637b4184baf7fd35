"""Hidden layers with a layer or a neuron more or less. Must not know weights: another shape draws new ones."""

from __future__ import annotations

Shape = tuple[int, ...]
"""Neurons of each hidden layer."""

_FIRST = 4
"""Neurons of the only hidden layer."""


def with_layer(hidden: Shape, behind: int) -> Shape:
    """One layer more behind layer `behind` (from 0), and of its size."""
    if not hidden:
        return (_FIRST,)
    return (*hidden[: behind + 1], hidden[behind], *hidden[behind + 1 :])


def without_layer(hidden: Shape, layer: int) -> Shape:
    """One layer less; none of none."""
    return (*hidden[:layer], *hidden[layer + 1 :])


def resized(hidden: Shape, layer: int, by: int) -> Shape:
    """A layer with so many neurons more or, below 0, less; one stays."""
    if not hidden:
        return hidden
    return (*hidden[:layer], max(1, hidden[layer] + by), *hidden[layer + 1 :])
