"""What was measured long ago is computed again for whoever asks, beside the run. Must not know the screen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.training.commands import Goto, Restart, SetCursor, SetKnob, SetParameter
from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot.curve import Measured
from support.forgetful import forgetful
from support.sessions import Begin, Bits, standing


def looked_up(session: Session, step: int, pieces: int | None = None) -> Measured:
    """What is told of a step, in the end or after so many pieces."""
    session.apply(SetCursor(step))
    work = session.recomputing()
    if work is not None:
        moves = work(lambda: 8)
        for place, _ in enumerate(moves, 1):
            if place == pieces:
                break
        moves.close()
    found = session.snapshot(()).cursor
    assert found is not None
    return found


def edited(begin: Begin) -> Session:
    session = begin("xor")
    for step, edit in ((40, SetKnob("lr", 0.3)), (55, SetParameter(0, 0.25)), (90, SetKnob("batch_size", 3))):
        session.apply(Goto(step))
        session.apply(edit)
    session.apply(Goto(150))
    return session


@given(
    steps=st.lists(st.tuples(st.integers(0, 149), st.none() | st.integers(1, 3)), min_size=1, max_size=8),
    here=st.integers(0, 150),
)
def test_any_step_is_known_exactly_in_the_end(
    steps: list[tuple[int, int | None]], here: int, begin: Begin, bits: Bits
) -> None:
    true = edited(begin)
    with forgetful():
        session = edited(begin)
        session.apply(Goto(here))
        before = bits(standing(session))
        for step, pieces in steps:
            found = looked_up(session, step, pieces)
            assert found.step == step
            if pieces is None:
                assert found.loss.exact
                assert bits(found.loss.first) == bits(true.losses[step])
                assert found.accuracy.first == true.measurement(step).accuracy
            else:
                assert found.loss.low <= true.losses[step] <= found.loss.high
        assert bits(standing(session)) == before


def test_nothing_is_computed_for_what_is_known(begin: Begin) -> None:
    session = edited(begin)
    session.apply(SetCursor(3))
    assert session.recomputing() is None
    with forgetful():
        session = edited(begin)
        for step in (149, 150, 1_000):
            session.apply(SetCursor(step))
            assert session.recomputing() is None
        assert session.snapshot(()).cursor is None
        looked_up(session, 30)
        # From its checkpoint on all is known now.
        session.apply(SetCursor(29))
        assert session.recomputing() is None
        session.apply(SetCursor(None))
        assert session.snapshot(()).cursor is None


def test_the_run_before_the_restart_is_asked_too(begin: Begin) -> None:
    true = edited(begin)
    with forgetful():
        session = edited(begin)
        session.apply(Restart())
        session.apply(SetKnob("lr", 0.01))
        session.apply(Goto(120))
        found = looked_up(session, 60)
        assert found.ghost is not None
        assert found.ghost.exact
        assert found.ghost.first == true.losses[60] != found.loss.first
        assert looked_up(session, 119).ghost is not None


def test_an_edit_makes_other_numbers(begin: Begin) -> None:
    with forgetful():
        session = begin("xor")
        session.apply(Goto(150))
        before = looked_up(session, 60)
        session.apply(Goto(20))
        session.apply(SetParameter(0, 2.0))
        session.apply(Goto(150))
        true = begin("xor")
        true.apply(Goto(20))
        true.apply(SetParameter(0, 2.0))
        true.apply(Goto(61))
        assert looked_up(session, 60).loss.first == true.measurement(60).loss != before.loss.first


def test_it_is_not_written_down(begin: Begin) -> None:
    session = begin("xor")
    session.apply(Goto(5))
    session.apply(SetCursor(3))
    assert list(session.log) == [Goto(5)]
