"""How a Value is written: what is written reads back as the same number, with no bracket too many. Knows Values."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chainstep.engine import Value
from chainstep.engine.autograd.text.expression import FUNCTIONS, parse
from chainstep.engine.autograd.text.notation import formula, number, text
from support.cases import each
from support.graphs import Recipe, bits, grown, recipes

CONSTANTS = (2.0, -0.5, 3.0, -2.0, 1e-7, 0.1)
TYPED = ["add", "sub", "mul", "div", "neg", "pow", "powc", *(name for name in FUNCTIONS if name != "abs")]


@given(recipe=recipes(TYPED, 7), point=st.lists(st.floats(-3.0, 3.0), min_size=3, max_size=3))
def test_a_text_reads_back_as_the_same_number(recipe: Recipe, point: list[float]) -> None:
    """Brackets stand exactly where they are needed: floats do not associate, and so a wrong pair shows in the bits."""
    leaves = [Value(x, label=name) for x, name in zip(point, "abc", strict=True)]
    root = grown([*leaves, *map(Value, CONSTANTS)], recipe, CONSTANTS)[-1]
    written = text(root, 30)
    assume("…" not in written and len(written) <= 900)
    used = {leaf.label: leaf.data for leaf in leaves if leaf.label in re.findall(r"\w+", written)}
    # The sum makes an expression of what may be a mere number, -(2), and changes no bit.
    again, _ = parse(f"({written}) + 0", used)
    assert bits(again.data) == bits(root.data)


@each(
    "written",
    [
        "a + b + c", "a + (b + c)", "a - b - c", "a - (b - c)", "a*(b + c)", "a*b + c", "a/b/c", "a/(b*c)", "a*(b/c)",
        "-a", "-(a + b)", "(-a)**2", "-a**2", "a**-0.5", "a**b", "(a**b)**c", "a**(b**c)", "2**a", "(-2)**a",
        "tanh(a*b + c)", "max(a, b + c)", "a - (b + c)", "a + b - c", "-a*b",
    ],
)  # fmt: skip
def test_texts_have_no_bracket_too_many(written: str) -> None:
    leaves = {name: 1.5 for name in "abc" if name in written.replace("tanh", "").replace("max", "")}
    root, _ = parse(written, leaves)
    assert text(root) == written.replace("**-0.5", "**(-0.5)")


def test_long_and_deep_texts_are_shortened() -> None:
    terms = [Value(1.0, label=f"t{i}") for i in range(9)]
    assert text(sum(terms[1:], terms[0])) == "t0 + t1 + … + t8"
    deep = terms[0]
    for _ in range(100_000):
        deep = deep.tanh()
    assert text(deep, 3) == "tanh(tanh(tanh(…)))"


def test_a_label_stands_for_its_expression() -> None:
    a, b = Value(2.0, label="a"), Value(3.0, label="b")
    e = a * b
    e.label = "e"
    assert text(e + a) == "e + a"
    assert (text(e), formula(e)) == ("e", "a*b")
    with pytest.raises(ValueError, match="leaf"):
        formula(a)


@each(
    ("data", "written"),
    [(2.0, "2"), (-0.5, "-0.5"), (1e-07, "1e-07"), (0.0, "0"), (1e300, "1e+300"), (math.inf, "inf"), (math.nan, "nan")],
)
def test_numbers_are_written_as_they_are_typed(data: float, written: str) -> None:
    assert number(data) == written
