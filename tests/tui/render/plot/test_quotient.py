"""A difference quotient is written as on a blackboard, in digits that show what it is about. Must not know sessions."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.training.snapshot.plots.function import SlopeView
from chainstep.tui.render.plot.quotient import formula, lines, sum_of_numbers, update, verdict
from chainstep.tui.render.style.glyphs import ASCII, UNICODE
from support.cases import each


def f(x: float) -> float:
    return 3 * x * x - 4 * x + 5


def view(h: float = 1e-3, *, x: float = 3.0, central: bool = False, **changes: object) -> SlopeView:
    behind = (x - h, f(x - h)) if central else (x, f(x))
    quotient = (f(x + h) - behind[1]) / (2 * h if central else h)
    facts: dict[str, object] = {
        "variable": "x",
        "function": "f",
        "x": x,
        "y": f(x),
        "slope": 6 * x - 4,
        "h": h,
        "central": central,
        "behind": behind,
        "ahead": (x + h, f(x + h)),
        "quotient": quotient,
        "reason": "bends",
        "spacing": math.ulp(x),
        "grain": 1e-12,
        "rate": 0.1,
        "next": x - 0.1 * (6 * x - 4),
        **changes,
    }
    return SlopeView(**facts)  # type: ignore[arg-type]


def test_the_lectures_quotient_stands_in_one_line() -> None:
    said = lines(view(), 80, UNICODE)
    assert said == [
        ("(f(3.001) − f(3)) / 0.001 = (20.014003 − 20) / 0.001 = 14.003", "quotient"),
        ("backprop 14  off by 0.003: the curve bends", "slope"),
        ("next x = 3 − 0.1·14 = 1.6", "update"),
    ]
    assert [text for text, _ in lines(view(), 42, UNICODE)][:2] == [
        "(f(3.001) − f(3)) / 0.001",
        "= (20.014003 − 20) / 0.001 = 14.003",
    ]
    assert all(text.isascii() for text, _ in lines(view(), 80, ASCII))


@each(
    ("h", "central", "symbols", "numbers"),
    [
        (1.0, False, "(f(4) − f(3)) / 1", "(37 − 20) / 1"),
        (0.1, True, "(f(3.1) − f(2.9)) / 0.2", "(21.43 − 18.63) / 0.2"),
        (1e-6, False, "(f(3.000001) − f(3)) / 1e-6", "(20.000014 − 20) / 1e-6"),
        (1e-12, False, "(f(3 + 1e-12) − f(3)) / 1e-12", "(20.000000000014001 − 20) / 1e-12"),
        (1e-17, True, "(f(3 + 1e-17) − f(3 − 1e-17)) / 2e-17", "(20 − 20) / 2e-17"),
    ],
)
def test_digits_go_as_far_as_there_is_something_to_see(h: float, central: bool, symbols: str, numbers: str) -> None:
    assert formula(view(h, central=central)) == symbols
    assert sum_of_numbers(view(h, central=central)) == numbers


def test_why_it_is_off_is_said_in_words() -> None:
    assert verdict(view(1e-17, reason="stuck")) == "x + h is x: floats there are 4e-16 apart, so nothing moves"
    assert "x + h is rounded" in verdict(view(1e-15, reason="rounded"))
    assert "share all but their last digits" in verdict(view(1e-9, reason="cancels"))
    assert verdict(view(reason="close", quotient=14.0)) == "the same"
    assert verdict(view(reason="nonfinite")) == "there is no number to compare"


def test_an_update_is_written_out_only_where_it_is_that_product() -> None:
    assert update(view(rate=-0.1, next=3.0 + 0.1 * 14.0)) == "next x = 3 + 0.1·14 = 4.4"
    assert update(view(next=2.9)) == "next x = 2.9"
    assert update(view(rate=None, next=None)) == ""


@given(
    st.floats(allow_nan=True, allow_infinity=True),
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([1.0, 1e-3, 1e-17]),
    st.integers(1, 90),
)
def test_any_numbers_can_be_written(x: float, y: float, h: float, width: int) -> None:
    odd = view(h, slope=y, quotient=y, next=x, behind=(x, y), ahead=(x + h, x))
    assert (
        len(
            lines(
                SlopeView(**{**{n: getattr(odd, n) for n in SlopeView.__match_args__}, "x": x, "y": y}), width, UNICODE
            )
        )
        >= 3
    )
