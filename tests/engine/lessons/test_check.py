"""Checking a lesson finds each thing in it that does not hold, where it stands. Must not know files."""

from __future__ import annotations

from chainstep.engine.lessons.check import Known, Row, check
from chainstep.engine.lessons.errors import Where
from chainstep.engine.lessons.play.prepared import Prepared
from chainstep.tui.cli.learning.setups import Setups
from support.cases import each
from support.lessons.written import OPENING, PLUS_EQUALS, of_text

KNOWN = Known({"phase", "toggle_1", "losses"}, {"losses"}, ("network",))


def rows(text: str) -> list[Row]:
    return list(check(of_text(text), Prepared(Setups().open), KNOWN))


def test_a_lesson_that_holds_has_a_right_answer_for_each_question_and_each_draw() -> None:
    found = rows(PLUS_EQUALS)

    assert [row.error for row in found] == [None] * 6
    assert [(row.beat, row.right) for row in found[:3]] == [(1, None), (2, 2.0), (3, -3.0)]
    assert found[-1].right == "what the last use writes"
    for row in found[3:5]:
        a, b = row.numbers["a"], row.numbers["b"]
        assert row.right == 2 * a * b + b**2


@each(
    ("old", "new", "where", "message"),
    [
        ('do = "phase"', 'do = "phases"', ("beat", 0, "do"), "there is no command called phases"),
        ('do = "phase"', 'do = "toggle_1"', ("beat", 0, "do"), "toggle_1 needs way"),
        ("until = 'phase == \"backward\"'", "until = 'a == 3'", ("beat", 0, "until"), "holds before anything is done"),
        ("until = 'phase == \"backward\"'", "until = 'a == 4'", ("beat", 0, "until"), "pressing phase never brings"),
        (
            "until = 'phase == \"backward\"'",
            "",
            ("beat", 0, "do"),
            "phase needs until; what only opens something needs none: losses",
        ),
        ('show = ["node a"]', 'show = ["node c"]', ("beat", 0, "show", 0), "there is no node c"),
        (
            'show = ["node a"]',
            'show = ["pane lost"]',
            ("beat", 0, "show", 0),
            "there is no pane lost: there are network",
        ),
        ('show = ["node a"]', 'show = ["phase backwards"]', ("beat", 0, "show", 0), "there is no phase backwards"),
        ('answer = "a.grad"', 'answer = "c.grad"', ("beat", 1, "answer"), "column 1: there is no value c"),
        ('answer = "a.grad"', 'answer = "1 / (a - a)"', ("beat", 1, "answer"), "the right answer is inf"),
        ('answer = "a + a"', 'answer = "a.grad + 0.001"', ("beat", 1, "wrong", 1, "answer"), "2.001, is right"),
        ('answer = "a + a"', 'answer = "1"', ("beat", 1, "wrong", 1, "answer"), "1, is that of number 1"),
        ("{a.grad} in all", "{b.grad} in all", ("beat", 1, "tell"), "there is no value b"),
        ('go = ["backward"]', 'go = ["layer 2"]', ("beat", 2, "go", 0), "there is no layer 2"),
        ("draw = { a", "draw = { q", ("beat", 2, "draw", "q"), "there is no parameter q"),
        ("== a.grad'", "!= a.grad'", ("beat", 3, "choice"), "one choice has to be right, here 1 and 2 are"),
        ("the sum all the same", "what the last use writes", ("beat", 3, "choice"), "two choices read the same"),
        ('setup = ["expr", "a+a", "a=3"]', 'setup = ["expr", "a+c", "a=3"]', ("setup",), "c"),
    ],
)
def test_what_does_not_hold_is_told_where_it_stands(old: str, new: str, where: Where, message: str) -> None:
    assert old in PLUS_EQUALS
    errors = [row.error for row in rows(PLUS_EQUALS.replace(old, new, 1)) if row.error is not None]

    assert errors[0].where == where
    assert message in str(errors[0])


def test_what_only_opens_something_needs_no_until() -> None:
    assert {row.error for row in rows(OPENING)} == {None}


def test_a_phase_is_lit_by_its_name() -> None:
    assert rows(PLUS_EQUALS.replace('show = ["node a"]', 'show = ["phase backward"]'))[0].error is None


def test_a_question_that_is_asked_again_has_another_answer_then() -> None:
    always_two = PLUS_EQUALS.replace('tell = "Each', 'draw = { a = [2, 9] }\ntell = "Each')
    (error,) = [row.error for row in rows(always_two) if row.error is not None]

    assert error.where == ("beat", 1, "draw")
    assert "no numbers in these ranges give another right answer" in str(error)
