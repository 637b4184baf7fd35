"""A neuron close up: what has been computed is on the screen, at every size, and nothing else. Must not know widgets or
sessions.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

from chainstep.engine.training.snapshot.closeup import NeuronOp, NeuronView
from chainstep.tui.render.neuron.closeup import map_room, neuron
from chainstep.tui.render.style.look import Look
from support.cases import each
from support.networks import neuron_view
from support.screen.looks import EVERY_LOOK, IN_ASCII, IN_COLOUR, PALETTE


def begun(products: int, added: int, count: int = 3) -> NeuronView:
    """So many products have been computed, and so many of them added up."""
    whole = neuron_view(count)
    return replace(
        whole,
        products=(*whole.products[:products], *[None] * (count - products)),
        added=added,
        running=sum(whole.products[:added]) if added else None,  # type: ignore[arg-type]
        **dict.fromkeys(("sum", "output", "slope", "running_grad", "sum_grad", "output_grad")),
        input_grads=(None,) * count,
        product_grads=(None,) * count,
    )


def rows(
    shown: NeuronView, width: int = 36, height: int = 24, look: Look = IN_COLOUR, selected: int | None = 0
) -> list[str]:
    strips = neuron(shown, None, width, height, look, planar=False, selected=selected)
    return [strip.text for strip in strips]


def styled(shown: NeuronView, style: Style, width: int = 54) -> list[str]:
    """What stands in a style."""
    strips = neuron(shown, None, width, 24, IN_COLOUR, planar=False, selected=None)
    return [segment.text for strip in strips for segment in strip if segment.style is style]


@each(("width", "height"), [(36, 24), (54, 46), (78, 8), (60, 14)])
def test_the_four_steps_lead_from_the_inputs_to_what_comes_of_them(width: int, height: int) -> None:
    text = " ".join(" ".join(rows(neuron_view(), width, height)).replace("×", " ").replace("=", " ").split())
    for wanted in ("1 multiply", "x0 +0.500 +0.250 +0.125", "x1 +1.500 -0.250 -0.375", "2 add Σ -0.250"):
        assert wanted in text
    assert "3 bias +0.125 -0.125" in text
    assert "4 activate tanh → -0.124" in text
    assert "negative: -0.1250 < 0" in text
    assert f"slope {1 - math.tanh(-0.125) ** 2:.4f}" in text


@pytest.mark.parametrize(("width", "height"), [(36, 24), (54, 24)])
def test_every_gradient_has_a_place_where_there_is_room(width: int, height: int) -> None:
    text = "\n".join(rows(neuron_view(3), width, height))
    for number in ("+0.030", "+0.500", "+0.750", "-0.750", "+0.625"):
        assert number in text


def test_it_fills_in_op_by_op() -> None:
    first, second, third = "\n".join(rows(begun(1, 0))), "\n".join(rows(begun(2, 2))), "\n".join(rows(begun(3, 3)))
    assert "+2.500×+0.250 =      ·" in first
    assert "+0.500×+0.250 = +0.125" in first
    assert "Σ      ·" in first
    assert "Σ of 2 -0.250" in second
    assert "Σ +0.375" in third
    for text in (first, second, third):
        assert "+0.125 =      ·" in text  # the bias is there, what it leads to is not
        assert "tanh →      ·" in text
        assert "slope" not in text
        assert "◉" not in text


@each(
    ("op", "numbers"),
    [
        (NeuronOp("multiply", 1, "forward"), {"-0.375"}),
        (NeuronOp("add", 1, "forward"), {"-0.250"}),
        (NeuronOp("bias", 2, "forward"), {"-0.125"}),
        (NeuronOp("activate", 2, "forward"), {"-0.124"}),
        (NeuronOp("multiply", 1, "backward"), {"+0.030", "+0.500"}),
        (NeuronOp("add", 1, "backward"), {"+0.750"}),
        (NeuronOp("bias", 2, "backward"), {"+0.750", "-0.750"}),
        (NeuronOp("activate", 2, "backward"), {"+0.750"}),
        (NeuronOp("parameter", 1, "update"), {"-0.250"}),
        (NeuronOp("parameter", 2, "zero_grad"), {"-0.750"}),
    ],
)
def test_what_an_op_writes_is_marked_before_and_after(op: NeuronOp, numbers: set[str]) -> None:
    assert set(styled(neuron_view(done=op), PALETTE.lit_cell)) == numbers
    assert set(styled(neuron_view(coming=op), PALETTE.coming_cell)) == numbers
    marks = "▶▷◀◁"
    done, coming = ("".join(rows(neuron_view(**{which: op}), 54, selected=None)) for which in ("done", "coming"))
    way = 2 * (op.phase == "backward")
    assert [mark for mark in marks if mark in done] == [marks[way]]
    assert [mark for mark in marks if mark in coming] == [marks[way + 1]]


def test_the_curve_has_the_point_where_it_stands() -> None:
    (row,) = [row for row in rows(neuron_view()) if "◉" in row]
    assert 14 <= row.index("◉") <= 18  # a little left of the middle


def test_many_inputs_show_the_op_in_hand_or_else_the_selected_one() -> None:
    for selected in (0, 7, 15):
        shown = rows(neuron_view(16, layer=1), height=16, selected=selected)
        assert any(f"▸n{selected + 1} " in row for row in shown)
        assert any(" of 16" in row for row in shown)
    assert any("▸3 bias" in row for row in rows(neuron_view(16, layer=1), height=16, selected=16))
    assert any(
        "▷n12 " in row for row in rows(neuron_view(16, 1, coming=NeuronOp("multiply", 11, "forward")), height=16)
    )


@given(st.integers(1, 100), st.integers(1, 50), st.integers(1, 20), st.sampled_from(list(EVERY_LOOK.values())))
def test_any_room_is_filled(width: int, height: int, count: int, look: Look) -> None:
    shown = rows(neuron_view(count), width, height, look)
    assert [len(row) for row in shown] == [width] * height
    assert look is not IN_ASCII or all(row.isascii() for row in shown)


def test_names_that_are_too_long_still_differ() -> None:
    iris = ("sepal length", "sepal width", "petal length", "petal width")
    for width, height in product((36, 54), (9, 24)):
        shown = rows(neuron_view(4, names=iris), width, height, selected=None)[1:5]
        assert len({row[1:12] for row in shown}) == 4
        assert all("+0.500" in row for row in shown)  # the gradient of the weight


def test_its_map_has_room_where_there_is_some() -> None:
    assert map_room(2, 78, 8) is not None
    assert map_room(2, 36, 24) is not None
    assert map_room(16, 20, 5) is None
