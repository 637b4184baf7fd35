"""A wide network's function has loops over its layers, the bits of the replay, and a length that no width changes."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.datasets import EXAMPLES
from chainstep.engine.compiler.compile import Plan, source
from chainstep.engine.training.session import Session
from support.cases import each
from support.compiled import Case, example, fresh, generated, pieces_of, replayed, trained, trained_in_calls
from support.networks import networks


@given(networks(wild=False))
def test_a_network_trains_with_the_bits_of_the_replay(case: Case) -> None:
    stepper, first, steps = case
    assert trained(stepper, first, pieces_of(stepper, steps), layered=True)[0] == replayed(stepper, first, steps)


@given(networks(wild=True), st.lists(st.integers(1, 4), min_size=1, max_size=8))
def test_a_network_of_odd_numbers_does_too_cut_anywhere(case: Case, cuts: list[int]) -> None:
    stepper, first, steps = case
    assert trained(stepper, first, pieces_of(stepper, steps, cuts), layered=True)[0] == replayed(stepper, first, steps)


@each("name", [name for name, row in EXAMPLES.items() if row.load is not None])
def test_every_example_of_a_network(name: str) -> None:
    stepper, first = example(name)
    assert trained(stepper, first, pieces_of(stepper, 2), layered=True)[0] == replayed(stepper, first, 2)


def test_a_call_may_end_amid_a_step() -> None:
    stepper, first = example("moons", hidden=(3,), batch_size=40, optimizer="adam")
    assert trained_in_calls(stepper, first, 5, 7, layered=True) == replayed(stepper, first, 5)


@each("number", [math.nan, math.inf, -math.inf, 1e200, -1e21])
def test_the_fast_variant_stops_before_numbers_that_are_too_large(number: float) -> None:
    stepper, first = example("moons", hidden=(3,))
    odd = (*first[:-1], number)
    numbers = fresh(stepper, odd)
    fast = generated(stepper.compilation.plan, dense=False, layered=True)
    assert fast(numbers, pieces_of(stepper, 2), ()) == (0, [], [])
    assert trained(stepper, odd, pieces_of(stepper, 2), layered=True) == (replayed(stepper, odd, 2), 0)


def test_width_makes_the_source_no_longer_and_it_can_be_read() -> None:
    lengths = set()
    for width in (112, 140):
        plan = example("moons", hidden=(width, width), batch_size=2)[0].compilation.plan
        assert plan.layered
        for dense in (False, True):
            text = source(plan, dense=dense)
            lengths.add((dense, len(text.splitlines())))
            assert max(map(len, text.splitlines())) <= 120
            assert text.isascii()
    assert len(lengths) == 2
    assert max(lengths)[1] < 120


def test_where_a_long_line_would_hold_up_all_else_it_becomes_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Plan, "longest", Plan.longest)
    Session.prefer_loops()
    for name, layered in (("digits", True), ("deep", True), ("moons", False)):
        plan = example(name)[0].compilation.plan
        assert plan.layered == layered
        assert len(source(plan, dense=True)) < (10_000 if layered else 100_000)


def test_a_wide_network_is_compiled_even_for_one_step() -> None:
    stepper, first = example("moons", hidden=(112, 112), batch_size=2)
    compilation = stepper.compilation
    assert compilation.possible
    assert compilation.small
    assert compilation.plan.layered
    assert trained(stepper, first, pieces_of(stepper, 2))[0] == replayed(stepper, first, 2)
