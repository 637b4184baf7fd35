"""The Next pane: what the next op would do, in words and numbers. Must not know the session or the app."""

from __future__ import annotations

from textual.strip import Strip

from chainstep.engine.training.snapshot.snapshot import Snapshot

from ...render.text.chain_rule import chain_rule
from ..strip_pane import StripPane


class NextPane(StripPane):
    """The rule of the next op; nothing of it has been run."""

    def heading(self, snapshot: Snapshot) -> tuple[str, str]:
        return "Next", ""

    def concerns(self, snapshot: Snapshot) -> bool:
        return snapshot.next is not None or (snapshot.script is not None and snapshot.script.ended)

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        return chain_rule(snapshot.next, width, height, self.look, coming=True)
