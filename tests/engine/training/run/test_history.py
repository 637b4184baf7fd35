"""A record in bounded memory: what is forgotten is computed again, and nothing else is different."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.training.commands import (
    AddBreakpoint,
    Back,
    Command,
    Continue,
    DropFork,
    Fork,
    Forward,
    Goto,
    Restart,
    ReverseContinue,
    RunTo,
    SetKnob,
    SwitchFork,
    Undo,
)
from chainstep.engine.training.moves import finish
from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot.series.series import Series
from chainstep.engine.training.snapshot.series.stretches import Stretch
from support.forgetful import forgetful
from support.sessions import Begin, Bits, standing
from support.stops import small
from support.walks import EDITS, FORKS, walked

step = st.one_of(
    st.builds(Forward, st.sampled_from(["op", "phase", "step", "epoch"]), st.integers(1, 9)),
    st.builds(Back, st.sampled_from(["op", "phase", "step", "epoch"]), st.integers(1, 9)),
    st.builds(Goto, st.integers(0, 60), st.sampled_from([0, 0, 7, 10_000])),
    EDITS,
    st.builds(AddBreakpoint, st.sampled_from(["loss < 0.9", "lr < 0.05", "accuracy > 0.5", "rising 2", "step 23"])),
    st.sampled_from([Continue(), ReverseContinue(), RunTo("step 50"), RunTo("L1.n1", backwards=True)]),
    FORKS,
)


def exact(session: Session) -> list[float | None]:
    """The loss of each step, where it is known."""
    losses = session.run.history.loss
    return [losses[step] if losses.is_exact(step, step + 1) else None for step in range(session.run.measured())]


@given(walk=st.lists(step, min_size=1, max_size=12))
def test_a_session_that_forgets_walks_as_one_that_does_not(walk: list[Command], begin: Begin, bits: Bits) -> None:
    plain = walked(begin("xor", steps=40), walk)
    with forgetful():
        session = walked(begin("xor", steps=40), walk)
        assert bits(standing(session)) == bits(standing(plain))
        assert (session.stopped, list(session.log)) == (plain.stopped, list(plain.log))
        for step, (loss, true) in enumerate(zip(exact(session), exact(plain), strict=True)):
            assert loss is None or bits(loss) == bits(true), step
        assert [b.hits for b in session.debugger.breakpoints] == [b.hits for b in plain.debugger.breakpoints]
        one, other = session.snapshot(), plain.snapshot()
        assert bits((one.loss, one.accuracy, one.lr)) == bits((other.loss, other.accuracy, other.lr))
        forks = [(fork.name, fork.since, fork.step, fork.loss, len(fork.losses)) for fork in one.forks]
        assert forks == [(fork.name, fork.since, fork.step, fork.loss, len(fork.losses)) for fork in other.forks]


@given(way=st.lists(st.tuples(st.integers(0, 80), st.integers(1, 30)), min_size=1, max_size=5))
def test_a_movement_back_that_is_left_leaves_a_place_that_can_be_forked(
    way: list[tuple[int, int]], begin: Begin, bits: Bits
) -> None:
    with forgetful():
        session = begin("xor")
        session.compiles_here = False
        session.apply(Goto(100))
        for target, pieces in way:
            moves = session.move(Goto(target), lambda: 1)
            for _ in zip(range(pieces), moves, strict=False):
                pass
            moves.close()
            before = bits(standing(session))
            session.apply(Fork())
            assert bits(standing(session)) == before
            session.apply(SwitchFork("main"))


def test_the_losses_of_a_place_in_the_past_are_those_measured_then(begin: Begin) -> None:
    true = begin("xor")
    true.apply(Goto(300))
    with forgetful():
        session = begin("xor")
        session.apply(Goto(300))
        for step in (299, 180, 77, 3, 200):
            session.apply(Goto(step))
            assert session.measurement(step - 1) == true.measurement(step - 1)
            assert session.snapshot().loss == true.losses[step - 1]


def test_a_rise_that_began_before_what_is_known_is_a_rise() -> None:
    def stops() -> list[int]:
        session, found = small(lr=4.0, optimizer="adam", steps=120), []
        session.apply(Goto(120))
        session.apply(AddBreakpoint("rising 3"))
        while session.step:
            session.apply(ReverseContinue())
            found.append(session.step)
        while session.step < 120:
            session.apply(Continue())
            found.append(session.step)
        return found

    expected = stops()
    assert len(expected) > 4
    with forgetful():
        assert stops() == expected


def test_the_best_loss_is_known_after_all_others_are_forgotten(begin: Begin) -> None:
    true = begin("xor", lr=2.0)
    true.apply(Goto(200))
    with forgetful():
        session = begin("xor", lr=2.0)
        session.apply(Goto(200))
        assert session.run.history.best(200) == min(filter(math.isfinite, true.losses))


# --- checkpoints


def test_checkpoints_lie_close_where_they_are_new_and_are_never_too_many(begin: Begin) -> None:
    session = begin("expression")
    history = session.run.history
    history.spacing = history.interval = 1
    history.fit(64 * 1024)
    session.train(20_000, 5_000)
    steps = [kept.step for kept in history.checkpoints]
    assert sum(kept.size for kept in {*history.checkpoints, *history.newest}) <= 64 * 1024
    assert {b - a for a, b in zip([0, *steps], steps, strict=False)} == {history.interval}
    assert steps[-1] > 5_000 - history.interval
    assert [kept.step for kept in history.newest] == list(range(5_001 - len(history.newest), 5_001))
    for step in (5_000, 4_999, 4_000, 17, 1):
        assert step - history.interval - 1 <= history.checkpoint_before(step).step < step


def test_all_runs_together_keep_as_much_as_one(begin: Begin) -> None:
    session = begin("moons", optimizer="adam", batch_size=1)
    rooms = []
    for _ in range(12):
        session.apply(Fork())
        rooms.append(session.run.history.room)
        session.apply(Restart())
    runs = list(session.editor.runs)
    assert rooms == sorted(rooms, reverse=True)
    assert sum(history.room for history in {id(run.history): run.history for run in runs}.values()) <= 60 * 2**20
    session.apply(SwitchFork("main"))
    for number in range(1, 13):
        session.apply(DropFork(f"fork {number}"))
    assert session.run.history.room == max(rooms[0], session.run.history.room)


# --- the run before


def test_a_ghost_is_a_run_that_can_be_asked(begin: Begin) -> None:
    session = begin("lecture")
    session.apply(Forward("step", 30))
    true = session.losses[:]
    session.apply(Restart())
    session.apply(Restart())
    ghost = session.run.ghost
    assert ghost is not None
    assert ghost.run is not None
    assert ghost.run.ghost is None
    assert ghost.losses[:] == true
    session.apply(Forward("step", 3))
    session.apply(Undo())
    session.apply(Goto(2))
    session.apply(SetKnob("lr", 1.0))
    finish(ghost.run.goto(4, 0))
    assert (ghost.run.history.loss[:], len(ghost.losses)) == (true, 30)


def test_a_curve_that_was_handed_out_stays_what_it_was_when_its_numbers_are_forgotten(begin: Begin) -> None:
    with forgetful():
        session = begin("xor")
        session.apply(Goto(30))
        curve = session.snapshot({"curve"}).curve
        assert curve is not None

        def seen(series: Series) -> list[Stretch]:
            return list(series.parts(0, curve.length))

        before = seen(curve.loss)
        session.apply(Goto(500))
        assert seen(curve.loss) == before
        assert seen(session.run.history.loss) != before


@pytest.mark.parametrize("name", ["lecture", "moons"])
def test_a_number_of_long_ago_is_computed_again_to_the_bit(name: str, begin: Begin, bits: Bits) -> None:
    true = begin(name)
    true.apply(Goto(60))
    with forgetful():
        session = begin(name)
        session.apply(Goto(60))
        session.apply(Goto(20))
        twin = session.run.twin()
        assert bits(tuple(twin.history.loss[16:20])) == bits(tuple(true.losses[16:20]))
    true.apply(Goto(20))
    assert bits(standing(true)) == bits(standing(session))
