"""A mistake beside the same training without it: both curves, and how both end at three rates. Must not know how a run
is made.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.strip import Strip
from textual.widgets import Static

from chainstep.engine.training.analysis.mistake_runs import MistakeRuns
from chainstep.engine.training.snapshot.curve import Pair
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ...panes.strip_pane import StripPane
from ...playback.runner import Runner
from ...render.canvas import numbers
from ...render.canvas.text import centred
from ...render.curve.chart import pair
from ...theme import glyphs
from ..base.beside import BesideDialog

RIGHT = "as it should be"
"""What the training without the mistake is called."""

_KEYS = "l logarithmic axis   escape closes"


class BothCurves(StripPane):
    """The losses with the mistake as a line, and those without it dotted."""

    framed = False

    def __init__(self, pairs: Sequence[Pair], wrong: str) -> None:
        super().__init__("curve")
        self._pairs = pairs
        self._names = wrong, RIGHT
        self.log_scale = False

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        if not self._pairs:
            return centred("both are trained", width, height, self.look)
        return pair(self._pairs[0].curve, self._names, width, height, self.look, log=self.log_scale)


class Compared(BesideDialog):
    """Has the runs made beside the session."""

    BINDINGS = [Binding("v", "close", "close"), Binding("l", "log", "log")]

    def __init__(self, runs: MistakeRuns, snapshot: Snapshot, runner: Runner) -> None:
        super().__init__(runs.work, snapshot, runner)
        self._runs = runs

    def compose(self) -> ComposeResult:
        say = glyphs().say
        with Vertical(classes="dialog page"):
            yield Static(f"{self._runs.label}, and the same training without that", classes="title", markup=False)
            yield BothCurves(self._runs.pairs, self._runs.label)
            yield Static("", id="there", markup=False)
            yield Static(say(self._runs.words), classes="words", markup=False)
            yield Static(say(_KEYS), classes="words", markup=False)

    def action_log(self) -> None:
        curves = self.query_one(BothCurves)
        curves.log_scale = not curves.log_scale
        curves.redraw()

    def show_work(self) -> None:
        super().show_work()
        self.query_one("#there", Static).update(glyphs().say("\n".join(self._words())))

    def _words(self) -> list[str]:
        """How both end at each rate, the one of now first."""
        runs = self._runs
        rows = [f"{f'loss after {runs.steps} steps':<21}  {RIGHT:<16}  {runs.label}"]
        ends = {pair.lr: (numbers.loss(pair.right.end), numbers.loss(pair.wrong.end)) for pair in runs.pairs}
        for lr in runs.rates:
            right, wrong = ends.get(lr, ("…", "…"))
            rows.append(f"{f'at lr {lr:.3g}':<21}  {right:<16}  {wrong}")
        return rows
