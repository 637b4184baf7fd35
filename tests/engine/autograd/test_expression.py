"""Typed expressions: what may be said, what it means, and what the errors say. Nothing is ever evaluated."""

from __future__ import annotations

import math
import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine import Value
from chainstep.engine.autograd.expression import ExpressionError, parse, parse_leaf

LEAVES = {"a": 2.0, "b": -3.0}

FORBIDDEN = [
    "__import__('os')", "__import__('os').system('true')", "a.real", "a.__class__", "(a).data", "a[0]", "[a]", "(a, b)",
    "{a}", "{a: b}", "[x for x in a]", "(lambda: a)()", "lambda: a", "f'{a}'", "'a'", "b'a'", "'a' + a",
    "a if b else a", "a and b", "a or b", "not a", "a < b", "a == b", "(c := a)", "(yield)", "await a", "a @ b",
    "a // b", "a % b", "a << 1", "a | b", "a & b", "a ^ b", "~a", "*a", "tanh(*a)", "tanh(**a)", "tanh(x=a)",
    "tanh(a, x=b)", "tanh()", "tanh(a, b)", "max(a)", "max(a, b, a)", "open(a)", "eval('a')", "exec(a)", "print(a)",
    "tanh.__call__(a)", "-True*a", "-False + a",
    "tanh(a)(b)", "(tanh)(a)(a)", "tanh", "a + tanh", "True + a", "None", "...", "1j + a", "a; b", "a = b", "a, b",
    "import os", "del a", "pass", "", " ", "\t", "a +", "+", "(a", "a)", "a b", "2a", "a..b", "a + \x00", "\x1b[31ma",
    "a\nb", "a + '\\d'", "1if a else b", "é + a", "🦆", "a + c", "0x", "1_", "a ** ", "# a", "a" * 1001,
    "(" * 400 + "a" + ")" * 400, "-" * 990 + "a", "9" * 990 + "*a*b", "a**" * 300, "tanh(" * 190 + "a*b" + ")" * 190,
]  # fmt: skip


def tried(source: str) -> tuple[Value | None, str]:
    """The expression, or else what the error says."""
    try:
        return parse(source, LEAVES)[0], ""
    except ExpressionError as error:
        return None, str(error)


def same(x: float, y: float) -> bool:
    return x == y or (x != x and y != y)


@pytest.mark.parametrize("source", FORBIDDEN, ids=lambda source: repr(source[:30]))
def test_what_is_no_expression_is_one_line_of_error(source: str) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        root, error = tried(source)
    # How deep is too deep may differ with the interpreter: what it can read is computed.
    assert error or (root and len(source) > 100)
    assert error.isprintable()
    assert caught == []


# Any code point: `st.text` alone would work out all of Unicode's categories first, which takes a second.
@given(
    st.text(st.integers(0, 0x10FFFF).map(chr), max_size=40)
    | st.text(alphabet="ab01.+-*/() ,tanhmx\n'\"[]{}:=", max_size=30)
)
def test_any_text_is_an_expression_or_an_expression_error(source: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        root, error = tried(source)
        assert error.isprintable()
        assert root is None or root.op is not None


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("a*b + c", "c has no number"),
        ("a*b/0", "division by zero at column 5"),
        ("a*b/-0.0", "division by zero"),
        ("a*b*a.real", "column 5 is not allowed"),
        ("a + b b", "cannot be read at column 7"),
        ("a*2", "there is no b"),
        ("a*b + 1e400", "column 7 is too large: a number must be finite"),
        ("a*b*-1e999", "column 5 is too large"),
        ("a*b**1e400", "column 6 is too large"),
        ("a*b + 1" + "0" * 400, "column 7 is too large"),
        ("max(a*b)", "max takes 2 arguments, not 1"),
        ("tanh(a, b)", "tanh takes 1 argument, not 2"),
        ("a*b" + " " * 1000, "1000 characters, this one has 1003"),
        ("a*b*" + "-" * 900 + "a", "nested 600 levels deep, this one is 902"),
    ],
)
def test_an_error_says_what_and_where(source: str, says: str) -> None:
    with pytest.raises(ExpressionError, match=says.replace("(", r"\(")):
        parse(source, LEAVES)


def test_as_many_terms_as_fit_are_no_deep_nesting() -> None:
    root, _ = parse("+".join("a" * 500), {"a": 1.0})
    assert root.data == 500.0


def test_an_expression_without_an_operation_cannot_be_stepped() -> None:
    for source, leaves in (("a", {"a": 1.0}), ("2", {}), ("-2", {}), ("+a", {"a": 1.0})):
        with pytest.raises(ExpressionError, match="no operation"):
            parse(source, leaves)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("a + b*2", -4.0),
        ("(a + b)*2", -2.0),
        ("-a**2 + b", -7.0),
        ("(-a)**2 + b", 1.0),
        ("a**-1*b", -1.5),
        ("2**a**2 + b", 13.0),
        ("a - b - 1", 4.0),
        ("a/b/2", 2.0 / -3.0 / 2.0),
        ("+a*-b", 6.0),
        ("relu(b) + a", 2.0),
        ("max(a, b)", 2.0),
        ("abs(b)*a", 6.0),
        ("step(a) + step(b)", 1.0),
        ("softplus(a) + 0*b", math.log1p(math.exp(2.0))),
        ("sigmoid(a)*b", -3.0 / (1.0 + math.exp(-2.0))),
        ("exp(log(a))*b", -3.0 * math.exp(math.log(2.0))),
        ("  a*b  ", -6.0),
        ("1e1*a*b", -60.0),
        ("0x10*a*b", -96.0),
        ("a*b/(1 - 1)", -math.inf),
        ("log(b)*a", math.nan),
        ("a/(b*-0)", math.inf),
        ("1" + "0" * 300 + "*a + 0*b", 2e300),
    ],
)
def test_meaning_and_precedence(source: str, value: float) -> None:
    root, _ = parse(source, LEAVES)
    assert same(root.data, pytest.approx(value, rel=1e-15).expected)


def test_a_literal_exponent_is_a_constant_and_a_name_is_not() -> None:
    constant, _ = parse("a**2 + b", LEAVES)
    named, (a, b) = parse("a**b", {"a": 2.0, "b": 3.0})
    assert constant.inputs[0].op is not None
    assert constant.inputs[0].op.name == "powc"
    named.backward()
    assert (a.grad, b.grad) == pytest.approx((12.0, 8 * math.log(2)))


def test_leaves_keep_their_order_and_are_shared() -> None:
    root, (b, a) = parse("a*a + b", {"b": 1.0, "a": 3.0})
    root.backward()
    assert (a.label, a.grad) == ("a", 6.0)
    assert (b.label, b.grad) == ("b", 1.0)


@pytest.mark.parametrize("name", ["expression", "neuron", "reuse"])
def test_the_lectures_expressions(golden: dict[str, Any], name: str) -> None:
    rows = golden[name] if name == "reuse" else [golden[name]]
    for row in rows:
        root, leaves = parse(row["expr"], row["leaves"])
        root.backward()
        assert root.data == pytest.approx(row["value"], rel=1e-9)
        assert [leaf.grad for leaf in leaves] == pytest.approx([row["grad"][leaf.label] for leaf in leaves], abs=1e-12)


@pytest.mark.parametrize(
    ("text", "pair"), [("a=2", ("a", 2.0)), (" x1 = -3.5", ("x1", -3.5)), ("_y=1e-3", ("_y", 1e-3))]
)
def test_a_leaf_is_a_name_and_a_number(text: str, pair: tuple[str, float]) -> None:
    assert parse_leaf(text) == pair


@pytest.mark.parametrize(
    "text",
    ["", "a", "a=", "=1", "a=b", "1a=2", "a b=1", "é=1", "a=nan", "a=inf", "a=1e999", "a=-inf", "tanh=1", "a==1",
     "a=1=2"],
)  # fmt: skip
def test_a_leaf_that_is_none_is_one_line_of_error(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_leaf(text)
    assert str(caught.value).isprintable()
