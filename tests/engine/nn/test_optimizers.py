"""Optimisers and schedules against plain formulas, written out again by hand. Knows optimizers alone."""

from __future__ import annotations

import math
import string
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.autograd.ops import ieee
from chainstep.engine.nn.optimizers import NAMESPACE, OPTIMIZERS, SCHEDULES, VARIABLES
from support.cases import each

gradients = st.lists(st.floats(-10.0, 10.0), min_size=10, max_size=10)


DEFAULTS = {"mu": 0.9, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}


def followed(name: str, p: float, grads: list[float], lr: float, **knobs: float) -> list[float]:
    """The parameter after each update."""
    optimizer = OPTIMIZERS[name]
    own = [(DEFAULTS | knobs)[knob] for knob in optimizer.knobs]
    state = [0.0] * len(optimizer.state)
    path = []
    for t, g in enumerate(grads, start=1):
        p, *state = optimizer.update(p, g, lr, t, *own, *state)
        path.append(p)
    return path


@given(p=st.floats(-3, 3), grads=gradients)
def test_sgd(p: float, grads: list[float]) -> None:
    path = followed("sgd", p, grads, 0.1)
    for after, g in zip(path, grads, strict=True):
        p = p - 0.1 * g
        assert after == p


@given(p=st.floats(-3, 3), grads=gradients, mu=st.sampled_from([0.0, 0.5, 0.9]))
def test_momentum_steps_along_the_decaying_sum(p: float, grads: list[float], mu: float) -> None:
    path = followed("momentum", p, grads, 0.1, mu=mu)
    for k in range(len(grads)):
        p -= 0.1 * sum(g * mu ** (k - i) for i, g in enumerate(grads[: k + 1]))
        assert path[k] == pytest.approx(p, rel=1e-9, abs=1e-9)


@given(
    p=st.floats(-3, 3),
    grads=gradients,
    beta1=st.sampled_from([0.9, 0.0, 0.5]),
    beta2=st.sampled_from([0.999, 0.5]),
    eps=st.sampled_from([1e-8, 1e-3, 1.0]),
)
def test_adam_is_the_papers_algorithm(p: float, grads: list[float], beta1: float, beta2: float, eps: float) -> None:
    path = followed("adam", p, grads, 0.01, beta1=beta1, beta2=beta2, eps=eps)
    first = second = 0.0
    for t, g in enumerate(grads, start=1):
        first = beta1 * first + (1 - beta1) * g
        second = beta2 * second + (1 - beta2) * g**2
        corrected, squared = first / (1 - beta1**t), second / (1 - beta2**t)
        p = p - 0.01 * corrected / (math.sqrt(squared) + eps)
        assert path[t - 1] == pytest.approx(p, rel=1e-9, abs=1e-9)


def test_adams_first_step_is_the_learning_rate() -> None:
    for g in (1e-3, 5.0, -700.0):
        assert followed("adam", 0.0, [g], 0.03) == pytest.approx([-math.copysign(0.03, g)], rel=1e-4)


@each("name", OPTIMIZERS)
@each("g", [math.inf, -math.inf, math.nan, 1e308, 5e-324, 0.0])
def test_no_update_raises(name: str, g: float) -> None:
    assert all(isinstance(p, float) for p in followed(name, 1.0, [g] * 3, 1e200))


@pytest.mark.parametrize("name", OPTIMIZERS)
@given(numbers=st.lists(st.floats(0.1, 0.9), min_size=9, max_size=9))
def test_what_is_printed_is_what_is_computed(
    name: str, numbers: list[float], worked_out: Callable[[str, Mapping[str, float]], float]
) -> None:
    optimizer = OPTIMIZERS[name]
    names = (*VARIABLES, *optimizer.knobs, *optimizer.state)
    values = dict(zip(names, numbers, strict=False))
    values["t"] = 3.0
    after = optimizer.update(*(values[v] for v in names))
    for line in optimizer.lines:
        fields = {field for _, field, _, _ in string.Formatter().parse(line.text) if field}
        assert fields <= values.keys()
        values[line.target] = worked_out(line.text, values)
    assert [values[v] for v in ("p", *optimizer.state)] == pytest.approx(after, rel=1e-12)


@each("k", [0, 1, 50, 99, 100, 250])
def test_the_linear_schedule_is_the_demos(k: int) -> None:
    assert SCHEDULES["linear"].scale(k, 100) == 1.0 - 0.9 * min(k, 100) / 100


def test_where_schedules_begin_and_end() -> None:
    """None rises on its way: the search backwards through forgotten steps counts on that."""
    for name, schedule in SCHEDULES.items():
        factors = [schedule.scale(k, 40) for k in range(80)]
        assert factors[0] == 1.0
        assert factors == sorted(factors, reverse=True)
        end = {"constant": 1.0, "linear": 0.1, "cosine": 0.1, "step": 1 / 16}[name]
        assert factors[40:] == pytest.approx([end] * 40)
        assert schedule.scale(10**9, 1) == pytest.approx(end)


def test_the_step_schedule_halves_at_each_quarter() -> None:
    factors = [SCHEDULES["step"].scale(k, 8) for k in range(9)]
    assert factors == [1.0, 1.0, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125, 0.0625]
    assert SCHEDULES["cosine"].scale(50, 100) == pytest.approx(0.55)


def test_a_compiled_step_can_call_an_ops_functions_and_an_optimisers() -> None:
    """They are in one scope there: one name cannot be both's."""
    assert not ieee.NAMESPACE.keys() & NAMESPACE.keys()
