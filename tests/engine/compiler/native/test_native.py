"""Machine code trains with the bits of the replay, whatever it trains. Takes llvmlite."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainstep.datasets import EXAMPLES
from chainstep.engine.autograd.ops.ieee import NAMESPACE
from chainstep.engine.compiler.native import native
from chainstep.engine.compiler.native.library import LIBRARY
from chainstep.engine.compiler.plan import Numbers
from chainstep.engine.training.step.backends.native import install
from support.compiled import Case, example, fresh, replayed, shares_of
from support.graphs import bits
from support.networks import networks

pytest.importorskip("llvmlite")

from chainstep.tui.native import Machine
from support.native.machine import machine_code, stepped_natively, trained_natively


@given(networks(wild=True), st.lists(st.integers(1, 4), max_size=5))
def test_a_network_of_odd_numbers_trains_with_the_bits_of_the_replay(case: Case, cuts: list[int]) -> None:
    stepper, first, steps = case
    assert trained_natively(stepper, first, shares_of(stepper, steps, cuts)) == replayed(stepper, first, steps)


@settings(max_examples=6)
@given(networks(wild=True), st.integers(1, 3))
def test_whole_steps_have_these_bits_too_and_those_that_are_marked(case: Case, spacing: int) -> None:
    stepper, first, steps = case
    made, marks = stepped_natively(stepper, first, steps, spacing)
    assert made == replayed(stepper, first, steps)
    for behind, mark in enumerate(marks, start=1):
        columns = replayed(stepper, first, behind * spacing)[2]
        assert [bits(number) for number in array("d", mark)] == [number for column in columns for number in column]
    assert len(marks) == steps // spacing


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example(name: str) -> None:
    stepper, first = example(name)
    assert trained_natively(stepper, first, shares_of(stepper, 2)) == replayed(stepper, first, 2)


@pytest.mark.parametrize("optimizer", ["momentum", "adam"])
def test_minibatches_in_blocks_with_penalties_and_frozen_parameters(optimizer: str) -> None:
    knobs = {"optimizer": optimizer, "batch_size": 131, "l1": 1e-4, "l2": 1e-3, "frozen": (0, 600)}
    stepper, first = example("digits", hidden=(9, 7), **knobs)
    assert trained_natively(stepper, first, shares_of(stepper, 3)) == replayed(stepper, first, 3)


@pytest.mark.parametrize("rate", [50.0, 1e200])
def test_what_explodes_explodes_alike(rate: float) -> None:
    stepper, first = example("moons", hidden=(5, 9), lr=rate)
    assert trained_natively(stepper, first, shares_of(stepper, 12)) == replayed(stepper, first, 12)


def test_it_stops_before_a_step_of_which_nothing_is_proven() -> None:
    stepper, first = example("moons", hidden=(3,), lr=1e3, l2=0.1, schedule="constant")
    plan, numbers = stepper.compilation.plan, fresh(stepper, first)
    done, losses, _ = machine_code(stepper).run(numbers, shares_of(stepper, 200), stepper.knobs, bounded=True)
    assert 0 < done == len(losses) < 200
    assert max(map(abs, numbers.parameters)) > plan.limit >= max(map(abs, numbers.previous))
    assert not numbers.begun


def test_no_work_is_no_change() -> None:
    stepper, first = example("lecture")
    numbers: Numbers = fresh(stepper, first)
    assert machine_code(stepper).run(numbers, [], (), bounded=False) == (0, [], [])
    assert numbers.parameters == first


def test_every_function_that_a_row_may_call_is_there() -> None:
    assert LIBRARY.keys() == NAMESPACE.keys()


def test_what_is_not_the_same_is_not_used() -> None:
    stepper, _ = example("lecture")
    good = native.text(stepper.compilation.plan)
    wrong = {
        "tanh": good.replace("call double @libm_tanh", "call double @libm_sin"),
        "gradients": good.replace("fadd <8 x double>", "fsub <8 x double>"),
    }
    for what, text in wrong.items():
        assert what in install(stepper, Machine(text))
        assert stepper.compilation.native is None
    assert install(stepper, Machine(good)) == ""
    assert stepper.compilation.native is not None


def test_the_text_is_the_same_each_time_and_no_longer_for_a_wide_network() -> None:
    lengths = set()
    for width in (20, 90):
        texts = {native.text(example("moons", hidden=(width, width))[0].compilation.plan) for _ in range(2)}
        (text,) = texts
        lengths.add(len(text.splitlines()))
        assert "fast" not in text
        assert "fmuladd" not in text
    assert len(lengths) == 1
