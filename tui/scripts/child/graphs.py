"""Reads the graph behind a node: which nodes, made how, of what, in order. Knows what was watched and how a node is
read; must not know names of variables, nor what becomes of a graph.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from operator import attrgetter
from types import SimpleNamespace
from typing import Any, NamedTuple

from chainstep.engine import Value
from chainstep.engine.verify.adapter import Reading, UnreadableError

from .watching import Made, Method, Watch

BINARY = ("add", "sub", "mul", "div", "pow", "max", "min")

LARGEST = 500_000
"""Nodes of a graph that is read."""

Inputs = tuple[Any, ...]

Way = tuple[str, str, bool, int]
"""How a node was made, as far as it tells its op: the author's label, our op by the method's name, whether the method
was given more than our op takes, and the number of inputs.
"""


class Graph(NamedTuple):
    """A graph as it stands: nodes after their inputs, the root last."""

    nodes: list[Any]
    """The script's own, and for numbers that are none something that has `data` and `grad` like one."""
    ways: list[Way]
    way_of: array[int]
    """-1 for a leaf."""
    counts: array[int]
    """How many inputs each node has."""
    flat: array[int]
    """The inputs of all nodes."""
    place_of: array[int]
    unit_of: array[int]
    """An index into `units`; 0 is the script itself."""
    units: dict[int, int]
    """An index by what `Watch.scopes` has, in the order in which nodes were made there."""
    positions: dict[int, int]
    """Of a node, by its id."""


class TooLargeError(ValueError):
    """A graph has more nodes than are read."""


class Reader:
    """Reads graphs of one class."""

    def __init__(self, watch: Watch, root: Any) -> None:
        """Raises UnreadableError: `root` has no number, or no gradient."""
        self.reading = reading = Reading.of(root)
        reading.data_of(root)
        self._watch = watch
        self._data, self._grad = attrgetter(reading.data), attrgetter(reading.grad)
        self._label: Callable[[Any], str] = reading.op_of
        self.ours = isinstance(root, Value)
        """It is our own engine's class, whose nodes know their op."""
        if self.ours:
            self._label = attrgetter("op.name")
        elif reading.op and isinstance(getattr(root, reading.op), str):
            self._label = attrgetter(reading.op)
        self._held: Callable[[Any], Any] | None = None
        if len(reading.children) == 1:
            self._held = attrgetter(reading.children[0])

    @property
    def complete(self) -> bool:
        """Whether it knows where inputs are kept; a leaf need not show it."""
        return bool(self.reading.children)

    def numbers(self, nodes: Sequence[Any]) -> array[float]:
        """The data of each node; nan where it is not one real number."""
        return self._each(self._data, nodes, self.reading.data_of)

    def gradients(self, nodes: Sequence[Any]) -> array[float]:
        """The gradient of each node."""
        return self._each(self._grad, nodes, self.reading.grad_of)

    def _each(
        self, get: Callable[[Any], Any], nodes: Sequence[Any], read: Callable[[Any], float | complex]
    ) -> array[float]:
        try:
            return array("d", map(get, nodes))
        except (TypeError, ValueError, OverflowError):
            return array("d", [_real(read, node) for node in nodes])

    def read(self, root: Any) -> Graph:
        """The graph behind `root`.

        Raises:
            TooLargeError: it has more than `LARGEST` nodes.
        """
        nodes, inputs = self._reached(root)
        made = self._watch.made
        results = [key for key, found in inputs.items() if found]
        graph = None
        if results and all(key in made for key in results):  # then in the order in which the script made them
            graph = self._put(sorted(results, key=lambda key: made[key][0]), nodes, inputs)
        if graph is None or graph.nodes[-1] is not root:
            graph = self._put(_depth_first(id(root), inputs), nodes, inputs)
        assert graph is not None
        return graph

    def _reached(self, root: Any) -> tuple[dict[int, Any], dict[int, Inputs]]:
        """Every node behind `root` by its id, and the inputs of each: ids, and numbers that are no nodes."""
        made, nodes, inputs = self._watch.made, dict[int, Any](), dict[int, Inputs]()
        held, slow = self._held, self.reading.inputs_of
        stack = [root]
        while stack:
            node = stack.pop()
            key = id(node)
            if key in nodes:
                continue
            nodes[key] = node
            try:
                children = slow(node) if held is None else held(node)
                for child in children:
                    if child.__class__ is not node.__class__:  # a number, say, which is no node
                        children = slow(node)
                        break
            except (AttributeError, TypeError):  # None, say, in a leaf
                children = slow(node)
            if not children:
                inputs[key] = ()
                made.pop(key, None)  # it was of a node that has gone
                continue
            ordered = _ordered(made.get(key), self._watch.methods, children)
            if ordered is None:
                made.pop(key, None)
                children = slow(node)
                ordered = tuple(map(id, children))
            inputs[key] = ordered
            stack.extend(children)
            if len(nodes) > LARGEST:
                raise TooLargeError(f"a graph of more than {LARGEST:,} nodes is not read")
        return nodes, inputs

    def _put(self, results: Sequence[int], nodes: dict[int, Any], inputs: dict[int, Inputs]) -> Graph | None:
        """The graph with its results in this order, each leaf before the first that uses it; None if one of them would
        stand before its inputs.
        """
        graph = Graph([], [], array("i"), array("i"), array("i"), array("i"), array("i"), {0: 0}, {})
        ways: dict[Way, int] = {}
        for key in results:
            used = []
            for each in inputs[key]:
                if each.__class__ is _Number:
                    used.append(self._put_number(graph, each))
                    continue
                position = graph.positions.get(each)
                if position is None:
                    if inputs[each]:
                        return None
                    position = self._put_leaf(graph, each, nodes[each])
                used.append(position)
            if not used:
                self._put_leaf(graph, key, nodes[key])
                continue
            self._put_result(graph, key, nodes[key], used, ways)
        graph.ways.extend(ways)
        return graph

    def _put_number(self, graph: Graph, number: _Number) -> int:
        leaf = SimpleNamespace()
        setattr(leaf, self.reading.data, number.number)
        setattr(leaf, self.reading.grad, 0.0)
        return self._put_leaf(graph, None, leaf)

    def _put_leaf(self, graph: Graph, key: int | None, node: Any) -> int:
        position = len(graph.nodes)
        graph.nodes.append(node)
        graph.way_of.append(-1)
        graph.counts.append(0)
        graph.unit_of.append(0)
        born = self._watch.born.get(key) if key is not None else None
        graph.place_of.append(-1 if born is None else self._watch.places.number(*born))
        if key is not None:
            graph.positions[key] = position
        return position

    def _put_result(self, graph: Graph, key: int, node: Any, used: list[int], ways: dict[Way, int]) -> None:
        made = self._watch.made.get(key)
        graph.positions[key] = len(graph.nodes)
        graph.nodes.append(node)
        label = self._label(node)
        if made is None:
            way = (label, "", False, len(used))
            born = self._watch.born.get(key)
            graph.place_of.append(-1 if born is None else self._watch.places.number(*born))
            graph.unit_of.append(0)
        else:
            _, how, _, _, number, code, offset, scope = made
            method = self._watch.methods[how]
            way = (label or method.name, method.op, number and method.op not in BINARY, len(used))
            graph.place_of.append(-1 if code is None else self._watch.places.number(code, offset))
            graph.unit_of.append(graph.units.setdefault(scope, len(graph.units)))
        graph.way_of.append(ways.setdefault(way, len(ways)))
        graph.counts.append(len(used))
        graph.flat.extend(used)


class _Number(NamedTuple):
    """A number among the inputs that is no node."""

    number: float


def _ordered(made: Made | None, methods: Sequence[Method], children: Inputs) -> Inputs | None:
    """The inputs in the order of the op, by ids; None if what was watched is not of this node."""
    if made is None:
        return None
    _, how, first, second, number, *_ = made
    method = methods[how]
    keys = {id(child) for child in children}
    if first not in keys:
        return None
    keys.discard(first)
    if not number and second in keys:
        other: Any = second
        keys.discard(second)
    elif not number and second == first:
        other = first
    elif len(keys) == 1:  # a plain number, of which the method made a node
        other = keys.pop()
    elif number and method.op in BINARY:
        other = _Number(second)  # type: ignore[arg-type]
    else:
        other = None
    if keys:
        return None
    if other is None:
        return (first,)
    return (other, first) if method.reflected else (first, other)


def _depth_first(root: int, inputs: dict[int, Inputs]) -> list[int]:
    """Ids of all nodes, each after its inputs, inputs from left to right."""
    order, seen, stack = list[int](), set[int](), [(root, False)]
    while stack:
        key, finished = stack.pop()
        if finished:
            order.append(key)
        elif key not in seen:
            seen.add(key)
            stack.append((key, True))
            stack.extend((each, False) for each in reversed(inputs[key]) if each.__class__ is not _Number)
    return order


def _real(read: Callable[[Any], float | complex], node: Any) -> float:
    try:
        held = read(node)
    except (UnreadableError, AttributeError):
        return float("nan")
    return held if isinstance(held, float) else float("nan")
