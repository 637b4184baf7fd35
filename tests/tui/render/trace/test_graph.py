"""The expression graph: every wire leads where the expression says, every number is the node's, every size holds."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.strip import Strip

from chainstep.engine.training.snapshot.tape import GraphView, NodeView
from chainstep.tui.render.canvas import numbers
from chainstep.tui.render.style.look import Look
from chainstep.tui.render.trace.expression_listing import expression_listing
from chainstep.tui.render.trace.graph import graph, overtaken, window
from chainstep.tui.render.trace.graph_drawing import Drawing
from chainstep.tui.render.trace.graph_layout import layout
from support.cases import each
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
    width = bisect_left(range(plenty), True, key=lambda width: fits(subject, width, plenty))
    return width, bisect_left(range(plenty), True, key=lambda height: fits(subject, width, height))


def fits(subject: GraphView, width: int, height: int) -> bool:
    """Whether all of it is seen."""
    seen = window(subject, width, height)
    return seen is not None and seen.width <= width and seen.height <= height


def picture(subject: GraphView, width: int, height: int, look: Look = IN_COLOUR) -> list[str]:
    """The characters of a graph, without blanks at the ends."""
    return [strip.text.rstrip() for strip in graph(subject, width, height, look)]


@each("name", SUBJECTS)
@each("look", [IN_COLOUR, IN_ASCII])
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


def test_what_has_no_room_at_all_is_listed_around_the_lit_line() -> None:
    rows = [strip.text.rstrip() for strip in expression_listing(view(NEURON, 8, backward=True), 40, 5, IN_COLOUR)]
    assert rows[3].startswith("◀ n = x1*w1 + x2*w2…")
    assert rows[3].endswith(f"{numbers.signed(NEURON[8][3], 9)} {numbers.signed(0.5, 9)}")
    assert picture(view(NEURON, 0), 20, 3)[0].startswith("▶ x1")
    assert picture(view(NEURON), 40, 2)[0].startswith("  x1")


@pytest.mark.parametrize("look", [IN_COLOUR, IN_ASCII], ids=["unicode", "ascii"])
def test_of_what_is_larger_than_its_room_a_part_is_seen_and_arrows_say_that_there_is_more(look: Look) -> None:
    subject = view(NEURON)
    for left, top in ((0, 0), (7, 3), (1000, 1000)):
        seen = window(subject, 30, 6, at=(left, top), follow=False)
        assert seen is not None
        text = [strip.text for strip in graph(subject, 30, 6, look, seen)]
        edges = ([row[0] for row in text], [row[29] for row in text], text[0], text[5])
        more = (seen.left > 0, seen.left + 30 < seen.width, seen.top > 0, seen.top + 6 < seen.height)
        if look is IN_COLOUR:
            assert tuple(arrow in edge for arrow, edge in zip("←→↑↓", edges, strict=True)) == more
        else:
            assert all(arrow in edge for arrow, edge, is_more in zip("<>^v", edges, more, strict=True) if is_more)


@given(st.data())
def test_the_op_in_hand_is_in_sight_until_it_is_scrolled(data: st.DataObject) -> None:
    rows = data.draw(expressions())
    node = data.draw(st.integers(0, len(rows) - 1))
    width, height = data.draw(st.integers(24, 60)), data.draw(st.integers(3, 12))
    at = data.draw(st.tuples(st.integers(-9, 99), st.integers(-9, 99)))
    subject = view(rows, node)
    seen = window(subject, width, height, at=at)
    assert seen is not None
    assert 0 <= seen.left <= max(0, seen.width - width)
    assert 0 <= seen.top <= max(0, seen.height - height)
    text = [strip.text for strip in graph(subject, width, height, IN_COLOUR, seen)]
    assert [len(row) for row in text] == [width] * height
    # The end of its label at least.
    _, last, _, lower = Drawing(subject, seen.form).box(node)
    assert seen.left <= last < seen.left + width
    assert seen.top <= lower < seen.top + height
    free = window(subject, width, height, at=at, follow=False)
    assert free is not None
    assert (free.left, free.top) == tuple(
        max(0, min(place, most)) for place, most in zip(at, (free.width - width, free.height - height), strict=True)
    )


def test_without_its_gradients_it_takes_less_room() -> None:
    subject = view(NEURON)
    whole, compact = window(subject, 30, 6), window(subject, 30, 6, compact=True)
    assert whole is not None
    assert compact is not None
    assert (compact.width, compact.height) < (whole.width, whole.height)
    text = "\n".join(strip.text for strip in graph(subject, 80, 6, IN_COLOUR, window(subject, 80, 6, compact=True)))
    assert "+0.881" in text
    assert "∂" not in text
    assert "+0.500" not in text


def test_a_number_of_the_expression_has_no_gradient() -> None:
    nodes = [replace(node, kind="constant" if node.name.isdigit() else node.kind) for node in view(PARABOLA).nodes]
    subject = GraphView(tuple(nodes), None, False)
    for strips in (*(graph(subject, width, 12, IN_COLOUR) for width in (120, 80)), _listed(subject)):
        text = "\n".join(strip.text for strip in strips)
        assert "-3.000" not in text  # that of 4
        assert "+14.00" in text  # that of x


def _listed(subject: GraphView) -> list[Strip]:
    return expression_listing(subject, 60, 12, IN_COLOUR)


def test_what_an_update_has_overtaken_has_a_sign_and_a_word() -> None:
    node = view(LECTURE).nodes[2]
    older = replace(node, old=True, old_grad=True)
    subject = GraphView((*view(LECTURE).nodes[:2], older, *view(LECTURE).nodes[3:]), None, False)
    assert overtaken(subject, IN_COLOUR) == "† before the update"
    assert overtaken(subject, IN_ASCII) == "' before the update"
    assert overtaken(view(LECTURE), IN_COLOUR) == ""
    for width, height, wanted in ((90, 4, "*†-6.0000†-2.0000 ─"), (60, 8, "*†-6.0000 ─")):
        assert any(wanted in row for row in picture(subject, width, height))
    assert [strip.text.count("†") for strip in _listed(subject)][:4] == [0, 0, 2, 0]


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


@each("rows", [PARABOLA, NEURON, LECTURE, SHARED])
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


@given(expressions(), st.integers(0, 60))
def test_no_number_is_cut_by_an_edge(rows: list[Row], left: int) -> None:
    subject = view(rows)
    seen = window(subject, 26, 8, at=(left, 0), follow=False)
    assert seen is not None
    whole = " ".join(strip.text for strip in graph(subject, seen.width, 1000, IN_COLOUR, seen._replace(left=0)))
    text = " ".join(strip.text for strip in graph(subject, 26, 8, IN_COLOUR, seen))
    for number in re.findall(r"[+-][\d.]+", text):
        assert len(number) == seen.form.digits
        assert number in whole


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
