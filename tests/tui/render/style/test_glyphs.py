"""Which shape stands for a number. Knows render.style.glyphs; must not know colours or pictures."""

import math
from dataclasses import astuple

import pytest

from chainstep.tui.render.style.glyphs import ASCII, MONOCHROME, UNICODE, Glyphs
from chainstep.tui.render.style.levels import level, levels

GLYPHS = pytest.mark.parametrize("glyphs", [UNICODE, MONOCHROME, ASCII], ids=["unicode", "monochrome", "ascii"])


def test_ascii_is_ascii() -> None:
    for value in astuple(ASCII):
        assert all(text.isascii() for text in (value if isinstance(value, tuple) else [str(value)]))


@GLYPHS
def test_the_shape_shows_the_sign_and_the_size_beside_the_colour(glyphs: Glyphs) -> None:
    for size in (1.0, 0.3, 0.01):
        assert glyphs.block(level(size, 1.0)) != glyphs.block(level(-size, 1.0))
        assert glyphs.bias(size, 1.0) != glyphs.bias(-size, 1.0)
    assert glyphs.unit(1.0) != glyphs.unit(-1.0)
    assert len({glyphs.block(level(value, 1.0)) for value in (0.01, 0.3, 1.0)}) == 3


@GLYPHS
def test_an_inactive_unit_is_hollow(glyphs: Glyphs) -> None:
    assert glyphs.unit(0.0) == glyphs.hollow != glyphs.dot
    assert glyphs.pending not in (glyphs.hollow, glyphs.dot, glyphs.negative_dot)


@GLYPHS
def test_what_is_not_finite_has_a_shape_of_its_own(glyphs: Glyphs) -> None:
    for value in (math.nan, math.inf, -math.inf):
        assert glyphs.block(levels([value], 1.0)[0]) == glyphs.bias(value, 1.0) == glyphs.unit(value) == glyphs.bad
