"""Text in a given room: how it is broken and cut. Must not know what it says."""

from __future__ import annotations

from itertools import product

import pytest

from chainstep.tui.render.canvas.text import centred, cut, paragraph
from support.cases import each
from support.screen.looks import spelt

HINT = "press → to run one op"

SIZES = [*product((1, 2, 9, 20, 40, 58, 78, 118, 180), (1, 2, 3, 4, 8)), (0, 0), (30, 0), (0, 3)]


def test_what_is_cut_fits_in_cells_and_ends_in_no_blank() -> None:
    assert [cut("abcdef", width, "…") for width in (6, 4, 1, 0)] == ["abcdef", "abc…", "…", ""]
    assert cut("ab cdef", 4, "…") == "ab…"
    assert [cut("権重権", width, "~") for width in (6, 5, 4, 3)] == ["権重権", "権重~", "権~", "権~"]
    assert cut("abcdef", 4, "") == "abcd"


def lines(width: int, height: int) -> list[str]:
    return [strip.text.rstrip() for strip in paragraph(HINT, width, height, spelt(unicode=True))]


@pytest.mark.parametrize("unicode", [False, True])
def test_every_paragraph_has_its_size(unicode: bool) -> None:
    for width, height in SIZES:
        strips = paragraph(HINT, width, height, spelt(unicode=unicode))
        assert [strip.cell_length for strip in strips] == [width] * height
        assert all(sum(segment.cell_length for segment in strip) == width for strip in strips)
        assert unicode or all(strip.text.isascii() for strip in strips)


def test_a_paragraph_takes_the_lines_that_there_are() -> None:
    assert lines(40, 2) == ["press → to run one op", ""]
    assert lines(12, 1) == ["press → to…"]
    assert lines(14, 2) == ["press → to run", "one op"]


@each(
    ("width", "unicode", "line"),
    [
        (21, True, "no loss: press →"),
        (21, False, "no loss: press right"),
        (17, True, "no loss: press →"),
        (17, False, "no loss"),
        (5, True, "no l…"),
        (5, False, "no l~"),
    ],
)
def test_a_sentence_in_the_middle_spells_keys_and_loses_what_follows_its_colon(
    width: int, unicode: bool, line: str
) -> None:
    strips = centred("no loss: press →", width, 3, spelt(unicode=unicode))
    assert [strip.text.strip() for strip in strips] == ["", line, ""]
    assert [strip.cell_length for strip in strips] == [width] * 3
