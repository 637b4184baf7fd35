"""Typed expressions climb and descend with the bits of the replay."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.step.program import Program
from chainstep.engine.training.step.stepper import Stepper
from support.compiled import pieces_of, replayed, trained
from support.networks import odd, weights

FORMULAS = (
    "(a*b + c)*f", "a/b", "a**b", "relu(a)*b + relu(c)*b + f", "relu(a)", "relu(a*b)*a", "a*a*a", "a + a", "log(a)*b",
    "1/(relu(a)*b + relu(c)*f)", "max(a, b)", "exp(a*1e3) - exp(b)", "relu(a)*b + relu(a)*c", "2*3 + 0*a", "1e308*10*a",
    "a - (b - c)", "-(a - b)", "-(-a)", "(a + b) + (c + a)", "a**2 - a**3.5 + a**-1 + a**0 + a**1", "abs(a)*relu(-b)",
    "sqrt(a) + sin(b)*cos(c)", "min(a, b)*max(b, c)", "leaky_relu(a)*b + elu(c)*f", "gelu(a)*silu(b) + relu(c)",
    "softplus(a) + sigmoid(b) - step(c)", "a**3*b - (a + b)**2", "relu(relu(a)*b + c)*f + relu(relu(a)*f + c)*b",
)  # fmt: skip


@pytest.mark.parametrize("formula", FORMULAS)
@given(st.lists(weights | odd.filter(math.isfinite), min_size=4, max_size=4), st.booleans(), st.booleans())
def test_an_expression_climbs_or_descends_with_the_same_bits(
    formula: str, numbers: list[float], maximise: bool, l2: bool
) -> None:
    leaves = {name: number for name, number in zip("abcf", numbers, strict=True) if re.search(rf"\b{name}\b", formula)}
    settings = Settings(lr=0.01, maximise=maximise, l2=0.1 if l2 else 0.0)
    program = Program.of_expression(formula, leaves, settings)
    stepper, first = Stepper(program, settings), program.first
    assert trained(stepper, first, pieces_of(stepper, 4))[0] == replayed(stepper, first, 4)
