"""The coach's page: what is left out where there is little room. Must not know when a beat is over."""

from __future__ import annotations

import pytest

from chainstep.engine.training.commands import Forward
from chainstep.tui.files.subjects import open_subject
from chainstep.tui.render.coach.beats import Coach
from chainstep.tui.render.coach.page import page
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
