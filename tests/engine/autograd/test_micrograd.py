"""micrograd's own test expressions and random ones, against exact fractions, micrograd and torch where they are there.

Knows Value's public API alone.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine import Value


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
