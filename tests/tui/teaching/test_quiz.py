"""The quiz: what it asks along a step, and what its view says of an answer. Must not know widgets."""

from __future__ import annotations

from chainstep.engine.lessons.commands import Answer, Hint, NextBeat, Reveal
from chainstep.engine.lessons.view import NextKey, Verdict
from chainstep.engine.training.commands import Back, Forward, RunTo
from chainstep.engine.training.session import Session
from chainstep.tui.files.subjects.opening import open_expression
from chainstep.tui.teaching.quiz import Quiz


def shown(session: Session, quiz: Quiz) -> None:
    quiz.after(session.snapshot({"next"}))


def begun() -> tuple[Session, Quiz]:
    """Before the first op of backward."""
    session, _ = open_expression("(a*b + c)*f", {"a": 2.0, "b": -3.0, "c": 10.0, "f": -2.0})
    quiz = Quiz()
    shown(session, quiz)
    assert (quiz.view.stage, quiz.view.key) == ("do", NextKey("phase", "on to backward, which asks"))
    assert quiz.phase() == RunTo("backward")
    session.apply(RunTo("backward"))
    shown(session, quiz)
    return session, quiz


def test_it_asks_before_the_op_and_explains_what_it_will_write() -> None:
    session, quiz = begun()
    assert quiz.view.question is not None
    assert quiz.view.question.text == "What will f.grad be?"
    assert quiz.view.say.startswith("f.grad += ∂((a*b + c)*f)/∂f · ((a*b + c)*f).grad   where ")
    assert quiz.view.say.endswith("f.grad = 0.0 now")
    assert quiz.phase() == Forward("op"), "a phase would go past all questions"
    op = session.op
    quiz.tell(Answer("8 / 2"))
    assert session.op == op, "the op is the learner's to run"
    view = quiz.view
    assert (view.stage, view.title, view.verdict) == ("answered", "Quiz: 1 of 1 right", Verdict(True, "4.0", ""))
    assert view.revealed is not None
    assert (view.revealed.right, view.revealed.numbers) == (4.0, "4.0 × 1.0 = 4.0")
    assert view.key == NextKey("forward", "runs the op, and asks for the next")
    quiz.tell(Answer("5"))
    assert quiz.view is view, "what is answered is not answered again"
    session.apply(Forward("op"))
    shown(session, quiz)
    assert quiz.view.stage == "ask"
    assert quiz.view.verdict is None


def test_a_wrong_answer_nonsense_a_hint_and_the_answer_itself() -> None:
    session, quiz = begun()
    asked = quiz.view
    quiz.tell(Answer("banana"))
    assert quiz.view.complaint == "'banana' is neither a number nor a calculation such as 2 * 0.5"
    assert quiz.score.asked == 0
    quiz.tell(Hint())
    assert (quiz.view.complaint, quiz.view.more_hints) == ("", False)
    assert quiz.view.hints == ("A product hands each input the gradient times the other input.",)
    quiz.tell(NextBeat())
    assert quiz.view.question is asked.question
    quiz.tell(Answer("-4"))
    assert quiz.view.verdict == Verdict(False, "-4.0", "")
    assert quiz.view.revealed is not None
    assert quiz.view.revealed.text == "4.0"
    session.apply(Forward("op"))
    shown(session, quiz)
    quiz.tell(Reveal())
    assert quiz.view.title == "Quiz: 0 of 2 right"
    assert quiz.farewell() == "quiz over: 0 of 2 right; z begins another"


def test_it_follows_wherever_one_goes_and_says_when_backward_is_over() -> None:
    session, quiz = begun()
    first = quiz.view.question
    session.apply(Forward("op"))
    shown(session, quiz)
    assert quiz.view.question != first, "whoever goes on without an answer is asked the next one"
    session.apply(Back("op"))
    shown(session, quiz)
    assert quiz.view.question == first
    quiz.tell(Answer("4"))
    session.apply(Forward("phase"))
    shown(session, quiz)
    assert quiz.view.say == "Backward is over: 1 of 1 right."
    assert quiz.phase() == RunTo("backward")


def test_what_the_next_op_will_write_is_covered_until_it_is_answered() -> None:
    session, quiz = begun()
    picture = session.snapshot({"next"})
    assert picture.next is not None
    covered = quiz.cover(picture).next
    assert covered is not None
    asked = next(each for each in covered.assignments if each.target == "f.grad")
    assert f"{asked.after:.4f}" == "?"
    assert asked.formula == "{asked}", "nor is the derivative seen of which it is made"
    others = [each for each in covered.assignments if each is not asked]
    assert others == [each for each in picture.next.assignments if each.target != "f.grad"]
    assert quiz.view.covered == ("f.grad",)
    quiz.tell(Answer("4"))
    assert quiz.view.covered == ()
    assert quiz.cover(picture) is picture
