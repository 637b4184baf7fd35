"""Running to a place, forwards and backwards, and what is said where there is none."""

from __future__ import annotations

import pytest

from chainstep.engine.training.commands import CommandError, Goto, RunTo, SetKnob
from chainstep.engine.training.moves import finish
from support.cases import each
from support.stops import debugger, small


def test_run_to_a_place_and_back() -> None:
    session = small()
    made = debugger(session, "forward")
    finish(made.run_to(session.run, "step 2 backward"))
    there = session.run.position
    assert there[0] == 2
    assert made.stopped is None
    finish(made.run_to(session.run, "backward L1.n1", backwards=True))
    assert session.run.position < there
    assert session.run.position[0] == 1
    assert [b.hits for b in made.breakpoints] == [0]


@each(
    ("place", "back"),
    [("step 1", False), ("step 5", True), ("layer 9", False), ("loss < 1", False), ("step 3 forward", False)],
)
def test_a_place_that_is_not_there_changes_nothing(place: str, back: bool) -> None:
    session = small()
    finish(session.run.goto(3, 60))
    recorded = len(session.run.history.loss)
    with pytest.raises(CommandError):
        finish(debugger(session).run_to(session.run, place, back))
    assert session.run.position == (3, 60)
    assert len(session.run.history.loss) == recorded


# --- places that are no more


@each(("knob", "value", "place"), [("mistakes", ("no_zero_grad",), "zero_grad"), ("batch_size", 1, "sample 2")])
@each("recorded", [False, True])
def test_a_place_that_an_edit_removes_is_not_run_to_for_ever(
    knob: str, value: object, place: str, recorded: bool
) -> None:
    session = small()
    session.apply(Goto(3))
    here = 3, session.run.stepper.timeline(session.run.state).backward_end
    session.apply(Goto(*here))
    session.apply(SetKnob(knob, value))
    if recorded:
        session.apply(Goto(6))
        session.apply(Goto(*here))
    known = len(session.run.history.loss)
    with pytest.raises(CommandError, match=f"nothing ahead is {place}") as caught:
        session.apply(RunTo(place))
    assert "\n" not in str(caught.value)
    assert session.run.position == here
    assert len(session.run.history.loss) == known
    session.apply(RunTo("backward"))
    assert session.step == 4


def test_a_place_before_the_edit_that_removes_it_is_run_to() -> None:
    session = small()
    session.apply(Goto(2, 5))
    session.apply(SetKnob("mistakes", ("no_zero_grad",)))
    session.apply(RunTo("zero_grad"))
    assert session.step == 2
