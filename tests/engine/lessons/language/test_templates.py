"""Sentences with numbers in them. Must not know sessions."""

from __future__ import annotations

import math

import pytest

from chainstep.engine.lessons.errors import LessonError
from chainstep.engine.lessons.language import evaluation
from chainstep.engine.lessons.language.evaluation import Place
from chainstep.engine.lessons.language.numbers import written
from chainstep.engine.lessons.language.templates import filled, sentence
from chainstep.engine.training.moves import result
from chainstep.tui.cli.learning.setups import Setups
from support.cases import each
from support.lessons.written import PLUS_EQUALS, of_text, quantum


def said(text: str) -> str:
    setups = Setups()
    session = setups.open(of_text(PLUS_EQUALS).setup)
    place = Place(session, session, setups.open, quantum, {})
    return result(filled(sentence(text), lambda expression: evaluation.value(expression, place)))


def test_expressions_stand_for_what_they_come_to() -> None:
    assert said("The  sum\nof {{a}} is {a + a}, a third {a / 7}, in six digits {a / 7:6}.") == (
        "The sum of {a} is 6, a third 0.4286, in six digits 0.428571."
    )
    assert said("{phase} at {a > 2}") == "forward at yes"


@each("text", ["one {a", "one }", "{}", "{a +}", "{a[0]}"])
def test_a_brace_is_closed_around_an_expression(text: str) -> None:
    with pytest.raises(LessonError):
        sentence(text)


@each(
    ("number", "text"),
    [
        (6.0, "6"),
        (-3.0, "-3"),
        (0.70710678, "0.7071"),
        (14.003, "14.003"),
        (124439808.0, "124 439 808"),
        (1.2341e-7, "1.234e-7"),
        (1e300, "1e300"),
        (-0.5, "-0.5"),
        (math.nan, "nan"),
        (-math.inf, "-inf"),
    ],
)
def test_a_number_in_a_sentence_has_four_or_five_digits(number: float, text: str) -> None:
    assert written(number) == text
