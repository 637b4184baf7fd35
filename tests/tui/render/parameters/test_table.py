"""The table of parameters: its columns at every width, the gradient check's among them. Must not know widgets."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from chainstep.engine.autograd.gradcheck import TOLERANCE as ENGINES
from chainstep.engine.training.snapshot.parameters import ParametersView
from chainstep.tui.render.parameters.table import TOLERANCE, Table, failed, table
from chainstep.tui.render.style.glyphs import ASCII, UNICODE, Glyphs
from chainstep.tui.render.style.palette import Palette

PALETTE = Palette.dark()

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


def rows(
    width: int, view: ParametersView = VIEW, *, checked: bool = True, glyphs: Glyphs = UNICODE, height: int = 6
) -> list[str]:
    strips = table(
        view,
        width,
        height,
        PALETTE,
        glyphs,
        order=range(len(view.labels)),
        first=0,
        selected=0,
        trails={},
        changed=[False] * len(view.labels),
        checked=checked,
    )
    assert [strip.cell_length for strip in strips] == [width] * height
    return [strip.text for strip in strips]


def test_a_gradient_is_wrong_where_the_engine_says_so() -> None:
    assert TOLERANCE == ENGINES
    assert [failed(error) for error in (None, 0.0, 1e-5, 1.1e-5, math.inf, math.nan)] == [False] * 3 + [True] * 3


def test_the_check_has_columns_of_its_own_while_it_is_on() -> None:
    text = rows(100)
    assert text[0].split() == ["name", "data", "grad", "numeric", "error", "change", "trend"]
    assert "numeric" not in "".join(rows(100, checked=False))
    for row, wanted in zip(
        text[1:],
        (
            "+0.25000 +0.25000 ✓ 3e-10",
            "+0.75000 +0.50000 ✗ 5e-01",
            "-2.00000        ·   ·",
            "+0.00000 +0.00000   -",
            "+1.00000 +1.00000 ✗ 2e-05",
        ),
        strict=True,
    ):
        assert wanted in row


@pytest.mark.parametrize(("trail", "bars"), [((0.5,), ""), ((0.25, 0.5), "▁█")])
def test_a_trend_takes_two_values(trail: tuple[float, ...], bars: str) -> None:
    heading, first, *_ = table(
        VIEW, 90, 6, PALETTE, UNICODE, order=range(5), first=0, selected=0, trails={0: trail}, changed=[False] * 5
    )
    end = heading.text.index("trend") + len("trend")
    assert first.text[end - 16 : end].strip() == bars
    assert bars == "" or first.text[end - 1] == bars[-1]


def test_before_the_first_slope_everything_is_a_dot() -> None:
    for row in rows(60, replace(VIEW, numeric=None, errors=None, frozen=frozenset(), edited=frozenset()))[1:]:
        assert row.split()[3:5] == ["·", "·"]


@pytest.mark.parametrize("width", range(30, 120, 3))
def test_the_marks_are_the_last_to_go(width: int) -> None:
    text = rows(width)
    if width >= Table(VIEW, len(VIEW.labels), 200, 6, checked=True).names + 24:
        assert [mark for row in text for mark in row if mark in "✓✗"] == ["✓", "✗", "✗"]
        assert "nume" in text[0]
    assert ("error" in text[0]) or "change" not in text[0]


@pytest.mark.parametrize("width", range(20, 220, 11))
@pytest.mark.parametrize("height", [2, 4, 9])
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


def test_a_wrong_gradient_stands_out_in_colour_too() -> None:
    strips = table(
        VIEW, 60, 6, PALETTE, UNICODE, order=range(5), first=0, selected=0, trails={}, changed=[False] * 5, checked=True
    )
    loud = [[part.text.strip() for part in strip if part.style is PALETTE.alarm] for strip in strips]
    assert [row for row in loud if row] == [["+0.50000", "✗", "5e-01"], ["+1.00000", "✗", "2e-05"]]


def test_frozen_and_edited_parameters_are_marked() -> None:
    for glyphs, frozen, edited in ((UNICODE, "❆", "✎"), (ASCII, "*", "=")):
        for checked in (False, True):
            text = rows(60, checked=checked, glyphs=glyphs)
            assert f"L1.n1.w1{frozen}" in text[2]
            assert f"L1.n2.b {edited}" in text[5]
            assert f"L1.n1.w0{frozen}" not in text[1]
            assert glyphs is UNICODE or all(row.isascii() for row in text)


def test_the_number_of_a_frozen_parameter_is_dimmed() -> None:
    strips = table(VIEW, 60, 6, PALETTE, UNICODE, order=range(5), first=0, selected=0, trails={}, changed=[False] * 5)
    quiet = [any("1.25" in part.text and part.style is PALETTE.quiet for part in strip) for strip in strips]
    assert quiet == [False, False, True, False, False, False]
