"""The axes of the loss curve: dots in order, ticks where they say. Must not know colours or plotext."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chainstep.tui.render.curve.axis import Scale, short, step_ticks
from support.cases import each


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20), st.booleans())
def test_dots_keep_the_order_of_the_losses(losses: list[float], log: bool) -> None:
    losses = [abs(loss) or 1.0 for loss in losses] if log else losses
    scale = Scale.fit(losses, [], log)
    dots = [scale.dot(loss, 48) for loss in sorted(losses)]
    assert dots == sorted(dots)
    assert all(0 <= dot < 48 for dot in dots)
    assert all(len(label) == 5 and 0 <= row < 12 for row, label in scale.ticks(12, 48))


def test_ticks_say_where_they_are() -> None:
    scale = Scale.fit([6.0, 0.1, 3.0], [], False)
    for row, label in scale.ticks(12, 48):
        assert scale.dot(float(label), 48) // 4 == row
    assert step_ticks(1, 30) == ((0, "0"),)
    assert step_ticks(400, 54)[:2] == ((0, "0"), (53, "399"))


@each(
    ("number", "text"),
    [(0.0, "0"), (0.25, "0.25"), (1000.0, "1000"), (1e4, "1e4"), (1.5e6, "1.5e6"), (1e-4, "1e-4"), (-2.0, "-2")],
)
def test_labels_are_short(number: float, text: str) -> None:
    assert short(number) == text
