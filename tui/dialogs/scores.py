"""How well the network does, on the screen: confusion, or residuals, of both parts of the data. Must not know how that
is measured.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.strip import Strip
from textual.widgets import Static

from chainstep.engine.training.moves import Moves
from chainstep.engine.training.snapshot.samples.scores import ScoresView
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ..panes.strip_pane import StripPane
from ..playback.runner import Runner
from ..render.canvas.text import centred
from ..render.scores.page import page
from ..theme import glyphs
from .base.beside import BesideDialog


class Scoring(Protocol):
    """What measures."""

    @property
    def view(self) -> ScoresView | None:
        """The scores, once they are complete."""
        ...

    def work(self, quantum: Callable[[], int]) -> Moves:
        """Measure piece by piece."""
        ...


class ScoresPage(StripPane):
    """The scores, once they are there."""

    framed = False

    def __init__(self, scoring: Scoring) -> None:
        super().__init__("scores")
        self._scoring = scoring
        self.part = 0
        """The part of the data whose confusion is shown."""

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        view = self._scoring.view
        if view is None:
            return centred("the samples are measured", width, height, self.look)
        return page(view, self.part, width, height, self.look)


class ScoresDialog(BesideDialog):
    """Has them measured beside the session."""

    BINDINGS = [
        Binding("j", "close", "close"),
        Binding("left,right,up,down,tab,space", "other", "other part"),
    ]

    def __init__(self, scoring: Scoring, snapshot: Snapshot, runner: Runner) -> None:
        super().__init__(scoring.work, snapshot, runner)
        self._scoring = scoring

    def compose(self) -> ComposeResult:
        say, now = glyphs().say, self._snapshot
        both = now.subject.classes and now.subject.test_size
        with Vertical(classes="dialog page"):
            title = f"Scores of {now.subject.target} at step {now.position.step}, on {now.subject.name}"
            yield Static(say(title), classes="title", markup=False)
            yield ScoresPage(self._scoring)
            yield Static(say("← → test or train   " * bool(both) + "j, escape close"), classes="words", markup=False)

    @property
    def _page(self) -> ScoresPage:
        return self.query_one(ScoresPage)

    def action_other(self) -> None:
        """Show the confusion of the other part, where there are two."""
        view = self._scoring.view
        if view is not None and len(view.parts) > 1:
            self._page.part = 1 - self._page.part
            self._page.redraw()
