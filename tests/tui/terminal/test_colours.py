"""What becomes of a cell's colours where there are sixteen or none. Knows tui.terminal.colours; not the panes."""

from __future__ import annotations

import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from chainstep.tui.render.style.inks import CUBE, NONE, SIXTEEN, TRUECOLOR
from chainstep.tui.render.style.levels import LEVELS
from chainstep.tui.render.style.palette import Palette
from chainstep.tui.terminal.colours import depth, filters
from chainstep.tui.terminal.colours import shown as arriving
from chainstep.tui.theme import DARK, LIGHT
from support.cases import each

BLACK, WHITE = Color(0, 0, 0), Color(255, 255, 255)
RED = {1, 9}
HUES = ("positive", "negative", "accent", "lit", "warning")


def shown(style: Style, kind: str, ground: Color = BLACK) -> Style:
    """What is sent in place of a style."""
    (line_filter,) = filters(kind) or ()
    (segment,) = line_filter.apply([Segment("x", style)], ground)
    assert segment.style is not None
    return segment.style


def number(style: Style) -> int | None:
    """Which of the sixteen a text has; None is the terminal's own."""
    assert style.color is not None
    return style.color.downgrade(ColorSystem.STANDARD).number


@pytest.mark.parametrize(
    ("system", "no_color", "found"),
    [
        ("truecolor", "", TRUECOLOR),
        ("256", "", CUBE),
        ("standard", "", SIXTEEN),
        (None, "", SIXTEEN),
        ("truecolor", "1", NONE),
        ("standard", "yes", NONE),
    ],
)
def test_the_terminal_and_its_user_decide(
    system: str | None, no_color: str, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    assert depth(system) == found
    assert (filters(found) is None) == (found in (TRUECOLOR, CUBE))


@each(
    ("environment", "arrives"),
    [
        ({"TERM": "screen", "STY": "12.tty"}, ColorSystem.EIGHT_BIT),
        ({"TERM": "screen.xterm-256color"}, ColorSystem.EIGHT_BIT),  # over ssh, which takes no STY along
        ({"TERM": "screen-256color", "STY": "12.tty", "TMUX": "/tmp/tmux"}, ColorSystem.EIGHT_BIT),
        ({"TERM": "screen-256color", "TMUX": "/tmp/tmux"}, ColorSystem.TRUECOLOR),
        ({"TERM": "tmux-256color", "STY": "12.tty", "TMUX": "/tmp/tmux"}, ColorSystem.TRUECOLOR),
        ({"TERM": "xterm-256color"}, ColorSystem.TRUECOLOR),
        ({}, ColorSystem.TRUECOLOR),
    ],
)
def test_true_colours_do_not_get_through_gnu_screen(environment: dict[str, str], arrives: ColorSystem) -> None:
    assert arriving(ColorSystem.TRUECOLOR, environment) is arrives
    assert arriving(ColorSystem.STANDARD, environment) is ColorSystem.STANDARD
    assert arriving(None, environment) is None


@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
def test_sixteen_colours_keep_every_meaning_apart_and_red_for_what_is_wrong(dark: bool) -> None:
    palette = Palette.dark(SIXTEEN) if dark else Palette.light(SIXTEEN)
    numbers = {
        name: number(shown(Style(color=getattr(palette, name).rich_color), SIXTEEN, palette.background))
        for name in HUES
    }
    assert len(set(numbers.values())) == len(HUES)
    assert {name for name, found in numbers.items() if found in RED} == {"warning"}


@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
def test_sixteen_colours_grade_a_number_in_steps(dark: bool) -> None:
    palette = Palette.dark(SIXTEEN) if dark else Palette.light(SIXTEEN)
    looks = [shown(style, SIXTEEN, palette.background) for style in palette.ladder]
    negative, positive = looks[:LEVELS], looks[LEVELS + 1 :]
    for side in (negative, positive):
        assert len(set(side)) >= 3
        assert not {number(style) for style in side} & RED
    assert not {number(style) for style in negative[:-2]} & {number(style) for style in positive[2:]}


@each("theme", [DARK, LIGHT, *BUILTIN_THEMES.values()])
def test_no_theme_s_text_is_lost_in_sixteen_colours(theme: object) -> None:
    variables = theme.to_color_system().generate()  # type: ignore[attr-defined]
    palette = Palette.from_variables(variables, dark=theme.dark, depth=SIXTEEN)  # type: ignore[attr-defined]
    for name in ("text", "strong", "quiet", "faint", "alarm", "key"):
        style = shown(
            getattr(palette, name) + Style(bgcolor=palette.background.rich_color), SIXTEEN, palette.background
        )
        assert style.bgcolor is not None
        assert style.color != style.bgcolor or style.color.is_default


def test_a_dark_screen_has_the_terminal_s_own_ground_and_text() -> None:
    palette = Palette.dark(SIXTEEN)
    style = shown(palette.text + Style(bgcolor=palette.background.rich_color), SIXTEEN)
    assert style.color is not None
    assert style.bgcolor is not None
    assert style.color.is_default
    assert style.bgcolor.is_default


def test_on_a_lit_ground_text_is_black_or_white() -> None:
    lit = Style(color="#58a6ff", bgcolor="#58a6ff", dim=True)
    style = shown(lit, SIXTEEN)
    assert number(style) in (0, 15)
    assert not style.dim


@each("ground", [BLACK, WHITE])
@each("ink", ["#ff0000", "#58a6ff", "#808080", "bright_blue", "default"])
@each("under", ["#ff9a3c", "#101010", "default"])
def test_without_colour_none_is_sent_and_the_rest_stays(ink: str, under: str, ground: Color) -> None:
    style = shown(Style(color=ink, bgcolor=under, bold=True, underline=True), NONE, ground)
    assert (style.color, style.bgcolor) == (None, None)
    assert style.bold
    assert style.underline


def test_without_colour_a_lit_ground_is_reversed_and_a_quiet_text_dim() -> None:
    palette = Palette.dark(NONE)
    assert shown(Style(color="#000000", bgcolor="#58a6ff"), NONE).reverse
    assert not shown(Style(color="#ffffff", bgcolor="#1b1f2a"), NONE).reverse
    assert shown(palette.quiet, NONE, palette.background).dim
    assert not shown(palette.text, NONE, palette.background).dim
    assert shown(palette.diverging(0.1, 1.0), NONE, palette.background).dim
    assert not shown(palette.diverging(1.0, 1.0), NONE, palette.background).dim
    assert not shown(palette.diverging(-1.0, 1.0), NONE, palette.background).dim


@each("name", ["lit_cell", "coming_cell", "alarm_cell", "chosen", "cursor_row"])
@each("kind", [NONE, SIXTEEN])
def test_what_is_lit_or_chosen_is_seen_without_hue(name: str, kind: str) -> None:
    palette = Palette.dark(kind)
    style = shown(getattr(palette, name), kind, palette.background)
    assert style.reverse or style.underline
