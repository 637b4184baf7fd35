"""Which of a few steps stands for a number. Must not know the colours and shapes that a step is shown in."""

import math

from hypothesis import given
from hypothesis import strategies as st

from chainstep.tui.render.style.levels import LEVELS, level, levels

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@given(FINITE, st.floats())
def test_a_level_has_the_sign_of_its_value(value: float, scale: float) -> None:
    step = level(value, scale)
    assert abs(step) <= LEVELS
    assert (step > 0, step < 0) == (value > 0, value < 0)


@given(st.floats(0, 1), st.floats(0, 1))
def test_levels_rise_with_the_value(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert level(low, 1.0) <= level(high, 1.0)
    assert level(-low, 1.0) >= level(-high, 1.0)


@given(st.lists(st.floats()), st.floats() | st.sampled_from([0.0, 1.0, 5e-324, 1e308]))
def test_many_levels_are_those_of_each(values: list[float], scale: float) -> None:
    assert levels(values, scale) == [level(value, scale) if math.isfinite(value) else None for value in values]
