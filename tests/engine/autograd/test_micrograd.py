"""micrograd's own test expressions and random ones, against exact fractions, micrograd and torch where they are there.

Knows the public API alone.
"""

from __future__ import annotations

import copy
import random
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine import Module, Value, nn


class Dual:
    """A fraction and its derivative in one variable: exact forward differentiation, an oracle without rounding."""

    def __init__(self, value: Fraction | int, slope: Fraction | int = 0) -> None:
        self.value, self.slope = Fraction(value), Fraction(slope)

    @staticmethod
    def of(other: Dual | float) -> Dual:
        return other if isinstance(other, Dual) else Dual(Fraction(other))

    def __add__(self, other: Dual | float) -> Dual:
        other = Dual.of(other)
        return Dual(self.value + other.value, self.slope + other.slope)

    def __mul__(self, other: Dual | float) -> Dual:
        other = Dual.of(other)
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

    def __truediv__(self, other: Dual | float) -> Dual:
        other = Dual.of(other)
        top = self.slope * other.value - self.value * other.slope
        return Dual(self.value / other.value, top / other.value**2)

    def __pow__(self, n: int) -> Dual:
        return Dual(self.value**n, n * self.value ** (n - 1) * self.slope)

    def __neg__(self) -> Dual:
        return self * -1

    def __sub__(self, other: Dual | float) -> Dual:
        return self + -Dual.of(other)

    def __rtruediv__(self, other: float) -> Dual:
        return Dual.of(other) / self

    __radd__, __rmul__ = __add__, __mul__

    def relu(self) -> Dual:
        return self if self.value > 0 else Dual(0)


def sanity(x: Any) -> Any:
    """The expression of micrograd's test_sanity_check."""
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    h = (z * z).relu()
    return h + q + q * x


def more(a: Any, b: Any) -> Any:
    """The expression of micrograd's test_more_ops."""
    c = a + b
    d = a * b + b**3
    c = c + (c + 1)
    c = c + (1 + c + (-a))
    d = d + (d * 2 + (b + a).relu())
    d = d + (3 * d + (b - a).relu())
    e = c - d
    f = e**2
    g = f / 2.0
    return g + 10.0 / f


def test_sanity_check_by_exact_fractions() -> None:
    x = Value(-4.0)
    y = sanity(x)
    y.backward()
    exact = sanity(Dual(-4, 1))
    assert (y.data, x.grad) == (exact.value, exact.slope) == (-20, 46)


def test_more_ops_by_exact_fractions() -> None:
    a, b = Value(-4.0), Value(2.0)
    g = more(a, b)
    g.backward()
    in_a, in_b = more(Dual(-4, 1), Dual(2)), more(Dual(-4), Dual(2, 1))
    assert g.data == pytest.approx(float(in_a.value), rel=1e-15)
    assert a.grad == pytest.approx(float(in_a.slope), rel=1e-15)
    assert b.grad == pytest.approx(float(in_b.slope), rel=1e-15)
    # As micrograd's README prints them.
    assert [f"{number:.4f}" for number in (g.data, a.grad, b.grad)] == ["24.7041", "138.8338", "645.5773"]


def test_both_by_torch() -> None:
    torch = pytest.importorskip("torch")
    for expression, point in ((sanity, (-4.0,)), (more, (-4.0, 2.0))):
        ours = [Value(number) for number in point]
        theirs = [torch.tensor([number], dtype=torch.double, requires_grad=True) for number in point]
        y, reference = expression(*ours), expression(*theirs)
        y.backward()
        reference.backward()
        assert y.data == pytest.approx(reference.item(), rel=1e-12)
        assert [leaf.grad for leaf in ours] == pytest.approx([leaf.grad.item() for leaf in theirs], rel=1e-12)


Recipe = list[tuple[str, int, int]]

quarters = st.integers(-8, 8).map(lambda n: n / 4)
recipes = st.lists(
    st.tuples(
        st.sampled_from(["+", "-", "*", "relu", "neg", "square", "halve"]), st.integers(0, 99), st.integers(0, 99)
    ),
    min_size=1,
    max_size=12,
)


def carried_out(recipe: Recipe, leaves: list[Any]) -> Any:
    """Each line applies an operation to two of the nodes so far. With quarters as leaves nothing is ever rounded."""
    nodes = list(leaves)
    for name, i, j in recipe:
        a, b = nodes[i % len(nodes)], nodes[j % len(nodes)]
        large = max(abs(float(getattr(node, "data", 0.0))) for node in (a, b)) > 1e3
        if name == "relu":
            nodes.append(a.relu())
        elif name == "neg":
            nodes.append(-a)
        elif name == "halve":
            nodes.append(a / 2)
        elif name == "square" and not large:
            nodes.append(a**2)
        elif name == "*" and not large:
            nodes.append(a * b)
        else:
            nodes.append(a - b if name == "-" else a + b)
    return nodes[-1]


@given(recipe=recipes, point=st.tuples(quarters, quarters, quarters))
def test_random_expressions_by_micrograd(recipe: Recipe, point: tuple[float, ...]) -> None:
    micrograd = pytest.importorskip("micrograd.engine")
    ours, theirs = [Value(number) for number in point], [micrograd.Value(number) for number in point]
    y, reference = carried_out(recipe, ours), carried_out(recipe, theirs)
    y.backward()
    reference.backward()
    assert y.data == reference.data
    assert [leaf.grad for leaf in ours] == pytest.approx([leaf.grad for leaf in theirs], rel=1e-12)


def trace(root: Value) -> tuple[set[Value], set[tuple[Value, Value]]]:
    """The lecture's, and that of micrograd's trace_graph.ipynb: every node, and every edge from input to result."""
    nodes: set[Value] = set()
    edges: set[tuple[Value, Value]] = set()

    def build(v: Value) -> None:
        if v not in nodes:
            nodes.add(v)
            for child in v._prev:
                edges.add((child, v))
                build(child)

    build(root)
    return nodes, edges


def test_the_lectures_drawing_finds_every_node_and_edge() -> None:
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    e = a * b
    d = (e + a).tanh()
    nodes, edges = trace(d)
    assert {(v._op, v.label) for v in nodes} == {("", "a"), ("", "b"), ("*", ""), ("+", ""), ("tanh", "")}
    assert {(x.data, y._op) for x, y in edges} == {(2.0, "*"), (-3.0, "*"), (-6.0, "+"), (2.0, "+"), (-4.0, "tanh")}
    assert (a + a)._prev == {a}


def test_the_notebook_that_traces_a_graph_runs() -> None:
    random.seed(1337)
    n = nn.Neuron(2)
    y = n([Value(1.0), Value(-2.0)])
    random.seed(1337)
    assert [w.data for w in n.w] == [random.uniform(-1, 1), random.uniform(-1, 1)]
    assert (y._op, len(trace(y)[0])) == ("relu", 10)
    assert isinstance(n, Module)
    assert nn.Neuron(2, nonlin=False)([0.0, 0.0])._op == "+"
    layer = nn.Layer(3, 4, nonlin=False)
    assert (len(layer([1.0, 2.0, 3.0])), len(layer.parameters()), layer.neurons[0].activation) == (4, 16, "linear")


def test_each_node_does_its_own_chain_rule() -> None:
    """The lecture's walk by hand, node after node, before there is a `backward`."""
    a, b = Value(2.0), Value(-3.0)
    e = a * b
    d = e + a
    o = d.tanh()
    o.grad = 1.0
    for node in (o, d, e, a):
        node._backward()
    slope = 1 - o.data**2
    assert (d.grad, a.grad, b.grad) == (slope, slope + slope * b.data, slope * a.data)
    o.grad = 2.0
    o._backward()
    assert d.grad == slope + 2 * slope


class Lecture(Value):
    """An operation of one's own, as the lecture adds them."""

    def cube(self) -> Lecture:
        out = Lecture(self.data**3, (self,), "cube")

        def backward() -> None:
            self.grad += 3 * self.data**2 * out.grad

        out._backward = backward
        return out

    def weighted(self, other: Value) -> Lecture:
        return Lecture(2 * self.data + other.data, (self, other), "weighted")


def test_an_operation_made_by_hand() -> None:
    x, w = Lecture(2.0, label="x"), Lecture(3.0)
    y = (x * w).cube() + x
    y.backward()
    assert (y.data, x.grad, w.grad) == (218.0, 3 * 36 * 3 + 1, 3 * 36 * 2)
    assert ("cube", 1) in {(node._op, len(node._prev)) for node in trace(y)[0]}
    z = x.weighted(w)
    z.backward()
    assert (z.inputs, w.grad) == ((x, w), 3 * 36 * 2), "without a chain rule nothing passes back"
    named = Value(3.0, _children=(), _op="+", label="x")
    assert (named._op, named._prev, named.label) == ("+", set(), "x")
    with pytest.raises(TypeError, match="one or two Values"):
        Value(1.0, (x, w, x), "three")
    with pytest.raises(TypeError, match="made by hand"):
        copy.deepcopy(y)


class AdamW:
    """An optimiser that keeps its state on the parameters, as EurekaLabs' does (Loshchilov & Hutter 2019)."""

    def __init__(self, parameters: list[Any], lr: float = 0.1, decay: float = 1e-4) -> None:
        self.parameters, self.lr, self.decay, self.t = parameters, lr, decay, 0
        for p in parameters:
            p.m = p.v = 0.0

    def step(self) -> None:
        self.t += 1
        for p in self.parameters:
            p.m = 0.9 * p.m + 0.1 * p.grad
            p.v = 0.95 * p.v + 0.05 * p.grad**2
            m, v = p.m / (1 - 0.9**self.t), p.v / (1 - 0.95**self.t)
            p.data -= self.lr * (m / (v**0.5 + 1e-8) + self.decay * p.data)


def test_an_optimiser_that_keeps_its_state_on_the_parameters() -> None:
    own = [Value(0.5), Value(-0.25), Value(0)]
    net = nn.MLP(2, [3, 2])
    samples = [((0.5, -1.0), 1), ((-0.5, 1.0), 0)]
    optimiser = AdamW([*own, *net.parameters()])
    losses = []
    for _ in range(8):
        total = Value(0.0)
        for x, target in samples:
            hidden = sum((w * each for w, each in zip(own, x, strict=False)), own[2]).tanh()
            powers = [(logit + hidden).exp() for logit in net(x)]  # type: ignore[union-attr]
            total = total - (powers[target] / sum(powers)).log()
        net.zero_grad()
        for p in own:
            p.grad = 0
        (total * 0.5).backward()
        optimiser.step()
        losses.append(total.data)
    assert losses[-1] < 0.5 * losses[0]


def test_the_nodes_of_a_drawing_have_what_it_writes() -> None:
    """What draw_dot of trace_graph.ipynb asks of a node: a name by identity, data, grad and operation as text."""
    n = nn.Neuron(2)
    y = n([Value(1.0), Value(-2.0)])
    y.backward()
    nodes, edges = trace(y)
    drawn = {str(id(v)): f"{{ data {v.data:.4f} | grad {v.grad:.4f} }}" for v in nodes}
    operations = {str(id(v)) + v._op: v._op for v in nodes if v._op}
    joined = [(str(id(x)), str(id(made)) + made._op) for x, made in edges]
    assert len(drawn) == 10
    assert sorted(operations.values()) == ["*", "*", "+", "+", "relu"]
    assert all(x in drawn and made in operations for x, made in joined)
    assert all(w.nonlin for w in nn.Layer(2, 2).neurons)
    assert nn.Module().parameters() == []
