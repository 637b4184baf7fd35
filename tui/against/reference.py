"""Our own backward, with some slopes as another library has them. Knows an arithmetic; must not import a library."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from chainstep.engine.autograd.ops.ieee import sign
from chainstep.engine.autograd.ops.table import OPS
from chainstep.engine.records import record
from chainstep.engine.training.analysis.arithmetic import Arithmetic

from .conventions import Convention


@record(eq=False)
class Gradients:
    """∂loss/∂p of every parameter under some conventions."""

    slopes: tuple[float, ...]
    sizes: tuple[float, ...]
    """What was added up for each, without signs: how far rounding may reach."""
    met: frozenset[str]
    """The names of the conventions that mattered somewhere."""


def gradients(arithmetic: Arithmetic, library: str, conventions: Collection[Convention]) -> Gradients:
    """The gradients where the slopes of `conventions` are those of `library`."""
    by_op = {convention.op: convention for convention in conventions}
    count = len(arithmetic.parameters)
    slopes, sizes = [0.0] * count, [0.0] * count
    met: set[str] = set()
    share = 1.0 / len(arithmetic.rows) if arithmetic.mean else 1.0
    for row in arithmetic.rows:
        grad, size = _sample(arithmetic, row, share, library, by_op, met)
        for index in range(count):
            slopes[index] += grad[index]
            sizes[index] += size[index]
    at_0 = by_op.get("abs")
    for index, parameter in enumerate(arithmetic.parameters):
        slope = sign(parameter)
        if arithmetic.l1 and parameter == 0.0 and at_0 is not None:
            met.add(at_0.name)
            (slope,) = at_0.slopes[library]
        penalties = arithmetic.l1 * slope + 2.0 * arithmetic.l2 * parameter
        slopes[index] += penalties
        sizes[index] += abs(penalties)
    return Gradients(tuple(slopes), tuple(sizes), frozenset(met))


def _sample(
    arithmetic: Arithmetic,
    row: Sequence[float],
    share: float,
    library: str,
    by_op: dict[str, Convention],
    met: set[str],
) -> tuple[list[float], list[float]]:
    data = _forward(arithmetic, row)
    grad, size = [0.0] * len(data), [0.0] * len(data)
    grad[arithmetic.root] = size[arithmetic.root] = share
    for name, inputs, result in reversed(arithmetic.operations):
        a, b, y = data[inputs[0]], data[inputs[-1]], data[result]
        convention = by_op.get(name)
        if convention is not None and convention.holds(a, b):
            met.add(convention.name)
            slopes: Sequence[float | None] = convention.slopes[library]
        else:
            slopes = [None if along is None else along(a, b, y) for along in OPS[name].backward_functions]
        for slot, slope in zip(inputs, slopes, strict=False):
            if slope is not None:
                grad[slot] += slope * grad[result]
                # An infinite slope may meet a gradient of 0, which says nothing of rounding.
                reach = abs(slope) * size[result]
                size[slot] += 0.0 if math.isnan(reach) else reach
    return grad, size


def _forward(arithmetic: Arithmetic, row: Sequence[float]) -> list[float]:
    """Every slot's number for one sample."""
    data = [0.0] * (1 + max((operation.result for operation in arithmetic.operations), default=arithmetic.root))
    data[: len(arithmetic.parameters)] = arithmetic.parameters
    for slot, number in zip(arithmetic.leaves, row, strict=True):
        data[slot] = number
    for slot, number in arithmetic.constants.items():
        data[slot] = number
    for name, inputs, result in arithmetic.operations:
        data[result] = OPS[name].forward_function(data[inputs[0]], data[inputs[-1]])
    return data
