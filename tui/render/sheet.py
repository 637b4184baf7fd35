"""A sheet of styled cells, to be written on in any order. Must not know what is drawn on it."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip


class Sheet:
    """`height` rows of `width` cells. What falls outside is cut off, so that no drawing can overflow."""

    def __init__(self, width: int, height: int) -> None:
        self.width = max(0, width)
        self.height = max(0, height)
        self._characters: list[str] = [" "] * (self.width * self.height)
        self._styles: list[Style | None] = [None] * (self.width * self.height)

    def put(self, x: int, y: int, text: str, style: Style | None) -> None:
        """Write `text` from cell (x, y) to the right; control characters become question marks."""
        if not 0 <= y < self.height:
            return
        row = y * self.width
        for character in text:
            cells = 1 if character.isascii() else cell_len(character)
            if not character.isprintable():
                character, cells = "?", 1
            if not cells:
                continue
            if x >= 0 and x + cells <= self.width:
                self._characters[row + x] = character
                self._styles[row + x] = style
                if cells == 2:
                    self._characters[row + x + 1] = ""
                    self._styles[row + x + 1] = style
            x += cells

    def strips(self) -> list[Strip]:
        """The rows, with neighbours of one style merged."""
        return [self._strip(y * self.width) for y in range(self.height)]

    def _strip(self, start: int) -> Strip:
        segments: list[Segment] = []
        end = start + self.width
        first = start
        for cell in range(start + 1, end + 1):
            # Compared by identity: styles are made once, and `==` on them costs more than it merges.
            if cell == end or self._styles[cell] is not self._styles[first]:
                segments.append(Segment("".join(self._characters[first:cell]), self._styles[first]))
                first = cell
        return Strip(segments, self.width)
