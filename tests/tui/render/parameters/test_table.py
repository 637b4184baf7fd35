"""The table of parameters: its columns at every width, the gradient check's among them. Must not know widgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import pytest
from textual.strip import Strip

from chainstep.engine.training.snapshot.parameters import ParametersView
from chainstep.tui.render.parameters.table import Table, TableOptions, table
from chainstep.tui.render.style.look import Look
from support.cases import each
from support.screen.looks import IN_ASCII, IN_COLOUR, PALETTE

VIEW = ParametersView(
    labels=("L1.n1.w0", "L1.n1.w1", "L1.n1.b", "L1.n2.w0", "L1.n2.b"),
    data=(0.5, -1.25, 0.0, 3.0, 0.125),
    grad=(0.25, 0.75, -2.0, 0.0, 1.0),
    change=(0.1, -0.1, 0.0, 0.0, 0.2),
    numeric=(0.25, 0.5, None, 0.0, 1.0),
    current=None,
    errors=(3e-10, 0.5, None, None, 2e-5),
    frozen=frozenset({1}),
    edited=frozenset({1, 4}),
)
"""w0 is right, w1 and n2.b are wrong, n1.b is not computed yet, n2.w0 stands at a kink."""


def drawn(
    width: int,
    view: ParametersView = VIEW,
    *,
    checked: bool = False,
    look: Look = IN_COLOUR,
    height: int = 6,
    trails: Mapping[int, Sequence[float]] = MappingProxyType({}),
) -> list[Strip]:
    """The whole table in the model's order, with its first parameter selected."""
    count = len(view.labels)
    options = TableOptions(range(count), checked=checked)
    return table(view, width, height, look, options, trails=trails, changed=[False] * count)


def rows(
    width: int, view: ParametersView = VIEW, *, checked: bool = True, look: Look = IN_COLOUR, height: int = 6
) -> list[str]:
    return [strip.text for strip in drawn(width, view, checked=checked, look=look, height=height)]


@each("look", [IN_COLOUR, IN_ASCII])
@each("backward", [False, True])
def test_the_last_op_and_the_next_one_have_a_glyph_and_a_colour_each(look: Look, backward: bool) -> None:
    view = replace(VIEW, current=0, backward=backward, coming=3, coming_backward=backward)
    shown = drawn(60, view, look=look)
    assert shown[1].text.startswith(f"{look.glyphs.done(backward=backward)}L1.n1.w0 ")
    assert shown[4].text.startswith(f"{look.glyphs.coming(backward=backward)}L1.n2.w0 ")
    assert [PALETTE.lit_cell in [segment.style for segment in row] for row in shown[1:]] == [True] + [False] * 4
    assert [PALETTE.coming_cell in [segment.style for segment in row] for row in shown[1:]] == [False] * 3 + [
        True,
        False,
    ]


@pytest.mark.parametrize(("trail", "bars"), [((0.5,), ""), ((0.25, 0.5), "▁█")])
def test_a_trend_takes_two_values(trail: tuple[float, ...], bars: str) -> None:
    heading, first, *_ = drawn(90, trails={0: trail})
    end = heading.text.index("trend") + len("trend")
    assert first.text[end - 16 : end].strip() == bars
    assert bars == "" or first.text[end - 1] == bars[-1]


def test_before_the_first_slope_everything_is_a_dot() -> None:
    for row in rows(60, replace(VIEW, numeric=None, errors=None, frozen=frozenset(), edited=frozenset()))[1:]:
        assert row.split()[3:5] == ["·", "·"]


@each("width", range(30, 120, 3))
def test_the_marks_are_the_last_to_go(width: int) -> None:
    text = rows(width)
    if width >= Table(VIEW, len(VIEW.labels), 200, 6, checked=True).names + 24:
        assert [mark for row in text for mark in row if mark in "✓✗"] == ["✓", "✗", "✗"]
        assert "nume" in text[0]
    assert ("error" in text[0]) or "change" not in text[0]


@each("width", range(20, 220, 11))
@each("height", [2, 4, 9])
def test_no_cell_runs_into_the_next(width: int, height: int) -> None:
    for checked in (False, True):
        plan = Table(VIEW, len(VIEW.labels), width, height, checked=checked)
        assert plan.columns * plan.cell <= width
        rows(width, checked=checked, height=height)


def test_a_click_finds_the_row_that_is_drawn_there() -> None:
    text = rows(100, height=4)
    plan = Table(VIEW, len(VIEW.labels), 100, 4, checked=True)
    for index, label in enumerate(VIEW.labels):
        (y,) = [y for y, row in enumerate(text) if label in row]
        assert plan.at(text[y].index(label), y, 0, len(VIEW.labels)) == index
    for x, y in ((-1, 1), (-100, 1), (0, 0), (0, -1), (0, 4), (0, 100)):
        assert plan.at(x, y, 0, len(VIEW.labels)) is None


def test_a_wrong_gradient_stands_out_in_colour_too() -> None:
    strips = drawn(60, checked=True)
    loud = [[part.text.strip() for part in strip if part.style is PALETTE.alarm] for strip in strips]
    assert [row for row in loud if row] == [["+0.50000", "✗", "5e-01"], ["+1.00000", "✗", "2e-05"]]


def test_frozen_and_edited_parameters_are_marked() -> None:
    for look, frozen, edited in ((IN_COLOUR, "❆", "✎"), (IN_ASCII, "*", "=")):
        for checked in (False, True):
            text = rows(60, checked=checked, look=look)
            assert f"L1.n1.w1{frozen}" in text[2]
            assert f"L1.n2.b {edited}" in text[5]
            assert f"L1.n1.w0{frozen}" not in text[1]
            assert look is IN_COLOUR or all(row.isascii() for row in text)


def test_the_number_of_a_frozen_parameter_is_dimmed() -> None:
    strips = drawn(60)
    quiet = [any("1.25" in part.text and part.style is PALETTE.quiet for part in strip) for strip in strips]
    assert quiet == [False, False, True, False, False, False]
