"""Has the plot of a session made beside everything else: in slices, and seldom enough not to be felt. Must not know
widgets.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import perf_counter

from chainstep.engine.training.moves import Moves
from chainstep.engine.training.session import Session

from .background import Background
from .quantum import SLICE

SHARE = 0.02
"""Of the time, what plots may take."""

APART = 0.5
"""Seconds between the starts of two plots at least."""

COSTLY = 0.04
"""Seconds from which on a plot is coarser while it plays."""

Grid = tuple[int, int]


class Plotter:
    """Makes plots of `session()` as fine as `grid`, and tells of each in `made`."""

    def __init__(self, session: Callable[[], Session], playing: Callable[[], bool], made: Callable[[], None]) -> None:
        self._session = session
        self._playing = playing
        self._made = made
        self.grid: Callable[[], Grid | None] = lambda: None
        """(columns, rows) that are wanted now; None for no plot."""
        self._background = Background()
        self._due = 0.0
        self._cost = 0.0
        """Seconds that a number of the last plot took."""

    def schedule(self) -> None:
        """Begin a plot, if one is wanted and the newest is another one."""
        if not self._background.busy and self._pieces() is not None:
            self._background.start(self._make, self._made)

    @property
    def complete(self) -> bool:
        """Whether the newest plot is the one that is wanted."""
        return not self._background.busy and self._pieces() is None

    def cancel(self) -> None:
        """Leave what is under way."""
        self._background.cancel()

    def _pieces(self) -> Moves | None:
        grid, session = self.grid(), self._session()
        return None if grid is None else session.plotting(*self._coarse(grid))

    def _coarse(self, grid: Grid) -> Grid:
        """What can be afforded while it plays."""
        columns, rows = grid
        while self._playing() and columns > 8 and columns * rows * self._cost > COSTLY:
            columns, rows = (columns + 1) // 2, (rows + 1) // 2
        return columns, rows

    async def _make(self) -> None:
        await asyncio.sleep(max(0.0, self._due - perf_counter()))
        pieces, spent, numbers = self._pieces(), 0.0, 0
        began = perf_counter()
        while pieces is not None:
            since = perf_counter()
            for count in pieces:
                numbers += count
                if perf_counter() - since > SLICE:
                    break
            else:
                pieces = None
            spent += perf_counter() - since
            await asyncio.sleep(SLICE)
        if numbers:
            self._cost = spent / numbers
        self._due = began + max(APART, spent / SHARE if self._playing() else 0.0)
