"""Edits in the past fork, forks go their own ways, and undo and redo lead back and forth between the same bits."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.training.archive.load import load
from chainstep.engine.training.commands import (
    AddBreakpoint,
    Back,
    Command,
    CommandError,
    Continue,
    DropBreakpoint,
    DropFork,
    Fork,
    Forward,
    Goto,
    Redo,
    RenameFork,
    Reseed,
    Restart,
    ReverseContinue,
    RunTo,
    SetKnob,
    SetParameter,
    SetSample,
    SwitchFork,
    Undo,
)
from chainstep.engine.training.session import Session
from support.archives import reopened, save
from support.cases import each
from support.sessions import Begin, Bits
from support.walks import EDITS, FORKS


def told(session: Session, *commands: Command) -> Session:
    for command in commands:
        session.apply(command)
    return session


def walk_on(session: Session, walk: list[Command]) -> Session:
    """Carry out what can be carried out; beyond the step that is set, `Continue` might not come to an end."""
    for command in walk:
        if not isinstance(command, Continue) or session.step < session.settings.steps:
            with suppress(CommandError):
                session.apply(command)
    return session


def names(session: Session) -> list[str]:
    return [fork.name for fork in session.snapshot(()).forks]


def test_an_edit_at_the_front_makes_no_fork(begin: Begin) -> None:
    session = told(begin("lecture"), Forward("step", 3), SetKnob("lr", 0.3), Forward("step", 2))
    assert names(session) == []
    told(session, Forward("op", 9), Back("op", 4), SetParameter(0, 1.0))
    assert names(session) == []


def test_an_edit_in_the_past_forks_and_keeps_the_old_future(begin: Begin, bits: Bits) -> None:
    session = told(begin("lecture"), Forward("step", 9), Goto(4), SetKnob("lr", 0.3), Forward("step", 5))
    assert names(session) == ["main", "fork 1"]
    straight = told(begin("lecture"), Forward("step", 4), SetKnob("lr", 0.3), Forward("step", 5))
    assert bits(session) == bits(straight)
    main, fork = session.snapshot(()).forks
    assert (fork.parent, fork.since, fork.current, main.current) == ("main", 4, True, False)
    assert fork.losses[:4] == main.losses[:4]
    assert fork.losses[5:9] != main.losses[5:9]
    told(session, SwitchFork("main"), Goto(9))
    assert bits(session) == bits(told(begin("lecture"), Forward("step", 9)))


def test_forks_are_named_switched_and_dropped(begin: Begin) -> None:
    session = told(begin("xor"), Forward("step", 2), Fork("warm"), Forward("step", 1), Fork(), Forward("step", 1))
    assert names(session) == ["main", "warm", "fork 1"]
    told(session, RenameFork("warm", "hot"), SwitchFork("main"))
    assert [fork.parent for fork in session.snapshot(()).forks] == [None, "main", "hot"]
    assert session.step == 2
    told(session, DropFork("hot"))
    assert [(fork.name, fork.parent, fork.since) for fork in session.snapshot(()).forks] == [
        ("main", None, 0),
        ("fork 1", "main", 2),
    ]


@each(
    "command",
    [
        SwitchFork("nowhere"),
        DropFork("main"),
        DropFork("nowhere"),
        RenameFork("main", ""),
        RenameFork("main", "second"),
        RenameFork("nowhere", "x"),
        Fork("second"),
        Fork(" "),
        Fork("x" * 100),
        Redo(),
        Undo(),
    ],
)
def test_nonsense_is_one_line_and_changes_nothing(command: Command, begin: Begin, bits: Bits) -> None:
    session = told(begin("xor"), Forward("step"), Fork("second"), SwitchFork("main"))
    before, log = bits(session), list(session.log)
    with pytest.raises(CommandError) as caught:
        session.apply(command)
    assert "\n" not in str(caught.value)
    assert (bits(session), list(session.log), names(session)) == (before, log, ["main", "second"])


def test_undo_stands_where_the_edit_was_made_as_it_was_before(begin: Begin, bits: Bits) -> None:
    session = told(begin("lecture"), Forward("step", 2), Forward("op", 30))
    before = bits(session)
    told(session, SetParameter(3, 0.5))
    after = bits(session)
    assert after != before
    told(session, Forward("op", 7), Undo())
    assert bits(session) == before
    told(session, Redo())
    assert bits(session) == after
    assert names(session) == []


def test_undo_keeps_what_was_trained_since_for_redo(begin: Begin, bits: Bits) -> None:
    session = told(begin("lecture"), Forward("step", 3))
    before = bits(session)
    told(session, SetKnob("lr", 0.3))
    edited = bits(session)
    told(session, Forward("step", 4))
    trained = bits(session)
    told(session, Undo())
    assert (bits(session), names(session)) == (before, [])
    told(session, Redo())
    assert (bits(session), names(session)) == (edited, [])
    told(session, Forward("step", 4))
    assert bits(session) == trained


@pytest.mark.parametrize("instead", [SetKnob("lr", 0.01), Restart()])
def test_another_edit_after_undo_keeps_both_futures(instead: Command, begin: Begin, bits: Bits) -> None:
    session = told(begin("lecture"), Forward("step", 3), SetKnob("lr", 0.3), Forward("step", 4))
    trained = bits(session)
    told(session, Undo(), instead)
    other = bits(session)
    main, fork = session.snapshot(()).forks
    assert (main.name, fork.name, fork.parent, fork.current) == ("main", "fork 1", "main", True)
    assert main.length == 7
    told(session, SwitchFork("main"), Goto(7))
    assert bits(session) == trained
    told(session, SwitchFork("fork 1"))
    assert bits(session) == other


def test_redo_keeps_what_was_trained_without_the_edit_as_a_fork(begin: Begin, bits: Bits) -> None:
    session = told(begin("lecture"), SetKnob("lr", 0.3), Forward("step", 4), Undo(), Forward("step", 2))
    plain = bits(session)
    told(session, Redo())
    assert (session.step, session.settings.lr) == (0, 0.3)
    told(session, SwitchFork("fork 1"))
    assert bits(session) == plain


def test_undo_from_before_the_edit(begin: Begin, bits: Bits) -> None:
    session = told(begin("lecture"), Goto(5), SetParameter(0, 1.0), Goto(8), Goto(2), Undo())
    assert bits(session) == bits(told(begin("lecture"), Goto(5)))
    told(session, Redo())
    assert bits(session) == bits(told(begin("lecture"), Goto(5), SetParameter(0, 1.0)))


def test_edits_at_many_steps_are_undone_and_redone_without_a_fork(begin: Begin, bits: Bits) -> None:
    session = begin("lecture")
    for step in range(1, 6):
        told(session, Goto(step), SetParameter(0, step / 4))
    told(session, Goto(7))
    for _ in range(5):
        told(session, Undo())
    assert (bits(session), names(session)) == (bits(told(begin("lecture"), Goto(1))), [])
    for _ in range(5):
        told(session, Redo())
    assert (session.step, names(session), len(session.losses)) == (5, [], 5)


def test_names_that_are_taken_are_not_given_again(begin: Begin) -> None:
    session = told(begin("xor"), Fork(), Fork(), DropFork("fork 1"), RenameFork("main", "fork 1"), Fork())
    assert names(session) == ["fork 1", "fork 2", "fork 3"]


def test_what_was_undone_in_a_fork_goes_with_it(begin: Begin) -> None:
    session = told(begin("xor"), Fork("a"), SetParameter(0, 1.0), Undo(), SwitchFork("main"), DropFork("a"))
    with pytest.raises(CommandError):
        session.apply(Redo())
    told(session, Forward("step"), Fork("a"), SwitchFork("main"))
    with pytest.raises(CommandError):
        session.apply(Redo())


def test_undo_of_an_edit_in_the_past_drops_the_fork_that_it_made(begin: Begin, bits: Bits) -> None:
    session = told(begin("lecture"), Forward("step", 5), Back("step"))
    before = bits(session)
    told(session, SetKnob("momentum", 0.5), Undo())
    assert (bits(session), names(session)) == (before, [])
    told(session, Forward("step"), Back("step"), Redo())
    assert names(session) == ["main", "fork 1"]


@each("command", [Restart(), Reseed(), SetKnob("hidden", (3,)), SetKnob("seed", 5)])
def test_a_restart_is_undone_and_redone(command: Command, begin: Begin, bits: Bits) -> None:
    session = told(begin("xor"), Forward("step", 3), Forward("op", 5))
    before = bits(session)
    told(session, command)
    after = bits(session)
    assert session.step == 0
    told(session, Undo())
    assert bits(session) == before
    told(session, Redo())
    assert bits(session) == after


def test_edits_are_undone_one_after_the_other(begin: Begin, bits: Bits) -> None:
    session, states = begin("lecture"), []
    edits = (SetParameter(0, 0.1), SetKnob("lr", 0.3), SetSample(1, 0, 2.5), SetKnob("l2", 0.1), SetParameter(0, 0.2))
    for edit in edits:
        states.append(bits(session))
        told(session, edit, Forward("op", 2))
    for state in states[::-1]:
        told(session, Undo())
        assert bits(session) == state
    for edit in edits:
        told(session, Redo(), Forward("op", 2))
        assert edit in [known.command for known in session.run.history.edits]
    with pytest.raises(CommandError):
        session.apply(Redo())


step = st.one_of(
    st.builds(Forward, st.sampled_from(["op", "neuron", "sample", "phase", "step", "epoch"]), st.integers(1, 3)),
    st.builds(Back, st.sampled_from(["op", "layer", "phase", "step", "epoch"]), st.integers(1, 3)),
    st.builds(Goto, st.integers(0, 5)),
    EDITS,
    st.builds(SetKnob, st.just("frozen"), st.sampled_from([(), (0, 2)])),
    st.builds(SetKnob, st.just("mistakes"), st.sampled_from([(), ("no_zero_grad",), ("overwrite", "flipped")])),
    st.builds(AddBreakpoint, st.sampled_from(["loss < 0.9", "backward layer 1", "rising 2", "nan", "step 3"])),
    st.sampled_from([Continue(), ReverseContinue(), RunTo("backward"), RunTo("L1.n1", backwards=True)]),
    FORKS,
)


def test_saving_takes_away_nothing_that_could_be_redone(begin: Begin, bits: Bits) -> None:
    session = begin("xor", steps=20)
    told(session, SetParameter(0, 0.5), Forward("step", 2), Undo(), Forward("step"))
    before = bits(session), [branch.name for branch in session.branches]
    saved = save(session)
    assert (bits(session), [branch.name for branch in session.branches]) == before

    opened = load(session.subject, json.loads(json.dumps(saved)))
    assert [(branch.name, branch.run.position) for branch in opened.branches] == [("main", (2, 0)), ("fork 1", (1, 0))]
    assert bits(opened) == bits(session)
    told(session, Redo())
    assert session.parameters[0] == 0.5


@given(walk=st.lists(step, min_size=1, max_size=9), then=st.lists(step, max_size=3))
def test_whatever_is_walked_the_log_and_the_archive_lead_to_the_same_bits(
    walk: list[Command], then: list[Command], begin: Begin, bits: Bits
) -> None:
    session = begin("xor", steps=20)

    def everything(session: Session) -> object:
        views = session.snapshot(()).forks
        return bits(session), [(fork.name, fork.parent, fork.since, fork.step, list(fork.losses)) for fork in views]

    walk_on(session, walk)
    again = begin("xor", steps=20)
    for command in session.log:
        again.apply(command)
    assert everything(again) == everything(session)
    opened = reopened(session)
    assert bits(opened) == bits(session)
    # What was undone, and the runs before a restart, are not saved.
    for copy in (again, session):
        copy.editor.clear_redo()
    then = [command for command in then if not isinstance(command, Undo | Redo)]
    for copy in (again, opened, session):
        walk_on(copy, then)
    assert bits(again) == bits(opened) == bits(session)


@given(
    walk=st.lists(step, min_size=1, max_size=9), count=st.integers(1, 3), granularity=st.sampled_from(["op", "step"])
)
def test_forward_then_back_is_the_same_from_a_boundary_after_any_walk(
    walk: list[Command], count: int, granularity: str, begin: Begin, bits: Bits
) -> None:
    session = walk_on(begin("xor", steps=20), [*walk, *(DropBreakpoint(n) for n in range(1, 10))])
    if granularity == "step":
        session.apply(Goto(session.step))
    before = bits(session)
    told(session, Forward(granularity, count), Back(granularity, count))
    assert bits(session) == before
