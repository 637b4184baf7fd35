"""Which colour stands for a number. Knows render.style.palette; must not know shapes or pictures."""

import math

import pytest
from rich.color import ColorSystem
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from chainstep.tui.render.style.inks import CUBE
from chainstep.tui.render.style.levels import LEVELS
from chainstep.tui.render.style.palette import Palette
from support.cases import each

PALETTES = pytest.mark.parametrize(
    "palette",
    [Palette.dark(), Palette.light(), Palette.dark(CUBE), Palette.light(CUBE)],
    ids=["dark", "light", "dark-256", "light-256"],
)


def contrast(one: Color, other: Color) -> float:
    """WCAG's contrast ratio, 1 to 21."""

    def luminance(color: Color) -> float:
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@PALETTES
def test_positive_is_blue_and_negative_is_orange(palette: Palette) -> None:
    def rgb(value: float) -> tuple[int, int, int]:
        color = palette.diverging(value, 1.0).color
        assert color is not None
        red, green, blue = color.get_truecolor()
        return red, green, blue

    assert rgb(1.0) == palette.positive.rgb
    assert rgb(-1.0) == palette.negative.rgb
    assert rgb(0.6)[2] > rgb(0.6)[0]
    assert rgb(-0.6)[2] < rgb(-0.6)[0]


@PALETTES
def test_strength_is_contrast_with_the_ground(palette: Palette) -> None:
    """Lightness, not hue alone: a stronger number stands out more."""
    ground = palette.background
    for sign in (1, -1):
        contrasts = []
        for step in range(1, LEVELS + 1):
            color = palette.diverging(sign * step / LEVELS, 1.0).color
            assert color is not None
            contrasts.append(contrast(Color.from_rich_color(color), ground))
        assert contrasts == sorted(contrasts)
        assert contrasts[-1] > 3


@PALETTES
def test_256_colours_keep_the_signs_apart(palette: Palette) -> None:
    numbers = [style.color.downgrade(ColorSystem.EIGHT_BIT).number for style in palette.ladder if style.color]
    negative, positive = set(numbers[:LEVELS]), set(numbers[LEVELS + 1 :])
    assert len(negative) >= 4
    assert len(positive) >= 4
    assert not set(numbers[: LEVELS - 2]) & set(numbers[LEVELS + 3 :])


def test_what_is_not_finite_alarms() -> None:
    palette = Palette.dark()
    for value in (math.nan, math.inf, -math.inf):
        assert palette.diverging(value, 1.0) is palette.alarm
        assert palette.number(value) is palette.alarm


def test_styles_are_made_once() -> None:
    palette = Palette.dark()
    assert palette.diverging(0.5, 1.0) is palette.diverging(0.51, 1.0)


@each("name", sorted(BUILTIN_THEMES))
def test_every_theme_has_a_palette(name: str) -> None:
    theme = BUILTIN_THEMES[name]
    palette = Palette.from_variables(theme.to_color_system().generate(), dark=theme.dark)
    assert contrast(palette.foreground, palette.background) > 4
    assert palette.positive == (Palette.dark() if theme.dark else Palette.light()).positive


def test_a_theme_without_colours_gives_the_palette_for_its_darkness() -> None:
    assert Palette.from_variables({}, dark=False) == Palette.light()
