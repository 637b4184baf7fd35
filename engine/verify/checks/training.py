"""The lecture's network, its data and its twenty steps, with whichever engine it is made. Knows what is done; must not
know what is right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..trial import Engine

SIZES = (3, (4, 4, 1))
INPUTS = ((2.0, 3.0, -1.0), (3.0, -1.0, 0.5), (0.5, 1.0, 1.0), (1.0, 1.0, -1.0))
PROBES = (*INPUTS, (-2.0, -3.0, 1.0), (-30.0, 10.0, -5.0), (5.0, 10.0, 10.0), (-10.0, -10.0, 10.0), (0.1, -0.2, 0.1))
"""Inputs by which one network is told from another."""
TARGETS = (1.0, -1.0, -1.0, 1.0)
STEPS = 20
LEARNING_RATE = 0.1

Forward = Callable[[Sequence[float]], Any]
"""Numbers in, the network's one output as a node."""


def loss(engine: Engine, forward: Forward) -> Any:
    """The sum of the squared errors: it takes + and * alone."""
    total = None
    for x, y in zip(INPUTS, TARGETS, strict=True):
        error = forward(x) + engine.make(-y)
        total = error * error if total is None else total + error * error
    return total


def train(
    engine: Any, forward: Forward, parameters: Sequence[Any], move: Callable[[Any, float], None], enough: float
) -> Iterable[float]:
    """The loss before each step of gradient descent, until it is beyond `enough`."""
    for _ in range(STEPS):
        made = loss(engine, forward)
        yield engine.data(made)
        if not abs(engine.data(made)) < enough:
            return
        engine.zero(parameters)
        engine.backward(made)
        for parameter in parameters:
            move(parameter, engine.data(parameter) - LEARNING_RATE * engine.grad(parameter))
