"""The histograms of the layers: what is counted where, on which axes, and when gradients are far apart."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.training.snapshot.parameters import ParametersView
from chainstep.tui.render.parameters.histograms import fitting, layer_histograms
from chainstep.tui.render.parameters.norms import gradient_norms, judged
from chainstep.tui.render.style.glyphs import UNICODE
from chainstep.tui.render.style.look import Look
from support.cases import each
from support.screen.looks import IN_ASCII, IN_COLOUR

BARS = set(UNICODE.bars)


def view(*layers: tuple[Sequence[float], Sequence[float]]) -> ParametersView:
    """Layers of (data, grad)."""
    labels = tuple(f"L{k}.n1.w{i}" for k, (data, _) in enumerate(layers, 1) for i in range(len(data)))
    data = tuple(number for numbers, _ in layers for number in numbers)
    grad = tuple(number for _, numbers in layers for number in numbers)
    return ParametersView(labels, data, grad, (0.0,) * len(data), None, None)


def drawn(shown: ParametersView, rows: int, *, width: int = 36, complete: bool = True, look: Look = IN_COLOUR) -> str:
    strips = layer_histograms(shown, width, rows, look, complete=complete)
    assert [strip.cell_length for strip in strips] == [width] * rows
    return "\n".join(strip.text for strip in strips)


EVEN = [k / 10 for k in range(-10, 11)]
GRADS = [1e-3] * 21


def test_rows_are_taken_from_the_table_only_where_there_are_enough() -> None:
    labels = view((EVEN, GRADS), (EVEN, GRADS), (EVEN, GRADS)).labels
    assert [fitting(labels, 36, height) for height in (12, 13, 22, 24, 43)] == [0, 5, 5, 5, 8]
    assert [fitting(labels, 118, height) for height in (12, 18, 30, 54)] == [0, 5, 8, 11]
    assert fitting(labels, 34, 43) == 0
    deep = view(*[(EVEN, GRADS)] * 8).labels
    assert [fitting(deep, 36, height) for height in (24, 25, 43)] == [0, 10, 10]
    assert fitting(tuple(f"L1.n1.w{k}" for k in range(5001)), 120, 60) == 0


def test_data_lies_about_zero_on_an_axis_that_all_layers_share() -> None:
    wide, narrow = drawn(view((EVEN, GRADS), ([0.01] * 21, GRADS)), 4).split("\n")[1:3]
    assert wide[3:12].strip() == wide[3:12]
    assert narrow[3:12] == "    ▇    "
    assert drawn(view(([3.0, -1.0], [1.0, 1.0])), 3).split("\n")[2][3:12] == "-5  0   5"
    assert drawn(view(([3.0], [1.0])), 3).split("\n")[1][3:12].rstrip()[-1] in BARS


def test_a_gradient_that_vanishes_wanders_to_the_left() -> None:
    layers = [(EVEN, [1e-6] * 21), (EVEN, [1e-4] * 21), (EVEN, [0.9] * 21)]
    first, second, last = (row.index("▇", 14) for row in drawn(view(*layers), 5).split("\n")[1:4])
    assert first < second < last


def test_rounding_noise_does_not_stretch_the_axis() -> None:
    rows = drawn(view((EVEN, [1e-3 + k * 1e-4 for k in range(20)] + [3e-18])), 3).split("\n")
    assert rows[-1][14:23] == "<e-4  e-2"


def test_zeros_are_counted_and_what_is_not_finite_is_marked() -> None:
    rows = drawn(view((EVEN, [0.0] * 5 + [1e-3] * 16), ([math.nan] * 21, [math.inf] + [1.0] * 20)), 4).split("\n")
    assert rows[0].split() == ["data", "|grad|", "=0", "rms"]
    assert rows[1].split()[-2:] == ["5", "8.7e-4"]
    assert rows[2].count("!") == 2
    assert rows[2].split()[-1] == "inf"


@each(
    ("sizes", "said"),
    [
        ((1.0, 1.0), ("L1/L2 1", "")),
        ((0.011, 1.0), ("L1/L2 0.011", "")),
        ((0.009, 1.0), ("L1/L2 0.009", "vanishing")),
        ((0.0, 1.0), ("L1/L2 0", "vanishing")),
        ((99.0, 1.0), ("L1/L2 99", "")),
        ((1e5, 1.0), ("L1/L2 1e5", "exploding")),
        ((1.0, 0.0), ("", "")),
        ((math.nan, 1.0), ("", "")),
    ],
)
def test_gradients_are_judged_by_the_first_and_the_last_layer(
    sizes: tuple[float, float], said: tuple[str, str]
) -> None:
    assert judged(("L1", "L2"), sizes) == said


def test_one_layer_is_not_judged() -> None:
    assert judged(("L1",), (1e-9,)) == ("", "")


@each(("grad", "word"), [(1e-6, "▼ vanishing"), (1e3, "▲ exploding"), (0.5, "L1/L2 0.5")])
def test_the_judgement_waits_until_backward_is_complete(grad: float, word: str) -> None:
    shown = view((EVEN, [grad] * 21), (EVEN, [1.0] * 21))
    assert drawn(shown, 4).split("\n")[-1].rstrip().endswith(word)
    assert word not in drawn(shown, 4, complete=False)
    assert gradient_norms(shown, 44, IN_COLOUR, complete=True).text.rstrip().endswith(word)
    assert word not in gradient_norms(shown, 44, IN_COLOUR, complete=False).text


NUMBERS = st.floats(width=64) | st.sampled_from([0.0, -0.0, 5e-324, 1e308, -1e308, 1e-17])


@given(st.lists(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=9), min_size=1, max_size=4), st.data())
def test_whatever_the_numbers_the_picture_has_its_size(
    layers: list[list[tuple[float, float]]], data: st.DataObject
) -> None:
    shown = view(*[([value for value, _ in layer], [grad for _, grad in layer]) for layer in layers])
    width = data.draw(st.integers(36, 150))
    rows = fitting(shown.labels, width, 43)
    assert rows > 0
    drawn(shown, rows, width=width)
    assert drawn(shown, rows, width=width, look=IN_ASCII).isascii()
