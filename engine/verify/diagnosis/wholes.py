"""The ways in which people go about `backward()`, other than from the root on in topological order. Knows models; must
not know ops.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from .model import Node, Whole, topological

Inputs = Callable[[Node], tuple[Node, ...]]

_MOST = 3_000
"""Steps of an order that takes a node again and again, after which it is given up."""


def _forwards(root: Node, inputs: Inputs) -> list[Node]:
    return topological(root, inputs)[::-1]


def _root_then_forwards(root: Node, inputs: Inputs) -> list[Node]:
    return [root, *_forwards(root, inputs)[:-1]]


def _depth_first(root: Node, inputs: Inputs) -> list[Node]:
    order: list[Node] = []
    seen: set[int] = set()

    def visit(node: Node) -> None:
        if id(node) not in seen:
            seen.add(id(node))
            order.append(node)
            for child in inputs(node):
                visit(child)

    visit(root)
    return order


def _breadth_first(root: Node, inputs: Inputs) -> list[Node]:
    order, seen = [root], {id(root)}
    for node in order:
        for child in inputs(node):
            if id(child) not in seen:
                seen.add(id(child))
                order.append(child)
    return order


def _again_breadth_first(root: Node, inputs: Inputs) -> list[Node]:
    order = [root]
    for node in order:
        if len(order) < _MOST:
            order.extend(inputs(node))
    return order


def _again_depth_first(root: Node, inputs: Inputs) -> list[Node]:
    order: list[Node] = []

    def visit(node: Node) -> None:
        order.append(node)
        if len(order) < _MOST:
            for child in inputs(node):
                visit(child)

    visit(root)
    return order


def _again_topological(root: Node, inputs: Inputs) -> list[Node]:
    order: list[Node] = []

    def visit(node: Node) -> None:
        if len(order) < _MOST:
            for child in inputs(node):
                visit(child)
        order.append(node)

    visit(root)
    return order[::-1]


def _root_alone(root: Node, inputs: Inputs) -> list[Node]:
    return [root]


def _without_root(root: Node, inputs: Inputs) -> list[Node]:
    return topological(root, inputs)[1:]


def _clipped(limit: float, number: float) -> float:
    return max(-limit, min(limit, number))


def _cut(number: float) -> float:
    return int(number) if math.isfinite(number) else number


def _rounded(digits: int, number: float) -> float:
    return round(number, digits)


LIMITS = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Bounds that people give to numbers."""

_NOT_TOPOLOGICAL = "a node's chain rule is run before all of its gradient has arrived: the order is not topological"
_ALL_ONE = "every node's gradient is set to 1, not that of the last node alone"
_TWICE = "a node that is used twice is visited twice: there is no set of visited nodes"
_AGAIN = "a node is visited again on each path to it, with all of its gradient"

WHOLES = (
    Whole("other", "the last node's gradient is not set to 1 to begin with", topological, lambda root: 0.0),
    Whole("order", "the nodes are visited from the inputs on: `reversed` is missing", _forwards),
    Whole("order", "the nodes but the last are visited from the inputs on", _root_then_forwards),
    Whole("order", _NOT_TOPOLOGICAL, _depth_first),
    Whole("order", _NOT_TOPOLOGICAL, _breadth_first),
    *(Whole("order", _TWICE, _again_topological, once=once) for once in (False, True)),
    *(Whole("order", _AGAIN, _again_depth_first, once=once) for once in (False, True)),
    *(Whole("order", _AGAIN, _again_breadth_first, once=once) for once in (False, True)),
    Whole("order", "the chain rule is run for the last node alone", _root_alone),
    Whole("order", "the last node's own chain rule is left out", _without_root),
    Whole("data-for-grad", "the last node's gradient begins as its data, not as 1", topological, lambda n: n.data),
    Whole("sign", "the last node's gradient begins as −1, not as 1", topological, lambda root: -1.0),
    *(Whole("zeroing", _ALL_ONE, order, seeds_all=True) for order in (topological, _again_depth_first, _depth_first)),
    *(
        Whole("clamped", f"every gradient is clipped to ±{limit:g}", topological, turn=partial(_clipped, limit))
        for limit in LIMITS
    ),
    Whole("integer", "numbers are kept as integers: int() cuts off what is behind the point", topological, keeps=_cut),
    *(
        Whole("other", f"numbers are rounded to {digits} decimals", topological, keeps=partial(_rounded, digits))
        for digits in range(1, 7)
    ),
)
"""By preference where their numbers are the same."""
