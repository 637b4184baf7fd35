"""Numbers as text: width, sign, rounding, and that only zero is written as zero. Knows render.canvas.numbers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.tui.render.canvas.numbers import NARROWEST, loss, plain, signed
from support.cases import each

WIDTHS = st.integers(NARROWEST, 14)
FINITE = st.floats(allow_nan=False, allow_infinity=False)


@each(
    ("x", "width", "text"),
    [
        (0.91, 5, "+0.91"),
        (-0.13, 5, "-0.13"),
        (0.0, 5, "+0.00"),
        (-0.0, 5, "+0.00"),
        (2.0, 5, "+2.00"),
        (-12.34, 5, "-12.3"),
        (9.996, 5, "+10.0"),
        (99.96, 5, " +100"),
        (123.4, 5, " +123"),
        (1234.4, 5, "+1234"),
        (9999.7, 5, " +1e4"),
        (1e30, 5, "+1e30"),
        (-1e200, 5, "-e200"),
        (1e200, 7, " +1e200"),
        (0.003, 5, "+3e-3"),
        (-3e-7, 5, "-3e-7"),
        (3e-12, 5, "+e-12"),
        (-3e-200, 5, "-~0.0"),
        (-3e-200, 7, "-3e-200"),
        (0.234123, 7, "+0.2341"),
        (1.25e-9, 8, "+1.25e-9"),
        (math.nan, 5, "  nan"),
        (math.inf, 5, " +inf"),
        (-math.inf, 7, "   -inf"),
    ],
)
def test_signed(x: float, width: int, text: str) -> None:
    assert signed(x, width) == text


def test_signed_needs_five_cells() -> None:
    with pytest.raises(ValueError, match="5 cells"):
        signed(1.0, NARROWEST - 1)


@given(st.floats(), WIDTHS)
def test_signed_has_exactly_its_width(x: float, width: int) -> None:
    assert len(signed(x, width)) == width


@given(FINITE, WIDTHS)
def test_signed_shows_the_sign(x: float, width: int) -> None:
    assert signed(x, width).strip()[0] == ("-" if x < 0 else "+")


@given(FINITE, WIDTHS)
def test_only_zero_is_written_as_zero(x: float, width: int) -> None:
    digits = signed(x, width).strip()[1:]
    assert (not digits.strip("0.")) == (x == 0)


@given(st.floats(-9999, 9999), WIDTHS)
def test_signed_rounds_by_at_most_half_a_unit(x: float, width: int) -> None:
    text = signed(x, width).strip()
    if "~" in text or text[1] == "e":
        assert abs(x) < 1e-9
        return
    mantissa, _, power = text.partition("e")
    unit = 10.0 ** (int(power or 0) - len(mantissa.partition(".")[2]))
    assert abs(float(text) - x) <= unit / 2 * (1 + 1e-6)


@each(
    ("x", "text"),
    [
        (2.0, "2.0"),
        (-3.0, "-3.0"),
        (0.0, "0.0"),
        (5, "5"),
        (1337, "1337"),
        (1337.0, "1337"),
        (0.5, "0.5000"),
        (-0.70710678, "-0.7071"),
        (0.012344, "0.01234"),
        (12.3456, "12.346"),
        (123.456, "123.46"),
        (3.14159e-7, "3.142e-7"),
        (1e200, "1e200"),
        (math.nan, "nan"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
    ],
)
def test_plain(x: float, text: str) -> None:
    assert plain(x) == text


@given(st.floats(-1e300, 1e300))
def test_plain_stays_within_a_part_in_two_thousand(x: float) -> None:
    assert math.isclose(float(plain(x)), x, rel_tol=5.1e-4, abs_tol=0.0)


@each(
    ("x", "text"),
    [
        (0.24806, "0.2481"),
        (6.03214, "6.032"),
        (12.3456, "12.35"),
        (1234.56, "1235"),
        (12345.67, "12345.7"),
        (2.0, "2"),
        (0.0, "0"),
        (1.5e-7, "1.500e-7"),
        (math.nan, "nan"),
    ],
)
def test_loss(x: float, text: str) -> None:
    assert loss(x) == text
