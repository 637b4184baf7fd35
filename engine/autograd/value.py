"""Value: one scalar of an expression, with micrograd's API. Knows ops; must not know tapes, networks or training.

The operation and its ordered inputs are data: an expression can be inspected, recorded and freed at once. There are
no closures, no reference cycles and no recursion, so an expression may be a million operations deep. After Andrej
Karpathy's micrograd (https://github.com/karpathy/micrograd).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Self, SupportsIndex

from . import copying
from .hand_made import HandMade
from .ops.operation import Op
from .ops.table import OPS

_ADD, _SUB, _MUL, _DIV, _NEG = (OPS[name] for name in ("add", "sub", "mul", "div", "neg"))
_POW, _POWC = OPS["pow"], OPS["powc"]
_new = object.__new__


class Value:
    """A scalar: `data`, `grad` (∂root/∂self after `root.backward()`), and the op and inputs that made it.

    A leaf has `op` None, and room for attributes of one's own, which what an op makes has not: it stays light, 112
    bytes. Arithmetic with plain numbers makes leaves of them; a plain number as an exponent is a constant, which is not
    differentiated. A subclass survives: what an op makes of its Values is one too, made without its `__init__`.

    `_children` and `_op` make a node by hand, as the lecture does: its chain rule is what is set as its `_backward`.

    Raises:
        TypeError: `data` is no number, or a child no Value.
    """

    __slots__ = ("a", "b", "data", "grad", "label", "op")

    def __new__(cls, *arguments: object, **named: object) -> Self:
        return _new(_Leaf if cls is Value else cls)  # type: ignore[return-value]

    def __init__(self, data: float, _children: Iterable[Value] = (), _op: str = "", label: str = "") -> None:
        self.data = data if type(data) is float else _number(data)
        self.grad = 0.0
        self.op: Op | None = None
        self.a: Value | None = None
        self.b: Value | None = None
        self.label = label
        if _children or _op:
            self._by_hand(tuple(_children), _op)

    def _by_hand(self, children: tuple[Value, ...], symbol: str) -> None:
        if len(children) > 2 or not all(isinstance(child, Value) for child in children):
            raise TypeError("a Value is made of one or two Values: its name is label=, and more of them are nested")
        self.op = HandMade.of(symbol, len(children))
        self.a, self.b = (*children, None, None)[:2]

    @property
    def inputs(self) -> tuple[Value, ...]:
        """The inputs of the op, in order; `a + a` has the same one twice."""
        return tuple(value for value in (self.a, self.b) if value is not None)

    # What code that was written for micrograd, such as the lecture's draw_dot, reads of a node.

    @property
    def _prev(self) -> set[Value]:
        return set(self.inputs)

    @property
    def _op(self) -> str:
        return "" if self.op is None else self.op.symbol

    @property
    def _backward(self) -> Callable[[], None]:
        """What adds this node's share to the `grad` of its inputs; of a leaf it does nothing."""
        return _nothing if self.op is None else partial(self.op.chain_rule, self)

    @_backward.setter
    def _backward(self, function: Callable[[], None]) -> None:
        self.op = HandMade.of(self._op, len(self.inputs), function)

    def __add__(self, other: Value | float) -> Value:
        return apply(_ADD, self, other) if isinstance(other, Value) else _with_number(_ADD, self, other)

    def __sub__(self, other: Value | float) -> Value:
        return apply(_SUB, self, other) if isinstance(other, Value) else _with_number(_SUB, self, other)

    def __mul__(self, other: Value | float) -> Value:
        return apply(_MUL, self, other) if isinstance(other, Value) else _with_number(_MUL, self, other)

    def __truediv__(self, other: Value | float) -> Value:
        return apply(_DIV, self, other) if isinstance(other, Value) else _with_number(_DIV, self, other)

    def __pow__(self, other: Value | float) -> Value:
        return apply(_POW, self, other) if isinstance(other, Value) else _with_number(_POWC, self, other)

    def __radd__(self, other: float) -> Value:
        return _of_number(_ADD, other, self)

    def __rsub__(self, other: float) -> Value:
        return _of_number(_SUB, other, self)

    def __rmul__(self, other: float) -> Value:
        return _of_number(_MUL, other, self)

    def __rtruediv__(self, other: float) -> Value:
        return _of_number(_DIV, other, self)

    def __rpow__(self, other: float) -> Value:
        return _of_number(_POW, other, self)

    def __neg__(self) -> Value:
        return apply(_NEG, self)

    def __pos__(self) -> Self:
        return self

    def __abs__(self) -> Value:
        """|self|; its gradient at 0 is 0."""
        return apply(OPS["abs"], self)

    def max(self, other: Value | float) -> Value:
        """The larger of self and other; of two equal ones, the gradient goes to self."""
        return apply(OPS["max"], self, other if isinstance(other, Value) else Value(other))

    def min(self, other: Value | float) -> Value:
        """The smaller of self and other; of two equal ones, the gradient goes to self."""
        return apply(OPS["min"], self, other if isinstance(other, Value) else Value(other))

    def relu(self) -> Value:
        """max(0, self)."""
        return apply(OPS["relu"], self)

    def leaky_relu(self) -> Value:
        """self where it is above 0, else 0.01·self, as PyTorch's default (Maas et al. 2013)."""
        return apply(OPS["leaky_relu"], self)

    def elu(self) -> Value:
        """self where it is above 0, else e^self − 1 (Clevert et al. 2016, with α = 1)."""
        return apply(OPS["elu"], self)

    def gelu(self) -> Value:
        """self·Φ(self), exact and not by tanh (Hendrycks & Gimpel 2016)."""
        return apply(OPS["gelu"], self)

    def silu(self) -> Value:
        """self·sigmoid(self), also called swish (Elfwing et al. 2018)."""
        return apply(OPS["silu"], self)

    def softplus(self) -> Value:
        """log(1 + e^self) without overflow: a smooth ReLU."""
        return apply(OPS["softplus"], self)

    def tanh(self) -> Value:
        """Hyperbolic tangent."""
        return apply(OPS["tanh"], self)

    def exp(self) -> Value:
        """e to the power of self."""
        return apply(OPS["exp"], self)

    def log(self) -> Value:
        """Natural logarithm."""
        return apply(OPS["log"], self)

    def sqrt(self) -> Value:
        """Square root: nan of a negative; its gradient at 0 is inf."""
        return apply(OPS["sqrt"], self)

    def sin(self) -> Value:
        """Sine of self in radians."""
        return apply(OPS["sin"], self)

    def cos(self) -> Value:
        """Cosine of self in radians."""
        return apply(OPS["cos"], self)

    def sigmoid(self) -> Value:
        """1 / (1 + e^−self)."""
        return apply(OPS["sigmoid"], self)

    def step(self) -> Value:
        """1 where self > 0, else 0: the perceptron's decision. Its gradient is 0 everywhere."""
        return apply(OPS["step"], self)

    def backward(self) -> None:
        """Add ∂self/∂node to the `grad` of every node behind self, after setting self.grad to 1.

        Gradients add up until they are set to 0, as in micrograd.
        """
        order = topological_order(self)
        self.grad = 1.0
        for node in reversed(order):
            if node.op is not None:
                node.op.chain_rule(node)

    # Order is that of the data. Equality stays identity: graphs are walked with sets of nodes.

    def __lt__(self, other: Value | float) -> bool:
        return self.data < (other.data if isinstance(other, Value) else other)

    def __le__(self, other: Value | float) -> bool:
        return self.data <= (other.data if isinstance(other, Value) else other)

    def __gt__(self, other: Value | float) -> bool:
        return self.data > (other.data if isinstance(other, Value) else other)

    def __ge__(self, other: Value | float) -> bool:
        return self.data >= (other.data if isinstance(other, Value) else other)

    def __float__(self) -> float:
        return float(self.data)

    def __format__(self, spec: str) -> str:
        """The data by `spec`, as `f"{loss:.4f}"`; without one as `repr`."""
        return format(self.data, spec) if spec else repr(self)

    def __repr__(self) -> str:
        return f"Value(data={self.data}, grad={self.grad})"

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        """How to copy and how to pickle it: with its whole expression, which may be of any depth."""
        reduced: Any = super().__reduce_ex__(max(2, int(protocol)))  # below 2 there is nothing for slots
        if type(self) in (Value, _Leaf):
            reduced = (_blank, (type(self) is _Leaf,), *reduced[2:])
        if self.op is None or copying.in_order.get():
            return reduced
        return copying.after(topological_order(self)[:-1], reduced)


class _Leaf(Value):
    """What `Value(3)` is: room for attributes of one's own costs memory and time, which only leaves can spare."""

    __slots__ = ("__dict__",)


_Leaf.__name__ = _Leaf.__qualname__ = "Value"  # which it is, to whoever reads an error


def _blank(leaf: bool) -> Value:
    """One to be filled with what was copied or pickled."""
    return _new(_Leaf if leaf else Value)


def apply(op: Op, a: Value, b: Value | None = None) -> Value:
    """The Value that `op` makes of its inputs."""
    kind, x = type(a), a.data
    if kind is _Leaf:
        kind = Value
    if b is None:
        made = _new(kind)
        made.data = op.forward_function(x, x)
    else:
        other = type(b)
        if other is not kind and other is not _Leaf:
            kind = _common(kind, other)
        made = _new(kind)
        made.data = op.forward_function(x, b.data)
    made.grad = 0.0
    made.op = op
    made.a = a
    made.b = b
    made.label = ""
    return made


def _common(left: type[Value], right: type[Value]) -> type[Value]:
    """The class of what is made of two Values: the left one's, or the right one's if that is a subclass of it."""
    return right if issubclass(right, left) else left


def _nothing() -> None:
    """What backward does in a leaf."""


def topological_order(root: Value, seen: set[Value] | None = None) -> list[Value]:
    """Every node behind `root`, each after its inputs, inputs from left to right.

    Nodes in `seen` are left out, and those found are added to it. It is iterative: an expression may be of any depth.
    """
    order: list[Value] = []
    seen = set() if seen is None else seen
    above: list[Value | None] = []
    """Results on the way down to `node`: those whose left input is looked into, and behind a None those whose right."""
    node = root
    while True:
        while node not in seen:
            seen.add(node)
            if node.a is None:
                order.append(node)
            else:
                above.append(node)
                node = node.a
        while True:
            if not above:
                return order
            result = above.pop()
            if result is None:
                finished = above.pop()
                assert finished is not None
                order.append(finished)
                continue
            right = result.b
            if right is None or right in seen:
                order.append(result)
                continue
            above += (result, None)
            node = right
            break


def _number(data: Any) -> float:
    """A number of any kind as a float.

    Raises:
        TypeError: it is none.
    """
    try:
        if isinstance(data, Value):
            raise TypeError
        return float(data * 1.0)  # `float` alone would read text
    except OverflowError:
        return math.inf if data > 0 else -math.inf
    except TypeError:
        raise TypeError(f"a Value is made of a number, not of {type(data).__name__}") from None


def _constant(number: float, beside: Value) -> Value:
    """A plain number as a leaf beside a Value in an expression: it stays light.

    Raises:
        TypeError: it is none.
    """
    kind = type(beside)
    made = _new(Value if kind is _Leaf else kind)
    made.data = number if type(number) is float else _number(number)
    made.grad = 0.0
    made.op = made.a = made.b = None
    made.label = ""
    return made


def _with_number(op: Op, a: Value, number: float) -> Value:
    """The Value that `op` makes of a Value and a number; NotImplemented where it is none."""
    try:
        b = _constant(number, a)
    except TypeError:
        return NotImplemented  # type: ignore[no-any-return]
    return apply(op, a, b)


def _of_number(op: Op, number: float, b: Value) -> Value:
    """The Value that `op` makes of a number and a Value; NotImplemented where it is none."""
    try:
        a = _constant(number, b)
    except TypeError:
        return NotImplemented  # type: ignore[no-any-return]
    return apply(op, a, b)
