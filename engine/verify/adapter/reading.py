"""How a node of somebody's graph is read: its numbers, its inputs in order, its op. Knows nodes as they come; it makes
none, and must not know how one is made.

Nothing is asked of the class: two modules may each have a Value of their own, so a node is known by what it has.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from types import FunctionType
from typing import Any

from ...records import record
from . import names

_CONTAINERS = (tuple, list, set, frozenset)


class UnreadableError(TypeError):
    """What a node holds is not one number."""


@record
class Reading:
    """The names under which a node keeps what can be read of it; None for what it does not keep.

    `children` has one path to all inputs, or one to each. A path may go through another object: `_ctx.parents`.
    """

    data: str
    grad: str
    children: tuple[str, ...] = ()
    op: str | None = None
    label: str | None = None

    @classmethod
    def of(cls, node: object) -> Reading:
        """How to read `node` and its like. It is best an op's result: a leaf need not show where inputs would be.

        Raises:
            UnreadableError: it has no number, or no gradient, under any name that is known.
        """
        data, grad = _first(node, names.DATA), _first(node, names.GRAD)
        if data is None or grad is None:
            missing = "number" if data is None else "gradient"
            raise UnreadableError(
                f"{type(node).__name__} has no attribute for its {missing} (such as {_SAMPLES[missing]})"
            )
        children = _children(cls(data, grad), node)
        return cls(data, grad, children, _first(node, names.OPS), _first(node, names.LABELS))

    def is_node(self, thing: object) -> bool:
        """Whether it has what a node has."""
        return hasattr(thing, self.data) and hasattr(thing, self.grad) and not isinstance(thing, type)

    def data_of(self, node: object) -> float | complex:
        """The node's number.

        Raises:
            UnreadableError: it is not one number.
        """
        return number(getattr(node, self.data))

    def grad_of(self, node: object) -> float | complex:
        """The node's gradient; 0 where it has none yet.

        Raises:
            UnreadableError: it is not one number.
        """
        return number(getattr(node, self.grad))

    def inputs_of(self, node: object) -> tuple[Any, ...]:
        """What the node was made of, in order, an input that was used twice twice.

        A set has neither order nor doubles. There the closure that carries gradients back tells: its `self` is the
        first input.
        """
        held = [_follow(node, path) for path in self.children]
        found = tuple(child for each in held for child in _nodes(self, each))
        if found and isinstance(held[0], (set, frozenset)):
            return self._in_order(node, found)
        return found

    def _in_order(self, node: object, found: tuple[Any, ...]) -> tuple[Any, ...]:
        known = {id(child) for child in found}
        for closure in _closures(node):
            cells = dict(zip(closure.__code__.co_freevars, closure.__closure__ or (), strict=True))
            held = {name: content for name, cell in cells.items() if id(content := _content(cell)) in known}
            if {id(content) for content in held.values()} == known:
                return tuple(held[name] for name in sorted(held, key=lambda name: (name != "self", name)))
        return found

    def op_of(self, node: object) -> str:
        """The op's name as its author wrote it; "" for a leaf and where it is not kept."""
        held = None if self.op is None else getattr(node, self.op, None)
        if held is None or isinstance(held, str):
            return held or ""
        return str(getattr(held, "__name__", None) or type(held).__name__)

    def label_of(self, node: object) -> str:
        """The name that its author gave it; "" without one."""
        held = None if self.label is None else getattr(node, self.label, None)
        return held if isinstance(held, str) else ""

    def graph_of(self, root: object) -> list[Any]:
        """Every node behind `root`, each after its inputs. It is iterative: a graph may be of any depth."""
        order: list[Any] = []
        seen: set[int] = set()
        stack: list[tuple[Any, bool]] = [(root, False)]
        while stack:
            node, finished = stack.pop()
            if finished:
                order.append(node)
            elif id(node) not in seen:
                seen.add(id(node))
                stack.append((node, True))
                stack.extend((child, False) for child in reversed(self.inputs_of(node)))
        return order


_SAMPLES = {"number": ", ".join(names.DATA[:3]), "gradient": ", ".join(names.GRAD[:2])}


def number(held: Any) -> float | complex:
    """The one number that is held: a float, an int, an array or a list of one, a Value's own; 0 for None.

    Raises:
        UnreadableError: it is none, or more than one.
    """
    for _ in range(4):
        if held is None:
            return 0.0
        if isinstance(held, complex):
            return held
        if isinstance(held, (list, tuple)) and len(held) == 1:
            held = held[0]
        elif callable(item := getattr(held, "item", None)):
            try:
                held = item()
            except (TypeError, ValueError):
                break
        elif isinstance(held, (int, float)):
            return _float(held)
        elif (inner := _first(held, names.DATA)) is not None:
            held = getattr(held, inner)
        else:
            break
    try:
        return _float(held)
    except (TypeError, ValueError):
        raise UnreadableError(f"{type(held).__name__} is not one number") from None


def _float(held: Any) -> float:
    try:
        return float(held)
    except OverflowError:
        return math.inf if held > 0 else -math.inf


def _first(thing: object, known: Iterable[str]) -> str | None:
    """The first of the names that the thing has for what is no method."""
    return next((name for name in known if hasattr(thing, name) and not _is_method(thing, name)), None)


def _is_method(thing: object, name: str) -> bool:
    return isinstance(getattr(type(thing), name, None), FunctionType)


def _children(reading: Reading, node: object) -> tuple[str, ...]:
    """Where the inputs of `node` are: under a usual name, under any name, in an object of its own, or one by one.

    Of the usual names one that keeps an order is the best.
    """
    own = sorted(attributes(node), key=_place)
    inside = [f"{name}.{inner}" for name in own for inner in attributes(getattr(node, name)) if _usual(inner)]
    usual = [path for path in (*own, *inside) if _usual(path.rpartition(".")[2])]
    ordered = [path for path in usual if not isinstance(_follow(node, path), (set, frozenset))]
    for path in (*ordered, *usual, *own):
        held = _follow(node, path)
        # A list that has the node itself is of the whole graph.
        if isinstance(held, _CONTAINERS) and not any(each is node for each in held) and _nodes(reading, held):
            return (path,)
    return tuple(name for name in attributes(node) if reading.is_node(getattr(node, name)))


def _usual(name: str) -> bool:
    return name in names.CHILDREN


def _place(name: str) -> int:
    return names.CHILDREN.index(name) if _usual(name) else len(names.CHILDREN)


def attributes(thing: object) -> list[str]:
    """The names of what it keeps itself: in its dictionary, in slots, or as properties under a usual name."""
    found = list(getattr(thing, "__dict__", ()))
    for cls in type(thing).__mro__:
        slots = cls.__dict__.get("__slots__", ())
        found += [slots] if isinstance(slots, str) else [name for name in slots if not name.startswith("__")]
    found += [name for name in names.CHILDREN if isinstance(getattr(type(thing), name, None), property)]
    return [name for name in dict.fromkeys(found) if hasattr(thing, name)]


def _follow(node: object, path: str) -> object:
    held: object = node
    for name in path.split("."):
        held = getattr(held, name, None)
    return held


def _nodes(reading: Reading, held: object) -> tuple[Any, ...]:
    """The node, or the nodes, that are held; of pairs, such as (input, its derivative), the node in each."""
    if not isinstance(held, _CONTAINERS):
        return (held,) if reading.is_node(held) else ()
    flat = [next(filter(reading.is_node, each), None) if isinstance(each, (tuple, list)) else each for each in held]
    return tuple(each for each in flat if reading.is_node(each))


def _closures(node: object) -> list[FunctionType]:
    held = [getattr(node, name) for name in attributes(node)]
    return [each for each in held if isinstance(each, FunctionType) and each.__closure__]


def _content(cell: Any) -> object:
    try:
        return cell.cell_contents
    except ValueError:  # it is empty still
        return None
