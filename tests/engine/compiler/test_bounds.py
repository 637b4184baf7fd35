"""The fast variant runs only while every number is proven finite."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.autograd.ops.table import OPS
from chainstep.engine.autograd.text.expression import parse
from chainstep.engine.autograd.value import topological_order
from chainstep.engine.compiler.bounds import _BOUNDS
from chainstep.engine.compiler.compile import Plan, source
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.step.program import Program
from chainstep.engine.training.step.stepper import Stepper
from support.cases import each
from support.compiled import example, fresh, generated, pieces_of, replayed, trained
from support.networks import Data


def plan_of(program: Program) -> Plan:
    return Stepper(program, program.settings).compilation.plan


def test_the_fast_variant_stops_before_a_parameter_could_matter() -> None:
    stepper, first = example("moons", hidden=(3,), lr=1e3, l2=0.1, schedule="constant")
    plan, pieces = stepper.compilation.plan, pieces_of(stepper, 200)
    assert plan.has_fast_variant
    numbers = fresh(stepper, first)
    done, losses, _ = generated(plan, dense=False)(numbers, pieces, 0.9)
    assert 0 < done < 200
    assert len(losses) == done
    assert math.hypot(*numbers.parameters) > plan.limit
    assert math.hypot(*numbers.previous) <= plan.limit
    assert not numbers.begun
    assert trained(stepper, first, pieces)[0] == replayed(stepper, first, 200)


@each("number", [math.nan, math.inf, -math.inf, 1e200, -1e21])
def test_the_fast_variant_does_not_even_begin(number: float) -> None:
    stepper, first = example("moons", hidden=(3,))
    plan, numbers = stepper.compilation.plan, fresh(stepper, (*first[:-1], number))
    assert generated(plan, dense=False)(numbers, pieces_of(stepper, 2), 0.9) == (0, [], [])
    assert numbers.t == 1


def test_where_no_bound_can_be_told_nothing_is_skipped() -> None:
    for formula in ("1/relu(a)", "log(relu(a))", "relu(a)**b", "relu(a)**0.5", "relu(a)**-1"):
        leaves = {name: 1.0 for name in "ab" if name in formula}
        plan = plan_of(Program.of_expression(formula, leaves, Settings()))
        assert (plan.limit, plan.has_fast_variant) == (0.0, False), formula
        assert source(plan, dense=True) == source(plan, dense=False)


def test_softmax_has_a_bound() -> None:
    data = Data(((1.0, 2.0), (3.0, 4.0), (5.0, 6.0)), (0.0, 1.0, 2.0), ("a", "b", "c"))
    settings = Settings(loss="softmax", hidden=(4, 4))
    assert plan_of(Program.of_network(data, settings)).has_fast_variant


@pytest.mark.parametrize("name", [name for name in _BOUNDS if name != "powc"])
@given(a=st.floats(-1e100, 1e100) | st.floats(-9.0, 9.0), b=st.floats(-1e100, 1e100))
def test_no_op_exceeds_its_bound(name: str, a: float, b: float) -> None:
    row = OPS[name]
    y = row.forward_function(a, b)
    slopes = [0.0 if slope is None else slope(a, b, y) for slope in row.backward_functions]
    for number, most in zip([y, *slopes], _BOUNDS[name](abs(a), abs(b)), strict=False):
        assert abs(number) <= most


@pytest.mark.parametrize("formula", ["relu(a)*1e290", "relu(a)*(a*1e270)"])
def test_products_of_bounds_are_bounds_of_products(formula: str) -> None:
    """The larger factor alone would be no bound: here its gradient stays finite where the product does not."""
    plan = plan_of(Program.of_expression(formula, {"a": 1.0}, Settings()))
    assert 0.0 < plan.limit < 1e20
    value, _ = parse(formula, {"a": plan.limit})
    value.backward()
    nodes = topological_order(value)
    assert all(math.isfinite(node.data) and math.isfinite(node.grad) for node in nodes)
    beyond, _ = parse(formula, {"a": 1e20})
    assert math.isinf(beyond.data)


def test_huge_inputs_lower_the_bound() -> None:
    data = Data(((1e250,), (1.0,)), (0.0, 1.0), ("a", "b"))
    settings = Settings(hidden=(2,))
    assert 0.0 <= plan_of(Program.of_network(data, settings)).limit < 1e20
    far = Data(((1e299,), (1.0,)), (0.0, 1.0), ("a", "b"))
    assert not plan_of(Program.of_network(far, settings)).has_fast_variant
