"""chainstep's own two themes, and the look that a theme gives the panes. Must not know what is drawn."""

from __future__ import annotations

import locale
import os
from typing import NamedTuple

from textual.theme import Theme

from .render.palette import ASCII, MONOCHROME, UNICODE, Glyphs, Palette

DARK = Theme(
    name="chainstep-dark",
    primary="#58a6ff",
    secondary="#ff9a3c",
    accent="#5fd7c4",
    warning="#ffe873",
    error="#ff6b8b",
    success="#5fd7c4",
    foreground="#d5dae3",
    background="#14171f",
    surface="#1b1f2a",
    panel="#232936",
    dark=True,
)
"""Night blue, with mint for what has the focus."""

LIGHT = Theme(
    name="chainstep-light",
    primary="#0b57c2",
    secondary="#c24e00",
    accent="#00796b",
    warning="#8a6d00",
    error="#b3003c",
    success="#00796b",
    foreground="#22262e",
    background="#f7f7f4",
    surface="#eeeeea",
    panel="#e4e4df",
    dark=False,
)
"""Paper, for a projector in a bright room."""


class Look(NamedTuple):
    """What panes draw with: colours and shapes."""

    palette: Palette
    glyphs: Glyphs

    @property
    def unicode(self) -> bool:
        """Whether the terminal shows more than ASCII."""
        return self.glyphs.braille


def glyphs() -> Glyphs:
    """The shapes for this terminal: ASCII where its encoding is not UTF-8, and signs by shape under NO_COLOR."""
    encoding = locale.getpreferredencoding(False).lower().replace("-", "")
    if encoding != "utf8":
        return ASCII
    return MONOCHROME if os.environ.get("NO_COLOR") else UNICODE
