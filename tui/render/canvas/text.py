"""How a text is written where it may be too long. Must not know what it says, nor where it stands."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size

from ..style.glyphs import Glyphs


def cut(text: str, width: int, ellipsis: str) -> str:
    """A text in at most `width` cells, the last of them an ellipsis where it is longer."""
    return text if cell_len(text) <= width else set_cell_size(text, width - 1) + ellipsis


def fitted(name: str, width: int, glyphs: Glyphs) -> str:
    """A name in at most `width` cells, in characters that the terminal has."""
    return cut(name if glyphs.unicode else name.encode("ascii", "replace").decode(), width, glyphs.ellipsis)
