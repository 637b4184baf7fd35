"""The Code pane: the network as classes and the training as a loop, at the line of the op at hand. Must not know the
session or the app.

Its picture is loaded where it is drawn: the first frame does not wait for it.
"""

from __future__ import annotations

from textual.strip import Strip

from chainstep.engine.training.snapshot.snapshot import Snapshot

from ..strip_pane import StripPane


class CodePane(StripPane):
    """A page of code."""

    def concerns(self, snapshot: Snapshot) -> bool:
        return snapshot.code is not None

    def heading(self, snapshot: Snapshot) -> tuple[str, str]:
        return "Code", snapshot.position.phase

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        from ...render.code.listing import listing

        return listing(snapshot, width, height, self.look)
