"""Networks train with the bits of the replay, with any settings, and to the worked losses."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from chainstep.datasets import EXAMPLES
from support.cases import each
from support.compiled import Case, example, fresh, generated, pieces_of, replayed, trained
from support.networks import networks


@given(networks(wild=False))
def test_a_network_trains_with_the_bits_of_the_replay(case: Case) -> None:
    stepper, first, steps = case
    assert trained(stepper, first, pieces_of(stepper, steps))[0] == replayed(stepper, first, steps)


@given(networks(wild=True))
def test_a_network_of_odd_numbers_does_too(case: Case) -> None:
    stepper, first, steps = case
    assert trained(stepper, first, pieces_of(stepper, steps))[0] == replayed(stepper, first, steps)


@each("name", EXAMPLES)
def test_every_example(name: str) -> None:
    stepper, first = example(name)
    assert trained(stepper, first, pieces_of(stepper, 3))[0] == replayed(stepper, first, 3)


def test_the_worked_losses(golden: dict[str, Any]) -> None:
    for name in ("lecture", "moons"):
        stepper, first = example(name)
        pieces = pieces_of(stepper, golden[name]["steps"])
        plan, numbers = stepper.compilation.plan, fresh(stepper, first)
        _, losses, rights = generated(plan, dense=False)(numbers, pieces, 0.9)
        expected = {int(step): loss for step, loss in golden[name]["loss_before_update"].items()}
        assert {step: losses[step] for step in expected} == pytest.approx(expected, rel=1e-9)
    fractions = {int(step): fraction for step, fraction in golden["moons"]["accuracy_before_update"].items()}
    assert {step: rights[step] / 100 for step in fractions} == fractions
