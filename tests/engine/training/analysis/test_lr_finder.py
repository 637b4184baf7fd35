"""The learning-rate range test: on a twin, with rates that rise, to a suggestion. Knows sessions of the examples."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.training.analysis.lr_finder import (
    HIGHEST,
    LOWEST,
    STEPS,
    RangeTest,
    Tried,
    best_at_the_end,
    rates,
    steepest,
)
from chainstep.engine.training.commands import Forward, Goto, SetKnob
from chainstep.engine.training.session import Session
from support.cases import each
from support.sessions import Begin, Bits


def done(session: Session, quantum: int = 1000) -> RangeTest:
    test = RangeTest(session.run)
    for _ in test.work(lambda: quantum):
        pass
    assert test.complete
    return test


def test_the_rates_rise_by_one_factor() -> None:
    tried = rates()
    assert (len(tried), tried[0], tried[-1]) == (STEPS, LOWEST, pytest.approx(HIGHEST))
    factors = [b / a for a, b in pairwise(tried)]
    assert factors == pytest.approx([factors[0]] * len(factors))


@each("name", ["lecture", "moons", "iris", "expression", "wonderland"])
@each("at", [(0, 0), (3, 0), (2, 31)])
def test_the_session_stays_to_the_bit(name: str, at: tuple[int, int], begin: Begin, bits: Bits) -> None:
    session, straight = begin(name), begin(name)
    for moved in (session, straight):
        moved.apply(Goto(*at) if name != "expression" else Goto(at[0]))
    done(session)
    assert (session.settings, list(session.log)) == (straight.settings, list(straight.log))
    assert bits(session) == bits(straight)
    for moved in (session, straight):
        moved.apply(Goto(7))
    assert bits(session) == bits(straight)


def test_each_step_is_one_at_its_rate_and_no_schedule_scales_it(begin: Begin) -> None:
    session = begin("lecture", optimizer="momentum", schedule="linear", horizon=3)
    test = done(session)
    by_hand = begin("lecture", optimizer="momentum", schedule="linear", horizon=3)
    by_hand.apply(SetKnob("schedule", "constant"))
    for rate, loss in test.tried:
        by_hand.apply(SetKnob("lr", rate))
        by_hand.apply(Forward("step"))
        assert by_hand.losses[-1] == loss


@each("quantum", [1, 7, 1000])
def test_it_is_worked_through_in_slices(quantum: int, begin: Begin) -> None:
    session = begin("moons", hidden=(3,))
    test = RangeTest(session.run)
    slices = list(test.work(lambda: quantum))
    assert max(slices) <= max(quantum, 100)
    assert test.tried == done(begin("moons", hidden=(3,))).tried


def test_it_ends_where_the_loss_explodes(begin: Begin) -> None:
    test = done(begin("lecture", activation="linear"))
    assert test.exploded
    assert len(test.tried) < STEPS
    assert all(math.isfinite(tried.loss) for tried in test.tried)
    assert test.tried[-2].loss <= 4 * test.tried[0].loss


def test_the_suggestion_trains_better_than_a_rate_far_below(begin: Begin) -> None:
    suggestion = done(begin("spiral")).suggestion
    assert suggestion is not None
    assert 0.01 < done(begin("lecture")).suggestion.rate < 1.0  # type: ignore[union-attr]
    for name in ("circles", "iris", "plane"):
        suggested = done(begin(name)).suggestion
        assert suggested is not None
        losses = []
        for lr in (suggested.rate, suggested.rate / 1000):
            session = begin(name, lr=lr)
            session.apply(Goto(20))
            losses.append(session.final_loss()[0])
        assert losses[0] < losses[1]


def test_it_begins_with_the_first_weights_under_the_knobs_of_now(begin: Begin) -> None:
    """On what has converged it would suggest whatever shakes it most."""
    session = begin("xor")
    fresh = done(session).tried
    session.apply(Goto(200))
    converged = done(session)
    assert converged.tried == fresh
    assert converged.suggestion is not None
    assert converged.suggestion.rate < 1.0
    session.apply(SetKnob("loss", "mse"))
    assert done(session).tried == done(begin("xor", loss="mse")).tried


def test_where_the_end_of_the_range_is_best_nothing_is_suggested(begin: Begin) -> None:
    test = done(begin("and"))
    assert test.suggestion is None
    assert test.refusal == "the loss fell to the end of the range: no rate was too large, so none is suggested"
    falling = [Tried(rate, 1.0 - k / STEPS) for k, rate in enumerate(rates())]
    assert best_at_the_end(falling)
    flat = [tried._replace(loss=max(tried.loss, 0.5)) for tried in falling]
    assert not best_at_the_end(flat), "a plateau has no better end"
    risen = [tried._replace(loss=tried.loss if k < 90 else 2.0) for k, tried in enumerate(falling)]
    assert not best_at_the_end([*risen[:80], *[risen[-1]] * 20])


def test_where_nothing_falls_nothing_is_suggested(begin: Begin) -> None:
    solved = done(begin("wonderland"))
    assert solved.suggestion is None
    assert solved.refusal == "no rate made the loss fall, so none is suggested"
    assert steepest([]) is None
    assert steepest([Tried(0.1, 1.0)]) is None


def test_a_value_that_is_climbed_is_best_where_it_rises(begin: Begin) -> None:
    test = done(begin("expression"))
    assert test.suggestion is not None
    losses = [tried.loss for tried in test.tried]
    assert losses[test.suggestion.place + 1] > losses[test.suggestion.place - 1]


@given(losses=st.lists(st.floats(-1e6, 1e6), max_size=40))
def test_a_suggestion_is_one_of_the_rates_on_the_way_down(losses: list[float]) -> None:
    suggestion = steepest([Tried(1e-5 * 1.2**k, loss) for k, loss in enumerate(losses)])
    if suggestion is not None:
        assert 1 <= suggestion.place < len(losses)
        assert suggestion.rate == 1e-5 * 1.2**suggestion.place
