"""Curves and points lie where their numbers say, in every look and size. Must not know widgets or sessions."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.training.snapshot.plots.fit import FitPoint, FitView
from chainstep.engine.training.snapshot.plots.function import FunctionView, PlotPoint, SlopeView
from chainstep.tui.render.plot import fit, function
from chainstep.tui.render.plot.axes import span
from chainstep.tui.render.style.look import Look
from support.screen.looks import EVERY_LOOK, IN_ASCII, IN_COLOUR

LOOKS = list(EVERY_LOOK.values())


def curve(values: tuple[float, ...] = tuple((k / 10 - 5) ** 2 for k in range(101)), **changes: object) -> FunctionView:
    facts: dict[str, object] = {
        "variable": "x",
        "measure": "f(x)",
        "low": -5.0,
        "high": 5.0,
        "values": values,
        "points": (),
        "trail": (),
        **changes,
    }
    return FunctionView(**facts)  # type: ignore[arg-type]


def slope(x: float = 3.0, h: float = 1.0, after: float | None = 0.0) -> SlopeView:
    ahead = x + h, (x + h) ** 2
    return SlopeView(
        "x", "f", x, x * x, 2 * x, h, False, (x, x * x), ahead, 2 * x + h, "bends", 4e-16, 1e-12, 0.5, after
    )


def rows(
    view: FunctionView, at: SlopeView | None = None, look: Look = IN_COLOUR, size: tuple[int, int] = (47, 20)
) -> list[str]:
    return [strip.text for strip in function.function(view, at, *size, look)]


def test_the_curve_falls_and_rises_between_labelled_axes() -> None:
    drawn = rows(curve())
    assert [row[:5].strip() for row in drawn if row[:5].strip()] == ["25", "20", "15", "10", "5", "0"]
    assert drawn[-1].split() == ["-4", "-2", "0", "2", "4"]
    middle = 6 + 41 // 2
    assert drawn[-2][middle] != " "
    assert drawn[0][6] != " "
    assert drawn[0][46] != " "
    assert drawn[3][20:34].strip("⡇⢸⠇⠸⢰⡆⠁⠈⠂⠐⠄⠠⡀⢀⠅⠨⢁ ⡁⢈⠡⠌") == ""


def test_the_point_the_quotient_and_the_next_place_are_marked() -> None:
    drawn = rows(curve(trail=((4.0, 16.0),)), slope())
    text = "\n".join(drawn)
    assert text.count("◉") == 1
    assert text.count("◇") == 1
    assert text.count("◁") == 1
    row = next(row for row in drawn if "◉" in row)
    assert row.index("◁") < row.index("◉")
    assert "(f(4) − f(3)) / 1" in text
    assert "backprop 6  off by 1: the curve bends" in text
    assert rows(curve(trail=((-4.0, 16.0),)), None)[6].count("•") == 1


def test_the_tangent_touches_and_the_dashed_secant_cuts() -> None:
    """Far from the point both leave the curve."""
    bare, drawn = rows(curve(), None, size=(47, 24)), rows(curve(), slope(after=None), size=(47, 24))
    assert bare != drawn
    assert sum(a != b for row, other in zip(bare, drawn, strict=True) for a, b in zip(row, other, strict=True)) > 30


def test_samples_of_both_kinds_are_told_apart_in_every_look() -> None:
    points = (PlotPoint(-4.0, 10.0, False), PlotPoint(4.0, 10.0, True))
    for look in LOOKS:
        text = "\n".join(rows(curve(points=points), None, look))
        assert all(text.count(sign) >= 1 for sign in ("•∘" if look.glyphs.unicode else "o."))
    assert function.headings(curve(points=points, measure="price"), slope(), 60, IN_COLOUR) == (
        "Curve price over x  • train  ∘ test",
        "slope 6 at x = 3",
    )
    assert function.headings(curve(points=points, measure="price"), slope(), 32, IN_COLOUR)[1] == "slope 6"


def test_a_pole_does_not_flatten_the_rest() -> None:
    low, high = span([1.0 / (k / 50) for k in range(-100, 101) if k], [0.3])
    assert -60.0 < low < 0.0 < high < 60.0
    assert span([math.nan, math.inf]) == (-1.0, 1.0)
    assert span([], [2.0]) == (1.8, 2.2)
    assert span([1.25e300, 1.25e300], [1.5e300]) == (0.9e300, 1.1e300)
    assert span([-1.25e300, -1.25e300]) == (-1.1e300, -0.9e300)


def test_predictions_lie_on_the_diagonal_where_they_are_right() -> None:
    points = tuple(FitPoint(float(k), float(k), k % 2 == 1) for k in range(9))
    view = FitView("price", points, 5, 4, 1.0, 0.5)
    drawn = [strip.text for strip in fit.fit(view, 46, 17, IN_COLOUR)]
    for y, row in enumerate(drawn[:-1]):
        for sign in "•∘":
            for x in (x for x, cell in enumerate(row) if cell == sign):
                assert abs((x - 6) / 40 - (15.5 - y) / 16) < 0.08
    assert fit.headings(view, 80, IN_COLOUR) == (
        "Predicted ŷ over actual price  • train  ∘ test",
        "R² 1.000  test 0.500",
    )
    assert fit.headings(view, 50, IN_ASCII)[0] == "y^ over price  o train  . test"
    assert fit.footing(view) == ""
    assert fit.footing(FitView("price", points, 500, 4, None, None)) == "9 of 504 samples"


number = st.floats(allow_nan=True, allow_infinity=True)


@pytest.mark.parametrize("look", LOOKS)
@given(
    values=st.lists(number, min_size=2, max_size=30),
    point=st.tuples(number, number),
    size=st.tuples(st.integers(1, 70), st.integers(1, 30)),
)
def test_any_numbers_fill_any_room(
    look: Look, values: list[float], point: tuple[float, float], size: tuple[int, int]
) -> None:
    x, y = point
    at = SlopeView("x", "f", x, y, y, 1e-3, True, (x, y), (y, x), y, "nonfinite", 1e-16, 1.0, 0.1, x)
    drawn = rows(curve(tuple(values), trail=(point,)), at, look, size)
    assert [len(row) for row in drawn] == [size[0]] * size[1]
    shown = FitView(
        "y", tuple(FitPoint(a, b, False) for a, b in zip(values, values[::-1], strict=True)), 1, 0, None, None
    )
    drawn += [strip.text for strip in fit.fit(shown, *size, look)]
    assert look.glyphs.unicode or all(row.isascii() for row in drawn)
