"""What an answer is worth. Must not know questions."""

from __future__ import annotations

import math

import pytest

from chainstep.engine.lessons.play.judging import agrees, read
from support.cases import each


@each(
    ("text", "number"),
    [("0.5", 0.5), (" -1e-8 ", -1e-8), ("2 * 0.5", 1.0), ("(1-0.5**2)*2", 1.5), ("1 - tanh(0)^2", 1.0)],
)
def test_an_answer_is_a_number_or_a_calculation(text: str, number: float) -> None:
    assert read(text) == number


@each("text", ["", "x", "x0 * 2", "2 *", "exit()", "__import__('os')", "1, 2", "1/0", "one"])
def test_anything_else_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(ValueError, match=r"^(type a number|.* is neither a number nor a calculation).*$"):
        read(text)


@each(
    ("answer", "right", "agreed"),
    [
        (0.707, math.sqrt(0.5), True),
        (0.70, math.sqrt(0.5), False),
        (41.0, 41.0, True),
        (41.4, 41.0, True),
        (336.0, 337.0, False),
        (0.0, 0.0, True),
        (0.001, 0.0, False),
        (0.0, 1.6e-4, False),
        (math.inf, math.inf, True),
        (1e308, math.inf, False),
        (-2.0, 2.0, False),
    ],
)
def test_one_percent_is_close_enough_and_a_count_is_exact(answer: float, right: float, agreed: bool) -> None:
    assert agrees(answer, right) is agreed


def test_a_beat_may_ask_for_more_or_less() -> None:
    assert not agrees(14.0, 14.003, close=1e-5)
    assert agrees(330.0, 337.0, close=0.05)
    assert agrees(0.26, 0.25, within=0.02)
    assert not agrees(0.28, 0.25, within=0.02)
    assert agrees(0.9, 1e-6, terms=2000.0)
