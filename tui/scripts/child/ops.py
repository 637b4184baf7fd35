"""Which of our ops a node's is. Knows names and numbers; must not know how a graph was read."""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping
from types import SimpleNamespace

from chainstep.engine.autograd.ops.operation import Op
from chainstep.engine.autograd.ops.table import OPS

from .graphs import Graph, Way
from .watching import MEANT

_SIGNS: Mapping[str, tuple[str, str]] = {
    "+": ("", "add"),
    "-": ("neg", "sub"),
    "*": ("", "mul"),
    "/": ("", "div"),
    "**": ("", "pow"),
}
"""What authors write for an op: of one input, and of two."""

CLOSE = 1e-6
"""How near a number has to be to prove an op, of its size: some engines compute in single precision."""


def ops_of(graph: Graph, data: array[float], ours: bool) -> list[str]:
    """The op of each node: "" for a leaf, the name of ours where the method that made it is called so; where only its
    author's label says so, or the method was given more than our op takes, the numbers have to prove it. Else it is
    what its author calls it.
    """
    known = [way[0] if ours else _by_method(way) for way in graph.ways]
    supposed = [_by_label(way) for way in graph.ways]
    own = [_not_ours(way[0]) for way in graph.ways]
    ops, end = list[str](), 0
    for node, number in enumerate(graph.way_of):
        start, end = end, end + graph.counts[node]
        if number < 0:
            ops.append("")
            continue
        inputs = graph.flat[start:end]
        name = known[number]
        if name == "pow" and isinstance(graph.nodes[inputs[1]], SimpleNamespace):
            name = "powc"  # its exponent is a plain number
        if not name:
            name = supposed[number]
            if not name or not _proven(OPS[name], [data[each] for each in inputs], data[node]):
                name = own[number]
        ops.append(name)
    return ops


def _by_method(way: Way) -> str:
    _, op, more, count = way
    return op if op in OPS and OPS[op].arity == count and not more else ""


def _by_label(way: Way) -> str:
    label, op, _, count = way
    name = op if op in OPS else MEANT.get(label, label)
    if count in (1, 2) and label in _SIGNS:
        name = _SIGNS[label][count - 1]
    return name if name in OPS and OPS[name].arity == count else ""


def _not_ours(label: str) -> str:
    """A label under which nobody takes it for an op of ours."""
    label = label or "?"
    return f"own {label}" if label in OPS else label


def _proven(op: Op, inputs: list[float], result: float) -> bool:
    a, b = inputs[0], inputs[-1]
    right = op.forward_function(a, b)
    return right == result or (math.isnan(right) and math.isnan(result)) or abs(right - result) <= CLOSE * abs(right)
