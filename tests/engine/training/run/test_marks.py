"""What the loss curve remembers: where knobs were turned and where breakpoints stopped it. Must not know the screen."""

from __future__ import annotations

import json

from chainstep.engine.training.archive.load import load
from chainstep.engine.training.commands import (
    AddBreakpoint,
    Command,
    Continue,
    Fork,
    Forward,
    Goto,
    Reseed,
    Restart,
    ReverseContinue,
    RunTo,
    SetKnob,
    Undo,
)
from chainstep.engine.training.session import Session
from support.archives import reopened, save
from support.cases import each
from support.sessions import Begin, numbers_of

Marks = tuple[tuple[int, str], ...]


def told(session: Session, *commands: Command) -> Session:
    for command in commands:
        session.apply(command)
    return session


def stops(session: Session) -> Marks:
    curve = session.snapshot({"curve"}).curve
    assert curve is not None
    return curve.stops


def marks(session: Session) -> Marks:
    curve = session.snapshot({"curve"}).curve
    assert curve is not None
    return curve.marks


def test_a_breakpoint_leaves_a_mark_where_it_stopped(begin: Begin) -> None:
    session = told(begin("lecture"), AddBreakpoint("step 3"), AddBreakpoint("step 7"), Continue(), Continue())
    assert stops(session) == ((3, "step 3"), (7, "step 7"))
    told(session, Forward("step", 2), ReverseContinue())
    assert stops(session) == ((3, "step 3"), (7, "step 7"))


def test_what_is_run_to_or_ahead_is_not_marked(begin: Begin) -> None:
    session = told(begin("lecture"), AddBreakpoint("step 5"), Continue(), RunTo("step 8"), Goto(2))
    assert stops(session) == ()
    assert stops(told(session, Goto(8))) == ((5, "step 5"),)


def test_an_undone_future_takes_its_stops_along_and_a_fork_has_those_of_its_past(begin: Begin) -> None:
    session = told(begin("lecture"), AddBreakpoint("step 2"), AddBreakpoint("step 6"), Continue())
    told(session, Forward("step"), SetKnob("lr", 0.02), Continue())
    assert stops(session) == ((2, "step 2"), (6, "step 6"))
    told(session, Undo())
    assert (session.step, stops(session)) == (3, ((2, "step 2"),))
    told(session, Continue(), Goto(4), Fork())
    assert stops(told(session, Forward("step", 4))) == ((2, "step 2"), (6, "step 6"))
    assert len(session.branches) == 2


@each(
    ("command", "words"),
    [
        (SetKnob("seed", 5), "seed 5"),
        (SetKnob("hidden", (4, 5)), "hidden 4, 5"),
        (Reseed(), "seed 1338"),
        (SetKnob("init", "lecture"), "init lecture"),
    ],
)
def test_a_knob_that_restarts_is_marked_where_the_run_begins(begin: Begin, command: Command, words: str) -> None:
    session = told(begin("lecture"), Forward("step", 3), command, Forward("step", 2))
    assert marks(session) == ((0, words),)
    assert marks(told(session, Restart())) == ()
    assert marks(told(session, Undo(), Undo())) == ()
    assert session.step == 3


def test_marks_and_stops_are_saved(begin: Begin) -> None:
    session = told(begin("lecture"), SetKnob("seed", 5), AddBreakpoint("step 2"), Continue(), SetKnob("lr", 0.2))
    again = reopened(session)
    assert marks(again) == marks(session) == ((0, "seed 5"), (2, "lr 0.2"))
    assert stops(again) == stops(session) == ((2, "step 2"),)


def test_what_was_saved_without_them_opens_all_the_same(begin: Begin) -> None:
    session = told(begin("lecture"), AddBreakpoint("step 2"), Continue())
    saved = save(session)
    for fork in saved["forks"]:
        del fork["stops"], fork["begun"]
    again = load(session.subject, json.loads(json.dumps(saved)))
    assert stops(again) == marks(again) == ()
    assert numbers_of(again) == numbers_of(session)


def test_a_switch_is_named_by_what_it_is_now(begin: Begin) -> None:
    session = told(begin("lecture"), SetKnob("maximise", True), Forward("step"), SetKnob("maximise", False))
    assert [what for _, what in marks(told(session, Forward("step")))] == ["maximise", "no maximise"]
