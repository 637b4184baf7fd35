"""Every row of the table of operations against a central difference, IEEE 754 and its own words. Knows ops alone."""

from __future__ import annotations

import math
import string
from collections.abc import Callable, Mapping

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from chainstep.engine.autograd.ops import table
from chainstep.engine.autograd.ops.operation import Op
from chainstep.engine.autograd.ops.table import OPS
from support.cases import each

INF, NAN = math.inf, math.nan

# Thousandths: a point is on a pole or a kink, or clearly beside it.
ordinary = st.integers(-4000, 4000).map(lambda n: n / 1000) | st.integers(-4, 4).map(float)
extreme = st.floats() | st.sampled_from([0.0, -0.0, INF, -INF, NAN, 1e308, -1e308, 5e-324, -5e-324, 1.0, -1.0, 710.0])

_, _, rest = (table.__doc__ or "").partition("A square, say:\n")
worked_example = eval(rest.partition("\n\n`forward`")[0].strip(), vars(table))
ROWS = [*OPS.values(), worked_example]
every_row = pytest.mark.parametrize("op", ROWS, ids=[*OPS, "the worked example"])


def same(x: float, y: float) -> bool:
    return x == y or (x != x and y != y)


def differences(op: Op, a: float, b: float, place: int, h: float) -> float:
    """The central difference of a row along one of its inputs."""
    up, down = [a, b], [a, b]
    up[place] += h
    down[place] -= h
    return (op.forward_function(*up) - op.forward_function(*down)) / (up[place] - down[place])


@every_row
@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(a=ordinary, b=ordinary)
def test_local_derivatives_are_central_differences(op: Op, a: float, b: float) -> None:
    if op.surrogate:
        return
    h = 1e-5
    y = op.forward_function(a, b)
    assume(math.isfinite(y))
    compared = 0
    for place, slope in enumerate(op.backward_functions):
        if slope is None:
            continue
        if op.side_function:
            shifts = [[a + s * 2 * h * (place == 0), b + s * 2 * h * (place == 1)] for s in (-1, 0, 1)]
            if len({bool(op.side_function(*shift)) for shift in shifts}) > 1:
                continue
        numeric, coarser = differences(op, a, b, place, h), differences(op, a, b, place, 2 * h)
        # Where two distances disagree, the curve bends too much for either to prove anything.
        if not math.isfinite(numeric) or not abs(numeric - coarser) <= 1e-6 * max(1.0, abs(numeric)):
            continue
        compared += 1
        assert slope(a, b, y) == pytest.approx(numeric, rel=1e-5, abs=1e-5)
    assume(compared)


@each("op", ROWS)
def test_every_row_is_compared_somewhere(op: Op) -> None:
    """The property above filters; here each derivative faces a point that no filter takes away."""
    if op.surrogate:
        return
    for a, b in ((1.5, 0.75), (0.5, 2.0)):
        for place, slope in enumerate(op.backward_functions):
            if slope is not None:
                numeric = differences(op, a, b, place, 1e-6)
                assert slope(a, b, op.forward_function(a, b)) == pytest.approx(numeric, rel=1e-6, abs=1e-8)


@every_row
@given(a=extreme, b=extreme)
def test_no_row_raises_or_turns_complex(op: Op, a: float, b: float) -> None:
    y = op.forward_function(a, b)
    assert type(y) is float
    for slope in op.backward_functions:
        if slope is not None:
            assert type(slope(a, b, y)) is float


@every_row
@given(x=st.floats())
def test_a_nan_comes_through(op: Op, x: float) -> None:
    """0 of any row would hide where a run went bad. pow is IEEE's: anything to the 0 is 1, and 1 to anything."""
    assert math.isnan(op.forward_function(NAN, x)) or (op.name in ("pow", "powc") and x == 0.0)
    if op.arity == 2 and op.backward_functions[1] is not None:
        assert math.isnan(op.forward_function(x, NAN)) or (op.name == "pow" and x == 1.0)


@each(
    ("name", "a", "b", "result"),
    [
        ("div", 1.0, 0.0, INF),
        ("div", -1.0, 0.0, -INF),
        ("div", 1.0, -0.0, -INF),
        ("div", INF, 0.0, INF),
        ("div", 0.0, 0.0, NAN),
        ("div", -0.0, 0.0, NAN),
        ("div", NAN, 0.0, NAN),
        ("div", 1e308, 1e-308, INF),
        ("add", 1e308, 1e308, INF),
        ("add", INF, -INF, NAN),
        ("mul", -1e308, 1e308, -INF),
        ("mul", INF, 0.0, NAN),
        ("pow", 1e308, 2.0, INF),
        ("pow", -1e308, 3.0, -INF),
        ("pow", -1e308, 2.0, INF),
        ("pow", -8.0, 1 / 3, NAN),
        ("powc", -8.0, 0.5, NAN),
        ("powc", -INF, 0.5, NAN),
        ("powc", -INF, -0.5, NAN),
        ("pow", -INF, 3.0, -INF),
        ("pow", -INF, -3.0, -0.0),
        ("pow", -INF, 4.0, INF),
        ("pow", -INF, INF, INF),
        ("pow", 0.0, -1.0, INF),
        ("pow", -0.0, -1.0, -INF),
        ("pow", -0.0, -2.0, INF),
        ("pow", 0.0, 0.0, 1.0),
        ("pow", 0.0, -INF, INF),
        ("exp", 1000.0, 0.0, INF),
        ("exp", -1000.0, 0.0, 0.0),
        ("log", 0.0, 0.0, -INF),
        ("log", -0.0, 0.0, -INF),
        ("log", -1.0, 0.0, NAN),
        ("log", INF, 0.0, INF),
        ("sqrt", -1.0, 0.0, NAN),
        ("sqrt", -INF, 0.0, NAN),
        ("sqrt", -0.0, 0.0, 0.0),
        ("sqrt", INF, 0.0, INF),
        ("sqrt", 5e-324, 0.0, 2.0**-537),
        ("sin", INF, 0.0, NAN),
        ("cos", -INF, 0.0, NAN),
        ("min", 1.0, NAN, NAN),
        ("min", -INF, INF, -INF),
        ("leaky_relu", -INF, 0.0, -INF),
        ("leaky_relu", -2.0, 0.0, -0.02),
        ("elu", -1000.0, 0.0, -1.0),
        ("elu", -INF, 0.0, -1.0),
        ("elu", 1000.0, 0.0, 1000.0),
        ("elu", -1e-20, 0.0, -1e-20),
        ("gelu", 1e308, 0.0, 1e308),
        ("gelu", -1e308, 0.0, 0.0),
        ("silu", 1e308, 0.0, 1e308),
        ("silu", -1e308, 0.0, 0.0),
        # What is written out has 0·inf there, and so PyTorch says nan too.
        ("gelu", -INF, 0.0, NAN),
        ("silu", -INF, 0.0, NAN),
        ("tanh", 1000.0, 0.0, 1.0),
        ("sigmoid", 1000.0, 0.0, 1.0),
        ("sigmoid", -1000.0, 0.0, 0.0),
        ("softplus", 1000.0, 0.0, 1000.0),
        ("softplus", -1000.0, 0.0, 0.0),
        ("relu", -0.0, 0.0, 0.0),
        ("step", 0.0, 0.0, 0.0),
        ("step", 5e-324, 0.0, 1.0),
    ],
)
def test_ieee_754(name: str, a: float, b: float, result: float) -> None:
    assert same(OPS[name].forward_function(a, b), result)


@given(st.floats())
def test_a_square_is_the_product_of_a_number_with_itself(a: float) -> None:
    assert same(OPS["powc"].forward_function(a, 2.0), a * a)
    assert same(OPS["pow"].forward_function(a, 2.0), a * a)


def test_slopes_at_the_edges() -> None:
    def slope(name: str, place: int, a: float, b: float = 0.0) -> float:
        row = OPS[name]
        derivative = row.backward_functions[place]
        assert derivative is not None
        return derivative(a, b, row.forward_function(a, b))

    assert math.isnan(slope("pow", 1, -2.0, 2.0))
    assert slope("pow", 1, 0.0, 2.0) == 0.0
    assert (slope("pow", 1, 0.0, 0.0), slope("pow", 1, -0.0, 0.0)) == (0.0, 0.0)
    assert slope("pow", 1, 0.0, -1.0) == -INF
    assert slope("pow", 0, 0.0, 0.0) == 0.0
    assert slope("powc", 0, 0.0, 1.0) == 1.0
    assert slope("powc", 0, -3.0, 2.0) == -6.0
    assert OPS["powc"].backward_functions[1] is None
    assert slope("relu", 0, 0.0) == 0.0
    assert slope("abs", 0, 0.0) == 0.0
    assert (slope("abs", 0, -2.0), slope("abs", 0, INF)) == (-1.0, 1.0)
    assert math.isnan(slope("abs", 0, NAN))
    assert math.isnan(slope("abs", 0, -NAN))
    assert slope("step", 0, 3.0) == 0.0
    assert slope("softplus", 0, 1000.0) == 1.0
    assert (slope("max", 0, 2.0, 2.0), slope("max", 1, 2.0, 2.0)) == (1.0, 0.0)
    assert (slope("min", 0, 2.0, 2.0), slope("min", 1, 2.0, 2.0)) == (1.0, 0.0)
    assert slope("sqrt", 0, 0.0) == INF
    assert slope("leaky_relu", 0, 0.0) == 0.01
    assert (slope("elu", 0, 0.0), slope("elu", 0, -1000.0)) == (1.0, 0.0)
    assert (slope("gelu", 0, 0.0), slope("silu", 0, 0.0)) == (0.5, 0.5)
    assert (slope("gelu", 0, 1e300), slope("silu", 0, 1e300)) == (1.0, 1.0)
    assert slope("gelu", 0, -1e300) == slope("silu", 0, -1e300) == 0.0
    # b * b would be 0 here, and the slope -inf.
    assert slope("div", 1, 1e-200, 1e-200) == pytest.approx(-1e200, rel=1e-15)
    assert slope("div", 1, 1e200, 1e200) == pytest.approx(-1e-200, rel=1e-15, abs=0.0)


def test_softplus_keeps_its_tail() -> None:
    """log(1 + e^a) would be 0 from about -37 on."""
    for a in (-36.0, -40.0, -700.0):
        assert OPS["softplus"].forward_function(a, 0.0) == pytest.approx(math.exp(a), rel=1e-15, abs=0.0)


@each(
    ("name", "a", "y", "slope"),
    [
        # Computed with forty digits from their definitions.
        ("gelu", 1.0, 0.8413447460685429, 1.0833154705876864),
        ("gelu", -1.0, -0.15865525393145705, -0.0833154705876863),
        ("gelu", -6.0, -5.9195258702261885e-09, -3.5468709453902015e-08),
        ("silu", 1.0, 0.7310585786300049, 0.9276705118714867),
        ("silu", -6.0, -0.014835738939808645, -0.012326432591525513),
        ("elu", -1.0, -0.6321205588285577, 0.36787944117144233),
        ("elu", -6.0, -0.9975212478233336, 0.0024787521766663585),
        ("softplus", -6.0, 0.0024756851377304495, 0.0024726231566347743),
        ("leaky_relu", -1.0, -0.01, 0.01),
    ],
)
def test_activations_are_those_that_go_by_their_names(name: str, a: float, y: float, slope: float) -> None:
    """GELU is the exact one, ELU's α is 1 and a leaky ReLU's slope 0.01, as PyTorch's defaults are."""
    row = OPS[name]
    derivative = row.backward_functions[0]
    assert derivative is not None
    made = row.forward_function(a, 0.0)
    assert (made, derivative(a, 0.0, made)) == pytest.approx((y, slope), rel=1e-13)


@each("target", [0.0, 1.0])
@each("total", [-2.0, 0.0, 3.0])
def test_the_perceptron_row_is_rosenblatts_rule(total: float, target: float) -> None:
    row = OPS["perceptron"]
    output = 1.0 if total > 0 else 0.0
    assert row.surrogate
    assert row.forward_function(total, target) == float(output != target)
    assert row.backward_functions[0] is not None
    assert row.backward_functions[0](total, target, 0.0) == target - output
    assert row.backward_functions[1] is None


@each("op", ROWS)
def test_the_texts_name_only_inputs_and_result(op: Op) -> None:
    def fields(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}

    assert fields(op.forward_text) == set("ab"[: op.arity])
    assert len(op.backward_text) == op.arity
    for text, formula in zip(op.backward_text, op.backward, strict=True):
        assert (text is None) == (formula is None)
        assert text is None or fields(text) <= {"a", "b", "y"}
    for sentence in (op.forward_words, op.words):
        assert sentence.endswith(".")
        assert "{" not in sentence
        assert len(sentence) <= 2 * 74, "two lines of a small terminal"
    for _, sentence in op.outcomes:
        assert sentence.endswith(".")
        assert fields(sentence) <= {*"ab"[: op.arity], "y"}
        step = "4 activate: " * (op.arity == 1)
        told = f"{step}{op.forward_words} {sentence}".format(a="-0.12345", b="-0.12345", y="-0.12345")
        assert len(told) <= 2 * 74, "two lines of a small terminal"


@every_row
@given(a=st.floats(allow_nan=False), b=st.floats(allow_nan=False))
def test_each_row_says_what_came_of_its_numbers(op: Op, a: float, b: float) -> None:
    assert op.outcome(a, b, y := op.forward_function(a, b)) or y != y
    assert not op.outcome(math.nan, math.nan, math.nan)


@each(
    ("op", "a", "said"),
    [
        ("relu", 0.5, "fires"),
        ("relu", 0.0, "stays quiet"),
        ("step", 6.0, "fires"),
        ("step", -3.0, "stays quiet"),
        ("leaky_relu", -1.0, "leaks"),
        ("tanh", 0.9, "positive"),
        ("tanh", -3.0, "saturated"),
        ("sigmoid", 4.5, "more than one half"),
        ("log", 0.0, "No power of e is 0"),
    ],
)
def test_an_activation_says_whether_it_fires(op: str, a: float, said: str) -> None:
    assert said in OPS[op].outcome(a, 0.0, OPS[op].forward_function(a, 0.0))


@every_row
@given(a=st.floats(0.1, 4.0), b=st.floats(0.1, 4.0), negative=st.booleans())
def test_what_is_printed_is_what_is_computed(
    op: Op, a: float, b: float, negative: bool, worked_out: Callable[[str, Mapping[str, float]], float]
) -> None:
    if negative and op.name not in ("pow", "powc", "log", "sqrt"):
        a = -a
    y = op.forward_function(a, b)
    values = {"a": a, "b": b, "y": y}
    assert worked_out(op.forward_text, values) == pytest.approx(y, rel=1e-12, abs=1e-12)
    for text, slope in zip(op.backward_text, op.backward_functions, strict=True):
        if text is not None and slope is not None:
            assert worked_out(text, values) == pytest.approx(slope(a, b, y), rel=1e-12, abs=1e-12)


def test_the_table_knows_the_rows_by_their_names() -> None:
    assert [row.name for row in OPS.values()] == list(OPS)
    assert {row.arity for row in OPS.values()} == {1, 2}
