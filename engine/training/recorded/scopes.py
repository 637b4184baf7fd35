"""How the ops of a graph are grouped, so that a long one can be folded and stepped over: by the calls of the script's
modules, else by its lines. Knows graphs; must not know tapes, listings or the screen.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import groupby

from ...autograd.tape import Scope
from ...records import record
from .graph import Graph, Place

FEW = 60
"""Ops that are listed without groups, unless they were made by modules."""

_MANY = 100
"""Ops of one line that stand in one group."""


@record(eq=False)
class Groups:
    """The groups of a graph's ops, one inside another: what a network's layers and neurons are."""

    scopes: Sequence[Scope]
    """Of each node; layers and neurons count the outer and inner groups from 1."""
    names: Mapping[tuple[int | None, int | None], str]
    """What an outer group, which has no neuron, or an inner one is called."""

    def short(self, name: str, scope: Scope) -> str:
        """A name without the module's that its group is of: its place has said that already."""
        unit = self.names.get(scope)
        return name.replace(f"{unit}.", "") if unit else name


def groups(graph: Graph, places: Sequence[Place]) -> Groups:
    """The groups of a graph's ops. Ops next to one another are in one outer group if one outermost call made them or,
    where no module did, one line; and in one inner group if one module did.
    """
    results = [node for node, op in enumerate(graph.ops) if op]
    if len(results) <= FEW and not any(graph.units):
        return Groups([Scope()] * len(graph), {})
    scopes, names = [Scope()] * len(graph), dict[tuple[int | None, int | None], str]()
    outer = 0
    for _, ran in groupby(results, key=lambda node: _outer(graph, node)):
        outer, run = outer + 1, list(ran)
        call, _ = _unit(graph, run[0])
        names[Scope(outer)] = f"call {call}" if call else _line(graph, places, run[0])
        inner = 0
        for name, ran_inside in groupby(run, key=lambda node: _unit(graph, node)[1]):
            inside = list(ran_inside)
            for start in range(0, len(inside), _MANY):
                inner, part = inner + 1, inside[start : start + _MANY]
                named = name or _line(graph, places, part[0])
                names[Scope(outer, inner)] = named
                for node in part:
                    scopes[node] = Scope(outer, inner)
    return Groups(scopes, names)


def _unit(graph: Graph, node: int) -> tuple[int, str]:
    return graph.unit_names[graph.units[node]] if graph.units else (0, "")


def _outer(graph: Graph, node: int) -> Hashable:
    call, _ = _unit(graph, node)
    return (call, None) if call else (0, graph.places[node])


def _line(graph: Graph, places: Sequence[Place], node: int) -> str:
    place = graph.places[node]
    return places[place].name if place >= 0 else "nowhere known"
