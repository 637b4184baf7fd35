"""The learning-rate range test on the screen: loss over rate while it goes on, and the rate to set. Must not know how
the test is made.
"""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.strip import Strip
from textual.widgets import Static

from chainstep.engine.training.analysis.lr_finder import HIGHEST, LOWEST, STEPS, RangeTest
from chainstep.engine.training.commands import SetKnob
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ...panes.strip_pane import StripPane
from ...playback.runner import Runner
from ...render.canvas import numbers
from ...render.curve.rate_chart import rate_chart
from ...theme import glyphs
from ..base.beside import BesideDialog

_RULE = "The rule: where the smoothed loss falls steepest. Smith 2015, Cyclical Learning Rates; fastai's lr_find."

_KEYS = "← → another rate   enter sets it   escape closes"


class RateCurve(StripPane):
    """The losses so far, and the chosen rate."""

    framed = False

    def __init__(self, test: RangeTest) -> None:
        super().__init__("curve")
        self._test = test
        self.chosen: int | None = None

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        return rate_chart(self._test.tried, self.chosen, (LOWEST, HIGHEST), width, height, self.look)


class RangeTestDialog(BesideDialog):
    """Runs a test beside the session; what is chosen is set as the learning rate."""

    BINDINGS = [
        Binding("T", "close", "close"),
        Binding("enter", "set", "set"),
        Binding("left,minus", "other(-1)", "lower"),
        Binding("right,plus,equals_sign", "other(1)", "higher"),
    ]

    def __init__(self, test: RangeTest, snapshot: Snapshot, runner: Runner) -> None:
        super().__init__(test.work, snapshot, runner)
        self._test = test

    def compose(self) -> ComposeResult:
        say = glyphs().say
        with Vertical(classes="dialog page"):
            yield Static("Learning-rate range test from the first weights", classes="title")
            yield RateCurve(self._test)
            yield Static("", id="there", markup=False)
            yield Static(_RULE, classes="words", markup=False)
            yield Static("", classes="error", markup=False)
            yield Static(say(_KEYS), classes="words", markup=False)

    @property
    def _curve(self) -> RateCurve:
        return self.query_one(RateCurve)

    @property
    def rate(self) -> float | None:
        """The chosen rate, in as many digits as people type."""
        chosen = self._curve.chosen
        return None if chosen is None else float(f"{self._test.tried[chosen].rate:.2g}")

    # --- what is there

    def show_work(self) -> None:
        if self._test.complete and self._curve.chosen is None:
            suggestion = self._test.suggestion
            self._curve.chosen = suggestion.place if suggestion else None
        super().show_work()
        self.query_one("#there", Static).update(glyphs().say(self._words()))

    def _words(self) -> str:
        test, chosen = self._test, self._curve.chosen
        if not test.complete:
            return f"step {len(test.tried)} of {STEPS}, on a twin: your run stays as it is"
        suggestion = test.suggestion
        said = [f"suggested lr {suggestion.rate:.2g}" if suggestion else test.refusal or ""]
        if test.exploded:
            said.append(f"the loss exploded at {test.tried[-1].rate:.2g}" if test.tried else "the loss is not finite")
        if chosen is not None and (suggestion is None or chosen != suggestion.place):
            said.append(f"chosen lr {self.rate:g}, loss {numbers.loss(test.tried[chosen].loss)}")
        return "   ".join(said)

    # --- keys

    def action_other(self, direction: int) -> None:
        last = len(self._test.tried) - 1
        if not self._test.complete or last < 0:
            return
        chosen = self._curve.chosen
        self._curve.chosen = max(0, min(last, last if chosen is None else chosen + direction))
        self.show_work()

    def action_set(self) -> None:
        rate = self.rate
        if rate is None:
            said = "there is no rate to set: ← → choose one" if self._test.complete else "the test goes on"
            self.complain(glyphs().say(said))
            return
        self.dismiss_unless(self._runner.attempt(SetKnob("lr", rate)))
