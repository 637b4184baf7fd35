"""What a picture is drawn with. Must not know pictures, nor which terminal or theme it is for."""

from __future__ import annotations

from typing import NamedTuple

from rich.style import Style

from .glyphs import Glyphs
from .light import DARK, Light
from .palette import Palette


class Look(NamedTuple):
    """Colours and shapes, which suit one another and the terminal, and what is lit."""

    palette: Palette
    glyphs: Glyphs
    light: Light = DARK

    def number(self, style: Style, name: str, field: str = "data") -> Style:
        """The style of a number, which may be lit."""
        return self.palette.pointed_cell if self.light.number(name, field) else style
