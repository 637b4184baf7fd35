"""Reads the graph behind a node: which nodes, made how, of what, in order. Knows what was watched and how a node is
read; must not know names of variables, nor what becomes of a graph.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from itertools import accumulate
from operator import attrgetter
from types import CodeType, SimpleNamespace
from typing import Any, NamedTuple

from chainstep.engine import Value
from chainstep.engine.training.recorded.graph import LARGEST
from chainstep.engine.verify.adapter import Reading, UnreadableError

from .watching import Made, Watch

BINARY = ("add", "sub", "mul", "div", "pow", "max", "min")

Inputs = tuple[Any, ...]
"""Nodes, or their ids."""

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

    def arranged(self, order: Sequence[int]) -> Graph:
        """The same with its nodes in another order, which has each after its inputs, too."""
        places = array("i", bytes(array("i").itemsize * len(order)))
        for place, position in enumerate(order):
            places[position] = place
        starts = [0, *accumulate(self.counts)]
        return Graph(
            nodes=[self.nodes[each] for each in order],
            ways=self.ways,
            way_of=array("i", [self.way_of[each] for each in order]),
            counts=array("i", [self.counts[each] for each in order]),
            flat=array("i", [places[k] for each in order for k in self.flat[starts[each] : starts[each + 1]]]),
            place_of=array("i", [self.place_of[each] for each in order]),
            unit_of=array("i", [self.unit_of[each] for each in order]),
            units=self.units,
            positions={key: places[position] for key, position in self.positions.items()},
        )


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
        self._classes = {type(root)}
        """Of nodes that were met."""
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
        positions = None
        if all(key in made for key in results):
            positions = _in_order(sorted(results, key=lambda key: made[key][0]), inputs)
        if not positions or positions[id(root)] < len(nodes) - 1:
            positions = _depth_first(id(root), inputs)
        return self._graph(positions, nodes, inputs)

    def _reached(self, root: Any) -> tuple[dict[int, Any], dict[int, Inputs]]:
        """Every node behind `root` by its id, and the ids of the inputs of each."""
        made, nodes, inputs = self._watch.made, dict[int, Any](), dict[int, Inputs]()
        held, slow, classes = self._held, self.reading.inputs_of, self._classes
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
                    if child.__class__ not in classes and not self._is_node(child):  # a number, say
                        children = slow(node)
                        break
            except (AttributeError, TypeError):  # None, say, in a leaf
                children = slow(node)
            if not children:
                inputs[key] = ()
                continue
            found = made.get(key)
            ordered = None if found is None else self._ordered(found, children, nodes, inputs)
            if ordered is None:
                made.pop(key, None)  # it was of a node that has gone
                children = slow(node)
                ordered = tuple(map(id, children))
            inputs[key] = ordered
            stack.extend(children)
            if len(nodes) > LARGEST:
                raise TooLargeError(f"a graph of more than {LARGEST:,} nodes is not read")
        return nodes, inputs

    def _is_node(self, thing: Any) -> bool:
        if not self.reading.is_node(thing):
            return False
        self._classes.add(type(thing))
        return True

    def _ordered(self, made: Made, children: Inputs, nodes: dict[int, Any], inputs: dict[int, Inputs]) -> Inputs | None:
        """The inputs in the order of the op, by ids; None if what was watched is not of this node.

        A plain number of which the class has made no node becomes a leaf.
        """
        _, how, first, second, number, *_ = made
        method = self._watch.methods[how]
        keys = {id(child) for child in children}
        if first not in keys:
            return None
        keys.remove(first)
        if second in keys and not number:
            keys.remove(second)
        elif len(keys) == 1:  # a plain number, of which the class has made a node
            second = keys.pop()
        elif number and method.op in BINARY:
            leaf = SimpleNamespace(**{self.reading.data: second, self.reading.grad: 0.0})
            second = id(leaf)
            nodes[second], inputs[second] = leaf, ()
        elif second != first or number:
            second = None
        if keys:
            return None
        if second is None:
            return (first,)
        return (second, first) if method.reflected else (first, second)

    def _graph(self, positions: dict[int, int], nodes: dict[int, Any], inputs: dict[int, Inputs]) -> Graph:
        made, methods, places, label = self._watch.made, self._watch.methods, self._watch.places, self._label
        ways, units, seen = dict[Way, int](), {0: 0}, dict[object, tuple[int, int]]()
        way_of, place_of, unit_of = array("i"), array("i"), array("i")
        laid = [nodes[key] for key in positions]
        for key, node in zip(positions, laid, strict=True):
            count, found = len(inputs[key]), made.get(key)
            if not count or found is None:
                born = self._watch.born.get(key)
                way_of.append(ways.setdefault(_by_function(label(node), born, count), len(ways)) if count else -1)
                place_of.append(-1 if born is None else places.number(*born))
                unit_of.append(0)
                continue
            _, how, _, _, number, code, offset, scope, _ = found
            sign = label(node), how, number, count, id(code), offset
            known = seen.get(sign)
            if known is None:  # most nodes are made as one before them was
                method = methods[how]
                way = (sign[0] or method.name, method.op, number and method.op not in BINARY, count)
                place = -1 if code is None else places.number(code, offset)
                known = seen[sign] = ways.setdefault(way, len(ways)), place
            way_of.append(known[0])
            place_of.append(known[1])
            unit_of.append(units.setdefault(scope, len(units)))
        counts = array("i", [len(inputs[key]) for key in positions])
        flat = array("i", [positions[each] for key in positions for each in inputs[key]])
        return Graph(laid, list(ways), way_of, counts, flat, place_of, unit_of, units, positions)


def given_to(watch: Watch, graph: Graph) -> dict[int, str]:
    """The variable that each node was given to when it was made, by the node's position.

    A call, as that of `sum`, may make several nodes at one place: then it is the one of which none of them is made.
    """
    starts = [0, *accumulate(graph.counts)]
    found: dict[int, str] = {}
    called: dict[tuple[str, int, int, int], list[int]] = {}
    for key, position in graph.positions.items():
        made = watch.made.get(key)
        if made is None or not graph.counts[position] or made[5] is None or not made[8]:
            continue
        variable = watch.places.variable(made[5], made[6])
        if variable is None:
            continue
        name, call = variable
        if call:
            called.setdefault((name, id(made[5]), made[6], made[7]), []).append(position)
        else:
            found[position] = name
    for (name, *_), positions in called.items():
        used = {each for position in positions for each in graph.flat[starts[position] : starts[position + 1]]}
        last = [position for position in positions if position not in used]
        if len(last) == 1:
            found[last[0]] = name
    return found


def _by_function(label: str, born: tuple[CodeType, int] | None, count: int) -> Way:
    """How a node was made by a function that calls the class, as `tanh(v)`."""
    return (label or ("" if born is None else born[0].co_name.strip("<>")), "", False, count)


def _in_order(results: Sequence[int], inputs: dict[int, Inputs]) -> dict[int, int] | None:
    """Positions of all nodes, by ids: the results in this order, each leaf before the first that uses it; None if one
    of them would stand before its inputs.
    """
    positions: dict[int, int] = {}
    for key in results:
        for each in inputs[key]:
            if each not in positions:
                if inputs[each]:
                    return None
                positions[each] = len(positions)
        positions[key] = len(positions)
    return positions


def _depth_first(root: int, inputs: dict[int, Inputs]) -> dict[int, int]:
    """Positions of all nodes, by ids: each after its inputs, inputs from left to right."""
    positions, seen, stack = dict[int, int](), set[int](), [(root, False)]
    while stack:
        key, finished = stack.pop()
        if finished:
            positions[key] = len(positions)
        elif key not in seen:
            seen.add(key)
            stack.append((key, True))
            stack.extend((each, False) for each in reversed(inputs[key]))
    return positions


def _real(read: Callable[[Any], float | complex], node: Any) -> float:
    try:
        held = read(node)
    except (UnreadableError, AttributeError):
        return float("nan")
    return held if isinstance(held, float) else float("nan")
