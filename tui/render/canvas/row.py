"""Row: a strip that is made in a third of the time. Must not know what it shows.

Knows what is private to Textual 8.2.8, which is pinned: where a strip keeps its segments, and what it remembers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich.segment import Segment
from textual.strip import Strip


class Row(Strip):
    """A strip that remembers nothing until it is asked for more than to be painted, which most rows never are: Textual
    makes eight memories for each.
    """

    __slots__ = ()

    def __init__(self, segments: Iterable[Segment], cell_length: int | None = None) -> None:
        self._segments = list(segments)
        self._cell_length = cell_length

    def __getattr__(self, name: str) -> Any:
        if name not in Strip.__slots__:
            raise AttributeError(name)
        Strip.__init__(self, self._segments, self._cell_length)
        return getattr(self, name)

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        cuts = list(cuts)
        return [self] if cuts == [self._cell_length] else super().divide(cuts)
