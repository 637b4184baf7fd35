"""A step may be done in pieces, over several calls, with the same bits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from support.compiled import Case, example, fresh, generated, pieces_of, replayed, trained, trained_in_calls
from support.networks import networks


@given(networks(wild=True), st.lists(st.integers(1, 4), min_size=1, max_size=8))
def test_a_step_may_be_cut_anywhere(case: Case, cuts: list[int]) -> None:
    stepper, first, steps = case
    assert trained(stepper, first, pieces_of(stepper, steps, cuts))[0] == replayed(stepper, first, steps)


def test_a_call_may_end_amid_a_step() -> None:
    stepper, first = example("moons", hidden=(3,), batch_size=40, optimizer="adam")
    assert trained_in_calls(stepper, first, 5, 7) == replayed(stepper, first, 5)


def test_no_more_steps_no_change() -> None:
    stepper, first = example("lecture")
    numbers = fresh(stepper, first)
    assert generated(stepper.compilation.plan, dense=False)(numbers, [], 0.9) == (0, [], [])
    assert (numbers.parameters, numbers.t) == (first, 1)
