"""An engine that somebody wrote, behind one interface: found by itself in a mapping of names, such as a module's. Knows
names and how things are tried; must not know what is right.

The class is known by `__add__` and `__mul__`; everything else is found by asking it for small results.
"""

from __future__ import annotations

import builtins
import inspect
import operator
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ...records import record
from . import names
from .network import Network, find_network
from .reading import Reading

Make = Callable[[object], Any]
"""number -> a leaf."""


class NoEngineError(LookupError):
    """There is no class that can be used as an engine; the words say what there is instead."""


@record(eq=False)
class Adapter:
    """One engine: how leaves are made, nodes read and gradients filled in.

    Whatever the engine's own code raises goes through.
    """

    cls: type
    make: Make
    """number -> a leaf that has a gradient."""
    reading: Reading
    backward: Callable[[Any], object]
    """Fills in the gradients behind a node."""
    backward_name: str
    """What the engine calls it."""
    functions: Mapping[str, Callable[[Any], Any]]
    """relu, tanh, exp, … by `names.FUNCTIONS`: those that the engine has."""
    written: Mapping[str, Any]
    """What its author wrote for each function, for `parameters` and `zero_grad`, and as "" for `backward`."""
    network: Network | None
    """Its multi-layer perceptron."""

    @property
    def name(self) -> str:
        """The class's name."""
        return self.cls.__name__

    def data(self, node: object) -> float | complex:
        """The node's number."""
        return self.reading.data_of(node)

    def grad(self, node: object) -> float | complex:
        """The node's gradient."""
        return self.reading.grad_of(node)

    def inputs(self, node: object) -> tuple[Any, ...]:
        """What the node was made of, in order."""
        return self.reading.inputs_of(node)

    def graph(self, root: object) -> list[Any]:
        """Every node behind `root`, each after its inputs."""
        return self.reading.graph_of(root)

    def move(self, node: object, number: float) -> None:
        """Give a leaf another number, as `p.data -= …` does; an array stays an array."""
        held = getattr(node, self.reading.data)
        setattr(node, self.reading.data, number if isinstance(held, (int, float)) else held * 0 + number)

    def zero(self, nodes: Iterable[object]) -> None:
        """Set the gradient of each to 0, as `p.grad = 0` does; an array stays an array."""
        for node in nodes:
            grad = getattr(node, self.reading.grad)
            setattr(node, self.reading.grad, 0.0 if grad is None else grad * 0)


def adapt(found: Mapping[str, object], wanted: str | None = None) -> Adapter:
    """The engine among these names; `wanted` is the name of its class, if it is known.

    Raises:
        NoEngineError: there is none, or none of that name.
    """
    reasons = []
    for cls in classes(found, wanted):
        try:
            return _adapter(cls, found)
        except Exception as error:
            reasons.append(f"{cls.__name__}: {str(error) or type(error).__name__}")
    if reasons:
        raise NoEngineError("; ".join(reasons))
    raise NoEngineError(f"no class {wanted!r} with + and *" if wanted else "no class with + and *, such as Value")


_NUMBERS = (*(thing for thing in vars(builtins).values() if isinstance(thing, type)), Counter, Decimal, Fraction)
"""Classes of Python's own, which scripts import beside their engine."""


def classes(found: Mapping[str, object], wanted: str | None = None) -> list[type]:
    """The classes with `__add__` and `__mul__`, the likeliest first. Nothing is made of them."""
    able = {
        name: thing
        for name, thing in found.items()
        if isinstance(thing, type)
        and (name == wanted or wanted is None)
        and callable(getattr(thing, "__add__", None))
        and callable(getattr(thing, "__mul__", None))
        and thing not in _NUMBERS
    }
    likely = sorted(able, key=lambda name: (_place(name), backward_name(able[name]) is None))
    return list(dict.fromkeys(able[name] for name in likely))


def _place(name: str) -> int:
    return names.CLASSES.index(name) if name in names.CLASSES else len(names.CLASSES)


def backward_name(cls: type) -> str | None:
    """The method of `cls` that fills in gradients; None if it has none."""
    return next((name for name in names.BACKWARD if callable(getattr(cls, name, None))), None)


def _adapter(cls: type, found: Mapping[str, object]) -> Adapter:
    name, backward = _backward(cls, found)
    make = _constructor(cls, backward)
    reading = Reading.of(_result(make))
    functions, written = _functions(cls, found, make, reading)
    network = find_network(found, reading)
    written[""] = getattr(cls, name, None) or found.get(name)
    written |= {each: getattr(network.cls, each, None) for each in ("parameters", "zero_grad", "__call__") if network}
    return Adapter(cls, make, reading, backward, name, functions, written, network)


def _result(make: Make) -> object:
    """The result of an op, which shows where inputs are kept; a leaf where no op works."""
    a, b = make(3.0), make(2.0)
    for op in (operator.mul, operator.add):
        try:
            made: object = op(a, b)
        except Exception:
            continue
        if type(made) is type(a):
            return made
    return a


_EMPTY: Mapping[str, object] = {"grad": 0.0, "op": "", "label": "", "name": ""}


def _constructor(cls: type, backward: Callable[[Any], object]) -> Make:
    """How a leaf is made of a number: it is the one positional argument. Of an array it is, where only arrays work.

    Raises:
        NoEngineError: no way that was tried gives a node that holds the number.
    """
    demanded = _demanded(cls)
    make: Callable[..., Any] = cls
    ways: list[Make] = [
        lambda number: make(number, **demanded),
        lambda number: make([number], **demanded),
        lambda number: make([[number]], **demanded),
        lambda number: make(data=number, **demanded),
    ]
    holding = []
    reason = "it holds another number than it is given"
    for way in ways:
        try:
            leaf = way(3.0)
            if Reading.of(leaf).data_of(leaf) == 3.0:
                holding.append(way)
        except Exception as error:
            reason = str(error) or type(error).__name__
    if not holding:
        raise NoEngineError(f"cannot be made of a number: {reason}")
    return next((way for way in holding if _works(way, backward)), holding[0])


def _works(make: Make, backward: Callable[[Any], object]) -> bool:
    try:
        backward(make(3.0) * make(2.0))
    except Exception:
        return False
    return True


def _demanded(cls: type) -> dict[str, Any]:
    """What a constructor has to be told besides the number."""
    try:
        _, *rest = inspect.signature(cls).parameters.values()
    except (TypeError, ValueError):
        return {}
    told: dict[str, Any] = {}
    for each in rest:
        if each.kind in (each.VAR_POSITIONAL, each.VAR_KEYWORD, each.POSITIONAL_ONLY):
            continue
        wants_grad = "require" in each.name and "grad" in each.name
        if wants_grad or each.default is each.empty:
            told[each.name] = wants_grad or _EMPTY.get(each.name.strip("_"), ())
    return told


def _backward(cls: type, found: Mapping[str, object]) -> tuple[str, Callable[[Any], object]]:
    """What fills in gradients, and its name: a method, or a function of the last node.

    Raises:
        NoEngineError: there is neither.
    """
    name = backward_name(cls)
    if name is not None:
        needs = _required(getattr(cls, name)) > 1
        return name, lambda root: getattr(root, name)(1.0) if needs else getattr(root, name)()
    for name in names.BACKWARD:
        function = found.get(name)
        if inspect.isfunction(function):
            return name, function
    raise NoEngineError("has no backward()")


def _required(function: Callable[..., object]) -> int:
    """How many arguments have to be given."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return 1
    return sum(
        each.default is each.empty and each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)
        for each in parameters
    )


def _functions(
    cls: type, found: Mapping[str, object], make: Make, reading: Reading
) -> tuple[dict[str, Callable[[Any], Any]], dict[str, Any]]:
    functions: dict[str, Callable[[Any], Any]] = {}
    written: dict[str, Any] = {}
    for meant, spellings in names.FUNCTIONS.items():
        for name in spellings:
            function = _method(cls, name) or _function(found.get(name), make, reading)
            if function is not None:
                functions[meant] = function
                written[meant] = getattr(cls, name, None) or found.get(name)
                break
    return functions, written


def _method(cls: type, name: str) -> Callable[[Any], Any] | None:
    return (lambda node: getattr(node, name)()) if callable(getattr(cls, name, None)) else None


def _function(thing: object, make: Make, reading: Reading) -> Callable[[Any], Any] | None:
    """What is called on a node instead of being its method; `math.tanh` is no such function."""
    if not inspect.isfunction(thing) and not (isinstance(thing, type) and _required(thing) == 0):
        return None
    function: Callable[[Any], Any] = thing() if isinstance(thing, type) else thing
    try:
        known = reading.is_node(function(make(0.5)))
    except Exception as error:
        # Why it fails is for whoever calls it to find out.
        known = not isinstance(error, TypeError)
    return function if known else None
