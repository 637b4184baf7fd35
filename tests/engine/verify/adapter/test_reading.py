"""How nodes of other people's graphs are read. Knows shapes of nodes; computes nothing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from chainstep.engine import Value
from chainstep.engine.verify.adapter.reading import Reading, UnreadableError, number
from support.cases import each


class Leaf:
    """A node that holds what a test gives it, under the names that it gives."""

    def __init__(self, data: object = 1.0, **held: object) -> None:
        self.data = data
        self.grad = 0
        for name, part in held.items():
            setattr(self, name, part)


class OfOne:
    """An array of one number, as NumPy's is from outside."""

    def __init__(self, held: float) -> None:
        self.held = held

    def __str__(self) -> str:
        return f"item() of {self.held}"

    def item(self) -> float:
        return self.held


@each(
    ("held", "meant"),
    [(2, 2.0), (None, 0.0), (True, 1.0), (OfOne(2.5), 2.5), ([3.0], 3.0), (1j, 1j), (10**400, float("inf"))],
)
def test_one_number_is_read_of_whatever_holds_it(held: object, meant: float | complex) -> None:
    assert number(held) == meant


@each("held", [[1.0, 2.0], "much", {}])
def test_what_is_not_one_number_is_refused(held: object) -> None:
    with pytest.raises(UnreadableError, match="is not one number"):
        number(held)


A, B = Leaf(1.0), Leaf(2.0)


@each(
    ("held", "paths"),
    [
        ({"_prev": (A, B)}, ("_prev",)),
        ({"kids": [A, B]}, ("kids",)),
        ({"made_from": (A, B)}, ("made_from",)),
        ({"_prev": {A, B}, "args": (A, B)}, ("args",)),
        ({"_prev": ((A, 0.5), (B, 0.25))}, ("_prev",)),
        ({"left": A, "right": B}, ("left", "right")),
        ({"_ctx": SimpleNamespace(parents=(A, B))}, ("_ctx.parents",)),
    ],
)
def test_inputs_are_found_wherever_they_are_kept(held: dict[str, Any], paths: tuple[str, ...]) -> None:
    node = Leaf(3.0, **held)
    reading = Reading.of(node)

    assert reading.children == paths
    assert reading.inputs_of(node) == (A, B)
    assert reading.inputs_of(A) == ()


def test_the_list_of_a_whole_graph_is_no_list_of_inputs() -> None:
    node = Leaf(3.0)
    node.topo = [A, B, node]  # type: ignore[attr-defined]

    assert Reading.of(node).inputs_of(node) == ()


def test_a_set_of_inputs_gets_its_order_and_its_doubles_from_the_closure() -> None:
    def made(self: Leaf, other: Leaf) -> Leaf:
        out = Leaf(0.0, _prev={self, other})

        def _backward() -> None:
            other.grad += out.grad
            self.grad += out.grad

        out._backward = _backward  # type: ignore[attr-defined]
        return out

    for a, b in ((A, B), (B, A), (A, A)):
        node = made(a, b)
        assert Reading.of(node).inputs_of(node) == (a, b)


def test_a_graph_of_any_depth_is_read_inputs_first() -> None:
    root = Value(1.0)
    for _ in range(5_000):
        root = root + root
    reading = Reading.of(root)
    graph = reading.graph_of(root)

    assert len(graph) == 5_001
    assert graph[-1] is root
    assert [reading.op_of(node) for node in graph[:2]] == ["", "+"]


def test_what_has_no_gradient_is_no_node() -> None:
    with pytest.raises(UnreadableError, match="no attribute for its gradient"):
        Reading.of(SimpleNamespace(data=1.0))
