"""What a picture is drawn with. Must not know pictures, nor which terminal or theme it is for."""

from __future__ import annotations

from typing import NamedTuple

from .glyphs import Glyphs
from .light import DARK, Light
from .palette import Palette


class Look(NamedTuple):
    """Colours and shapes, which suit one another and the terminal, and what is lit."""

    palette: Palette
    glyphs: Glyphs
    light: Light = DARK
