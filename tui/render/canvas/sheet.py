"""A sheet of styled cells, to be written on in any order. Must not know what is drawn on it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import compress, count, islice
from operator import is_not

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
        if x >= 0 and x + len(text) <= self.width and _narrow(text):
            self._characters[row + x : row + x + len(text)] = text
            self._styles[row + x : row + x + len(text)] = [style] * len(text)
            return
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

    def glyph(self, x: int, y: int, glyph: str, style: Style | None) -> None:
        """Write a single character that is one cell wide."""
        if 0 <= x < self.width and 0 <= y < self.height:
            self._characters[y * self.width + x] = glyph
            self._styles[y * self.width + x] = style

    def cells(self, x: int, y: int, cells: Sequence[tuple[str, Style | None]], pitch: int) -> None:
        """Write characters of one cell, each in its own style and `pitch` cells from the one before."""
        if not 0 <= y < self.height or x < 0:
            return
        cells = cells[: max(0, -((x - self.width) // pitch))]
        start = y * self.width + x
        end = start + len(cells) * pitch - pitch + 1
        self._characters[start:end:pitch] = [glyph for glyph, _ in cells]
        self._styles[start:end:pitch] = [style for _, style in cells]

    def strips(self) -> list[Strip]:
        """The rows, with neighbours of one style merged; a row that was there before is the same strip again."""
        return [self._strip(y * self.width) for y in range(self.height)]

    def _strip(self, start: int) -> Strip:
        end = start + self.width
        characters, styles = self._characters[start:end], self._styles[start:end]
        # Compared by identity: styles are made once, and `==` on them costs more than it merges.
        key = (*characters, *map(id, styles))
        strip = _known.get(key)
        if strip is None:
            strip = _known[key] = _before.get(key) or _merged(characters, styles)
            if len(_known) >= _MOST:
                _before.clear()
                _before.update(_known)
                _known.clear()
        return strip


_known: dict[tuple[object, ...], Strip] = {}
"""Rows by characters and identities of styles, which a strip keeps: of a picture most rows are as they were."""

_before: dict[tuple[object, ...], Strip] = {}
"""Those that were drawn longer ago."""

_MOST = 96
"""Rows of either: as many as a screen of panes has."""


def _merged(characters: Sequence[str], styles: Sequence[Style | None]) -> Strip:
    turns = [*compress(count(1), map(is_not, styles, islice(styles, 1, None)))]
    segments = [
        Segment("".join(characters[first:last]), styles[first])
        for first, last in zip((0, *turns), (*turns, len(styles)), strict=True)
        if first < last
    ]
    return Strip(segments, len(styles))


def _narrow(text: str) -> bool:
    """Whether every character is printable, and one cell wide."""
    return text.isprintable() if text.isascii() else _all_narrow(text)


@lru_cache(maxsize=1024)
def _all_narrow(text: str) -> bool:
    return text.isprintable() and all(cell_len(character) == 1 for character in text)
