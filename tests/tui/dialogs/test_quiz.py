"""The quiz: what is asked, how an answer is marked, and what it does to the session. Must not know the chain rule."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from textual.widgets import Input

from chainstep.engine.training.commands import Forward, RunTo
from chainstep.engine.training.snapshot.event import Event
from chainstep.tui.dialogs.quiz.question import Question, question, read
from chainstep.tui.dialogs.quiz.quiz import Quiz
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.render.text.score import Score
from support.sessions import numbers_of

Opened = Callable[..., Any]


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


ASKED = Question("", "x0*w0", "w0.grad", "w0.grad += …", (("x0", 2.0),), 0.25, 1.25)


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


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(("text", "value"), [("1.25", 1.25), (" -3 ", -3.0), ("2 * 0.5", 1.0), ("(1-0.5**2)*2", 1.5)])
def test_an_answer_may_be_a_calculation(text: str, value: float) -> None:
    assert read(text) == value


@pytest.mark.parametrize("text", ["", "banana", "x0 * 2", "1 +", "__import__('os')", "1, 2", "1/0"])
def test_nonsense_is_no_answer(text: str) -> None:
    with pytest.raises(ValueError, match="calculation") as caught:
        read(text)
    assert "\n" not in str(caught.value)


def test_the_score_counts_and_a_wrong_answer_ends_the_streak() -> None:
    score = Score()
    for right in (True, True, False, True, True):
        score = score.marked(right)
    assert score == Score(4, 5, 2)
    assert str(score) == "4 of 5 right, 2 in a row"


# --- in the app


async def begin(ui: Any) -> Question:
    """Quiz mode, before the first op of backward."""
    await ui.press("z", "enter")
    await ui.until(lambda: ui.snapshot.position.phase == "backward" and not ui.train.working)
    await ui.press("right")
    assert isinstance(ui.app.screen, Quiz)
    asked = question(ui.session.snapshot({"next"}).next)
    assert asked is not None
    return asked


async def test_an_op_runs_when_its_gradient_was_predicted(opened: Opened) -> None:
    async with opened() as ui:
        asked = await begin(ui)
        before = ui.session.op
        await ui.type(f"{asked.after}")
        assert ui.told("#verdict").startswith("Right")
        assert ui.session.op == before + 1
        await ui.press("enter")
        assert ui.app.screen is ui.train
        assert ui.train.quiz == Score(1, 1, 1)
        await ui.press("right")
        await ui.type("1000000")
        assert ui.told("#verdict").startswith("Not quite")
        assert ui.told("#score").endswith("1 of 2 right")
        await ui.press("right", "right")
        assert isinstance(ui.app.screen, Quiz)
        assert ui.session.op == before + 2


async def test_the_explanation_has_the_numbers_of_the_chain_rule(opened: Opened) -> None:
    async with opened() as ui:
        await begin(ui)
        rows = ui.app.screen.query_one("#explanation")
        assert not rows.display
        await ui.type("0")
        await ui.until(lambda: "backward" in "".join(ui.text(rows)))
        assert "→ 1.0" in ui.text(rows)[1]


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)])
async def test_the_score_stands_among_the_knobs_while_the_quiz_goes_on(opened: Opened, size: tuple[int, int]) -> None:
    async with opened("moons", size=size) as ui:
        await ui.press("z")
        ui.train.unsay()  # on a small terminal it has their room
        await ui.pilot.pause()
        assert ui.line("knobs").startswith("quiz ready lr ")
        await ui.press("enter")
        await ui.until(lambda: ui.snapshot.position.phase == "backward" and not ui.train.working)
        await ui.press("right")
        assert ui.told("#score") == "Predict the gradient"
        await ui.type("1e9")
        assert ui.told("#score").endswith("0 of 1 right")
        await ui.press("enter")
        assert ui.line("knobs").startswith("quiz 0/1 lr ")
        await ui.press("z")
        assert ui.line("knobs").startswith("lr ")


async def test_skipping_runs_the_op_and_leaves_the_score(opened: Opened) -> None:
    async with opened() as ui:
        await begin(ui)
        before = ui.session.op
        await ui.press("escape")
        assert ui.session.op == before + 1
        assert ui.train.quiz == Score()


async def test_leaving_the_quiz_runs_nothing(opened: Opened) -> None:
    async with opened() as ui:
        await begin(ui)
        before = numbers_of(ui.session)
        await ui.press("1", "z")
        assert ui.app.screen is ui.train
        assert ui.train.quiz is None
        assert numbers_of(ui.session) == before
        await ui.press("right")
        assert ui.app.screen is ui.train
        event = ui.session.snapshot({"event"}).event
        assert event is not None
        assert event.phase == "backward"


async def test_nonsense_is_one_line_and_nothing_runs(opened: Opened) -> None:
    async with opened() as ui:
        await begin(ui)
        before = numbers_of(ui.session)
        await ui.type("banana")
        assert ui.told(".error") == "'banana' is neither a number nor a calculation such as 2 * 0.5"
        assert ui.app.screen.query_one(Input).value == "banana"
        assert numbers_of(ui.session) == before
        assert ui.train.quiz == Score()


async def test_only_ops_of_backward_are_asked(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("z", "right")
        assert ui.app.screen is ui.train
        assert ui.session.op == 1
        ui.session.apply(RunTo("zero_grad"))
        await ui.press("right")
        assert ui.snapshot.event.phase == "zero_grad"
        ui.session.apply(RunTo("update"))
        await ui.press("right")
        assert ui.snapshot.event.phase == "update"
        await ui.press("z")
        assert "quiz over: nothing was asked; it asks in backward, for the gradient of each op" in ui.messages


async def test_it_says_where_it_asks_and_enter_runs_over_no_question(opened: Opened) -> None:
    async with opened("neuron") as ui:
        await ui.press("z")
        assert ui.messages[-1] == "the quiz asks in backward: enter goes there, z leaves"
        await ui.press("enter")
        await ui.until(lambda: ui.snapshot.position.phase == "backward" and not ui.train.working)
        position = ui.snapshot.position
        assert (position.phase, position.op) == ("backward", 0)
        assert ui.messages[-1] == "the quiz asks for the gradient of each op: → or enter asks, z leaves"
        for asked in range(position.ops):
            await ui.press("enter")
            assert isinstance(ui.app.screen, Quiz)
            await ui.type("1e9")
            await ui.press("enter")
            assert ui.train.quiz.asked == asked + 1
        assert ui.snapshot.position.phase == "update"
        said = f"backward is over: 0 of {position.ops} right; enter goes to the next one, z leaves the quiz"
        assert ui.messages[-1] == said
        await ui.press("enter")
        await ui.until(
            lambda: (ui.session.step, ui.snapshot.position.phase) == (1, "backward") and not ui.train.working
        )
        await ui.press("z")
        assert ui.messages[-1] == f"quiz over: 0 of {position.ops} right; z begins another"
