"""A session that is told what another one does stands where that stands, to the bit, whenever it came and whatever was
done. Must not know how it is told.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock
from weakref import ref

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chainstep.engine.training.commands import (
    AddBreakpoint,
    Back,
    Command,
    Continue,
    Fork,
    Forward,
    Goto,
    Redo,
    RenameFork,
    Restart,
    SetGranularity,
    SetKnob,
    SetParameter,
    to_json,
)
from chainstep.engine.training.moves import finish
from chainstep.engine.training.replication import leader as leader_module
from chainstep.engine.training.replication import thinned as thinned_module
from chainstep.engine.training.replication.follower import Follower
from chainstep.engine.training.replication.leader import Leader
from chainstep.engine.training.replication.update import ReplicaError, Update
from chainstep.engine.training.run import run as run_module
from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot.series import series
from chainstep.engine.training.snapshot.series.series import Limits
from chainstep.engine.training.step.program import Program
from support.cases import each
from support.sessions import Begin, Bits, standing
from support.walks import EDITS, FORKS, walked


@contextmanager
def brief() -> Iterator[None]:
    """Few numbers are kept, and few are told, so that a short walk needs old ones."""
    limits = Limits(exact=64, stretches=8, narrowest=2)
    with (
        mock.patch.object(series, "LIMITS", limits),
        mock.patch.object(thinned_module, "LIMITS", limits),
        mock.patch.multiple(thinned_module, MOST=4, SOON=2, MARGIN=3, SHORT=5),
        mock.patch.multiple(leader_module, BACK=4, FEW=0),
        mock.patch.object(run_module, "_BETWEEN_CHECKPOINTS", 12),
    ):
        yield


def follow(follower: Follower, updates: list[Update]) -> None:
    """Take in what is told, one thing after the other."""
    for update in updates:
        way = follower.take(update)
        if way is not None:
            assert follower.session is not None
            finish(follower.session.move(way))


def joined(leader: Leader, followers: list[Follower], *, running: bool = False) -> Follower:
    """Somebody comes."""
    others = leader.updates(running=running) if followers else []
    mine, anew = leader.join()
    for known in followers:
        follow(known, others)
        follow(known, mine if anew else [])
    followers.append(Follower(leader.session.subject))
    follow(followers[-1], mine)
    return followers[-1]


def in_turns(leader: Leader, followers: list[Follower]) -> None:
    """It plays, and where nothing else happens each second follower is told at another time than the others."""
    leader.part(2)
    for turn in (0, 1, 0):
        for samples in (31, 17, 5):
            leader.session.train(samples)
            leader.look()
        alone = turn if leader.steady else None
        updates = leader.updates(running=True, turn=alone)
        for follower in followers if alone is None else followers[alone::2]:
            follow(follower, updates)


def same(one: Session, other: Session | None, bits: Bits) -> None:
    """They stand alike, and would go on alike."""
    assert other is not None
    assert bits(standing(one)) == bits(standing(other))
    assert (one.settings, one.next_settings, one.granularity) == (
        other.settings,
        other.next_settings,
        other.granularity,
    )
    assert one.debugger.breakpoints.records() == other.debugger.breakpoints.records()
    assert one.stopped == other.stopped
    ours, theirs = ([b.name for b in each.branches] for each in (one, other))
    assert (ours, one.branches.current.name) == (theirs, other.branches.current.name)
    for a, b in zip(one.branches, other.branches, strict=True):
        assert bits(a.run.position) == bits(b.run.position)
        assert bits(a.run.parameters) == bits(b.run.parameters)
        assert (a.run.history.edits, list(a.run.history.epochs)) == (b.run.history.edits, list(b.run.history.epochs))
    assert bits(one.loss) == bits(other.loss)
    now, then = one.snapshot(), other.snapshot()
    assert (now.position.step, now.position.index, now.loss) == (then.position.step, then.position.index, then.loss)


step = st.one_of(
    st.builds(Forward, st.sampled_from(["op", "op", "phase", "step", "epoch"]), st.integers(1, 9)),
    st.builds(Back, st.sampled_from(["op", "phase", "step"]), st.integers(1, 9)),
    st.builds(Goto, st.integers(0, 90), st.sampled_from([0, 0, 7])),
    EDITS,
    EDITS,
    FORKS,
    st.just(RenameFork("fork 1", "other")),
    st.builds(SetGranularity, st.sampled_from(["op", "step"])),
    st.builds(SetKnob, st.just("frozen"), st.sampled_from([(), (0,), (1, 2)])),
    st.builds(SetKnob, st.just("mistakes"), st.sampled_from([(), ("no_zero_grad",), ("overwrite",)])),
    st.sampled_from([AddBreakpoint("backward"), AddBreakpoint("loss < 0.2"), Continue(), Continue()]),
    st.sampled_from(["told", "told", "comes", "comes while it plays", "plays", "plays on"]),
)


@each(
    "told",
    [
        Update("command", {"at": [0, 0], "command": to_json(SetKnob("hidden", (9_000, 9_000)))}),
        Update("command", {"at": [0, 0], "command": to_json(Restart())}),
        Update("command", {"at": [0, 1], "command": to_json(SetKnob("lr", 0.3))}),
        Update("position", {"at": [10**12, 0]}),
        Update("position", {"at": [0, -1]}),
        Update("whole", {"records": [["session", 2]]}, b"{}"),
        Update("nothing", {}),
    ],
)
def test_nothing_is_taken_in_that_no_leader_tells(told: Update, begin: Begin) -> None:
    session = begin("xor")
    follower = Follower(session.subject)
    follow(follower, Leader(session).updates())
    with pytest.raises(ReplicaError):
        follower.take(told)


def test_what_is_told_anew_is_computed_by_the_program_that_was_there(begin: Begin) -> None:
    session = begin("xor")
    leader, follower = Leader(session), Follower(session.subject)

    def program() -> Program:
        follow(follower, leader.whole())
        assert follower.session is not None
        return follower.session.run.stepper.program

    first = ref(program())
    assert program() is first()
    for hidden in (5, 6):  # the one that is followed until then is still there while another one is built
        session.apply(SetKnob("hidden", (hidden,)))
        assert program() is not first()
    gc.collect()
    assert first() is None


def test_of_programs_those_alone_are_kept_that_are_used(begin: Begin) -> None:
    with brief():
        session = begin("xor", steps=10**6)
        leader = Leader(session)
        follower = joined(leader, [])
        assert follower.session is not None
        follower.session.keep_within(10_000)
        built = []
        for turn in range(12):
            session.apply(SetKnob("l2", 0.001 * turn))
            session.train(40)
            follow(follower, leader.updates(running=True))
            built.append(len(follower._programs._built))
    assert max(built) < 6, built


def test_while_it_plays_few_numbers_of_single_steps_are_told(begin: Begin, bits: Bits) -> None:
    session = begin("xor", steps=10**6)
    leader, follower = Leader(session), Follower(session.subject)
    follow(follower, leader.updates())
    for steps in (3_000, 700, 650, 4_123):
        for _ in range(steps // 50):
            session.train(50 * session.batch_size)
            leader.look()
        (state,) = updates = leader.updates(running=True)
        assert state.fields["tail"] <= leader_module.FEW
        follow(follower, updates)
        assert follower.session is not None
        assert session.step - follower.session.step < 512  # where it has just been
        known = len(follower.session.losses)
        newest = follower.session.losses[known - 1 : known]
        assert newest == session.losses[known - 1 : known]
    follow(follower, leader.updates())
    same(session, follower.session, bits)


def test_of_a_short_run_others_know_every_loss_and_of_a_longer_one_where_it_stands_still(begin: Begin) -> None:
    session = begin("xor", steps=10**6)
    leader, followers = Leader(session), list[Follower]()
    for steps, running in ((90, True), (110, False), (200, True), (300, True), (150, False)):
        joined(leader, followers)
        session.train(steps * session.batch_size)
        leader.look()
        updates = leader.updates(running=running)
        for follower in followers:
            follow(follower, updates)
            assert follower.session is not None
            known = follower.session.run.history.loss
            if not running or len(known) <= thinned_module.SHORT:
                both = min(len(known), session.step)  # while it plays they are told where it is about to be
                assert both >= session.step - 1
                assert known[:both] == session.losses[:both]
    session.apply(Restart())
    follow(followers[0], leader.updates())
    ghost = session.run.ghost
    assert ghost is not None
    assert followers[0].session is not None
    theirs = followers[0].session.run.ghost
    assert theirs is not None
    assert theirs.losses[:] == ghost.losses[:]


def test_however_long_it_plays_others_stand_where_it_stands(begin: Begin, bits: Bits) -> None:
    with brief():  # so that its curves become wider than what is told may be by itself
        session = begin("xor", steps=10**6)
        leader, followers = Leader(session), list[Follower]()
        joined(leader, followers)
        for turn in range(60):
            session.train(97)
            leader.look()
            updates = leader.updates(running=turn % 20 != 19)
            for follower in followers:
                follow(follower, updates)
            if turn % 12 == 0:
                joined(leader, followers, running=turn % 20 != 19)
        assert session.run.history.loss.width > session.run.history.loss.reach
        updates = leader.updates()
        for follower in followers:
            follow(follower, updates)
            same(session, follower.session, bits)


@given(walk=st.lists(step, min_size=1, max_size=14))
@example(walk=[Forward("op", 16), Goto(81), SetKnob("batch_size", None), SetKnob("batch_size", 1), "plays", Redo()])
@example(walk=[SetKnob("batch_size", 1), Continue(), Continue(), "plays"])
@example(walk=[SetGranularity("step"), "comes while it plays", SetGranularity("op")])
@example(walk=["comes", "plays on", "comes while it plays", "plays on", SetKnob("lr", 0.3), "plays on", Back("step")])
def test_whoever_follows_stands_where_the_leader_stands(walk: list[Command | str], begin: Begin, bits: Bits) -> None:
    with brief():
        session = begin("xor", steps=40)
        leader, followers = Leader(session), list[Follower]()
        joined(leader, followers)
        for what in walk:
            if what == "comes":
                joined(leader, followers)
            elif what == "comes while it plays":
                session.train(31)
                joined(leader, followers, running=True)
            elif what == "plays":
                session.train(97)
                updates = leader.updates(running=True)
                for follower in followers:
                    follow(follower, updates)
            elif what == "plays on":
                in_turns(leader, followers)
            elif what == "told":
                updates = leader.updates()
                for follower in followers:
                    follow(follower, updates)
                    same(session, follower.session, bits)
            elif isinstance(what, Command):
                walked(session, [what])
        updates = leader.updates()
        for follower in followers:
            follow(follower, updates)
            same(session, follower.session, bits)
        # Who forks off goes on alike.
        for command in (SetParameter(0, 0.25), Goto(session.step + 9), Back("step", 2), Fork(), Forward("op")):
            walked(session, [command])
            for follower in followers:
                assert follower.session is not None
                walked(follower.session, [command])
        for follower in followers:
            assert follower.session is not None
            assert bits(standing(follower.session)) == bits(standing(session))
