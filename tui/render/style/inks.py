"""The colours that each kind of terminal is given, dark and light. Must not know what they stand for on the screen.

A terminal of 256 colours has a cube of six shades a channel and greys: colours are picked from it, since the nearest
to ours would fall together. Of 16 colours each user has their own: only the hues are known, so a dark screen keeps
the terminal's own ground and text, and red, which is for what is wrong, never stands in for orange.
"""

from __future__ import annotations

from typing import NamedTuple

TRUECOLOR, CUBE, SIXTEEN, NONE = "truecolor", "256", "standard", "none"
"""What a terminal can show, in Rich's words; NONE is a user who asked for no colour."""


class Inks(NamedTuple):
    """Ground, text and hues, as CSS writes them; `lit` is for what was just done, `coming` for what is done next."""

    ground: str
    text: str
    accent: str
    positive: str
    negative: str
    lit: str
    coming: str
    warning: str


_DARK = Inks("#14171f", "#d5dae3", "#5fd7c4", "#58a6ff", "#ff9a3c", "#ffe873", "#c792ff", "#ff6b8b")
_LIGHT = Inks("#f7f7f4", "#22262e", "#00796b", "#0b57c2", "#c24e00", "#6d1fb8", "#5a7000", "#b3003c")

_INKS = {
    (CUBE, True): Inks("#121212", "#dadada", "#5fd7af", "#5fafff", "#ffaf5f", "#ffff5f", "#d787ff", "#ff5f87"),
    (CUBE, False): Inks("#ffffff", "#262626", "#00875f", "#005faf", "#af5f00", "#5f00af", "#5f5f00", "#af005f"),
    # Each of a hue that stands for one of the sixteen, whatever that looks like.
    (SIXTEEN, True): Inks("#000000", "#ffffff", "#00cdcd", "#5c5cff", "#cdcd00", "#ff5fff", "#00cd00", "#ff0000"),
    (SIXTEEN, False): Inks("#ffffff", "#000000", "#00cdcd", "#0000ee", "#cd00cd", "#000000", "#00cd00", "#cd0000"),
}

LADDERS = {
    (CUBE, True): (
        ("#875f00", "#875f00", "#af5f00", "#af5f00", "#d78700", "#d78700", "#ff8700", "#ff8700", "#ffaf5f"),
        ("#5f5f87", "#5f5f87", "#5f87af", "#5f87af", "#5f87d7", "#5f87d7", "#5f87ff", "#5f87ff", "#5fafff"),
    ),
    (CUBE, False): (
        ("#d7af87", "#d7af87", "#d7875f", "#d7875f", "#d78700", "#d78700", "#d75f00", "#d75f00", "#af5f00"),
        ("#afafd7", "#afafd7", "#87afd7", "#87afd7", "#5f87d7", "#5f87d7", "#0087d7", "#0087d7", "#005faf"),
    ),
    (SIXTEEN, True): (
        ("bright_black",) * 2 + ("yellow",) * 4 + ("bright_yellow",) * 3,
        ("bright_black",) * 2 + ("bright_blue",) * 7,
    ),
    (SIXTEEN, False): (
        ("bright_black",) * 2 + ("bright_magenta",) * 3 + ("magenta",) * 4,
        ("bright_black",) * 2 + ("bright_blue",) * 3 + ("blue",) * 4,
    ),
}
"""Shades of negative and positive from weak to strong, in Rich's names, where they are picked and not blended."""


def inks(depth: str, *, dark: bool) -> Inks:
    """The colours for a terminal; one that shows none is given them all the same, and they are taken away later."""
    return _INKS.get((depth, dark)) or (_DARK if dark else _LIGHT)
