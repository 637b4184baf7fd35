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

from .row import Row

_Cells = tuple[list[str], list[Style | None]]
"""A row's characters, none in the second half of a wide one, and their styles."""


class LevelCells(dict[int | None, tuple[str, Style | None]]):
    """A character of one cell and its style for each of a few levels. Told from others by identity: it is made once."""

    __hash__ = object.__hash__  # type: ignore[assignment]


_Text = tuple[int, str, Style | None]
"""What is written from a cell on, in one style."""

_Levels = tuple[int, tuple[int | None, ...], LevelCells, int]
"""Levels from a cell on, in what they are shown, and the pitch of their cells."""


class Sheet:
    """`height` rows of `width` cells. What falls outside is cut off, so that no drawing can overflow.

    Of a picture most rows are as they were in the one before: a row is made of what is written on it only where no
    other has had the same written on it.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width = max(0, width)
        self.height = max(0, height)
        self._written: list[list[_Text | _Levels]] = [[] for _ in range(self.height)]
        self._cells: dict[int, _Cells] = {}
        """Rows that are made already: on which single cells are written, more than texts."""

    def put(self, x: int, y: int, text: str, style: Style | None) -> None:
        """Write `text` from cell (x, y) to the right; control characters become question marks."""
        if not 0 <= y < self.height:
            return
        if y in self._cells:
            _put(self._cells[y], x, text, style)
        else:
            self._written[y].append((x, text, style))

    def glyph(self, x: int, y: int, glyph: str, style: Style | None) -> None:
        """Write a single character that is one cell wide."""
        if 0 <= x < self.width and 0 <= y < self.height:
            characters, styles = self._cells.get(y) or self._made(y)
            characters[x] = glyph
            styles[x] = style

    def cells(self, x: int, y: int, levels: tuple[int | None, ...], shown: LevelCells, pitch: int) -> None:
        """Write what shows each of some levels, `pitch` cells from the one before."""
        if not 0 <= y < self.height or x < 0:
            return
        if y in self._cells:
            _put_each(self._cells[y], x, levels, shown, pitch)
        else:
            self._written[y].append((x, levels, shown, pitch))

    def strips(self) -> list[Strip]:
        """The rows, with neighbours of one style merged; a row that was there before is the same strip again."""
        return [self._strip(y) for y in range(self.height)]

    def _strip(self, y: int) -> Strip:
        made = self._cells.get(y)
        # Of cells the styles by identity: they are made once, and `==` on them costs more than it merges.
        key = (self.width, *self._written[y]) if made is None else (*made[0], *map(id, made[1]))
        strip = _known.get(key)
        if strip is None:
            strip = _known[key] = _before.get(key) or _merged(*(made or self._made(y)))
            if len(_known) >= _MOST:
                _before.clear()
                _before.update(_known)
                _known.clear()
        return strip

    def _made(self, y: int) -> _Cells:
        """Make the cells of a row, of what is written on it until now."""
        styles: list[Style | None] = [None] * self.width
        self._cells[y] = cells = [" "] * self.width, styles
        for written in self._written[y]:
            if len(written) == 3:
                _put(cells, *written)
            else:
                _put_each(cells, *written)
        return cells


_known: dict[tuple[object, ...], Strip] = {}
"""Rows by what is written on them, or by characters and identities of styles, which a strip keeps."""

_before: dict[tuple[object, ...], Strip] = {}
"""Those that were drawn longer ago."""

_MOST = 96
"""Rows of either: as many as a screen of panes has."""


def _put(cells: _Cells, x: int, text: str, style: Style | None) -> None:
    characters, styles = cells
    width = len(styles)
    if x >= 0 and x + len(text) <= width and _narrow(text):
        characters[x : x + len(text)] = text
        styles[x : x + len(text)] = [style] * len(text)
        return
    for character in text:
        size = 1 if character.isascii() else cell_len(character)
        if not character.isprintable():
            character, size = "?", 1
        if not size:
            continue
        if x >= 0 and x + size <= width:
            characters[x] = character
            styles[x] = style
            if size == 2:
                characters[x + 1] = ""
                styles[x + 1] = style
        x += size


def _put_each(cells: _Cells, x: int, levels: tuple[int | None, ...], shown: LevelCells, pitch: int) -> None:
    characters, styles = cells
    each = [shown[level] for level in levels[: max(0, -((x - len(styles)) // pitch))]]
    end = x + len(each) * pitch - pitch + 1
    characters[x:end:pitch] = [character for character, _ in each]
    styles[x:end:pitch] = [style for _, style in each]


def _merged(characters: Sequence[str], styles: Sequence[Style | None]) -> Strip:
    turns = [*compress(count(1), map(is_not, styles, islice(styles, 1, None)))]
    segments = [
        Segment("".join(characters[first:last]), styles[first])
        for first, last in zip((0, *turns), (*turns, len(styles)), strict=True)
        if first < last
    ]
    return Row(segments, len(styles))


def _narrow(text: str) -> bool:
    """Whether every character is printable, and one cell wide."""
    return text.isprintable() if text.isascii() else _all_narrow(text)


@lru_cache(maxsize=1024)
def _all_narrow(text: str) -> bool:
    return text.isprintable() and all(cell_len(character) == 1 for character in text)
