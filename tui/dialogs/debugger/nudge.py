"""Nudging a parameter: what the loss does as h gets smaller, beside what the gradient foretells. Must not know how
that is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from rich.text import Text
from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import OptionList, Static

from chainstep.engine.training.analysis.nudge import Nudges
from chainstep.engine.training.commands import SetParameter
from chainstep.engine.training.snapshot.plots.function import DISTANCES

from ...playback.background import Background
from ...playback.runner import Runner
from ...render.canvas import numbers
from ...render.plot import nudge, quotient
from ...theme import glyphs
from ..base.list_dialog import ListDialog

Begin = Callable[[int, bool], Nudges]
"""(parameter, to both sides) -> its nudges, still to be measured."""


class Nudge(ListDialog[str]):
    """A row for each h; gives what was done where the parameter is nudged for good."""

    TITLE = "Nudge one parameter, and see what follows"
    KEYS = "↑ ↓ another h   ← → another parameter   Q both sides   enter nudges it for good   escape closes"
    NOTHING = ""

    BINDINGS = [
        Binding("K", "close", "close"),
        Binding("left", "other(-1)", "previous"),
        Binding("right", "other(1)", "next"),
        Binding("Q", "sides", "sides"),
        Binding("enter", "nudge", "nudge", priority=True),
    ]

    def __init__(self, begin: Begin, index: int, count: int, runner: Runner) -> None:
        super().__init__(runner.attempt)
        self._begin, self._count, self._runner = begin, count, runner
        self._nudges = begin(index, False)
        self._work = Background()

    # --- what it is made of

    def above(self) -> Iterator[Widget]:
        yield Static("", id="here", markup=False)
        yield Static("", id="heading", markup=False)

    def below(self) -> Iterator[Widget]:
        yield Static("", id="quotient", markup=False)

    def rows(self) -> Sequence[Text]:
        views = self._nudges.rows
        measured = [Text(glyphs().say(nudge.row(view, self.room))) for view in views]
        return measured + [Text(quotient.distance(h), "dim") for h in DISTANCES[len(views) :]]

    def refill(self) -> None:
        super().refill()
        of = self._nudges
        what = "the value" if of.expression else "the loss"
        before = numbers.plain(of.rows[0].y) if of.rows else glyphs().ellipsis
        grad = "its update is a rule, no slope" if of.surrogate else f"backprop's slope is {numbers.plain(of.gradient)}"
        here = f"{of.label} = {numbers.plain(of.x)}, {what} is {before}; {grad}"
        say = glyphs().say
        self.query_one("#here", Static).update(say(here))
        self.query_one("#heading", Static).update(Text(say(nudge.heading(of.central, self.room)), "dim"))
        self._explain()

    def _explain(self) -> None:
        """Write the quotient of the highlighted row out."""
        place, views = self.options.highlighted or 0, self._nudges.rows
        lines = [text for text, _ in quotient.lines(views[place], self.line, glyphs())] if place < len(views) else []
        self.query_one("#quotient", Static).update("\n".join(lines[:3]))

    # --- measuring

    def on_mount(self) -> None:
        super().on_mount()
        self._measure()

    def _measure(self) -> None:
        self._work.start(partial(self._runner.run_beside, self._nudges.work, self._further))

    def _further(self) -> None:
        if self.query(OptionList):  # a program that ends takes it away first
            self.refill()

    def dismiss(self, result: Any = None) -> AwaitComplete:
        self._work.cancel()
        return super().dismiss(result)

    def on_unmount(self) -> None:
        self._work.cancel()

    # --- keys

    def on_option_list_option_highlighted(self) -> None:
        self._explain()

    def on_option_list_option_selected(self) -> None:
        self.action_nudge()

    def action_other(self, direction: int) -> None:
        self._anew((self._nudges.index + direction) % self._count, self._nudges.central)

    def action_sides(self) -> None:
        self._anew(self._nudges.index, not self._nudges.central)

    def _anew(self, index: int, central: bool) -> None:
        self._nudges = self._begin(index, central)
        self.complain(None)
        self.refill()
        self._measure()

    def action_nudge(self) -> None:
        of, h = self._nudges, DISTANCES[self.options.highlighted or 0]
        wrong = self._runner.attempt(SetParameter(of.index, of.x + h))
        self.dismiss_unless(wrong, f"{of.label} is nudged by {quotient.distance(h)}: u takes it back")
