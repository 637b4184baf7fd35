"""A walk through a lesson: what is shown, judged and told, and where it leads the learner's session. Must not know the
screen.
"""

from __future__ import annotations

import pytest

from chainstep.engine.lessons.commands import (
    Answer,
    BackToLesson,
    Choose,
    Hint,
    NextBeat,
    Opened,
    PreviousBeat,
    Reveal,
)
from chainstep.engine.lessons.events import Answered, Ended, Reached
from chainstep.engine.lessons.view import Lit, NextKey
from chainstep.engine.training.commands import Forward, Goto, SetParameter
from support.lessons.walking import OPEN, Learner
from support.lessons.written import OPENING, PLUS_EQUALS, of_text


@pytest.fixture
def learner() -> Learner:
    return Learner(of_text(PLUS_EQUALS))


def test_what_is_waited_for_counts_however_it_came_about(learner: Learner) -> None:
    view = learner.view
    assert (view.stage, view.say) == ("do", "Here a = 3 feeds one sum twice. Run it forward.")
    assert (view.lit, view.key) == ((Lit("node", "a"),), NextKey("phase", "forward"))

    learner.does(Forward("op"))
    assert (learner.view.stage, learner.view.at_lesson) == ("do", False), "whoever went wrong can begin it again"
    learner.does(Forward("op"))

    assert learner.view.stage == "done"
    assert learner.view.key is None


def test_what_is_to_be_opened_is_done_once_it_was_open_and_leaves_the_session_where_it_is() -> None:
    learner = Learner(of_text(OPENING))
    assert (learner.view.stage, learner.view.key) == ("do", NextKey("losses", "forward"))
    before = learner.numbers()

    learner.tells(Opened("nudge"))
    learner.does(Forward("phase"))
    assert learner.view.stage == "do", "something else was opened, something else was done"
    learner.tells(BackToLesson())
    learner.tells(Opened("losses"))

    assert (learner.view.stage, learner.view.key, learner.view.at_lesson) == ("done", None, True)
    assert learner.numbers() == before
    learner.tells(NextBeat())
    learner.tells(PreviousBeat())
    assert learner.view.stage == "do", "whoever comes again is asked again"


def test_what_waits_for_the_session_does_not_care_what_is_opened(learner: Learner) -> None:
    learner.tells(Opened("phase"))

    assert learner.view.stage == "do"


def test_a_right_answer_is_judged_by_the_sessions_own_number_and_then_shown(learner: Learner) -> None:
    learner.does(Forward("phase"))
    learner.tells(NextBeat())
    assert learner.view.covered == ("a.grad",)
    assert learner.value("a.grad") == 0.0

    learner.tells(Answer("1 + 1"))

    view = learner.view
    assert view.verdict is not None
    assert (view.stage, view.verdict.right, view.mastered, view.covered) == ("answered", True, 1, ())
    assert view.revealed is not None
    assert (view.revealed.right, view.revealed.words) == (2.0, "Each use adds 1: 2 in all.")
    assert view.revealed.rule.startswith("a.grad += ")
    assert view.revealed.numbers.endswith("= 2")
    assert learner.value("a.grad") == 2.0


def test_wrong_answers_get_their_cause_then_hints_and_at_last_the_right_one(learner: Learner) -> None:
    learner.tells(NextBeat())
    said = []
    for number in ("1", "6", "7", "8"):
        learner.tells(Answer(number))
        assert learner.view.verdict is not None
        said.append((learner.view.verdict.words, len(learner.view.hints), learner.view.stage))

    assert said == [
        ("You let the second wire overwrite the first.", 0, "ask"),
        ("That is the data of the sum.", 1, "ask"),
        ("", 2, "ask"),
        ("", 2, "answered"),
    ]
    assert learner.view.mastered == 0


def test_what_is_no_number_counts_for_nothing(learner: Learner) -> None:
    learner.tells(NextBeat())
    learner.tells(Answer("two"))

    assert (learner.view.attempts, learner.view.verdict) == (0, None)
    assert learner.view.complaint == "'two' is neither a number nor a calculation such as 2 * 0.5"


def test_with_help_an_answer_is_right_and_nothing_is_mastered(learner: Learner) -> None:
    learner.tells(NextBeat())
    learner.tells(Hint())
    assert (learner.view.hints, learner.view.more_hints) == (("Count the wires that leave a.",), True)
    learner.tells(Answer("2"))

    assert (learner.view.stage, learner.view.mastered) == ("answered", 0)
    answered = learner.events[-1]
    assert isinstance(answered, Answered)
    assert (answered.ok, answered.helped, answered.mastered) == (True, True, False)


def test_drawn_numbers_ask_it_again_until_it_is_right_on_two(learner: Learner) -> None:
    learner.tells(NextBeat())
    learner.tells(NextBeat())
    assert learner.view.question is not None
    assert learner.view.question.drawn == ()
    learner.tells(Answer("-3"))
    assert (learner.view.stage, learner.view.mastered) == ("answered", 0)

    learner.tells(NextBeat())

    question = learner.view.question
    assert question is not None
    numbers = dict(question.drawn)
    a, b = numbers["a"], numbers["b"]
    assert (a, b) != (-2.0, 3.0)
    assert (learner.value("a"), learner.value("b")) == (a, b)
    learner.tells(Answer(str(2 * a * b + b * b)))
    assert learner.view.mastered == 1
    learner.tells(NextBeat())
    assert learner.view.beat == 4


def test_a_choice_is_judged_by_what_holds(learner: Learner) -> None:
    for _ in range(3):
        learner.tells(NextBeat())
    learner.tells(Choose(1))
    view = learner.view
    assert view.verdict is not None
    assert (view.verdict.right, view.verdict.words) == (False, "Nothing adds the two.")
    assert view.question is not None
    assert [(choice.right, choice.chosen) for choice in view.question.choices] == [(None, False), (None, True)]

    learner.tells(Choose(0))

    assert learner.view.question is not None
    assert [(choice.right, choice.chosen) for choice in learner.view.question.choices] == [(True, True), (False, False)]


def test_the_learner_is_free_and_comes_back_to_the_exact_place(learner: Learner) -> None:
    learner.tells(NextBeat())
    learner.tells(NextBeat())
    there = learner.numbers()
    run = learner.session.run

    learner.does(Forward("op", 2))
    assert not learner.view.at_lesson
    learner.tells(BackToLesson())
    assert (learner.numbers(), learner.view.at_lesson) == (there, True)
    assert learner.session.run is run

    learner.does(SetParameter(0, 9.0))
    learner.does(Goto(3))
    assert not learner.view.at_lesson
    learner.tells(BackToLesson())
    assert (learner.numbers(), learner.view.at_lesson) == (there, True)


def test_of_another_subject_nothing_is_lit_or_covered(learner: Learner) -> None:
    learner.tells(NextBeat())
    asked = learner.view

    learner.session = OPEN(["moons"])
    learner.catches_up()
    assert (learner.view.stage, learner.view.at_lesson) == ("ask", False)
    assert (learner.view.lit, learner.view.covered) == ((), ())

    learner.session = OPEN(["expr", "a+a", "a=5"])
    learner.catches_up()
    assert (learner.view.lit, learner.view.covered) == (asked.lit, asked.covered), "the same again is as it was"

    learner.session = OPEN(["moons"])
    learner.catches_up()
    learner.tells(BackToLesson())
    assert learner.view == asked
    assert asked.covered == ("a.grad",)


def test_the_lesson_ends_with_what_one_can_do_and_leads_back_too(learner: Learner) -> None:
    for _ in range(4):
        learner.tells(NextBeat())
    assert (learner.view.stage, learner.view.can) == ("end", "You can say why backward writes +=.")
    assert learner.events == [*(Reached("plus-equals", beat) for beat in (1, 2, 3, 4)), Ended("plus-equals")]

    learner.tells(PreviousBeat())
    assert (learner.view.beat, learner.view.stage) == (4, "ask")
    learner.tells(Reveal())
    assert learner.view.revealed is not None
    assert learner.view.revealed.text == "what the last use writes"


def test_an_answer_that_comes_before_the_right_one_is_known_waits_for_it(learner: Learner) -> None:
    learner.walk.tell(NextBeat())
    learner.walk.tell(Answer("2"))
    assert learner.walk.view().working

    learner.catches_up()

    assert learner.view.verdict is not None
    assert (learner.view.verdict.right, learner.view.working) == (True, False)


def test_who_goes_on_does_not_wait_for_what_is_left(learner: Learner) -> None:
    learner.walk.tell(NextBeat())
    work = learner.walk.work()
    assert work is not None
    pieces = work(lambda: 1)
    next(pieces)
    learner.walk.tell(NextBeat())

    assert list(pieces) == []
    learner.catches_up()
    assert (learner.view.beat, learner.view.stage) == (3, "ask")


def test_a_beat_that_does_not_hold_says_so_and_is_passed_by() -> None:
    learner = Learner(of_text(PLUS_EQUALS.replace('answer = "a.grad"', 'answer = "q.grad"', 1)))
    learner.tells(NextBeat())

    assert learner.view.complaint == "this beat does not hold: column 1: there is no value q"
    learner.tells(NextBeat())
    assert learner.view.stage == "ask"


def test_an_old_question_comes_first_and_is_asked_once() -> None:
    old = of_text(PLUS_EQUALS)
    learner = Learner(of_text(PLUS_EQUALS.replace('id = "plus-equals"', 'id = "other"')), review=[(old, 2)])
    view = learner.view

    assert (view.review, view.id, view.beat) == (True, "plus-equals", 3)
    learner.tells(Answer("-3"))
    answered = learner.events[-1]
    assert isinstance(answered, Answered)
    assert (answered.lesson, answered.beat, answered.mastered) == ("plus-equals", 3, True)
    learner.tells(NextBeat())
    assert (learner.view.review, learner.view.id, learner.view.beat) == (False, "other", 1)
