"""Which parameters are shown in which order, and the line on the layers' gradients. Must not know widgets."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from chainstep.engine.training.snapshot.parameters import ParametersView
from chainstep.tui.render.parameters.norms import gradient_norms, norms
from chainstep.tui.render.parameters.order import (
    CHANGE,
    GRAD,
    MODEL,
    arranged,
    described,
    following,
    matching,
)
from chainstep.tui.render.style.look import Look
from support.cases import each
from support.screen.looks import IN_ASCII, IN_COLOUR

LABELS = ("L1.n1.w0", "L1.n1.b", "L1.n10.w0", "L1.n10.b", "L2.n1.w0", "L2.n1.b")

VIEW = ParametersView(
    labels=LABELS,
    data=(0.0,) * 6,
    grad=(3.0, -4.0, 0.0, 0.0, -0.5, 0.5),
    change=(0.0, 0.1, 0.0, math.nan, -0.2, 0.0),
    numeric=None,
    current=None,
)


def line(width: int, view: ParametersView = VIEW, look: Look = IN_COLOUR) -> str:
    strip = gradient_norms(view, width, look, complete=False)
    assert strip.cell_length == width
    return strip.text.rstrip()


def test_the_largest_come_first_and_equal_ones_stay_in_the_models_order() -> None:
    assert list(arranged(VIEW, MODEL, "")) == [0, 1, 2, 3, 4, 5]
    assert list(arranged(VIEW, GRAD, "")) == [1, 0, 4, 5, 2, 3]


def test_what_is_no_number_comes_before_all() -> None:
    assert list(arranged(VIEW, CHANGE, "")) == [3, 4, 1, 0, 2, 5]


def test_the_orders_take_turns() -> None:
    assert [following(order) for order in (MODEL, GRAD, CHANGE)] == [GRAD, CHANGE, MODEL]


@each(
    ("wanted", "found"),
    [
        ("", [0, 1, 2, 3, 4, 5]),
        ("L2", [4, 5]),
        ("l2", [4, 5]),
        ("b", [1, 3, 5]),
        ("n1", [0, 1, 4, 5]),
        ("L1.n1", [0, 1]),
        ("w", [0, 2, 4]),
        ("L1 b", [1, 3]),
        ("n3", []),
        ("L2 n10", []),
    ],
)
def test_a_filter_is_a_part_of_a_name(wanted: str, found: list[int]) -> None:
    assert list(matching(LABELS, wanted)) == found


def test_a_filter_narrows_any_order() -> None:
    assert list(arranged(VIEW, GRAD, "b")) == [1, 5, 3]


def test_a_title_has_only_what_is_not_as_usual() -> None:
    assert [described(MODEL, ""), described(GRAD, ""), described(MODEL, "L2"), described(CHANGE, "b")] == [
        "",
        "by |grad|",
        "/L2",
        "by |change| /b",
    ]


def test_a_layers_norm_is_a_root_mean_square() -> None:
    assert norms(VIEW) == [("L1", pytest.approx(2.5)), ("L2", pytest.approx(0.5))]
    ((_, huge), _) = norms(replace(VIEW, grad=(1e300,) * 6))
    assert huge == pytest.approx(1e300)


def test_room_runs_out_for_blanks_then_numbers_then_names() -> None:
    assert line(40) == "|grad| L1 2.5 █  L2 0.5 ▆"
    assert line(24) == "|grad| L1 2.5█ L2 0.5▆"
    assert line(17) == "|grad| L1█ L2▆"
    assert line(11) == "|grad| █▆"
    assert line(3) == "|gr"


def test_bars_are_logarithmic_and_nothing_is_not_a_little() -> None:
    def bars(*grads: float) -> str:
        labels = tuple(f"L{k}.n1.w0" for k in range(len(grads)))
        view = replace(VIEW, labels=labels, grad=grads)
        return line(8 + len(grads), view).removeprefix("|grad| ")

    assert bars(1.0, 0.1, 0.01, 1e-9, 0.0) == "█▅▂▁·"
    assert bars(1e-300, 1e-301) == "█▅"
    assert bars(0.0, 0.0) == "··"
    assert bars(math.inf, 1.0, math.nan) == "!█!"


def test_the_numbers_are_short() -> None:
    view = replace(VIEW, grad=(1.234e-7,) * 4 + (math.nan, 1.0))
    assert line(40, view) == "|grad| L1 1.2e-7 █  L2 nan !"
    assert line(40, view, IN_ASCII).isascii()
