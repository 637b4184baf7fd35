"""The groups of a long graph: calls of modules, else lines. Must not know listings."""

from __future__ import annotations

from chainstep.engine.autograd.tape import Scope
from chainstep.engine.training.recorded.graph import Graph, Place
from chainstep.engine.training.recorded.scopes import groups

PLACES = [Place(1, "y = f(x)"), Place(2, "z = g(y)")]


def chain(places: list[int], units: list[int] | tuple[()] = (), names: list[tuple[int, str]] | tuple[()] = ()) -> Graph:
    """A leaf, and then one negation after the other."""
    n = len(places)
    ops, inputs = ["", *["neg"] * n], [(), *((k,) for k in range(n))]
    return Graph(ops, inputs, [""] * (n + 1), [-1, *places], (), [0, *units] if units else (), names)


def test_a_short_graph_is_not_grouped() -> None:
    made = groups(chain([0, 1]), PLACES)
    assert ([*made.scopes], made.names) == ([Scope()] * 3, {})


def test_calls_of_modules_are_groups_of_their_units() -> None:
    made = groups(chain([0] * 6, [1, 1, 2, 3, 0, 0], [(0, ""), (1, "L1.n1"), (1, "L1.n2"), (2, "L1.n1")]), PLACES)
    assert made.scopes[1:] == [Scope(1, 1), Scope(1, 1), Scope(1, 2), Scope(2, 1), Scope(3, 1), Scope(3, 1)]
    assert made.names == {
        Scope(1): "call 1",
        Scope(1, 1): "L1.n1",
        Scope(1, 2): "L1.n2",
        Scope(2): "call 2",
        Scope(2, 1): "L1.n1",
        Scope(3): "line 1",
        Scope(3, 1): "line 1",
    }


def test_without_modules_lines_are_groups_and_many_ops_of_one_are_parted() -> None:
    made = groups(chain([0] * 150 + [1]), PLACES)
    assert made.names == {
        Scope(1): "line 1",
        Scope(1, 1): "line 1",
        Scope(1, 2): "line 1",
        Scope(2): "line 2",
        Scope(2, 1): "line 2",
    }
