"""Value: one scalar of an expression, with micrograd's API. Knows ops; must not know tapes, networks or training.

The operation and its ordered inputs are data: an expression can be inspected, recorded and freed at once. There are
no closures, no reference cycles and no recursion, so an expression may be a million operations deep. After Andrej
Karpathy's micrograd (https://github.com/karpathy/micrograd).
"""

from __future__ import annotations

import math
from typing import Any, SupportsIndex

from . import copying
from .ops.operation import Op
from .ops.table import OPS

_ADD, _SUB, _MUL, _DIV, _NEG = (OPS[name] for name in ("add", "sub", "mul", "div", "neg"))
_POW, _POWC = OPS["pow"], OPS["powc"]
_new = object.__new__


class Value:
    """A scalar: `data`, `grad` (∂root/∂self after `root.backward()`), and the op and inputs that made it.

    A leaf has `op` None. Arithmetic with plain numbers makes leaves of them; a plain number as an exponent is a
    constant, which is not differentiated.

    Raises:
        TypeError: `data` is no number.
    """

    __slots__ = ("a", "b", "data", "grad", "label", "op")

    def __init__(self, data: float, label: str = "") -> None:
        try:
            self.data = float(data * 1.0)  # `float` alone would read text
        except OverflowError:
            self.data = math.inf if data > 0 else -math.inf
        except TypeError:
            raise TypeError(f"a Value is made of a number, not of {type(data).__name__}") from None
        self.grad = 0.0
        self.op: Op | None = None
        self.a: Value | None = None
        self.b: Value | None = None
        self.label = label

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
            op, a, b = node.op, node.a, node.b
            if op is None or a is None:
                continue
            x, y, grad = a.data, node.data, node.grad
            if b is None:
                (along_a,) = op.backward_functions
                if along_a is not None:
                    a.grad += along_a(x, x, y) * grad
                continue
            z = b.data
            along_a, along_b = op.backward_functions
            if along_a is not None:
                a.grad += along_a(x, z, y) * grad
            if along_b is not None:
                b.grad += along_b(x, z, y) * grad

    def __repr__(self) -> str:
        return f"Value(data={self.data}, grad={self.grad})"

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        """How to copy and how to pickle it: with its whole expression, which may be of any depth."""
        reduced: Any = super().__reduce_ex__(max(2, int(protocol)))  # below 2 there is nothing for slots
        if self.op is None or copying.in_order.get():
            return reduced
        return copying.after(topological_order(self)[:-1], reduced)


def apply(op: Op, a: Value, b: Value | None = None) -> Value:
    """The Value that `op` makes of its inputs."""
    made = _new(Value)
    x = a.data
    made.data = op.forward_function(x, x if b is None else b.data)
    made.grad = 0.0
    made.op = op
    made.a = a
    made.b = b
    made.label = ""
    return made


def topological_order(root: Value, seen: set[Value] | None = None) -> list[Value]:
    """Every node behind `root`, each after its inputs, inputs from left to right.

    Nodes in `seen` are left out, and those found are added to it. It is iterative: an expression may be of any depth.
    """
    order: list[Value] = []
    seen = set() if seen is None else seen
    stack: list[Value | None] = [root]
    while stack:
        node = stack.pop()
        if node is None:  # all inputs of the node below are in order now
            finished = stack.pop()
            assert finished is not None
            order.append(finished)
        elif node not in seen:
            seen.add(node)
            if node.op is None:
                order.append(node)
                continue
            stack.append(node)
            stack.append(None)
            if node.b is not None:
                stack.append(node.b)
            stack.append(node.a)
    return order


def _with_number(op: Op, a: Value, number: float) -> Value:
    """The Value that `op` makes of a Value and a number; NotImplemented where it is none."""
    try:
        b = Value(number)
    except TypeError:
        return NotImplemented  # type: ignore[no-any-return]
    return apply(op, a, b)


def _of_number(op: Op, number: float, b: Value) -> Value:
    """The Value that `op` makes of a number and a Value; NotImplemented where it is none."""
    try:
        a = Value(number)
    except TypeError:
        return NotImplemented  # type: ignore[no-any-return]
    return apply(op, a, b)
