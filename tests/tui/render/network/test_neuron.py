"""A neuron close up: its numbers add up on the screen, at every size. Must not know widgets or sessions."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.training.snapshot.closeup import NeuronView
from chainstep.tui.render.network.neuron import map_room, neuron
from chainstep.tui.render.style.look import Look
from support.screen.looks import EVERY_LOOK, IN_ASCII, IN_COLOUR


def view(count: int = 2, layer: int = 0, computed: bool = True) -> NeuronView:
    inputs = tuple(0.5 + k for k in range(count))
    weights = tuple((-1) ** k * 0.25 for k in range(count))
    total = sum(x * w for x, w in zip(inputs, weights, strict=True)) + 0.125
    return NeuronView(
        layer=layer,
        neuron=2,
        sample=3,
        activation="tanh",
        names=tuple(f"L{layer}.n{k + 1}" if layer else f"x{k}" for k in range(count)),
        inputs=inputs,
        weights=weights,
        weight_grads=(0.5,) * count,
        bias=0.125,
        bias_grad=-0.75,
        sum=total,
        output=math.tanh(total),
        grad=0.625,
        slope=1 - math.tanh(total) ** 2,
        computed=computed,
        first_parameter=0,
        place=None,
        curve=tuple((x / 16, math.tanh(x / 16)) for x in range(-64, 65)),
    )


def rows(shown: NeuronView, width: int = 36, height: int = 24, look: Look = IN_COLOUR, selected: int = 0) -> list[str]:
    strips = neuron(shown, None, width, height, look, planar=False, selected=selected)
    return [strip.text for strip in strips]


@pytest.mark.parametrize(("width", "height"), [(36, 24), (54, 46), (78, 8), (60, 14)])
def test_inputs_weights_and_products_add_up_to_the_sum(width: int, height: int) -> None:
    text = " ".join(" ".join(rows(view(), width, height)).replace("×", " ").replace("=", " ").split())
    for wanted in ("x0 +0.500 +0.250 +0.125", "x1 +1.500 -0.250 -0.375", "+0.125 -0.750", "-0.125"):
        assert wanted in text
    assert "Σ sum -0.125" in text
    assert "tanh(Σ) -0.124" in text
    assert "∂loss/∂output +0.625" in text
    assert f"slope {1 - math.tanh(-0.125) ** 2:.4f}" in text


def test_the_curve_has_the_point_where_it_stands() -> None:
    (row,) = [row for row in rows(view()) if "◉" in row]
    assert 14 <= row.index("◉") <= 18  # a little left of the middle
    assert "◉" not in "".join(rows(view(computed=False)))


def test_nothing_is_made_up_before_it_is_computed() -> None:
    text = "\n".join(rows(view(computed=False)))
    assert "+0.250" in text  # weights are known
    assert "-0.125" not in text
    assert "slope" not in text


def test_many_inputs_show_the_selected_one() -> None:
    for selected in (0, 7, 15):
        shown = rows(view(16, layer=1), height=16, selected=selected)
        assert any(f"▸n{selected + 1} " in row for row in shown)
        assert any(" of 16" in row for row in shown)
    assert any("▸bias" in row for row in rows(view(16, layer=1), height=16, selected=16))


@given(st.integers(1, 100), st.integers(1, 50), st.integers(1, 20), st.sampled_from(list(EVERY_LOOK.values())))
def test_any_room_is_filled(width: int, height: int, count: int, look: Look) -> None:
    shown = rows(view(count), width, height, look)
    assert [len(row) for row in shown] == [width] * height
    assert look is not IN_ASCII or all(row.isascii() for row in shown)


def test_its_map_has_room_where_there_is_some() -> None:
    assert map_room(2, 78, 8) is not None
    assert map_room(2, 36, 24) is not None
    assert map_room(16, 20, 5) is None
