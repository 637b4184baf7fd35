"""Value: one scalar of an expression, with micrograd's API. Knows ops; must not know tapes, networks or training.

The operation and its ordered inputs are data: an expression can be inspected, recorded and freed at once. There are
no closures, no reference cycles and no recursion, so an expression may be a million operations deep. After Andrej
Karpathy's micrograd (https://github.com/karpathy/micrograd).
"""

from __future__ import annotations

from .operation import Op
from .ops import OPS

_ADD, _SUB, _MUL, _DIV, _NEG = (OPS[name] for name in ("add", "sub", "mul", "div", "neg"))
_POW, _POWC = OPS["pow"], OPS["powc"]
_new = object.__new__


class Value:
    """A scalar: `data`, `grad` (∂root/∂self after `root.backward()`), and the op and inputs that made it.

    A leaf has `op` None. Arithmetic with plain numbers makes leaves of them; a plain number as an exponent is a
    constant, which is not differentiated.
    """

    __slots__ = ("a", "b", "data", "grad", "label", "op")

    def __init__(self, data: float, label: str = "") -> None:
        self.data = float(data * 1.0)  # the product rejects what is no number, and keeps -0.0
        self.grad = 0.0
        self.op: Op | None = None
        self.a: Value | None = None
        self.b: Value | None = None
        self.label = label

    @property
    def inputs(self) -> tuple[Value, ...]:
        """The inputs of the op, in order; `a + a` has the same one twice."""
        return tuple(value for value in (self.a, self.b) if value is not None)

    def __add__(self, other: Value | float) -> Value:
        return apply(_ADD, self, _value(other))

    def __sub__(self, other: Value | float) -> Value:
        return apply(_SUB, self, _value(other))

    def __mul__(self, other: Value | float) -> Value:
        return apply(_MUL, self, _value(other))

    def __truediv__(self, other: Value | float) -> Value:
        return apply(_DIV, self, _value(other))

    def __pow__(self, other: Value | float) -> Value:
        return apply(_POW if isinstance(other, Value) else _POWC, self, _value(other))

    def __radd__(self, other: float) -> Value:
        return apply(_ADD, Value(other), self)

    def __rsub__(self, other: float) -> Value:
        return apply(_SUB, Value(other), self)

    def __rmul__(self, other: float) -> Value:
        return apply(_MUL, Value(other), self)

    def __rtruediv__(self, other: float) -> Value:
        return apply(_DIV, Value(other), self)

    def __rpow__(self, other: float) -> Value:
        return apply(_POW, Value(other), self)

    def __neg__(self) -> Value:
        return apply(_NEG, self)

    def __abs__(self) -> Value:
        return apply(OPS["abs"], self)

    def relu(self) -> Value:
        """max(0, self)."""
        return apply(OPS["relu"], self)

    def tanh(self) -> Value:
        """Hyperbolic tangent."""
        return apply(OPS["tanh"], self)

    def exp(self) -> Value:
        """e to the power of self."""
        return apply(OPS["exp"], self)

    def log(self) -> Value:
        """Natural logarithm."""
        return apply(OPS["log"], self)

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


def apply(op: Op, a: Value, b: Value | None = None) -> Value:
    """The Value that `op` makes of its inputs."""
    made = _new(Value)
    made.data = op.forward_function(a.data, a.data if b is None else b.data)
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


def _value(number: Value | float) -> Value:
    return number if isinstance(number, Value) else Value(number)
