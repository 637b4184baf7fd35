"""The expression graph: every wire leads where the expression says, every number is the node's, every size holds."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.training.snapshot.tape import GraphView, NodeView
from chainstep.tui.render.canvas import numbers
from chainstep.tui.render.style.look import Look
from chainstep.tui.render.trace.expression_listing import expression_listing
from chainstep.tui.render.trace.graph import graph, graph_fits
from chainstep.tui.render.trace.graph_layout import layout
from support.screen.looks import IN_ASCII, IN_COLOUR, PALETTE

SIZES = [*product((1, 2, 8, 20, 37, 60, 90, 140), (1, 2, 4, 8, 12, 40)), (0, 0), (30, 0), (0, 3)]

Row = tuple[str, str, tuple[int, ...], float, float]
"""Name, op, inputs, data, grad."""

LECTURE: list[Row] = [
    ("a", "", (), 2.0, 6.0),
    ("b", "", (), -3.0, -4.0),
    ("a*b", "*", (0, 1), -6.0, -2.0),
    ("c", "", (), 10.0, -2.0),
    ("a*b + c", "+", (2, 3), 4.0, -2.0),
    ("f", "", (), -2.0, 4.0),
    ("(a*b + c)*f", "*", (4, 5), -8.0, 1.0),
]
TWICE: list[Row] = [("a", "", (), 3.0, 2.0), ("a + a", "+", (0, 0), 6.0, 1.0)]
SHARED: list[Row] = [
    ("a", "", (), -2.0, -3.0),
    ("b", "", (), 3.0, -8.0),
    ("d", "*", (0, 1), -6.0, 1.0),
    ("e", "+", (0, 1), 1.0, -6.0),
    ("f", "*", (2, 3), -6.0, 1.0),
]
NEURON: list[Row] = [
    ("x1", "", (), 2.0, -1.5),
    ("w1", "", (), -3.0, 1.0),
    ("x1*w1", "*", (0, 1), -6.0, 0.5),
    ("x2", "", (), 0.0, 0.5),
    ("w2", "", (), 1.0, 0.0),
    ("x2*w2", "*", (3, 4), 0.0, 0.5),
    ("x1*w1 + x2*w2", "+", (2, 5), -6.0, 0.5),
    ("b", "", (), 6.881373587019543, 0.5),
    ("n", "+", (6, 7), 0.881373587019543, 0.5),
    ("tanh(n)", "tanh", (8,), 0.7071067811865476, 1.0),
]
SUBJECTS = {"lecture": LECTURE, "twice": TWICE, "shared": SHARED, "neuron": NEURON, "leaf": LECTURE[:1]}


def view(rows: Sequence[Row], lit: int | None = None, *, backward: bool = False, computed: bool = True) -> GraphView:
    """The rows as the screen gets them."""
    return GraphView(tuple(NodeView(*row, computed) for row in rows), lit, backward)


def least_room(subject: GraphView) -> tuple[int, int]:
    """The least width in which wires are drawn, and the least height at that width."""
    plenty = 1000
    width = bisect_left(range(plenty), True, key=lambda width: graph_fits(subject, width, plenty))
    return width, bisect_left(range(plenty), True, key=lambda height: graph_fits(subject, width, height))


def picture(subject: GraphView, width: int, height: int, look: Look = IN_COLOUR) -> list[str]:
    """The characters of a graph, without blanks at the ends."""
    return [strip.text.rstrip() for strip in graph(subject, width, height, look)]


@pytest.mark.parametrize("name", SUBJECTS)
@pytest.mark.parametrize("look", [IN_COLOUR, IN_ASCII], ids=["unicode", "ascii"])
def test_every_picture_has_its_size(name: str, look: Look) -> None:
    rows = SUBJECTS[name]
    for (width, height), lit in product(SIZES, (None, 0, len(rows) - 1)):
        for strips in (
            graph(view(rows, lit), width, height, look),
            expression_listing(view(rows, lit), width, height, look),
        ):
            assert [strip.cell_length for strip in strips] == [width] * height
            assert all(sum(segment.cell_length for segment in strip) == width for strip in strips)
            assert look is IN_COLOUR or all(strip.text.isascii() for strip in strips)


def test_the_lectures_expression_side_by_side() -> None:
    assert picture(view(LECTURE, 4, backward=True), 90, 4) == [
        "a +2.0000│+6.0000 ─╮",
        "b -3.0000│-4.0000 ─┴─ * -6.0000│-2.0000 ─╮",
        "c +10.000│-2.0000 ───────────────────────┴◀ + +4.0000│-2.0000 ─╮",
        "f -2.0000│+4.0000 ─────────────────────────────────────────────┴─ * -8.0000│+1.0000",
    ]


def test_the_lectures_expression_with_its_gradients_below() -> None:
    assert picture(view(LECTURE, 2), 60, 8) == [
        "a +2.0000 ─╮",
        "∂ +6.0000  │",
        "b -3.0000 ─┴▶ * -6.0000 ─╮",
        "∂ -4.0000     ∂ -2.0000  │",
        "c +10.000 ───────────────┴─ + +4.0000 ─╮",
        "∂ -2.0000                   ∂ -2.0000  │",
        "f -2.0000 ─────────────────────────────┴─ * -8.0000",
        "∂ +4.0000                                 ∂ +1.0000",
    ]


def test_a_value_used_twice_has_two_wires() -> None:
    assert picture(view(TWICE), 60, 2) == ["a +3.0000│+2.0000 ─┬─┬─ + +6.0000│+1.0000", "                   ╰─╯"]


def test_shared_inputs_reach_both_ops() -> None:
    assert sorted(links(view(SHARED))) == sorted((k, node) for node, row in enumerate(SHARED) for k in row[2])


def test_before_the_forward_there_are_no_numbers() -> None:
    text = "\n".join(picture(view(LECTURE, computed=False), 60, 8))
    assert not any(character.isdigit() for character in text)
    assert "·" in text


def test_what_does_not_fit_is_listed_around_the_lit_line() -> None:
    rows = picture(view(NEURON, 8, backward=True), 40, 5)
    assert rows[3].startswith("◀ n = x1*w1 + x2*w2…")
    assert rows[3].endswith(f"{numbers.signed(NEURON[8][3], 9)} {numbers.signed(0.5, 9)}")
    assert picture(view(NEURON, 0), 40, 3)[0].startswith("▶ x1")
    assert picture(view(NEURON), 40, 5)[0].startswith("  x1")


def test_a_listing_scrolls_no_further_than_its_ends() -> None:
    def first(lit: int) -> str:
        return expression_listing(view(NEURON, lit), 40, 4, IN_COLOUR)[0].text

    assert first(1).startswith("  x1 ")
    assert first(4).startswith("  x1*w1 ")
    assert first(len(NEURON) - 1).startswith("  x1*w1 + x2*w2 ")


def test_numbers_that_are_not_finite_are_shown_as_such() -> None:
    rows: list[Row] = [("a", "", (), math.inf, math.nan), ("log(a)", "log", (0,), -math.inf, 1.0)]
    text = "\n".join(picture(view(rows), 60, 4))
    assert "+inf" in text
    assert "nan" in text
    assert "-inf" in text


@st.composite
def expressions(draw: st.DrawFn) -> list[Row]:
    """Any expression of up to 24 nodes, with inputs shared at will; every node has its own data and grad."""
    rows: list[Row] = [("a", "", (), 1.0, 0.0)]
    for k in range(1, draw(st.integers(1, 24))):
        count = draw(st.integers(0, 2))
        inputs = tuple(draw(st.integers(0, k - 1)) for _ in range(count))
        rows.append((f"v{k}", ("", "exp", "*")[count], inputs, float(k), -float(k)))
    return rows


@given(expressions())
def test_the_natural_size_is_enough_and_shows_every_number(rows: list[Row]) -> None:
    subject = view(rows)
    width, height = least_room(subject)
    text = picture(subject, width, height)
    for _, _, _, data, grad in rows:
        assert any(numbers.signed(data, 5) in line for line in text)
        assert any(numbers.signed(grad, 5) in line for line in text)


@given(expressions())
def test_wires_lead_from_the_inputs_and_from_nowhere_else(rows: list[Row]) -> None:
    wanted = sorted({(k, node) for node, row in enumerate(rows) for k in row[2]})
    assert sorted(set(links(view(rows)))) == wanted


PARABOLA: list[Row] = [
    ("x", "", (), 3.0, 14.0),
    ("3", "", (), 3.0, 9.0),
    ("2", "", (), 2.0, 0.0),
    ("x**2", "**", (0, 2), 9.0, 3.0),
    ("3*x**2", "*", (1, 3), 27.0, 1.0),
    ("4", "", (), 4.0, -3.0),
    ("4*x", "*", (5, 0), 12.0, -1.0),
    ("3*x**2 - 4*x", "-", (4, 6), 15.0, 1.0),
    ("5", "", (), 5.0, 1.0),
    ("3*x**2 - 4*x + 5", "+", (7, 8), 20.0, 1.0),
]


def turned(rows: list[Row]) -> list[str]:
    """Ops whose right input stands above its left one."""
    lane = layout(tuple(row[2] for row in rows)).lane
    return [row[0] for row in rows if len(row[2]) == 2 and lane[row[2][0]] > lane[row[2][1]]]


@pytest.mark.parametrize("rows", [PARABOLA, NEURON, LECTURE, SHARED], ids=["parabola", "neuron", "lecture", "shared"])
def test_operands_stand_in_reading_order(rows: list[Row]) -> None:
    assert turned(rows) == []


@st.composite
def trees(draw: st.DrawFn) -> list[Row]:
    """Any expression in which nothing is used twice."""
    rows: list[Row] = []
    free: list[int] = []
    for k in range(draw(st.integers(1, 20))):
        count = min(draw(st.integers(0, 2)), len(free))
        inputs = tuple(free.pop(draw(st.integers(0, len(free) - 1))) for _ in range(count))
        rows.append((f"v{k}", ("", "exp", "*")[count], inputs, 1.0, 1.0))
        free.append(k)
    return rows


@given(trees())
def test_in_a_tree_every_operand_stands_in_reading_order(rows: list[Row]) -> None:
    assert turned(rows) == []


def links(subject: GraphView) -> list[tuple[int, int]]:
    """(input, node) for each wire that can be followed in the picture: lit wires are those that lead into one node.

    Each node is lit in turn; from its label its wires are followed to the left over lit cells, to the labels they
    end at, which are known by their data.
    """
    width, height = least_room(subject)
    found = []
    labels: dict[tuple[int, int], int] = {}
    for node in range(len(subject.nodes)):
        x, y = _label(subject, node, width, height)
        labels[x, y] = node
    for node, item in enumerate(subject.nodes):
        if item.inputs:
            lit = GraphView(subject.nodes, node, True)
            cells = _lit_cells(lit, width, height)
            found += [(labels[end], node) for end in labels if (end[0], end[1]) in cells and labels[end] != node]
    return found


def _label(subject: GraphView, node: int, width: int, height: int) -> tuple[int, int]:
    """The cell behind the label's last number in its first line, where a wire leaves it."""
    only = GraphView(
        tuple(NodeView(n.name, n.op, n.inputs, n.data, n.grad, k == node) for k, n in enumerate(subject.nodes)),
        None,
        False,
    )
    lines = [strip.text for strip in graph(only, width, height, IN_COLOUR)]
    number = numbers.signed(subject.nodes[node].data, 5)
    y = next(y for y, line in enumerate(lines) if number in line)
    return lines[y].index(number) + len(number) + 1, y


def _lit_cells(subject: GraphView, width: int, height: int) -> set[tuple[int, int]]:
    """The cells of the lit wires."""
    cells = set()
    for y, strip in enumerate(graph(subject, width, height, IN_COLOUR)):
        x = 0
        for segment in strip:
            if segment.style is PALETTE.lit_line:
                cells |= {(x + k, y) for k in range(segment.cell_length)}
            x += segment.cell_length
    return cells
