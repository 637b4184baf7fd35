"""The Map pane: what the network decides where, over its two inputs. Must not know the session or the app.

Its picture is loaded where it is drawn: the first frame does not wait for it.
"""

from __future__ import annotations

import asyncio

from textual.strip import Strip

from chainstep.engine.training.snapshot.closeup import MapView
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ..render.canvas.sheet import Sheet
from .measured_pane import MeasuredPane


class MapPane(MeasuredPane):
    """Regions, margin and samples."""

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self._map: MapView | None = None
        self._here: tuple[float, float] | None = None
        self._picture: tuple[object, list[Strip]] = None, []
        """What it was made of, and its rows."""

    def grid(self) -> tuple[int, int] | None:
        """(columns, rows) of samples that have room; None where the pane is not shown."""
        width, height = self.size.width - 2, self.size.height - 2
        if not self.region or width <= 0 or height <= 0:
            return None
        from ..render.map.heat import room

        return room(width, height)

    def concerns(self, snapshot: Snapshot) -> bool:
        here = self._sample(snapshot)
        return snapshot.map is not self._map or here != self._here

    def receive(self, snapshot: Snapshot) -> None:
        self._map, self._here = snapshot.map, self._sample(snapshot)

    def _sample(self, snapshot: Snapshot) -> tuple[float, float] | None:
        """The sample that is in work, while one is stepped through."""
        network = snapshot.network
        if network is None:
            return self._here
        return network.place if snapshot.position.index else None

    def heading(self, snapshot: Snapshot) -> tuple[str, str]:
        if self._map is None:
            return "Map", ""
        from ..render.map.decisions import headings

        return headings(self._map, self.size.width - 4, self.look)

    async def prepare(self) -> None:
        width, height = self.size.width - 2, self.size.height - 2
        if self.drawn is not None and width > 0 and height > 0:
            self.draw(self.drawn, width, height)
            await asyncio.sleep(0)

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        made_of = self._map, self._here, width, height, self.look
        if made_of != self._picture[0]:
            self._picture = made_of, self._made(width, height)
        return self._picture[1]

    def _made(self, width: int, height: int) -> list[Strip]:
        sheet = Sheet(width, height)
        if self._map is None:
            return sheet.strips()
        from ..render.map.decisions import decided
        from ..render.map.heat import heat

        heat(decided(self._map, self._here), sheet, (0, 0, width, height), self.look)
        return sheet.strips()
