"""A network from elsewhere: layers with their weights, looked through before they are believed. Must not know where it
is from.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain, pairwise

from chainstep.engine.nn.mlp import ACTIVATIONS
from chainstep.engine.records import record
from chainstep.engine.training.analysis.model import Dense

from .errors import ExchangeError


@record
class Network:
    """Fully connected layers, each on the outputs of the one before it.

    Raises:
        ExchangeError: there is none, one does not fit the one before it, or a weight is not finite.
    """

    layers: tuple[Dense, ...]
    unbiased: tuple[int, ...] = ()
    """The layers, counted from 1, that have no biases: these are 0."""

    def __post_init__(self) -> None:
        if not self.layers:
            raise ExchangeError("it has no linear layer")
        for number, layer in enumerate(self.layers, start=1):
            if layer.activation not in ACTIVATIONS:
                raise ExchangeError(f"activation {layer.activation!r} is none of {', '.join(ACTIVATIONS)}")
            width = len(layer.weights[0]) if layer.weights else 0
            if not width or any(len(row) != width for row in layer.weights) or len(layer.biases) != len(layer.weights):
                raise ExchangeError(f"layer {number} has no weights, or not a bias for each row of them")
            if not all(map(math.isfinite, chain(layer.biases, *layer.weights))):
                raise ExchangeError(f"layer {number} has a weight that is not finite")
        for number, (before, behind) in enumerate(pairwise(self.layers), start=2):
            if len(behind.weights[0]) != len(before.biases):
                raise ExchangeError(
                    f"layer {number} takes {len(behind.weights[0])} inputs, and the one before has {len(before.biases)}"
                )

    @property
    def inputs(self) -> int:
        """How many numbers it takes."""
        return len(self.layers[0].weights[0])

    @property
    def outputs(self) -> int:
        """How many numbers it gives."""
        return len(self.layers[-1].biases)

    @property
    def hidden(self) -> tuple[int, ...]:
        """The sizes of all layers but the last."""
        return tuple(len(layer.biases) for layer in self.layers[:-1])

    @property
    def activations(self) -> tuple[str, ...]:
        """One a layer."""
        return tuple(layer.activation for layer in self.layers)

    @property
    def parameters(self) -> tuple[float, ...]:
        """In our order: neuron by neuron, weights before the bias."""
        return tuple(
            number
            for layer in self.layers
            for row, bias in zip(layer.weights, layer.biases, strict=True)
            for number in (*row, bias)
        )

    @property
    def missing(self) -> tuple[int, ...]:
        """The places, among the parameters, of biases that it has not."""
        places: list[int] = []
        first = 0
        for number, layer in enumerate(self.layers, start=1):
            width = len(layer.weights[0]) + 1
            if number in self.unbiased:
                places += range(first + width - 1, first + width * len(layer.biases), width)
            first += width * len(layer.biases)
        return tuple(places)


def dense(flat: Sequence[float], inputs: int, biases: Sequence[float] | None, activation: str) -> Dense:
    """A layer of weights row by row; without biases these are 0.

    Raises:
        ExchangeError: the weights are not whole rows.
    """
    if inputs < 1 or len(flat) % inputs:
        raise ExchangeError(f"{len(flat)} weights are no rows of {inputs}")
    rows = tuple(tuple(flat[start : start + inputs]) for start in range(0, len(flat), inputs))
    return Dense(rows, (0.0,) * len(rows) if biases is None else tuple(biases), activation)
