"""chainstep's own two themes, and the look that a theme gives the panes. Must not know what is drawn."""

from __future__ import annotations

import locale
from typing import NamedTuple

from textual.theme import Theme

from .render.style.inks import CUBE, TRUECOLOR, inks
from .render.style.palette import ASCII, MONOCHROME, UNICODE, Glyphs, Palette


def _theme(name: str, depth: str, *, dark: bool) -> Theme:
    hues = inks(depth, dark=dark)
    surface, panel = _LAYERS[depth == CUBE, dark]
    return Theme(
        name=name,
        primary=hues.positive,
        secondary=hues.negative,
        accent=hues.accent,
        warning=hues.lit if dark else "#8a6d00",
        error=hues.warning,
        success=hues.accent,
        foreground=hues.text,
        background=hues.ground,
        surface=surface,
        panel=panel,
        dark=dark,
    )


_LAYERS = {
    (False, True): ("#1b1f2a", "#232936"),
    (False, False): ("#eeeeea", "#e4e4df"),
    (True, True): ("#1c1c1c", "#262626"),
    (True, False): ("#eeeeee", "#e4e4e4"),
}
"""Surface and panel: with the 256 colours or without, in dark and in light."""


def dark_theme(depth: str = TRUECOLOR) -> Theme:
    """Night blue, with mint for what has the focus."""
    return _theme("chainstep-dark", depth, dark=True)


def light_theme(depth: str = TRUECOLOR) -> Theme:
    """Paper, for a projector in a bright room."""
    return _theme("chainstep-light", depth, dark=False)


DARK, LIGHT = dark_theme(), light_theme()


class Look(NamedTuple):
    """What panes draw with: colours and shapes."""

    palette: Palette
    glyphs: Glyphs
    depth: str = TRUECOLOR
    """What the terminal can show."""

    @property
    def unicode(self) -> bool:
        """Whether the terminal shows more than ASCII."""
        return self.glyphs.braille


def glyphs(depth: str = TRUECOLOR) -> Glyphs:
    """The shapes for this terminal: ASCII where its encoding is not UTF-8, and signs by shape where hues are few."""
    encoding = locale.getpreferredencoding(False).lower().replace("-", "")
    if encoding != "utf8":
        return ASCII
    return UNICODE if depth in (TRUECOLOR, CUBE) else MONOCHROME
