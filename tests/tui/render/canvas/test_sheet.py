"""LevelCells that are written in any order and never overflow. Knows chainstep.tui.render.canvas.sheet."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from chainstep.tui.render.canvas.sheet import LevelCells, Sheet

BOLD = Style(bold=True)


@given(st.integers(0, 12), st.integers(0, 4), st.integers(-5, 15), st.integers(-2, 6), st.text(max_size=20))
def test_any_text_anywhere_keeps_the_size(width: int, height: int, x: int, y: int, text: str) -> None:
    sheet = Sheet(width, height)
    sheet.put(x, y, text, BOLD)
    strips = sheet.strips()
    assert len(strips) == height
    assert all(strip.cell_length == width == cell_len(strip.text) for strip in strips)


def test_neighbours_of_one_style_are_one_segment() -> None:
    sheet = Sheet(6, 1)
    sheet.put(1, 0, "ab", BOLD)
    sheet.put(3, 0, "c", BOLD)
    assert [segment.text for segment in sheet.strips()[0]] == [" ", "abc", "  "]


def test_wide_characters_take_two_cells_or_none() -> None:
    sheet = Sheet(3, 1)
    sheet.put(0, 0, "数数", None)
    assert sheet.strips()[0].text == "数 "


def test_a_control_character_is_not_passed_on() -> None:
    sheet = Sheet(3, 1)
    sheet.put(0, 0, "a\x1bb", None)
    assert sheet.strips()[0].text == "a?b"


def test_cells_at_a_distance_are_cut_off_at_the_edge() -> None:
    styles = [Style(bold=True), Style(italic=True), Style(underline=True)]
    shown = LevelCells(enumerate(zip("abc", styles, strict=True)))
    levels = tuple(shown)
    for width, expected in ((6, " a b c"), (5, " a b "), (4, " a b"), (3, " a "), (1, " ")):
        sheet = Sheet(width, 2)
        sheet.cells(1, 1, levels, shown, 2)
        assert [strip.text for strip in sheet.strips()] == [" " * width, expected]
    sheet = Sheet(6, 1)
    sheet.cells(1, 0, levels, shown, 2)
    sheet.cells(0, 1, levels, shown, 1)
    sheet.cells(-1, 0, levels, shown, 1)
    assert [segment.style for segment in sheet.strips()[0] if segment.text != " "] == styles
