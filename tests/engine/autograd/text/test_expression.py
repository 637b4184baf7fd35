"""Typed expressions: what may be said, what it means, and what the errors say. Nothing is ever evaluated."""

from __future__ import annotations

import math
import re
import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine import Value
from chainstep.engine.autograd.text.expression import ExpressionError, parse, parse_leaf
from chainstep.engine.autograd.text.spelling import one_line
from chainstep.engine.autograd.value import topological_order
from support.cases import each

LEAVES = {"a": 2.0, "b": -3.0}

FORBIDDEN = [
    "__import__('os')", "__import__('os').system('true')", "a.real", "a.__class__", "(a).data", "a[0]", "[a]", "(a, b)",
    "{a}", "{a: b}", "[x for x in a]", "(lambda: a)()", "lambda: a", "f'{a}'", "'a'", "b'a'", "'a' + a",
    "a if b else a", "a and b", "a or b", "not a", "a < b", "a == b", "(c := a)", "(yield)", "await a", "a @ b",
    "a // b", "a % b", "a << 1", "a | b", "a & b", "~a", "*a", "tanh(*a)", "tanh(**a)", "tanh(x=a)",
    "tanh(a, x=b)", "tanh()", "tanh(a, b)", "max(a)", "max(a, b, a)", "open(a)", "eval('a')", "exec(a)", "print(a)",
    "tanh.__call__(a)", "-True*a", "-False + a",
    "(tanh)(a)(a)", "a(b)", "a (b)", "2a(b)", "ab", "(a)2b", "a^", "^b", "a^^b", "a*b # a", "a*b \\\n", "a²²3b",
    "f(a) = a*b", "a*b = a", "e = ", "= a*b", "e == a*b", "e = a*b = b", "1 = a*b", "e = a; f = b; e*f", "e = 2; a*b*e",
    "e = a*b; f = +e; e*f", "e = a*b; e = a + b; e*a", "e*b; e = a*a", "e = e*a*b", "f = a*b; a + b", "a*b; a + b",
    "tanh = a*b; tanh*a", "if = a*b; if*a", "lambda = a*b", "(e = a*b)", "(a; b)", "e = a*b; f = g; g = e*e",
    "tanh", "a + tanh", "True + a", "None", "...", "1j + a", "a; b", "a = b", "a, b",
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


@each("source", FORBIDDEN)
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
    | st.text(alphabet="ab01.+-*/^²() ,tanhmx\n;'\"[]{}:=", max_size=30)
)
def test_any_text_is_an_expression_or_an_expression_error(source: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        root, error = tried(source)
        assert error.isprintable()
        assert root is None or root.op is not None


@each(
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
        ("  a*b*a.real", "column 7 is not allowed"),
        ("3a^2 - 4b + c", "c has no number"),
        ("3a^2 - 4b/0", "division by zero at column 11"),
        ("3a^2 − 4b.real", "column 9 is not allowed"),
        ("2a² + b b", "cannot be read at column 9"),
        ("3a^2 - 4b + 1e400", "column 13 is too large"),
        ("a*b*é", "cannot be read at column 5"),
        ("'a' + b", "column 1 is not allowed"),
        ("a + ln(b)", r"ln at column 5 is no function: there are sqrt, exp, log, sin"),
        ("2a(b)", r"a at column 2 is no function: a product is a*(…)"),
        ("a*b*open(a)", "open at column 5 is no function"),
        ("a*b*sin", r"sin at column 5 is a function: write sin(…)"),
        ("ab", r"ab has no number: write ab=1.0 behind the expression, or a*b for a product"),
        ("e = a*b\nf = e + a.real\n", "column 9 of line 2 is not allowed"),
        ("e = a*b; f = e*/2", "cannot be read at column 16"),
        ("d = e + a; e = a*b; d*e", "e at column 5 is used before it is assigned"),
        ("e = a*b; e = e + a", "e is assigned twice"),
        ("a = a*b", "a is a leaf: give the step another name"),
        ("tanh = a*b", "tanh cannot be a name"),
        ("e = a*b; d = e + a; a + b", "d is not used: the last step is the value"),
        ("a*b; a + b", "the step at column 1 has no name"),
        ("e = a; e*b", "e is a again: a step has an operation of its own"),
        ("k = 2; k*a*b", "k is a number: write k=2 behind the expression"),
        ("f(a) = a*b", "cannot be read at column 6: a step is NAME = EXPRESSION"),
        ("max(a*b)", "max takes 2 arguments, not 1"),
        ("tanh(a, b)", "tanh takes 1 argument, not 2"),
        ("a*b" + " " * 1000, "1000 characters, this one has 1003"),
        ("a*b*" + "-" * 900 + "a", "nested 600 levels deep, this one is 902"),
    ],
)
def test_an_error_says_what_and_where(source: str, says: str) -> None:
    with pytest.raises(ExpressionError, match=re.escape(says)):
        parse(source, LEAVES)


def test_as_many_terms_as_fit_are_no_deep_nesting() -> None:
    root, _ = parse("+".join("a" * 500), {"a": 1.0})
    assert root.data == 500.0


def test_an_expression_without_an_operation_cannot_be_stepped() -> None:
    for source, leaves in (("a", {"a": 1.0}), ("2", {}), ("-2", {}), ("+a", {"a": 1.0})):
        with pytest.raises(ExpressionError, match="no operation"):
            parse(source, leaves)


@each(
    ("source", "value"),
    [
        ("a + b*2", -4.0),
        ("3a^2 - 4b + 5", 29.0),
        ("3a² − 4·b + 5", 29.0),
        ("2a^2 + b", 5.0),
        ("1/2a + 0b", 1.0),
        ("-a^2 + b", -7.0),
        ("2^a^2 + b", 13.0),
        ("2^3a + b", 13.0),
        ("a^-1b", -1.5),
        ("2(a + 1)b", -18.0),
        ("(a + 1)(b - 1)", -12.0),
        ("(a + 1)b", -9.0),
        ("tanh(a)(b)", -3.0 * math.tanh(2.0)),
        ("2 a + 3 (b)", -5.0),
        ("2.5a + .5b", 3.5),
        ("2e3a + 2e-3b", 4000.0 - 0.006),
        ("min(a, b)sqrt(a)", -3.0 * math.sqrt(2.0)),
        ("sin(a)^2 + cos(a)^2 + 0b", 1.0),
        ("(a\n + b)", -1.0),
        ("e = a*b; d = e + 10; L = d*-2", -8.0),
        ("e = a*b\nd = e + 10\n\nd*-2\n", -8.0),
        ("e = a*b; e", -6.0),
        (" ; e=a^2;e*e*b ; ", -48.0),
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


def test_a_step_is_one_node_with_its_name() -> None:
    root, (a, b) = parse("e = a*b; d = e + e; L = d*e", LEAVES)
    root.backward()
    named = {node.label: node for node in topological_order(root)}
    assert list(named) == ["a", "b", "e", "d", "L"]
    assert named["d"].inputs == (named["e"], named["e"])
    assert root is named["L"]
    assert named["e"].grad == 4 * -6.0
    assert (a.grad, b.grad) == (72.0, -48.0)


def test_several_lines_are_shown_as_one() -> None:
    assert one_line("\ne = a*b \n d = (e +\n c);\n\n d*e\t") == "e = a*b; d = (e + c); d*e"
    assert one_line("(a*b + c)*f") == "(a*b + c)*f"


def test_names_that_letters_and_numbers_could_make_are_never_taken_apart() -> None:
    root, _ = parse("2e3x1 + 3x1 + 0x10 + 2e", {"x1": 2.0, "e": 5.0})
    assert root.data == 4000.0 + 6.0 + 16.0 + 10.0


def test_leaves_keep_their_order_and_are_shared() -> None:
    root, (b, a) = parse("a*a + b", {"b": 1.0, "a": 3.0})
    root.backward()
    assert (a.label, a.grad) == ("a", 6.0)
    assert (b.label, b.grad) == ("b", 1.0)


@each("name", ["expression", "neuron", "reuse"])
def test_the_lectures_expressions(golden: dict[str, Any], name: str) -> None:
    rows = golden[name] if name == "reuse" else [golden[name]]
    for row in rows:
        root, leaves = parse(row["expr"], row["leaves"])
        root.backward()
        assert root.data == pytest.approx(row["value"], rel=1e-9)
        assert [leaf.grad for leaf in leaves] == pytest.approx([row["grad"][leaf.label] for leaf in leaves], abs=1e-12)


@each(("text", "pair"), [("a=2", ("a", 2.0)), (" x1 = -3.5", ("x1", -3.5)), ("_y=1e-3", ("_y", 1e-3))])
def test_a_leaf_is_a_name_and_a_number(text: str, pair: tuple[str, float]) -> None:
    assert parse_leaf(text) == pair


@each(
    "text",
    ["", "a", "a=", "=1", "a=b", "1a=2", "a b=1", "é=1", "a=nan", "a=inf", "a=1e999", "a=-inf", "tanh=1", "a==1",
     "a=1=2"],
)  # fmt: skip
def test_a_leaf_that_is_none_is_one_line_of_error(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_leaf(text)
    assert str(caught.value).isprintable()
