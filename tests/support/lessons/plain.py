"""A small network in plain Python, written out by hand: what the lessons' answers are held against. Must not know the
engine.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from itertools import pairwise

from chainstep.engine.records import record

XS = ((2.0, 3.0, -1.0), (3.0, -1.0, 0.5), (0.5, 1.0, 1.0), (1.0, 1.0, -1.0))
YS = (1.0, -1.0, -1.0, 1.0)

Row = list[float]
"""A neuron's weights, and its bias last."""


def drawn(sizes: Sequence[int], seed: int, *, biases: bool = True) -> list[list[Row]]:
    """The lecture's first weights, layer by layer: each uniform in -1 … 1 and, without `biases`, those 0."""
    source = random.Random(seed)
    return [
        [
            [source.uniform(-1, 1) for _ in range(before)] + [source.uniform(-1, 1) if biases else 0.0]
            for _ in range(size)
        ]
        for before, size in pairwise(sizes)
    ]


def outputs(layers: Sequence[Sequence[Row]], x: Sequence[float], squash: bool = True) -> list[list[float]]:
    """What goes into the first layer and what each puts out; of ReLUs with a linear output, if not squashed by tanh."""
    reached = [list(x)]
    for number, layer in enumerate(layers):
        sums = [sum(w * value for w, value in zip(row, reached[-1], strict=False)) + row[-1] for row in layer]
        last = number == len(layers) - 1
        reached.append([math.tanh(n) if squash else n if last else max(0.0, n) for n in sums])
    return reached


def loss(layers: Sequence[Sequence[Row]]) -> float:
    """The summed squared error of the lecture's four samples."""
    return sum((outputs(layers, x)[-1][0] - y) ** 2 for x, y in zip(XS, YS, strict=True))


def gradients(layers: Sequence[Sequence[Row]]) -> list[list[Row]]:
    """Of that loss by each number, by the formulas for layers of tanh neurons."""
    found = [[[0.0] * len(row) for row in layer] for layer in layers]
    for x, y in zip(XS, YS, strict=True):
        reached = outputs(layers, x)
        upstream = [2 * (reached[-1][0] - y)]
        for number in reversed(range(len(layers))):
            inputs, outs = reached[number], reached[number + 1]
            below = [0.0] * len(inputs)
            for row, grad, out, back in zip(layers[number], found[number], outs, upstream, strict=True):
                local = (1 - out * out) * back
                for k, value in enumerate(inputs):
                    grad[k] += local * value
                    below[k] += local * row[k]
                grad[-1] += local
            upstream = below
    return found


def gradient_sizes(layers: Sequence[Sequence[Row]], rows: Sequence[tuple[Sequence[float], float]]) -> list[float]:
    """The root mean square of ∂loss/∂p over each layer's numbers, of tanh layers under a linear score s for class 1:
    the loss is the mean over rows of inputs and a class, 0 or 1, of log(1 + exp(-s)) or log(1 + exp(s)).
    """
    totals = [[[0.0] * len(row) for row in layer] for layer in layers]
    for x, target in rows:
        values = [list(x)]
        for number, layer in enumerate(layers, start=1):
            sums = [sum(w * value for w, value in zip(row, [*values[-1], 1.0], strict=True)) for row in layer]
            values.append(sums if number == len(layers) else [math.tanh(one) for one in sums])
        back = [(1.0 / (1.0 + math.exp(-values[-1][0])) - target) / len(rows)]
        for number in reversed(range(len(layers))):
            for total, share in zip(totals[number], back, strict=True):
                for place, value in enumerate([*values[number], 1.0]):
                    total[place] += share * value
            back = [
                sum(share * row[place] for share, row in zip(back, layers[number], strict=True)) * (1.0 - value**2)
                for place, value in enumerate(values[number])
            ]
    return [math.sqrt(sum(g * g for row in layer for g in row) / sum(map(len, layer))) for layer in totals]


def xavier(sizes: Sequence[int], seed: int, gain: float) -> list[list[Row]]:
    """First weights, each uniform in ±√(6 / (in + out)), and biases 0."""
    source = random.Random(seed)
    return [
        [
            [gain * source.uniform(-1, 1) * math.sqrt(6 / (before + size)) for _ in range(before)] + [0.0]
            for _ in range(size)
        ]
        for before, size in pairwise(sizes)
    ]


@record(eq=False)
class Trained:
    """What a run of the lecture's loop left."""

    losses: list[float]
    """Before each update."""
    grads: list[list[list[Row]]]
    """With which each update was made."""
    layers: list[list[Row]]


def trained(seed: int, lr: float = 0.1, *, steps: int = 20, forgotten: bool = False) -> Trained:
    """The lecture's loop; with zero_grad `forgotten` if asked for."""
    layers = drawn((3, 4, 4, 1), seed)
    losses: list[float] = []
    grads: list[list[list[Row]]] = []
    for _ in range(steps):
        losses.append(loss(layers))
        step = gradients(layers)
        if forgotten and grads:
            step = [
                [[a + b for a, b in zip(*rows, strict=True)] for rows in zip(*pair, strict=True)]
                for pair in zip(step, grads[-1], strict=True)
            ]
        grads.append(step)
        layers = [
            [[p - lr * g for p, g in zip(*rows, strict=True)] for rows in zip(*pair, strict=True)]
            for pair in zip(layers, step, strict=True)
        ]
    return Trained(losses, grads, layers)
