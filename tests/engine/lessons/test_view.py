"""What a lesson shows of a question. Must not know lessons themselves."""

from __future__ import annotations

from chainstep.engine.lessons.view import Choice, Question


def test_a_question_says_how_it_is_answered_and_whether_it_comes_again() -> None:
    typed, chosen = Question("a.grad?", drawn=(("a", 4.0),)), Question("Which?", (Choice("up"), Choice("down")))

    assert (typed.kind, typed.again) == ("typed", True)
    assert (chosen.kind, chosen.again) == ("chosen", False)
