"""The cursor on the loss curve: columns and steps, there and back. Must not know the app."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from textual.strip import Strip

from chainstep.tui.render.curve import scrub
from chainstep.tui.render.curve.axis import LABEL
from chainstep.tui.render.curve.window import column_of
from support.screen.looks import IN_COLOUR

LEFT = LABEL + 1

WIDTHS = st.integers(LEFT + 2, 220)
SPANS = st.integers(1, 200_000)


@given(WIDTHS, SPANS, st.data())
def test_the_step_of_a_cell_is_drawn_in_it(width: int, span: int, data: st.DataObject) -> None:
    x = data.draw(st.integers(LEFT, width - 1))
    step = scrub.step_at(x, width, span)
    assert 0 <= step < span
    if span >= width - LEFT:
        assert column_of(step, width - LEFT, span) == x - LEFT


@given(WIDTHS, SPANS)
def test_the_ends_are_the_first_and_the_last_step(width: int, span: int) -> None:
    assert scrub.step_at(LEFT, width, span) == 0
    assert scrub.step_at(0, width, span) == 0
    assert scrub.step_at(width - 1, width, span) == span - 1
    assert scrub.step_at(width + 5, width, span) == span - 1


@given(WIDTHS, SPANS, st.data())
def test_a_column_is_always_a_move_and_ends_stay(width: int, span: int, data: st.DataObject) -> None:
    step = data.draw(st.integers(0, span - 1))
    right, left = scrub.moved(step, 1, width, span), scrub.moved(step, -1, width, span)
    assert 0 <= left <= step <= right <= span - 1
    if column_of(step, width - LEFT, span) < width - LEFT - 1:
        assert right > step or step == span - 1
    assert scrub.moved(0, -10, width, span) == 0
    assert scrub.moved(span - 1, 10, width, span) == span - 1


def test_the_cursor_crosses_the_curve_and_what_is_to_come_is_quiet() -> None:
    rows = [Strip.blank(LEFT + 11), *[Strip([*Strip.blank(LEFT), *Strip.blank(11)]) for _ in range(3)]]
    drawn = scrub.with_cursor(rows, 5, 8, 11, IN_COLOUR)
    assert [row.text[LEFT + 5] for row in drawn] == ["│", "│", " ", " "]
    assert all(row.cell_length == LEFT + 11 for row in drawn)
    cells = [segment for segment in drawn[0] if segment.style == IN_COLOUR.palette.quiet]
    assert [len(segment.text) for segment in cells] == [2]


def test_a_picture_without_room_for_axes_has_no_cursor() -> None:
    rows = [Strip.blank(LEFT)] * 4
    assert scrub.with_cursor(rows, 0, 0, 5, IN_COLOUR) == rows
