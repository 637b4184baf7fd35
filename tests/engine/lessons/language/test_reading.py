"""Expressions are read through a whitelist: what is not allowed is refused in one line, with its column. Must not know
sessions.
"""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.lessons.errors import LessonError
from chainstep.engine.lessons.language.reading import names, number_name, parse
from support.cases import each


@each(
    ("text", "message"),
    [
        ("2 * foo(3)", "column 5: there is no function foo: there are "),
        ("2 * nodee('a')", "column 5: there is no function nodee: did you mean node?"),
        ("a.grad +", "'a.grad +' cannot be read as an expression such as 2 * a.grad"),
        ("1 + __import__('os')", "column 5: there is no function __import__"),
        ("[a]", "column 1: [a] is not allowed"),
        ("a[0]", "column 1: a[0] is not allowed"),
        ("lambda: 1", "column 1: lambda: 1 is not allowed"),
        ("abs(1).real", "column 1: only a value and node(…) have .real"),
        ("node('a').real", "column 1: a node has .data and .grad, not .real"),
        ("at('backward')", "column 1: at takes 2 arguments, not 1"),
        ("abs(a, lr=1)", "column 1: abs takes no lr="),
        ("under(loss, **knobs)", "column 1: under takes knobs by their names, as in lr=0.1"),
        ("a is b", "column 1: numbers are compared with < <= > >= == !="),
        ("a // b", "column 1: a // b is not allowed"),
        ("1" + "0" * 400, "column 1: the number is too large"),
        ("-" * 70 + "1", "an expression may be nested 60 levels deep"),
        ("+".join("a" * 300), "an expression may have 500 characters, this one has 599"),
        ("True", "column 1: True is not allowed"),
    ],
)
def test_what_is_not_allowed_is_refused_where_it_stands(text: str, message: str) -> None:
    with pytest.raises(LessonError) as error:
        parse(text)

    assert message in str(error.value)
    assert "\n" not in str(error.value)


@given(st.text(max_size=40))
def test_no_text_gets_past_the_reader_but_an_expression(text: str) -> None:
    with suppress(LessonError):
        assert all(isinstance(name, str) for name in names(parse(text)))


@each(
    ("text", "name"),
    [
        ("a.grad", "a.grad"),
        ("L1.n2.w0", "L1.n2.w0"),
        ("node('a*b').grad", "a*b.grad"),
        ("node('a*b')", "a*b"),
        ("2 * a", None),
    ],
)
def test_a_number_that_stands_alone_has_a_name(text: str, name: str | None) -> None:
    assert number_name(parse(text)) == name
