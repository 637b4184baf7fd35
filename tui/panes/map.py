"""The Map pane: the whole of the data in one plot, be it decisions over two inputs, a function of one variable or
predictions beside their targets; or a sample that is a picture. Must not know the session or the app.

Its pictures are loaded where they are drawn: the first frame does not wait for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from textual.strip import Strip

from chainstep.engine.training.snapshot.plots.fit import FitView
from chainstep.engine.training.snapshot.plots.function import FunctionView, SlopeView
from chainstep.engine.training.snapshot.plots.image import ImageView
from chainstep.engine.training.snapshot.plots.map import MapView
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ..render.canvas.pieces import Piece
from ..render.canvas.sheet import Sheet
from .measured_pane import MeasuredPane


class MapPane(MeasuredPane):
    """The newest plot, and where the session stands on it."""

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self._plot: MapView | FunctionView | ImageView | FitView | None = None
        self._slope: SlopeView | None = None
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
        now = snapshot.plot, self._sample(snapshot), snapshot.slope or self._slope
        return now != (self._plot, self._here, self._slope)

    def receive(self, snapshot: Snapshot) -> None:
        self._plot, self._here = snapshot.plot, self._sample(snapshot)
        # While it plays, the parts of a picture take turns.
        self._slope = None if snapshot.plot is None else snapshot.slope or self._slope

    def _sample(self, snapshot: Snapshot) -> tuple[float, float] | None:
        """The sample that is in work, while one is stepped through."""
        network = snapshot.network
        if network is None:
            return self._here
        return network.place if snapshot.position.index or network.looked_at else None

    def heading(self, snapshot: Snapshot) -> tuple[str, str]:
        width = self.size.width - 6
        match self._plot:
            case MapView():
                from ..render.map.decisions import headings

                return headings(self._plot, width + 2, self.look)
            case FunctionView():
                from ..render.plot import function

                return function.headings(self._plot, self._slope, width, self.look)
            case FitView():
                from ..render.plot import fit

                return fit.headings(self._plot, width, self.look)
            case ImageView():
                from ..render.plot import image

                return image.headings(self._plot, width, self.look)
        return "Map", ""

    def footing(self, snapshot: Snapshot) -> Sequence[Piece]:
        text = ""
        if isinstance(self._plot, FitView):
            from ..render.plot import fit

            text = fit.footing(self._plot)
        elif isinstance(self._plot, FunctionView) and self._slope is not None:
            from ..render.plot import function

            text = function.footing(self._slope)
        return [(text, self.look.palette.text)] if text else ()

    def offers(self, command: str, snapshot: Snapshot) -> bool:
        return isinstance(self._plot, FunctionView) or command not in ("coarser_h", "finer_h", "sides")

    async def prepare(self) -> None:
        width, height = self.size.width - 2, self.size.height - 2
        if self.drawn is not None and width > 0 and height > 0:
            self.draw(self.drawn, width, height)
            await asyncio.sleep(0)

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        made_of = self._plot, self._slope, self._here, width, height, self.look
        if made_of != self._picture[0]:
            self._picture = made_of, self._made(width, height)
        return self._picture[1]

    def _made(self, width: int, height: int) -> list[Strip]:
        match self._plot:
            case FunctionView():
                from ..render.plot.function import function

                return function(self._plot, self._slope, width, height, self.look)
            case FitView():
                from ..render.plot.fit import fit

                return fit(self._plot, width, height, self.look)
            case ImageView():
                from ..render.plot.image import image

                return image(self._plot, width, height, self.look)
        sheet = Sheet(width, height)
        if self._plot is not None:
            from ..render.map.decisions import decided
            from ..render.map.heat import heat

            heat(decided(self._plot, self._here), sheet, (0, 0, width, height), self.look)
        return sheet.strips()
