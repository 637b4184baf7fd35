"""The proof that every number of a sample stays finite, by magnitudes. Knows tapes; must not know generated code."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import chain
from typing import Protocol

from ..autograd.ops.ieee import power
from ..autograd.tape import Tape


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


_CEILING = 1e300
"""What stays below it is finite, with room for rounding."""


def stays_finite(plan: Bounded, theta: float) -> bool:
    """Whether every number of a sample's forward and backward stays finite while the parameters do not exceed
    `theta`, by the largest magnitude that each op can make of the largest of its inputs'.
    """
    program, first = plan.tape.program, plan.tape.first
    most = [0.0] * (first + len(program))
    for slots, magnitude in ((plan.parameters, theta), (plan.inputs, plan.largest), (plan.targets, plan.largest)):
        for slot in slots:
            most[slot] = magnitude
    for slot, data in plan.constants.items():
        most[slot] = abs(data)
    softmax = _Softmax()
    derivatives: list[tuple[float, float]] = []
    for op, (_, i, j, k) in zip(plan.tape.ops, program, strict=True):
        bound = _SHIFTED.get(op.name) if softmax.recognises(op.name, i, j, k) else _BOUNDS.get(op.name)
        if op.name == "powc" and plan.constants.get(j, 0.5) not in (1.0, 2.0, 3.0, 4.0):
            bound = None
        if bound is None:
            return False
        most[k], da, db = bound(most[i], most[j])
        derivatives.append((da, db))
    grad = [0.0] * len(most)
    grad[plan.root] = 1.0
    for (_, i, j, k), (da, db) in zip(reversed(program), reversed(derivatives), strict=True):
        grad[i] += da * grad[k]
        grad[j] += db * grad[k]
    return all(x < _CEILING for x in chain(most, grad, *derivatives))


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
