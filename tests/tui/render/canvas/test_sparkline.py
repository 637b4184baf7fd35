"""Bars for a series and for a spread of values. Knows chainstep.tui.render.canvas.sparkline."""

import math

from hypothesis import given
from hypothesis import strategies as st

from chainstep.tui.render.canvas.sparkline import histogram, sparkline
from chainstep.tui.render.style.glyphs import ASCII


def test_bars_rise_from_the_least_to_the_greatest() -> None:
    assert sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8) == "▁▂▃▄▅▆▇█"


def test_only_the_last_values_count() -> None:
    assert sparkline([1000.0, 1.0, 2.0], 2) == "▁█"


def test_missing_values_are_blank_and_equal_ones_in_the_middle() -> None:
    assert sparkline([3.0, 3.0], 4) == "  ▅▅"
    assert sparkline([], 3) == "   "
    assert sparkline([1.0], 0) == ""


def test_what_is_not_finite_is_marked() -> None:
    assert sparkline([1.0, math.nan, 2.0, math.inf], 4) == "▁!█!"
    assert histogram([0.0, math.nan], 3)[-1] == "!"


@given(st.lists(st.floats()), st.integers(0, 12))
def test_the_width_is_exact(values: list[float], width: int) -> None:
    assert len(sparkline(values, width)) == width
    assert len(sparkline(values, width, ASCII)) == width
    assert len(histogram(values, width + 1)) == width + 1


def test_a_histogram_counts() -> None:
    assert histogram([0.0, 0.1, 0.2, 1.0], 2) == "█▃"
    assert histogram([0.0, 1.0], 3) == "█ █"
