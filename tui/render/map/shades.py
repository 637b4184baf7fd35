"""The ground of a map: which shade, texture and ink stands for a region. Must not know where they are drawn."""

from __future__ import annotations

from functools import cached_property, lru_cache

from rich.color import Color as Ink
from rich.style import Style
from textual.color import Color

from ..style.inks import CUBE, TRUECOLOR
from ..style.look import Look

SHADES = 4
"""Shades of a region: with the ground between two of them nine, which costs little on the wire."""

_IN_256 = {
    True: (("#5f5f5f", "#875f5f", "#875f00", "#af5f00"), ("#5f5f5f", "#5f5f87", "#005f87", "#005faf")),
    False: (("#ffffd7", "#ffd7af", "#ffaf87", "#ffaf5f"), ("#d7ffff", "#afd7ff", "#87afff", "#5fafff")),
}
"""Orange and blue of the 256 colours, in dark themes and in light ones: a blend would fall between them."""

_TEXTURES = (" ··:∷", " ░░▒▒", " --==", " //XX", " \\\\%%")
_ASCII_TEXTURES = (" ...:", " +++#", " --==", " //XX", " \\\\%%")
_POINTS = (("○", "∘"), ("●", "•"), ("▲", "▴"), ("■", "▪"), ("◆", "⬩"))
_ASCII_POINTS = (("O", "o"), ("X", "x"), ("A", "a"), ("B", "b"), ("D", "d"))
_WRONG = ("✗", "×")
_ASCII_WRONG = ("*", "*")


class Ground:
    """Styles of cells, made once. `halves` says whether a cell shows two samples in colours of their own."""

    def __init__(self, look: Look, *, many: bool) -> None:
        self._palette = look.palette
        self._unicode = look.glyphs.unicode
        self.halves = bool(look.glyphs.split) and look.palette.depth in (TRUECOLOR, CUBE)
        self._many = many
        self._styles: dict[object, Style] = {}

    @cached_property
    def _hues(self) -> tuple[Color, ...]:
        """A colour for each region: orange is below zero, and the first class."""
        palette = self._palette
        more = (palette.accent, palette.lit, palette.warning) if self._many else ()
        return (palette.negative, palette.positive, *more)

    def _shade(self, step: int | None, label: int) -> Ink:
        palette, kind = self._palette, label % len(self._hues)
        if step is None:
            return palette.warning.rich_color
        dark = palette.is_dark
        if palette.depth == CUBE and kind < 2:
            if not step:
                return Color.parse("#303030" if dark else "#eeeeee").rich_color
            return Color.parse(_IN_256[dark][kind][step - 1]).rich_color
        neutral = palette.background.blend(palette.foreground, 0.10)
        return neutral.blend(self._hues[kind], (0.0, 0.15, 0.29, 0.43, 0.57)[step]).rich_color

    def cell(self, upper: int | None, above: int, lower: int | None, below: int) -> tuple[str, Style]:
        """Glyph and style of a cell with two samples: their steps and their regions."""
        if not self.halves:
            step, label = _mean(upper, above, lower, below)
            return self._texture(step, label), self._textured(label)
        key = upper, above, lower, below
        if key not in self._styles:
            up, down = self._shade(upper, above), self._shade(lower, below)
            self._styles[key] = Style(bgcolor=down) if up == down else Style(color=up, bgcolor=down)
        style = self._styles[key]
        return " " if style.color is None else "▀", style

    def _texture(self, step: int | None, label: int) -> str:
        if step is None:
            return "!"
        textures = _TEXTURES if self._unicode else _ASCII_TEXTURES
        return textures[label % len(textures)][step]

    def _textured(self, label: int) -> Style:
        key = label % len(self._hues)
        if key not in self._styles:
            self._styles[key] = Style(color=self._hues[key].rich_color)
        return self._styles[key]

    def under(self, ink: Style, upper: int | None, above: int, lower: int | None, below: int) -> Style:
        """A style with the ground of a cell beneath it."""
        if not self.halves or ink.reverse:
            return ink
        step, label = _mean(upper, above, lower, below)
        key = ink, step, label
        if key not in self._styles:
            self._styles[key] = ink + Style(bgcolor=self._shade(step, label))
        return self._styles[key]

    def ink(self, kind: int) -> Style:
        """The style of a sample."""
        key = "ink", kind
        if key not in self._styles:
            palette = self._palette
            hue = self._hues[kind % len(self._hues)]
            dark = palette.is_dark
            tint = hue.blend(Color(255, 255, 255) if dark else Color(0, 0, 0), 0.7 if dark else 0.55)
            self._styles[key] = Style(color=tint.rich_color, bold=True)
        return self._styles[key]

    def point(self, kind: int, *, test: bool, wrong: bool = False) -> str:
        """The glyph of a sample: one a class, and smaller for testing.

        Of two regions a wrong sample lies in the other one, and so says its class: it is a cross. Of more it does not.
        """
        if wrong and not self._many:
            return (_WRONG if self._unicode else _ASCII_WRONG)[test]
        kinds = _POINTS if self._unicode else _ASCII_POINTS
        return kinds[kind % len(kinds)][test]


def _mean(upper: int | None, above: int, lower: int | None, below: int) -> tuple[int | None, int]:
    """Shade and region of a whole cell: of two regions the one that is the surer."""
    if upper is None or lower is None:
        return None, above
    if above == below:
        return (upper + lower) // 2, above
    return (upper, above) if upper >= lower else (lower, below)


@lru_cache(maxsize=8)
def ground(look: Look, *, many: bool) -> Ground:
    """The ground for a look; the same one each time, since styles are compared by identity."""
    return Ground(look, many=many)
