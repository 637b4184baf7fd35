"""Colours and glyphs, and which of them stands for a number. Must not know widgets, layouts or networks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from rich.style import Style
from textual.color import Color, ColorParseError

from .inks import CUBE, LADDERS, NONE, SIXTEEN, TRUECOLOR, Inks, inks

LEVELS = 9
"""Shades for each sign: few, so that runs of cells merge and 256-colour terminals tell them apart."""


def level(value: float, scale: float) -> int:
    """`value / scale` in whole steps from -LEVELS to LEVELS; 0 for zero only. `value` must be finite.

    A scale of zero, or one that is not finite, gives the sign alone at full strength.
    """
    if not value:
        return 0
    size = LEVELS
    if 0 < scale < math.inf:
        size = min(LEVELS, math.ceil(LEVELS * min(1.0, abs(value) / scale)) or 1)
    return size if value > 0 else -size


def levels(values: Iterable[float], scale: float) -> list[int | None]:
    """The level of each of many values; None for what is not finite."""
    if not 0 < scale < math.inf:
        return [level(value, scale) if value - value == 0.0 else None for value in values]
    ceil = math.ceil
    result: list[int | None] = []
    # As `level`, in place: a picture asks for hundreds.
    for value in values:
        if value - value != 0.0:
            result.append(None)
        elif not value:
            result.append(0)
        else:
            share = abs(value) / scale
            size = ceil(LEVELS * share) or 1 if share < 1.0 else LEVELS
            result.append(size if value > 0.0 else -size)
    return result


BOLD = Style(bold=True)


_MUTED = {TRUECOLOR: (0.55, 0.65), CUBE: (0.55, 0.65)}
"""How far a quiet text is from the ground to the text, in dark and in light: at a contrast of 4.5, so that it is read
with ease. Of sixteen colours and of none, what is quiet is told by less.
"""


@dataclass(frozen=True)
class Palette:
    """The colours of the screen, and the styles made of them once.

    Blue is positive and orange is negative: the pair that colour-blind eyes tell apart best. Styles set no
    background, so that a pane's own shows through.
    """

    background: Color
    foreground: Color
    muted: Color
    accent: Color
    positive: Color
    negative: Color
    lit: Color
    warning: Color
    depth: str = TRUECOLOR
    """What the terminal can show."""

    @classmethod
    def dark(cls, depth: str = TRUECOLOR) -> Palette:
        """For a dark terminal."""
        return cls._of(inks(depth, dark=True), depth)

    @classmethod
    def light(cls, depth: str = TRUECOLOR) -> Palette:
        """For a light terminal."""
        return cls._of(inks(depth, dark=False), depth)

    @classmethod
    def from_variables(cls, variables: Mapping[str, str], *, dark: bool = True, depth: str = TRUECOLOR) -> Palette:
        """The palette that suits a Textual theme, from its CSS variables.

        Ground, text and accent are the theme's; blue and orange stay, since they carry meaning. A theme in ANSI
        colours does not say what they look like, so there `dark` decides alone; so it does where sixteen colours are
        all that there is.
        """
        try:
            ground, text, accent = (Color.parse(variables[name]) for name in ("background", "foreground", "accent"))
        except (KeyError, ColorParseError):
            return cls._of(inks(depth, dark=dark), depth)
        if depth == SIXTEEN or any(colour.ansi is not None or colour.a < 1 for colour in (ground, text, accent)):
            return cls._of(inks(depth, dark=dark), depth)
        hues = inks(depth, dark=ground.brightness < 0.5)
        return cls._of(hues._replace(ground=ground.hex, text=text.hex, accent=accent.hex), depth)

    @classmethod
    def _of(cls, hues: Inks, depth: str) -> Palette:
        ground, text, accent, positive, negative, lit, warning = map(Color.parse, hues)
        share = _MUTED.get(depth, (0.5, 0.5))[ground.brightness > 0.5]
        return cls(ground, text, ground.blend(text, share), accent, positive, negative, lit, warning, depth)

    @property
    def _dark(self) -> bool:
        return self.background.brightness < 0.5

    @cached_property
    def text(self) -> Style:
        """Numbers and names."""
        return Style(color=self.foreground.rich_color)

    @cached_property
    def strong(self) -> Style:
        """Titles, and numbers that have just changed."""
        return Style(color=self.foreground.rich_color, bold=True)

    @cached_property
    def accented(self) -> Style:
        """What has the focus, and words that say where training stands."""
        return Style(color=self.accent.rich_color)

    @cached_property
    def key(self) -> Style:
        """Names of keys, and the program's own."""
        return Style(color=self.accent.rich_color, bold=True)

    @cached_property
    def strongly_quiet(self) -> Style:
        """As `quiet`, for what has just changed."""
        return Style(color=self.muted.rich_color, bold=True)

    @cached_property
    def quiet(self) -> Style:
        """Headings, and numbers that are exactly zero."""
        return Style(color=self.muted.rich_color)

    @cached_property
    def faint(self) -> Style:
        """What is there but says nothing: empty places, hidden wires."""
        return Style(color=self.background.blend(self.foreground, 0.28).rich_color)

    @cached_property
    def lit_line(self) -> Style:
        """The wire that is being computed."""
        return Style(color=self.lit.rich_color, bold=True)

    @cached_property
    def lit_cell(self) -> Style:
        """The number that is being computed: inverse, so that it shows without colour too."""
        return Style(color=self.lit.rich_color, bold=True, reverse=True)

    @cached_property
    def chosen(self) -> Style:
        """What the user selected: underlined, so that it shows without colour too."""
        return Style(color=self.accent.rich_color, bold=True, underline=True)

    @cached_property
    def alarm(self) -> Style:
        """Infinities and what is not a number."""
        return Style(color=self.warning.rich_color, bold=True)

    @cached_property
    def alarm_cell(self) -> Style:
        """A warning that nobody may miss: inverse, so that it shows without colour too."""
        return Style(color=self.warning.rich_color, bold=True, reverse=True)

    @cached_property
    def cursor_row(self) -> Style:
        """Laid over the row with the cursor: a tint, or a line beneath it where there are no tints."""
        if self.depth in (SIXTEEN, NONE):
            return Style(underline=True)
        return Style(bgcolor=self.background.blend(self.accent, 0.16).rich_color)

    @cached_property
    def ladder(self) -> tuple[Style, ...]:
        """2 * LEVELS + 1 styles, from the most negative to the most positive."""
        neutral = self.background.blend(self.foreground, 0.22)
        picked = LADDERS.get((self.depth, self._dark))
        if picked is not None:
            negative, positive = ([Style.parse(name) for name in shades] for shades in picked)
            if self.depth == SIXTEEN:  # too few shades: bold is one more
                negative, positive = (
                    [*shades[:6], *(shade + BOLD for shade in shades[6:])] for shades in (negative, positive)
                )
            return (*reversed(negative), Style(color=neutral.rich_color), *positive)

        def shade(step: int) -> Style:
            hue = self.positive if step > 0 else self.negative
            return Style(color=neutral.blend(hue, abs(step) / LEVELS).rich_color)

        return tuple(shade(step) for step in range(-LEVELS, LEVELS + 1))

    def shade(self, step: int | None) -> Style:
        """The style of a level; None is the level of what is not finite."""
        return self.alarm if step is None else self.ladder[step + LEVELS]

    @cached_property
    def _pairs(self) -> dict[tuple[int | None, int | None], Style]:
        return {}

    def pair(self, left: int | None, right: int | None) -> Style:
        """Two levels in one cell, of which the left half is the glyph's."""
        style = self._pairs.get((left, right))
        if style is None:
            style = Style(color=self.shade(left).color, bgcolor=self.shade(right).color)
            self._pairs[left, right] = style
        return style

    def diverging(self, value: float, scale: float) -> Style:
        """Grey at zero, towards blue for positive and orange for negative, full at `scale`; alarm if not finite."""
        if not math.isfinite(value):
            return self.alarm
        return self.ladder[level(value, scale) + LEVELS]

    def number(self, value: float, *, changed: bool = False) -> Style:
        """For the digits of `value`: quiet for exact zero, alarm if not finite, bold where it has just changed."""
        if not math.isfinite(value):
            return self.alarm
        if changed:
            return self.strong if value else self.strongly_quiet
        return self.text if value else self.quiet


_IN_ASCII = str.maketrans(
    {
        "→": "right",
        "←": "left",
        "↑": "up",
        "↓": "down",
        "ŷ": "y^",
        "Σ": "sum",
        "σ": "sigmoid",
        "²": "^2",
        "·": "*",
        "×": "x",
        "−": "-",
        "…": "...",
        "›": ">",
        "√": "sqrt",
        "Δ": "d",
        "∂": "d",
        "≠": "!=",
        "≤": "<=",
        "≥": ">=",
        "±": "+-",
        "β": "beta",
        "ε": "eps",
        "μ": "mu",
    }
)


@dataclass(frozen=True)
class Glyphs:
    """The shapes of the screen. Ladders go from small to large."""

    dot: str
    negative_dot: str
    hollow: str
    pending: str
    """A unit that is yet to be computed."""
    positive: tuple[str, str, str]
    negative: tuple[str, str, str]
    """Hollow, so that the sign of a number never hangs on its colour alone."""
    bad: str
    """In place of a number that is not finite."""
    bars: str
    up: str
    down: str
    forward: str
    backward: str
    cursor: str
    arrow: str
    more: str
    ellipsis: str
    empty: str
    """Where a number will be."""
    frozen: str
    """A parameter that updates leave alone."""
    edited: str
    """A parameter that was edited by hand."""
    right: str
    wrong: str
    """A gradient that passed its check, and one that did not."""
    stop: str
    """Before why a movement stopped."""
    split: str
    """A cell of two colours, left and right; empty where two colours are not to be relied on."""
    lines: str
    """Horizontal, vertical, the corners ╭ ╮ ╰ ╯, the tees ├ ┤ ┬ ┴, and the cross."""
    braille: bool

    def say(self, text: str) -> str:
        """A text as this terminal can show it."""
        return text if self.braille else text.translate(_IN_ASCII)

    def weight(self, value: float, scale: float) -> str:
        """A block whose size shows |value| against `scale`, and whose shape shows the sign as its colour does."""
        if not math.isfinite(value):
            return self.bad
        return self.block(level(value, scale))

    def block(self, step: int) -> str:
        """The block of a level."""
        if not step:
            return self.empty
        size = abs(step)
        return (self.negative if step < 0 else self.positive)[0 if size < 2 else 1 if size < 4 else 2]

    def bias(self, value: float, scale: float) -> str:
        """As `weight`, but never the largest block, which sets it off from the weights."""
        if not math.isfinite(value):
            return self.bad
        step = level(value, scale)
        return (self.negative if step < 0 else self.positive)[min(1, abs(step) // 2)] if step else self.empty

    def unit(self, value: float) -> str:
        """A unit: hollow where it is exactly zero, and of another shape where it is negative."""
        if not math.isfinite(value):
            return self.bad
        return self.hollow if not value else self.dot if value > 0 else self.negative_dot


UNICODE = Glyphs(
    dot="●",
    negative_dot="◆",
    hollow="○",
    pending="◌",
    positive=("·", "▪", "■"),
    negative=("◦", "▫", "□"),
    bad="!",
    bars="▁▂▃▄▅▆▇█",
    up="▲",
    down="▼",
    forward="▶",
    backward="◀",
    cursor="▸",
    arrow="→",
    more="⋮",
    ellipsis="…",
    empty="·",
    frozen="❆",
    edited="✎",
    right="✓",
    wrong="✗",
    stop="■",
    split="▌",
    lines="─│╭╮╰╯├┤┬┴┼",
    braille=True,
)
"""For UTF-8 terminals with colour. Negative numbers have shapes of their own: not every eye tells hues apart."""

MONOCHROME = replace(UNICODE, split="")
"""For UTF-8 terminals whose hues are few or none."""

ASCII = Glyphs(
    dot="@",
    negative_dot="%",
    hollow="o",
    pending=".",
    positive=("'", "+", "#"),
    negative=(",", "-", "="),
    bad="!",
    bars="_.:-=+*#",
    up="^",
    down="v",
    forward=">",
    backward="<",
    cursor=">",
    arrow=">",
    more=":",
    ellipsis="~",
    empty=".",
    frozen="*",
    edited="=",
    right="v",
    wrong="x",
    stop="#",
    split="",
    lines="-|+++++++++",
    braille=False,
)
"""For terminals that are not UTF-8."""
