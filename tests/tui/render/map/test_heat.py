"""A map tells regions, margin and samples apart, with colours and without. Must not know widgets or sessions."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.color import Color

from chainstep.engine.training.snapshot.plots.map import MapPoint, MapView
from chainstep.tui.render.canvas.sheet import Sheet
from chainstep.tui.render.map.contour import contour
from chainstep.tui.render.map.decisions import decided, fired, headings, legend
from chainstep.tui.render.map.heat import GUTTER, heat, nice, room
from chainstep.tui.render.style.glyphs import ASCII, UNICODE
from chainstep.tui.render.style.inks import CUBE, NONE, SIXTEEN
from chainstep.tui.render.style.look import Look
from chainstep.tui.render.style.palette import Palette
from support.cases import each
from support.screen.looks import IN_BLACK_AND_WHITE, IN_COLOUR

LOOKS = [
    IN_COLOUR,
    Look(Palette.dark(CUBE), UNICODE),
    Look(Palette.dark(SIXTEEN), UNICODE),
    IN_BLACK_AND_WHITE,
    Look(Palette.dark(CUBE), ASCII),
    Look(Palette.dark(NONE), ASCII),
]
COLOURLESS = LOOKS[3:]


def view(columns: int = 24, rows: int = 20, **changes: object) -> MapView:
    """The first class to the left of zero, the second to the right, at ±2 at the edges."""
    values = [4.0 * (column + 0.5) / columns - 2.0 for _ in range(rows) for column in range(columns)]
    facts: dict[str, object] = {
        "features": ("east", "north"),
        "extent": (-2.0, 2.0, -1.0, 1.0),
        "columns": columns,
        "rows": rows,
        "measure": "score",
        "values": tuple(values),
        "decisions": tuple(int(value > 0) for value in values),
        "margin": 1.0,
        "reach": None,
        "classes": ("left", "right"),
        "points": (
            MapPoint(-1.5, 0.5, 0.0, False, False),
            MapPoint(1.5, 0.5, 1.0, False, False),
            MapPoint(-1.5, -0.5, 0.0, True, False),
            MapPoint(1.5, -0.5, 1.0, True, False),
            MapPoint(0.5, 0.0, 0.0, False, True),
        ),
        "neuron": (0, 1),
        "neuron_values": tuple(values),
        **changes,
    }
    return MapView(**facts)  # type: ignore[arg-type]


def drawn(shown: MapView, look: Look = IN_COLOUR, width: int = 30, height: int = 11) -> tuple[list[str], Sheet]:
    sheet = Sheet(width, height)
    heat(decided(shown, None), sheet, (0, 0, width, height), look)
    return [strip.text for strip in sheet.strips()], sheet


def at(sheet: Sheet, x: int, y: int):  # type: ignore[no-untyped-def]
    """Glyph and style of one cell."""
    for segment in sheet.strips()[y]:
        if x < len(segment.text):
            return segment.text[x], segment.style
        x -= len(segment.text)
    raise AssertionError


def test_room_is_for_two_samples_a_cell_beside_the_axes() -> None:
    assert room(30, 11) == (30 - GUTTER, 20)
    assert room(20, 5) == (20, 10)


@each("look", LOOKS)
def test_axes_have_their_names_and_ends(look: Look) -> None:
    rows, _ = drawn(view(), look)
    assert rows[0].startswith("    1 ")
    assert rows[9].startswith("   -1 ")
    assert any(row.startswith("north ") for row in rows)
    assert rows[10].split() == ["-2", "east", "2"]


def test_the_shades_part_where_the_decision_does() -> None:
    _, sheet = drawn(view(points=()))
    palette = Palette.dark()
    left, right = (at(sheet, x, 5)[1].bgcolor for x in (GUTTER, 29))
    assert left.triplet.red > left.triplet.blue
    assert right.triplet.blue > right.triplet.red
    assert Color.from_rich_color(left) not in (palette.negative, palette.background)


@each("look", LOOKS)
def test_the_boundary_and_the_margin_are_lines(look: Look) -> None:
    """Between the middle columns, and at a quarter and three quarters, there is a glyph of its own in every row."""
    rows, sheet = drawn(view(points=()), look)
    middle = GUTTER + 12
    for y in range(1, 9):
        near = rows[y][middle - 1 : middle + 1]
        assert any(0x2800 < ord(sign) < 0x2900 if look.glyphs.unicode else sign in "|\\/'._-\":" for sign in near)
    dashes = sum(0x2800 < ord(rows[y][x]) < 0x2900 for y in range(1, 9) for x in range(GUTTER + 5, GUTTER + 7))
    assert dashes >= 4 or not look.glyphs.unicode
    assert at(sheet, middle, 4)[1] is not None


@each("look", COLOURLESS)
def test_regions_have_textures_where_colours_may_not_tell(look: Look) -> None:
    rows, _ = drawn(view(points=()), look)
    left, right = ({row[x] for row in rows[:10]} for x in (GUTTER + 1, 28))
    assert left.isdisjoint(right)


@each("look", LOOKS)
def test_samples_have_the_shape_of_their_class_and_wrong_ones_are_inverse(look: Look) -> None:
    _, sheet = drawn(view(), look)

    def sign(x: float, y: float) -> tuple[str, bool]:
        glyph, style = at(sheet, GUTTER + int((x + 2) * 6), int((1 - y) * 5))
        return glyph, bool(style.reverse)

    shapes = [sign(-1.5, 0.5), sign(1.5, 0.5), sign(-1.5, -0.5), sign(1.5, -0.5)]
    wanted = ["○", "●", "∘", "•"] if look.glyphs.unicode else ["O", "X", "o", "x"]
    assert shapes == [(shape, False) for shape in wanted]
    assert sign(0.5, 0.0) == ("✗" if look.glyphs.unicode else "*", True)


def test_of_several_samples_in_one_cell_the_wrong_one_is_seen() -> None:
    crowd = (
        MapPoint(0.51, 0.06, 1.0, False, False),
        MapPoint(0.51, 0.06, 0.0, True, True),
        MapPoint(0.51, 0.14, 1.0, False, False),
        MapPoint(0.51, 0.14, 1.0, True, False),
    )
    _, sheet = drawn(view(points=crowd))
    glyph, style = at(sheet, GUTTER + 15, 4)
    assert (glyph, style.reverse) == ("×", True)


def test_the_sample_in_work_is_lit() -> None:
    sheet = Sheet(30, 11)
    heat(decided(view(), (1.5, 0.5)), sheet, (0, 0, 30, 11), IN_COLOUR)
    assert at(sheet, GUTTER + 21, 2)[0] == "◉"


def test_among_three_classes_a_wrong_sample_keeps_the_shape_of_its_own() -> None:
    points = tuple(MapPoint(x, 0.0, kind, False, True) for x, kind in ((-1.5, 0.0), (0.0, 1.0), (1.5, 2.0)))
    _, sheet = drawn(view(classes=("a", "b", "c"), points=points))
    signs = [at(sheet, GUTTER + int((point.x + 2) * 6), 5) for point in points]
    assert [glyph for glyph, _ in signs] == ["○", "●", "▲"]
    assert all(style.reverse for _, style in signs)


def test_three_regions_have_a_line_and_a_shade_each() -> None:
    decisions = tuple(column // 8 for _ in range(20) for column in range(24))
    shown = view(decisions=decisions, values=(0.8,) * 480, classes=("a", "b", "c"), margin=None, reach=1.0, points=())
    rows, sheet = drawn(shown)
    assert len({at(sheet, GUTTER + x, 4)[1].bgcolor for x in (2, 12, 22)}) == 3
    for x in (8, 16):
        assert any(0x2800 < ord(sign) < 0x2900 for sign in rows[4][GUTTER + x - 1 : GUTTER + x + 1])
    textured, _ = drawn(shown, IN_BLACK_AND_WHITE)
    assert len({textured[4][GUTTER + x] for x in (2, 12, 22)}) == 3
    assert legend(shown, IN_COLOUR) == ["○ a", "● b", "▲ c"]


def test_words() -> None:
    ascii_look, colourless = LOOKS[-1], Look(Palette.dark(NONE), UNICODE)
    assert headings(view(), 60, ascii_look) == ("Map  O left  X right", "* wrong 1/3  test 0/2")
    assert headings(view(), 42, ascii_look) == ("Map O left X right", "* wrong 1/3  test 0/2")
    assert headings(view(), 35, ascii_look) == ("Map O left X right", "* wrong 1/3")
    assert headings(view(), 20, ascii_look) == ("Map O left X right", "")
    three = view(classes=("a", "b", "c"))
    assert headings(three, 40, colourless) == ("Map  ○ a  ● b  ▲ c", "wrong 1/3  test 0/2")
    assert headings(view(classes=(), decisions=None), 40, colourless) == ("Map", "")


def test_a_neuron_is_drawn_about_its_middle() -> None:
    field = fired(view(neuron_values=(0.1, 0.9) * 240), "sigmoid", None)
    assert list(field.labels[:2]) == [0, 1]
    assert field.full == 0.5
    assert fired(view(), "tanh", None).full == 1.0
    assert fired(view(neuron_values=(0.0, 2.7) * 240), "relu", None).full == 3.0


def test_what_is_not_finite_is_drawn_as_such() -> None:
    rows, _ = drawn(
        view(values=(math.nan,) * 240 + (math.inf,) * 240, decisions=(0,) * 480, points=()), IN_BLACK_AND_WHITE
    )
    assert set(rows[2][GUTTER:]) == {"!"}
    for look in LOOKS:
        drawn(view(values=(math.nan, math.inf) * 240), look)


@given(st.integers(1, 70), st.integers(1, 30), st.integers(1, 40), st.integers(2, 30), st.sampled_from(LOOKS))
def test_any_grid_fills_any_room(width: int, height: int, columns: int, rows: int, look: Look) -> None:
    lines, _ = drawn(view(columns, rows), look, width, height)
    assert [len(line) for line in lines] == [width] * height
    assert look.glyphs is not ASCII or all(line.isascii() for line in lines)


def test_a_finer_grid_of_the_same_field_looks_the_same_to_a_cell() -> None:
    """A coarse map, as it comes while a costly network trains, is the same picture in larger tiles."""
    _, fine = drawn(view(24, 20, points=()))
    _, coarse = drawn(view(12, 10, points=()))
    for x in (GUTTER, 29):
        assert at(fine, x, 5)[1].bgcolor == at(coarse, x, 5)[1].bgcolor


def test_a_contour_runs_where_the_shares_put_it() -> None:
    """Samples at dots 1, 3, 5 …: a quarter of the way from the second to the third is dot 3.5."""
    masks = contour([0, 0, 1, 1] * 4, [3.0, 1.0, 3.0, 3.0] * 4, 4)
    assert set(masks) == {(1, 0), (1, 1)}
    assert contour([1] * 16, [1.0] * 16, 4) == {}


@given(st.floats(1e-12, 1e12))
def test_round_numbers_are_just_above(size: float) -> None:
    assert size <= nice(size) <= 2.0 * size or nice(size) == pytest.approx(size)


def test_no_size_is_one() -> None:
    assert nice(0.0) == nice(math.inf) == 1.0
