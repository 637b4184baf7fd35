"""Where the weights of a table's columns stand in a row: those of a column beside one another. Must not know what they
are.
"""

from __future__ import annotations

from functools import lru_cache

Groups = tuple[tuple[int, ...], ...]
"""All inputs, column by column."""


@lru_cache(maxsize=64)
def places(groups: Groups, pitch: int, apart: int) -> tuple[int, ...]:
    """The cell of each input's weight, from the left."""
    cells: dict[int, int] = {}
    x = 0
    for group in groups:
        cells |= {k: x + place * pitch for place, k in enumerate(group)}
        x += len(group) * pitch + apart
    return tuple(cells[k] for k in range(len(cells)))


@lru_cache(maxsize=64)
def in_order(groups: Groups) -> tuple[int, ...]:
    """The inputs in the order in which their weights stand."""
    return tuple(k for group in groups for k in group)
