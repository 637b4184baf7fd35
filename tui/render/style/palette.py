"""The colours of the screen, and the styles made of them. Must not know shapes, pictures or widgets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property

from rich.style import Style
from textual.color import Color, ColorParseError

from chainstep.engine.records import record

from .covered import Covered
from .inks import CUBE, LADDERS, NONE, SIXTEEN, TRUECOLOR, Inks, inks
from .levels import LEVELS, level

BOLD = Style(bold=True)

_MUTED = {TRUECOLOR: (0.55, 0.65), CUBE: (0.55, 0.65)}
"""How far a quiet text is from the ground to the text, in dark and in light: at a contrast of 4.5, so that it is read
with ease. Of sixteen colours and of none, what is quiet is told by less.
"""


@record
class Colours:
    """The colours of the screen.

    Blue is positive and orange is negative: the pair that colour-blind eyes tell apart best.
    """

    background: Color
    foreground: Color
    muted: Color
    accent: Color
    positive: Color
    negative: Color
    lit: Color
    """What was just done."""
    coming: Color
    """What is done next."""
    warning: Color
    depth: str = TRUECOLOR
    """What the terminal can show."""


class Palette(Colours):
    """The colours, and the styles made of them once.

    Styles set no background, so that a pane's own shows through.
    """

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
        own = cls.dark(depth) if dark else cls.light(depth)
        try:
            ground, text, accent = (Color.parse(variables[name]) for name in ("background", "foreground", "accent"))
        except (KeyError, ColorParseError):
            return own
        if depth == SIXTEEN or any(colour.ansi is not None or colour.a < 1 for colour in (ground, text, accent)):
            return own
        hues = inks(depth, dark=ground.brightness < 0.5)
        return cls._of(hues._replace(ground=ground.hex, text=text.hex, accent=accent.hex), depth)

    @classmethod
    def _of(cls, hues: Inks, depth: str) -> Palette:
        ground, text, accent, positive, negative, lit, coming, warning = map(Color.parse, hues)
        share = _MUTED.get(depth, (0.5, 0.5))[ground.brightness > 0.5]
        return cls(ground, text, ground.blend(text, share), accent, positive, negative, lit, coming, warning, depth)

    @property
    def is_dark(self) -> bool:
        """Whether the ground is darker than what stands on it."""
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
        """The wire of the op that was just done."""
        return Style(color=self.lit.rich_color, bold=True)

    @cached_property
    def lit_cell(self) -> Style:
        """The number that was just computed: inverse, so that it shows without colour too."""
        return Style(color=self.lit.rich_color, bold=True, reverse=True)

    @cached_property
    def local(self) -> Style:
        """The local derivative, one of a chain rule's two factors."""
        return self.accented

    @cached_property
    def upstream(self) -> Style:
        """The other one, the gradient of what was just done: in the colour in which that stands in every picture."""
        return Style(color=self.lit.rich_color)

    @cached_property
    def coming_line(self) -> Style:
        """The wire of the op that comes next."""
        return Style(color=self.coming.rich_color, bold=True)

    @cached_property
    def coming_cell(self) -> Style:
        """The number that is computed next: underlined, so that it shows without colour too."""
        return Style(color=self.coming.rich_color, bold=True, underline=True)

    @cached_property
    def pointed_line(self) -> Style:
        """The wire, or the frame, of what a lesson has one look at."""
        return Style(color=self.accent.rich_color, bold=True)

    @cached_property
    def pointed_cell(self) -> Style:
        """What a lesson has one look at, and what it asks for: inverse, so that it shows without colour too."""
        return Style(color=self.accent.rich_color, bold=True, reverse=True)

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
        picked = LADDERS.get((self.depth, self.is_dark))
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
        if isinstance(value, Covered):
            return self.pointed_cell
        if not math.isfinite(value):
            return self.alarm
        return self.ladder[level(value, scale) + LEVELS]

    def number(self, value: float, *, changed: bool = False) -> Style:
        """For the digits of `value`: quiet for exact zero, alarm if not finite, bold where it has just changed."""
        if isinstance(value, Covered):
            return self.pointed_cell
        if not math.isfinite(value):
            return self.alarm
        if changed:
            return self.strong if value else self.strongly_quiet
        return self.text if value else self.quiet
