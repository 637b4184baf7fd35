"""The Chain rule pane: its size, its numbers, and what gives way when there is little room."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

from chainstep.engine.training.snapshot.event import Assignment, Event
from chainstep.tui.render.canvas import numbers
from chainstep.tui.render.text.chain_rule import chain_rule
from support.cases import each
from support.screen.looks import IN_COLOUR, PALETTE, spelt

SIZES = [*product((1, 2, 9, 20, 40, 58, 78, 118, 180), (1, 2, 3, 4, 8)), (0, 0), (30, 0), (0, 3)]


def product_rule(x: float = 2.0, w: float = -3.0, grad: float = 0.5, before: float = 0.0) -> Event:
    """The backward of x0*w0."""
    names = {"a": "x0", "b": "w0", "g": "(x0*w0).grad"}
    values = {"a": x, "b": w, "g": grad}
    return Event(
        phase="backward",
        scope="sample 2 › layer 1 › neuron 1",
        expression="x0*w0",
        op="mul",
        words="A product hands each input its gradient times the other input.",
        assignments=tuple(
            Assignment(
                target=f"{target}.grad",
                operator="+=",
                symbols=f"∂(x0*w0)/∂{target} · (x0*w0).grad",
                formula=f"{{{other}}} · {{g}}",
                names=names,
                values=values,
                before=before,
                after=before + values[other] * grad,
            )
            for target, other in (("x0", "b"), ("w0", "a"))
        ),
    )


LONG = "tanh(h0*w0 + h1*w1 + … + b)"
TANH = Event(
    phase="backward",
    scope="sample 12 › layer 2 › neuron 13",
    expression=LONG,
    op="tanh",
    words="The steeper tanh is at its input, the more gets through.",
    assignments=(
        Assignment(
            target="(h0*w0 + h1*w1 + … + b).grad",
            operator="+=",
            symbols=f"∂{LONG}/∂(h0*w0 + h1*w1 + … + b) · {LONG}.grad",
            formula="(1 - {y}**2) · {g}",
            names={"y": LONG, "g": f"{LONG}.grad"},
            values={"y": -0.70710678, "g": -0.00123},
            before=0.0,
            after=-0.000615,
        ),
    ),
)
UPDATE = Event(
    phase="update",
    scope="",
    expression="update L1.n1.w0",
    op="",
    words="",
    assignments=(
        Assignment(
            target="L1.n1.w0",
            operator="←",
            symbols="w - lr · grad",
            formula="{w} - {lr} · {g}",
            names={"w": "L1.n1.w0", "lr": "lr", "g": "L1.n1.w0.grad"},
            values={"w": 0.234, "lr": 0.1, "g": math.nan},
            before=0.234,
            after=math.nan,
        ),
    ),
)
ZERO = Event("zero_grad", "", "zero_grad w0", "", "", (Assignment("w0.grad", "=", "0", "0", {}, {}, 1.5, 0.0),))


def lines(event: Event, width: int, height: int, *, unicode: bool = True) -> list[str]:
    """The text of the strips, without the blanks at the ends."""
    strips = chain_rule(event, width, height, spelt(unicode=unicode))
    return [strip.text.rstrip() for strip in strips]


@each("event", [product_rule(), TANH, UPDATE, ZERO, None])
@each("unicode", [False, True])
def test_every_picture_has_its_size(event: Event | None, unicode: bool) -> None:
    for width, height in SIZES:
        strips = chain_rule(event, width, height, spelt(unicode=unicode))
        assert [strip.cell_length for strip in strips] == [width] * height
        assert all(sum(segment.cell_length for segment in strip) == width for strip in strips)
        assert unicode or all(strip.text.isascii() for strip in strips)


def test_wide_shows_everything() -> None:
    heading, first, second, words = lines(product_rule(), 118, 4)
    assert heading == "backward › sample 2 › layer 1 › neuron 1 › x0*w0"
    assert first.startswith("x0.grad += ∂(x0*w0)/∂x0 · (x0*w0).grad   =   w0 · (x0*w0).grad   =   -3.0 × 0.5000  ")
    assert first.endswith("0.0 → -1.5000")
    assert second.startswith("w0.grad += ∂(x0*w0)/∂w0 · (x0*w0).grad   =   x0 · (x0*w0).grad   =   2.0 × 0.5000  ")
    assert second.endswith("0.0 → 1.0")
    assert words == "A product hands each input its gradient times the other input."


def test_words_go_first_when_lines_are_short() -> None:
    assert len([line for line in lines(product_rule(), 118, 3) if line]) == 3
    assert not any("hands" in line for line in lines(product_rule(), 118, 3))


def test_at_eighty_columns_the_middle_goes_and_the_second_number_moves_up() -> None:
    heading, first = lines(product_rule(), 78, 2)
    assert heading.startswith("backward › sample 2 › layer 1 › neuron 1 › x0*w0  ")
    assert heading.endswith("w0.grad  0.0 → 1.0")
    assert first.startswith("x0.grad += ∂(x0*w0)/∂x0 · (x0*w0).grad   =   -3.0 × 0.5000  ")
    assert first.endswith("0.0 → -1.5000")


def test_at_forty_columns_the_numbers_stay() -> None:
    heading, first, second = lines(product_rule(), 40, 3)
    assert heading.startswith("backward › …")
    assert heading.endswith("x0*w0")
    assert first == "x0.grad += -3.0 × 0.5000   0.0 → -1.5000"
    assert second == "w0.grad += 2.0 × 0.5000    0.0 → 1.0"


def test_long_names_are_shortened_between_words() -> None:
    _, line = lines(TANH, 78, 2)
    assert "(1 - (-0.7071)**2) × (-0.001230)" in line
    assert line.endswith("0.0 → -6.15e-4")
    assert "…" in line.split(" += ")[0]


def test_an_update_names_its_parameter_once() -> None:
    heading, line = lines(UPDATE, 78, 2)
    assert heading == "update › L1.n1.w0"
    assert line.startswith("L1.n1.w0 ← w - lr · grad   =   0.2340 - 0.1000 × nan")
    assert line.endswith("0.2340 → nan")


def test_what_would_be_said_twice_is_said_once() -> None:
    forward = Event(
        "forward",
        "",
        "x0*w0",
        "mul",
        "",
        (Assignment("x0*w0", "=", "x0*w0", "{a}*{b}", {"a": "x0", "b": "w0"}, {"a": 2.0, "b": -3.0}, 0.0, -6.0),),
    )
    assert lines(forward, 78, 2)[1].startswith("x0*w0 = 2.0 × (-3.0)  ")
    assert lines(ZERO, 40, 2)[1].startswith("w0.grad = 0  ")


NUMBERS = st.floats(allow_subnormal=False)


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.integers(1, 130), st.integers(1, 4))
def test_a_number_is_shown_whole_or_not_at_all(
    x: float, w: float, grad: float, before: float, width: int, height: int
) -> None:
    event = product_rule(x, w, grad, before)
    values = [x, w, grad, *(number for a in event.assignments for number in (a.before, a.after))]
    whole = {numbers.plain(value) for value in values}
    text = "\n".join(lines(event, width, height)[1 if height > 1 else 0 :])
    text = re.sub(r"[xw]0|sample 2|layer 1|neuron 1", "", text)
    found = re.findall(r"(?<![\w.])-?(?:\d[\d.]*(?:e-?\d+)?|inf|nan)", text)
    assert {number for number in found if number not in whole} <= set()


def test_in_ascii_names_and_signs_are_spelt() -> None:
    event = Event(
        phase="backward",
        scope="sample 1",
        expression="(ŷ - y)**2",
        op="pow",
        words="near ±1",
        assignments=(Assignment("ŷ.grad", "+=", "∂loss/∂ŷ", "{g}", {"g": "σ.grad"}, {"g": 1.0}, 0.0, 1.0),),
    )
    heading, line, words = lines(event, 78, 3, unicode=False)
    assert heading == "backward > sample 1 > (y^ - y)**2"
    assert line.startswith("y^.grad += dloss/dy^   =   sigmoid.grad   =   1.0  ")
    assert words == "near +-1"


ADAM = Event(
    phase="update",
    scope="layer 3 › neuron 1",
    expression="update L3.n1.b",
    op="",
    words="",
    assignments=(
        Assignment(
            target="L3.n1.b",
            operator="←",
            symbols="L3.n1.b - lr·(m(L3.n1.b)/(1-β1^t)) / (√(v(L3.n1.b)/(1-β2^t)) + ε)",
            formula="{p} - {lr}·({m}/(1-{b1}^{t})) / (√({v}/(1-{b2}^{t})) + {eps})",
            names={"p": "L3.n1.b", "lr": "lr", "m": "m(L3.n1.b)", "v": "v(L3.n1.b)"},
            values={"p": -0.03, "lr": 0.03, "m": -0.007, "v": 6e-6, "b1": 0.9, "b2": 0.999, "t": 2.0, "eps": 1e-8},
            before=-0.03,
            after=-0.0099,
        ),
        Assignment("v(L3.n1.b)", "←", "β2·v(L3.n1.b)", "{v}", {"v": "v(L3.n1.b)"}, {"v": 6e-8}, 6e-8, 6e-6),
    ),
)


def test_a_rule_that_is_too_long_says_what_it_adds_and_names_stay_whole() -> None:
    heading, line = lines(ADAM, 58, 2)
    assert heading.startswith("update › … › neuron 1 › L3.n1.b  ")
    assert heading.endswith("v(L3.n1.b)  6e-8 → 6e-6")
    assert line.startswith("L3.n1.b ← -0.03000 + 0.02010  ")
    assert line.endswith("-0.03000 → -0.009900")


def test_where_there_is_room_results_stay_near_their_rules() -> None:
    _, line = lines(product_rule(), 200, 2)
    assert line.endswith("0.0 → -1.5000")
    assert len(line) == 120


def test_a_parameter_loses_its_neuron_before_its_name_is_cut() -> None:
    assert lines(ADAM, 116, 3)[1].startswith("L3.n1.b ← -0.03000 - 0.03000 × (-0.007000/")
    assert lines(ADAM, 112, 3)[1].startswith("b ← -0.03000 - 0.03000 × (-0.007000/")


def test_the_words_take_the_lines_that_are_left() -> None:
    assert lines(product_rule(), 40, 5)[3:] == ["A product hands each input its gradient", "times the other input."]


def test_the_factors_of_a_chain_rule_have_a_colour_each_in_letters_and_in_numbers() -> None:
    styles: dict[Style | None, str] = {}
    for segment in chain_rule(product_rule(), 120, 4, IN_COLOUR)[1]:
        styles[segment.style] = f"{styles.get(segment.style, '')}{segment.text}|"
    assert styles[PALETTE.local] == "∂(x0*w0)/∂x0|w0|-3.0|"
    assert styles[PALETTE.upstream] == "(x0*w0).grad|(x0*w0).grad|0.5000|"
    forward = replace(product_rule(), phase="forward", assignments=())
    assert not any(
        segment.style is PALETTE.upstream for row in chain_rule(forward, 120, 4, IN_COLOUR) for segment in row
    )
