"""An engine as people type it after the lecture, with one mistake each. Must not know how mistakes are found."""

from __future__ import annotations

from typing import Any, NamedTuple

LECTURE = """
import math
import random


class Value:
    def __init__(self, data, _children=(), _op="", label=""):
        self.data = data
        self.grad = 0.0
        self.label = label
        self._prev = set(_children)
        self._op = _op
        self._backward = lambda: None

    def __repr__(self):
        return f"Value({self.data})"

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def _backward():
            self.grad += 1.0 * out.grad
            other.grad += 1.0 * out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def __sub__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data - other.data, (self, other), "-")

        def _backward():
            self.grad += out.grad
            other.grad += -out.grad

        out._backward = _backward
        return out

    def __truediv__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data / other.data, (self, other), "/")

        def _backward():
            self.grad += out.grad / other.data
            other.grad += -self.data / other.data**2 * out.grad

        out._backward = _backward
        return out

    def __pow__(self, n):
        assert isinstance(n, (int, float)), "the exponent is a number"
        out = Value(self.data**n, (self,), f"**{n}")

        def _backward():
            self.grad += n * self.data ** (n - 1) * out.grad

        out._backward = _backward
        return out

    def __neg__(self):
        out = Value(-self.data, (self,), "neg")

        def _backward():
            self.grad += -out.grad

        out._backward = _backward
        return out

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value(other) - self

    def __rtruediv__(self, other):
        return Value(other) / self

    def relu(self):
        out = Value(0.0 if self.data < 0 else self.data, (self,), "ReLU")

        def _backward():
            self.grad += (out.data > 0) * out.grad

        out._backward = _backward
        return out

    def tanh(self):
        t = math.tanh(self.data)
        out = Value(t, (self,), "tanh")

        def _backward():
            self.grad += (1 - t**2) * out.grad

        out._backward = _backward
        return out

    def exp(self):
        out = Value(math.exp(self.data), (self,), "exp")

        def _backward():
            self.grad += out.data * out.grad

        out._backward = _backward
        return out

    def log(self):
        out = Value(math.log(self.data), (self,), "log")

        def _backward():
            self.grad += 1 / self.data * out.grad

        out._backward = _backward
        return out

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        out = Value(s, (self,), "sigmoid")

        def _backward():
            self.grad += s * (1 - s) * out.grad

        out._backward = _backward
        return out

    def backward(self):
        topo = []
        visited = set()

        def build_topo(v):
            if v not in visited:
                visited.add(v)
                for child in v._prev:
                    build_topo(child)
                topo.append(v)

        build_topo(self)
        self.grad = 1.0
        for node in reversed(topo):
            node._backward()


class Neuron:
    def __init__(self, nin):
        self.w = [Value(random.uniform(-1, 1)) for _ in range(nin)]
        self.b = Value(random.uniform(-1, 1))

    def __call__(self, x):
        act = sum((wi * xi for wi, xi in zip(self.w, x)), self.b)
        return act.tanh()

    def parameters(self):
        return self.w + [self.b]


class Layer:
    def __init__(self, nin, nout):
        self.neurons = [Neuron(nin) for _ in range(nout)]

    def __call__(self, x):
        outs = [n(x) for n in self.neurons]
        return outs[0] if len(outs) == 1 else outs

    def parameters(self):
        return [p for n in self.neurons for p in n.parameters()]


class MLP:
    def __init__(self, nin, nouts):
        sizes = [nin] + nouts
        self.layers = [Layer(sizes[i], sizes[i + 1]) for i in range(len(nouts))]

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def parameters(self):
        return [p for layer in self.layers for p in layer.parameters()]

    def zero_grad(self):
        for p in self.parameters():
            p.grad = 0.0
"""
"""All of it is right."""


def names(text: str) -> dict[str, Any]:
    """What a module of this text has."""
    found: dict[str, Any] = {"__name__": "engine"}
    exec(compile(text, "engine.py", "exec"), found)
    return found


class Mutant(NamedTuple):
    """One mistake, and what it should be called."""

    name: str
    right: str
    """What stands in `LECTURE`, once."""
    wrong: str
    """What stands there instead."""
    kind: str
    line: str = ""
    """What stands in the line that should be named; empty for the mistake's last line."""

    @property
    def source(self) -> str:
        assert LECTURE.count(self.right) == 1, self.name
        return LECTURE.replace(self.right, self.wrong)


MUTANTS = (
    Mutant(
        "the sum's second gradient is assigned",
        "            other.grad += 1.0 * out.grad\n",
        "            other.grad = 1.0 * out.grad\n",
        "assigned",
    ),
    Mutant(
        "the gradient of tanh is assigned",
        "self.grad += (1 - t**2) * out.grad",
        "self.grad = (1 - t**2) * out.grad",
        "assigned",
    ),
    Mutant(
        "the difference has the sum's signs",
        "            other.grad += -out.grad",
        "            other.grad += out.grad",
        "sign",
    ),
    Mutant(
        "the quotient's second gradient has no minus", "-self.data / other.data**2", "self.data / other.data**2", "sign"
    ),
    Mutant(
        "each factor gets its own number",
        "            self.grad += other.data * out.grad\n            other.grad += self.data * out.grad\n",
        "            self.grad += self.data * out.grad\n            other.grad += other.data * out.grad\n",
        "swapped",
    ),
    Mutant("5 - a is a - 5", "        return Value(other) - self", "        return self - other", "reflected"),
    Mutant("6 / a is a / 6", "        return Value(other) / self", "        return self / other", "reflected"),
    Mutant(
        "relu forgets to keep its backward",
        """            self.grad += (out.data > 0) * out.grad

        out._backward = _backward
""",
        """            self.grad += (out.data > 0) * out.grad

""",
        "no-backward",
    ),
    Mutant(
        "the minus sign's backward is kept under another name",
        """            self.grad += -out.grad

        out._backward = _backward
""",
        """            self.grad += -out.grad

        out._backwards = _backward
""",
        "no-backward",
    ),
    Mutant(
        "the product multiplies by gradients",
        "            self.grad += other.data * out.grad\n            other.grad += self.data * out.grad\n",
        "            self.grad += other.grad * out.grad\n            other.grad += self.grad * out.grad\n",
        "data-for-grad",
    ),
    Mutant(
        "exp multiplies by the result twice",
        "self.grad += out.data * out.grad",
        "self.grad += out.data * out.data",
        "data-for-grad",
    ),
    Mutant(
        "the quotient is built of the numerator's number",
        '        out = Value(self.data / other.data, (self, other), "/")',
        '        out = Value(self.data / other.data, (other,), "/")',
        "cut",
    ),
    Mutant("tanh without the square", "(1 - t**2)", "(1 - t)", "other-derivative"),
    Mutant("the slope of tanh at the output", "(1 - t**2)", "(1 - math.tanh(t) ** 2)", "other-derivative"),
    Mutant(
        "sigmoid with the slope of a relu", "s * (1 - s) * out.grad", "(out.data > 0) * out.grad", "other-derivative"
    ),
    Mutant("the power keeps its exponent", "n * self.data ** (n - 1)", "n * self.data**n", "other-derivative"),
    Mutant(
        "whole numbers are divided as such",
        "        out = Value(self.data / other.data,",
        "        whole = isinstance(self.data, int) and isinstance(other.data, int)\n"
        "        out = Value(self.data // other.data if whole else self.data / other.data,",
        "integer",
    ),
    Mutant("log keeps away from 0", "math.log(self.data)", "math.log(max(self.data, 1e-7))", "clamped"),
    Mutant(
        "relu makes 0 of nan", "0.0 if self.data < 0 else self.data", "self.data if self.data > 0 else 0.0", "nan-lost"
    ),
    Mutant(
        "a node is visited before those that need it",
        "for node in reversed(topo):",
        "for node in topo[-1:] + topo[:-1]:",
        "order",
    ),
    Mutant(
        "no order: each node when it is first met",
        """            if v not in visited:
                visited.add(v)
                for child in v._prev:
                    build_topo(child)
                topo.append(v)
""",
        """            if v not in visited:
                visited.add(v)
                topo.insert(0, v)
                for child in v._prev:
                    build_topo(child)
""",
        "order",
    ),
    Mutant(
        "zero_grad forgets the biases",
        "        for p in self.parameters():\n            p.grad = 0.0",
        "        for p in self.layers[0].neurons[0].w:\n            p.grad = 0.0",
        "zeroing",
    ),
    Mutant("nothing starts at 1", "        self.grad = 1.0\n", "", "other"),
    Mutant(
        "the sum forgets what comes from above",
        "            self.grad += 1.0 * out.grad\n",
        "            self.grad += 1.0\n",
        "other",
    ),
)
"""One mistake each."""
