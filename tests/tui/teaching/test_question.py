"""What the quiz asks, and how an answer is marked. Must not know the chain rule, nor any screen."""

from __future__ import annotations

import math
from dataclasses import replace

from chainstep.engine.training.commands import Forward
from chainstep.engine.training.snapshot.event import Event
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.render.text.score import Score
from chainstep.tui.teaching.question import Question, question
from support.cases import each


def events(what: str = "lecture") -> list[Event]:
    """The ops of a step, each as it is before it is run."""
    session, _ = open_subject(what)
    found = []
    while session.step == 0:
        event = session.snapshot({"next"}).next
        assert event is not None
        found.append(event)
        session.apply(Forward("op"))
    return found


ASKED = Question("", "x0*w0", "w0.grad", "w0.grad += …", (("x0", 2.0),), "2.0 × 0.5", 0.25, 1.25)


# --- what is asked, and how it is marked


def test_only_the_chain_rule_is_asked_about() -> None:
    for event in events():
        assert (question(event) is not None) == (event.phase == "backward")
    assert question(None) is None


def test_a_question_gives_the_inputs_and_keeps_the_result() -> None:
    asked = [found for event in events() if (found := question(event))]
    product = next(found for found in asked if found.expression == "x0*w0")
    assert product.target == "w0.grad"
    assert product.rule == "w0.grad += ∂(x0*w0)/∂w0 · (x0*w0).grad"
    assert [name for name, _ in product.given] == ["x0", "w0", "x0*w0", "(x0*w0).grad", "w0.grad"]
    given = dict(product.given)
    assert given["w0.grad"] == product.before
    assert product.after == product.before + given["x0"] * given["(x0*w0).grad"]
    power = next(found for found in asked if found.expression == "(ŷ - y)**2")
    assert "2" not in dict(power.given)


@each(
    ("before", "after", "answer", "right"),
    [
        (0.0, 1.25, 1.25, True),
        (0.0, 1.25, 1.24, True),
        (0.0, 1.25, 1.23, False),
        (0.0, 1.25, -1.25, False),
        (0.0, 0.0, 0.0, True),
        (0.0, 0.0, 0.01, False),
        # Numbers are shown with four digits: of their difference, fewer are known.
        (0.50004, 0.00004, 0.0, True),
        (0.50004, 0.00004, 0.01, False),
        (0.0, math.nan, math.nan, True),
        (0.0, math.inf, math.inf, True),
        (0.0, math.inf, -math.inf, False),
        (0.0, 1.0, math.nan, False),
        (0.0, math.nan, 1.0, False),
    ],
)
def test_an_answer_is_right_within_what_was_shown(before: float, after: float, answer: float, right: bool) -> None:
    assert replace(ASKED, before=before, after=after).right(answer) is right


def test_the_score_counts_and_a_wrong_answer_ends_the_streak() -> None:
    score = Score()
    for right in (True, True, False, True, True):
        score = score.marked(right)
    assert score == Score(4, 5, 2)
    assert str(score) == "4 of 5 right, 2 in a row"
