"""The proof that every number of a sample stays finite, by magnitudes. Knows tapes; must not know generated code."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import chain
from typing import Protocol

from ..autograd.ops.ieee import power
from ..autograd.tape import Tape
from .recognition import Network


class Bounded(Protocol):
    """What the proof looks at: a sample's tape, the slots of its leaves, and how large they are."""

    @property
    def tape(self) -> Tape: ...
    @property
    def parameters(self) -> range: ...
    @property
    def inputs(self) -> range: ...
    @property
    def targets(self) -> range: ...
    @property
    def constants(self) -> Mapping[int, float]: ...
    @property
    def root(self) -> int: ...
    @property
    def largest(self) -> float:
        """No input or target is larger, either side of 0."""
        ...

    @property
    def network(self) -> Network | None: ...


_CEILING = 1e300
"""What stays below it is finite, with room for rounding."""

Magnitudes = dict[int, float]
"""How large the number of a slot is at most."""


def stays_finite(plan: Bounded, theta: float) -> bool:
    """Whether every number of a sample's forward and backward stays finite while the parameters do not exceed
    `theta`, by the largest magnitude that each op can make of the largest of its inputs'.
    """
    most = {**dict.fromkeys(plan.targets, plan.largest), **{slot: abs(data) for slot, data in plan.constants.items()}}
    if plan.network is not None:
        return _network_stays_finite(plan, plan.network, theta, most)
    most |= {**dict.fromkeys(plan.parameters, theta), **dict.fromkeys(plan.inputs, plan.largest)}
    return _below_ceiling(_gradients(plan, 0, most))


def _network_stays_finite(plan: Bounded, network: Network, theta: float, most: Magnitudes) -> bool:
    """The same, where all numbers of a layer have one bound: the work does not grow with its width."""
    x, derivatives, seen = plan.largest, [], [plan.largest]
    for layer in network.layers:
        total = y = len(layer.inputs) * (theta * x) + theta
        slope = 1.0
        if layer.activation is not None:
            bound = _BOUNDS.get(layer.activation.name)
            if bound is None:
                return False
            y, slope, _ = bound(total, 0.0)
        derivatives.append((x, slope))
        x = y
        seen += (total, y, slope)
    last = network.layers[-1]
    most |= {**dict.fromkeys(last.sums, total), **dict.fromkeys(last.outputs, y)}
    head = _gradients(plan, network.head, most)
    if head is None or not _below_ceiling(head):
        return False
    of_outputs, of_sums = (max(head[0].get(slot, 0.0) for slot in slots) for slots in (last.outputs, last.sums))
    inner = 0.0 if last.activation is None else of_sums
    e = of_outputs
    for layer, (x, slope) in zip(reversed(network.layers), reversed(derivatives), strict=True):
        d = inner + slope * e
        e, inner = len(layer.outputs) * (theta * d), 0.0
        seen += (d, x * d, e)
    return all(number < _CEILING for number in seen)


def _gradients(plan: Bounded, start: int, most: Magnitudes) -> tuple[Magnitudes, Magnitudes, list[float]] | None:
    """How large the gradient of each slot can be, by the instructions from `start` on; and each slot's number, and each
    derivative. None where there is no bound.
    """
    program = plan.tape.program[start:]
    softmax = _Softmax()
    derivatives: list[tuple[float, float]] = []
    for op, (_, i, j, k) in zip(plan.tape.ops[start:], program, strict=True):
        bound = _SHIFTED.get(op.name) if softmax.recognises(op.name, i, j, k) else _BOUNDS.get(op.name)
        if op.name == "powc" and plan.constants.get(j, 0.5) not in (1.0, 2.0, 3.0, 4.0):
            bound = None
        if bound is None:
            return None
        most[k], da, db = bound(most[i], most[j])
        derivatives.append((da, db))
    grad = dict.fromkeys(most, 0.0)
    grad[plan.root] = 1.0
    for (_, i, j, k), (da, db) in zip(reversed(program), reversed(derivatives), strict=True):
        grad[i] += da * grad[k]
        grad[j] += db * grad[k]
    return grad, most, list(chain.from_iterable(derivatives))


def _below_ceiling(found: tuple[Magnitudes, Magnitudes, list[float]] | None) -> bool:
    return found is not None and all(
        number < _CEILING for number in chain(found[0].values(), found[1].values(), found[2])
    )


def _exp(a: float) -> float:
    return math.exp(min(a, 709.0)) if a < 709.0 else math.inf


_BOUNDS: Mapping[str, Callable[[float, float], tuple[float, float, float]]] = {
    "add": lambda a, b: (a + b, 1.0, 1.0),
    "sub": lambda a, b: (a + b, 1.0, 1.0),
    "mul": lambda a, b: (a * b, b, a),
    "neg": lambda a, b: (a, 1.0, 0.0),
    "powc": lambda a, b: (power(a, b), b * power(a, b - 1.0), 0.0),
    "relu": lambda a, b: (a, 1.0, 0.0),
    "leaky_relu": lambda a, b: (a, 1.0, 0.0),
    "elu": lambda a, b: (a, 1.0, 0.0),
    "gelu": lambda a, b: (a, 1.13, 0.0),
    "silu": lambda a, b: (a, 1.1, 0.0),
    "tanh": lambda a, b: (1.0, 1.0, 0.0),
    "sigmoid": lambda a, b: (1.0, 1.0, 0.0),
    "exp": lambda a, b: (_exp(a), _exp(a), 0.0),
    "softplus": lambda a, b: (a + 1.0, 1.0, 0.0),
    "sin": lambda a, b: (1.0, 1.0, 0.0),
    "cos": lambda a, b: (1.0, 1.0, 0.0),
    "abs": lambda a, b: (a, 1.0, 0.0),
    "max": lambda a, b: (max(a, b), 1.0, 1.0),
    "min": lambda a, b: (max(a, b), 1.0, 1.0),
    "step": lambda a, b: (1.0, 0.0, 0.0),
}
"""(|a|, |b|) at most -> |y|, |dy/da|, |dy/db| at most. What is missing has no bound."""

_SHIFTED: Mapping[str, Callable[[float, float], tuple[float, float, float]]] = {
    "exp": lambda a, b: (1.0, 1.0, 0.0),
    "log": lambda a, b: (a, 1.0, 0.0),
}
"""The same inside a softmax: no exponent is above 0, and one of them is 0, so that their sum is at least 1."""


class _Softmax:
    """Recognises log(exp(a - m) + exp(b - m) + ...), where m is the maximum of a, b, ..."""

    def __init__(self) -> None:
        self._greatest: dict[int, frozenset[int]] = {}
        """Of what a slot is the maximum."""
        self._parts: dict[int, tuple[int, frozenset[int]]] = {}
        """For a - m, its exp, and sums of those: m, and every a."""

    def recognises(self, name: str, i: int, j: int, k: int) -> bool:
        """Whether the op that makes slot k is one of those exps, or that log. It is asked of each op in turn."""
        greatest, parts = self._greatest, self._parts
        if name == "max":
            greatest[k] = greatest.get(i, frozenset((i,))) | greatest.get(j, frozenset((j,)))
        elif name == "sub" and i in greatest.get(j, ()):
            parts[k] = (j, frozenset((i,)))
        elif name == "exp" and i in parts:
            parts[k] = parts[i]
            return True
        elif name == "add" and i in parts and j in parts and parts[i][0] == parts[j][0]:
            parts[k] = (parts[i][0], parts[i][1] | parts[j][1])
        elif name == "log" and i in parts:
            return parts[i][1] >= greatest[parts[i][0]]
        return False
