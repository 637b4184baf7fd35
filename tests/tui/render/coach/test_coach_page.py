"""The coach's page: what is left out where there is little room. Must not know when a beat is over."""

from __future__ import annotations

import pytest

from chainstep.engine.training.commands import Forward
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.render.coach.aim import aim
from chainstep.tui.render.coach.beats import Coach
from chainstep.tui.render.coach.page import page
from support.cases import each
from support.screen.looks import IN_COLOUR


@pytest.mark.parametrize(
    ("height", "aim"),
    [
        (4, ["A neuron of two inputs: what does", "a nudge of each do to its output?"]),
        (3, ["A neuron of two inputs: what does…"]),
    ],
)
def test_an_aim_that_has_no_room_ends_in_an_ellipsis(height: int, aim: list[str]) -> None:
    session, _ = open_subject("neuron")
    coach = Coach.of(session.snapshot())
    session.apply(Forward())
    coach = coach.after(session.snapshot())
    rows = [strip.text.rstrip() for strip in page(coach, session.snapshot(), 34, height, IN_COLOUR)]
    assert rows[: len(aim)] == aim
    assert rows[-1].startswith("▷ enter")


@each(
    ("name", "answers"),
    [("lecture", "+1 -1 -1 +1"), ("xor", "-1 +1 +1 -1"), ("and", "0 0 0 1"), ("wonderland", "No Yes")],
)
def test_what_it_should_answer_is_the_y_that_stands_beside_its_prediction(name: str, answers: str) -> None:
    session, _ = open_subject(name)
    assert answers in aim(session.snapshot()).replace("\u00a0", " ")
