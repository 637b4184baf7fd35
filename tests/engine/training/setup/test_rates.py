"""The rates of steps in a row are those of each alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.nn.optimizers import SCHEDULES
from chainstep.engine.training.setup.settings import Settings


@pytest.mark.parametrize("schedule", SCHEDULES)
@given(st.floats(1e-6, 1e6), st.integers(0, 40), st.integers(0, 40), st.integers(1, 30))
def test_in_a_row_and_alone(schedule: str, lr: float, step: int, count: int, horizon: int) -> None:
    settings = Settings(lr=lr, schedule=schedule, horizon=horizon)
    assert settings.rates(step, count) == [settings.rate(k) for k in range(step, step + count)]
