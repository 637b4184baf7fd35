"""The glyphs of points on a plot, and its heading. Must not know where they lie."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

from rich.cells import cell_len

from ..style.look import Look


class Marks(NamedTuple):
    """One glyph a kind."""

    train: str
    test: str
    trail: str
    """Where a leaf stood."""
    other: str
    """The second point of a difference quotient."""
    here: str
    """Where one stands on a curve."""

    def legend(self, *, tests: bool) -> str:
        """Which is which, of samples."""
        return f"{self.train} train  {self.test} test" if tests else f"{self.train} train"


_UNICODE = Marks("•", "∘", "•", "◇", "◉")
_ASCII = Marks("o", ".", "o", "+", "@")


def marks(look: Look) -> Marks:
    """The glyphs that a terminal has."""
    return _UNICODE if look.glyphs.unicode else _ASCII


def fitting(titles: Sequence[str], notes: Sequence[str], width: int, look: Look) -> tuple[str, str]:
    """The first title with the first note that have `width` cells between them; else the last of both."""
    titles, notes = (tuple(map(look.glyphs.say, texts)) for texts in (titles, notes))
    pairs = ((title, note) for title, note in product(titles, notes) if cell_len(title) + cell_len(note) + 2 <= width)
    return next(pairs, (titles[-1], notes[-1]))
