"""Value: micrograd's API, gradients that add up, depth and memory. Knows values and expressions of them."""

from __future__ import annotations

import gc
import math
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import pytest

from chainstep.engine import MLP, Value
from chainstep.engine.autograd.text.expression import parse
from support.cases import each

BELOW_3 = 0.5 + 0.5 * math.erf(3 / math.sqrt(2))
"""The share of a standard normal distribution."""


@pytest.fixture
def without_collector() -> Iterator[None]:
    """No cyclic garbage collection, and what is there by now is none of its business."""
    was = gc.isenabled()
    gc.disable()
    gc.freeze()
    yield
    if was:
        gc.enable()


def test_a_leaf_has_data_and_no_gradient() -> None:
    a = Value(3, label="a")
    assert (a.data, a.grad, a.op, a.inputs, a.label) == (3.0, 0.0, None, (), "a")
    assert repr(Value(2.0)) == "Value(data=2.0, grad=0.0)"


def test_provenance_is_ordered_data() -> None:
    a, b = Value(3.0), Value(2.0)
    y = a - b
    assert y.op is not None
    assert y.op.name == "sub"
    assert y.inputs == (a, b)
    assert (a + a).inputs == (a, a)


@each(
    ("make", "result", "slope"),
    [
        (lambda a: a + 2, 5.0, 1.0),
        (lambda a: 2 + a, 5.0, 1.0),
        (lambda a: a - 2, 1.0, 1.0),
        (lambda a: 2 - a, -1.0, -1.0),
        (lambda a: a * 2, 6.0, 2.0),
        (lambda a: 2 * a, 6.0, 2.0),
        (lambda a: a / 2, 1.5, 0.5),
        (lambda a: 2 / a, 2 / 3, -2 / 9),
        (lambda a: a**2, 9.0, 6.0),
        (lambda a: a**-1.5, 3**-1.5, -1.5 * 3**-2.5),
        (lambda a: 2**a, 8.0, 8 * math.log(2)),
        (lambda a: a**a, 27.0, 27 * (math.log(3) + 1)),
        (lambda a: -a, -3.0, -1.0),
        (abs, 3.0, 1.0),
        (lambda a: sum([a, a, a]), 9.0, 3.0),
        (Value.relu, 3.0, 1.0),
        (lambda a: a.max(2), 3.0, 1.0),
        (lambda a: a.min(Value(2.0)), 2.0, 0.0),
        (Value.sqrt, math.sqrt(3), 0.5 / math.sqrt(3)),
        (Value.sin, math.sin(3), math.cos(3)),
        (Value.cos, math.cos(3), -math.sin(3)),
        (Value.leaky_relu, 3.0, 1.0),
        (Value.elu, 3.0, 1.0),
        (Value.gelu, 3 * BELOW_3, BELOW_3 + 3 * math.exp(-4.5) / math.sqrt(2 * math.pi)),
        (Value.silu, 3 / (1 + math.exp(-3)), (1 + 4 * math.exp(-3)) / (1 + math.exp(-3)) ** 2),
        (Value.softplus, math.log1p(math.exp(3)), 1 / (1 + math.exp(-3))),
        (Value.tanh, math.tanh(3), 1 - math.tanh(3) ** 2),
        (Value.exp, math.exp(3), math.exp(3)),
        (Value.log, math.log(3), 1 / 3),
        (Value.sigmoid, 1 / (1 + math.exp(-3)), math.exp(-3) / (1 + math.exp(-3)) ** 2),
        (Value.step, 1.0, 0.0),
    ],
)
def test_the_operators(make: Callable[[Value], Value], result: float, slope: float) -> None:
    a = Value(3.0)
    y = make(a)
    y.backward()
    assert y.data == pytest.approx(result, rel=1e-14)
    assert a.grad == pytest.approx(slope, rel=1e-14)
    assert y.grad == 1.0


def test_a_power_of_values_has_two_gradients_and_a_constant_exponent_one() -> None:
    a, b = Value(2.0), Value(3.0)
    (a**b).backward()
    assert (a.grad, b.grad) == pytest.approx((12.0, 8 * math.log(2)))
    y = Value(-2.0) ** 2
    y.backward()
    base, exponent = y.inputs
    assert (base.grad, exponent.grad) == (-4.0, 0.0)
    negative, power = Value(-2.0), Value(2.0)
    (negative**power).backward()
    assert negative.grad == -4.0
    assert math.isnan(power.grad)


@each("wrong", ["3", b"3", None, [1.0], (1,), {}, 1j])
def test_only_numbers_are_numbers(wrong: Any) -> None:
    for attempt in (
        lambda: Value(wrong),
        lambda: Value(1.0) + wrong,
        lambda: wrong + Value(1.0),
        lambda: Value(1.0) * wrong,
        lambda: wrong * Value(1.0),
        lambda: wrong - Value(1.0),
        lambda: wrong / Value(1.0),
        lambda: wrong ** Value(2.0),
        lambda: Value(2.0) ** wrong,
    ):
        with pytest.raises(TypeError):
            attempt()


class Asked:
    """A type that knows Value: it must be asked where Value does not know it."""

    def __radd__(self, other: Value) -> tuple[str, Value]:
        return "added", other

    __rsub__ = __rmul__ = __rtruediv__ = __rpow__ = __radd__


def test_what_value_does_not_know_is_asked() -> None:
    a: Any = Value(1.0)
    for made in (a + Asked(), a - Asked(), a * Asked(), a / Asked(), a ** Asked()):
        assert made == ("added", a)


TAKE_ONE = (
    r"this is a list of 2 outputs, which knows no arithmetic: take one of them, as outputs\[0\], or each in a loop"
)


@each(
    ("attempt", "says"),
    [
        (lambda: Value("3"), "a Value is made of a number, not of str"),  # type: ignore[arg-type]
        (lambda: Value([1.0]), "a Value is made of a number, not of list"),  # type: ignore[arg-type]
        (lambda: Value(1.0) + None, r"unsupported operand type\(s\) for \+: 'Value' and 'NoneType'"),  # type: ignore[operator]
        # The slip of the lecture: a network with several outputs gives a list.
        (lambda: 1.0 - MLP(2, [3, 2])([1.0, 2.0]), TAKE_ONE),  # type: ignore[operator]
        (lambda: Value(1.0) - MLP(2, [3, 2])([1.0, 2.0]), TAKE_ONE),  # type: ignore[operator]
        (lambda: MLP(2, [3, 2])([1.0, 2.0]) ** 2, TAKE_ONE),  # type: ignore[operator]
        (lambda: MLP(2, [3, 2])([1.0, 2.0]) + 1.0, TAKE_ONE),  # type: ignore[operator]
        (lambda: Value(1.0) - [Value(1.0)], r"unsupported operand type\(s\) for -: 'Value' and 'list'"),  # type: ignore[operator]
        (lambda: 1j / Value(1.0), r"unsupported operand type\(s\) for /: 'complex' and 'Value'"),  # type: ignore[operator]
    ],
)
def test_an_error_says_which_types(attempt: Callable[[], Any], says: str) -> None:
    with pytest.raises(TypeError, match=f"^{says}$"):
        attempt()


@each("number", [3, True, Fraction(1, 3), -0.0, 1e308])
def test_numbers_of_any_kind(number: Any) -> None:
    assert Value(number).data.hex() == float(number).hex()
    assert (Value(2.0) + number).data == (number + Value(2.0)).data == 2.0 + float(number)


def test_arrays_work_on_both_sides() -> None:
    numpy = pytest.importorskip("numpy")
    array = numpy.array([2.0, -3.0])
    x = Value(4.0)
    for made, wanted in (
        (x * array, [8.0, -12.0]),
        (array * x, [8.0, -12.0]),
        (x - array, [2.0, 7.0]),
        (array / x, [0.5, -0.75]),
        (x**array, [16.0, 1 / 64]),
    ):
        assert [each.data for each in made] == wanted
    for scalar in (numpy.float64(2.0), numpy.int64(2), numpy.array(2.0)):
        assert (x * scalar).data == (scalar * x).data == 8.0


def test_a_number_beyond_the_largest_float_is_infinite() -> None:
    assert (Value(10**400).data, Value(-(10**400)).data) == (math.inf, -math.inf)
    assert (Value(1.0) + Fraction(10**400)).data == math.inf


def test_arithmetic_never_raises() -> None:
    x = Value(0.0)
    assert (Value(1.0) / x).data == math.inf
    assert (Value(1.0) / -0.0).data == -math.inf
    assert math.isnan((x / 0).data)
    assert x.log().data == -math.inf
    assert math.isnan((Value(-8.0) ** (1 / 3)).data)
    assert Value(1000.0).exp().data == math.inf


def test_the_derivative_of_the_lecture(golden: dict[str, Any]) -> None:
    row = golden["derivative"]
    for number, value, slope in zip(row["x"], row["value"], row["slope"], strict=True):
        x = Value(number)
        y = 3 * x**2 - 4 * x + 5
        y.backward()
        assert y.data == pytest.approx(value, rel=1e-9)
        assert x.grad == pytest.approx(slope, rel=1e-9, abs=1e-12)


@each("name", ["expression", "neuron", "reuse 0", "reuse 1"])
def test_the_expressions_of_the_lecture(golden: dict[str, Any], name: str) -> None:
    key, _, place = name.partition(" ")
    row = golden[key][int(place)] if place else golden[key]
    root, leaves = parse(row["expr"], row["leaves"])
    root.backward()
    assert root.data == pytest.approx(row["value"], rel=1e-9)
    assert {leaf.label: leaf.grad for leaf in leaves} == pytest.approx(row["grad"], rel=1e-9, abs=1e-12)


def test_the_lecture_goes_up_along_the_gradient(golden: dict[str, Any]) -> None:
    row = golden["expression"]
    a, b, c, f = (Value(row["leaves"][name]) for name in "abcf")
    e = a * b
    d = e + c
    (d * f).backward()
    assert [e.data, e.grad] == row["intermediate"]["e=a*b"]
    assert [d.data, d.grad] == row["intermediate"]["d=e+c"]
    for leaf in (a, b, c, f):
        leaf.data += 0.01 * leaf.grad
    assert ((a * b + c) * f).data == pytest.approx(row["after +0.01*grad on every leaf"], rel=1e-9)


def test_gradients_add_up_until_they_are_cleared() -> None:
    a = Value(3.0)
    (a + a).backward()
    assert a.grad == 2.0
    (a * 5).backward()
    assert a.grad == 7.0


def test_a_second_backward_starts_from_1_again() -> None:
    """The root's own gradient is set, those of the others add up."""
    a = Value(3.0)
    b = a * a
    b.backward()
    b.backward()
    assert (b.grad, a.grad) == (1.0, 12.0)


def test_a_node_is_finished_before_it_hands_its_gradient_on() -> None:
    a = Value(2.0)
    b = a * 3
    ((b * b) + b).backward()
    assert b.grad == 2 * 6 + 1
    assert a.grad == 3 * b.grad


@pytest.mark.usefixtures("without_collector")
def test_a_million_operations_deep() -> None:
    x = Value(1.0)
    total = x
    for _ in range(1_000_000):
        total = total + x
    assert total.data == 1_000_001.0
    total.backward()
    assert x.grad == 1_000_001.0
    del total  # the whole chain is freed here, and does not recurse either


@pytest.mark.usefixtures("without_collector")
def test_an_expression_is_freed_at_once_without_the_collector() -> None:
    def work() -> None:
        x = Value(0.5)
        total = Value(0.0)
        for _ in range(2_000):
            total = (total * x + x).tanh() - x**2
        total.backward()

    work()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        work()
        left, peak = tracemalloc.get_traced_memory()
        found = gc.collect()
    finally:
        tracemalloc.stop()
    assert peak - before > 500_000
    assert left - before < 20_000
    assert found == 0


def test_a_leaf_has_room_for_attributes_of_ones_own_and_a_result_stays_light() -> None:
    leaf: Any = Value(1.0)
    leaf.m = 0.5
    assert leaf.m == 0.5
    made: Any = leaf + 1
    assert not hasattr(made, "__dict__")
    with pytest.raises(AttributeError):
        made.colour = "blue"
    size = sys.getsizeof(made) + sys.getsizeof(made.data)
    assert size <= 112
    assert type(leaf).__name__ == type(made).__name__ == "Value"


class Mine(Value):
    """A subclass with a method and an attribute of its own."""

    note = "plain"

    def doubled(self) -> Value:
        return self * 2


@each(
    "make",
    [
        lambda a: a + 1,
        lambda a: 1 - a,
        lambda a: a.tanh(),
        lambda a: Value(2.0) * a,
        lambda a: a / Value(2.0),
        lambda a: (Value(2.0) * 3) ** a,
        lambda a: -a,
        lambda a: a.doubled(),
        lambda a: sum([a, a]),
    ],
)
def test_a_subclass_survives_operations(make: Callable[[Value], Value]) -> None:
    mine = Mine(3.0)
    made = make(mine)
    assert type(made) is Mine
    made.note = "own"  # type: ignore[attr-defined]
    made.backward()
    assert mine.grad != 0.0


def test_order_is_that_of_the_data_and_equality_is_identity() -> None:
    a, b = Value(1.0), Value(2.0)
    assert all([a < b, a <= 1, b > a, b >= 2.0, b < 3, 1 < b])  # noqa: SIM300 - the number's own < must ask the Value
    assert not any([a > b, a >= 2, b < a, b <= 1.5])
    assert max([a, b]) is b
    assert min(b, a) is a
    assert sorted([b, a]) == [a, b]
    assert a != Value(1.0)
    assert len({a, b, Value(1.0)}) == 3
    nan = Value(math.nan)
    assert not any([nan < a, nan >= a])


def test_a_value_reads_as_a_number() -> None:
    v = Value(math.pi)
    assert float(v) == math.pi
    assert f"{v:.4f}|{v:>8.2f}|{v}" == f"3.1416|    3.14|{v!r}"
    assert +v is v


def test_a_value_of_a_value_is_refused() -> None:
    with pytest.raises(TypeError, match="made of a number, not of Value"):
        Value(Value(1.0))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="its name is label="):
        Value(1.0, *("a",))  # type: ignore[arg-type]
