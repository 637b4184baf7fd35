"""The dialog that chooses an example or, where there are some to choose from, a saved run. Knows the table of examples;
must not know sessions.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from chainstep.datasets import EXAMPLES

from ...theme import glyphs
from ..base.dialog import Dialog
from ..base.list_dialog import wrapped
from ..base.options import Options

_NAME = 2 + max(map(len, EXAMPLES))


class Saved(NamedTuple):
    """A run that can be chosen."""

    name: str
    told: str
    """Of what it is, and how far."""


class Examples(Dialog[str]):
    """Gives the name of the chosen example, or of the chosen run, or None; the runs are `listed` in a thread."""

    WIDTH = 6 + _NAME + max(len(example.purpose) for example in EXAMPLES.values())

    def __init__(self, current: str, listed: Callable[[], Sequence[Saved]] | None = None) -> None:
        super().__init__()
        self._current, self._listed = current, listed
        self._runs: Sequence[Saved] = ()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog list") as box:
            box.styles.width = self.WIDTH
            yield Static("Choose an example", classes="title")
            yield Options(*(Option("", id=name) for name in EXAMPLES))
            yield Static(glyphs().say("↑ ↓ choose   enter opens   escape closes"), classes="words")

    def on_mount(self) -> None:
        options = self.query_one(OptionList)
        if self._current in EXAMPLES:
            options.highlighted = list(EXAMPLES).index(self._current)
        options.focus()
        if self._listed is not None:
            # A function: where the program ends before it begins, nobody would await its coroutine.
            self.run_worker(partial(self._add_runs, self._listed))  # type: ignore[arg-type]

    async def _add_runs(self, listed: Callable[[], Sequence[Saved]]) -> None:
        """Runs stand below the examples, as soon as they are read."""
        self._runs = await asyncio.to_thread(listed)
        if self._runs and self.is_attached and not self.closed:
            self.query_one(".title", Static).update("Choose an example, or a run of yours")
            self.query_one(OptionList).add_options(Option("", id=run.name) for run in self._runs)
            self.on_resize()

    def on_resize(self) -> None:
        options = self.query_one(OptionList)
        for place, (name, example) in enumerate(EXAMPLES.items()):
            options.replace_option_prompt_at_index(place, _row(name, example.purpose, self.room))
        for place, run in enumerate(self._runs, len(EXAMPLES)):
            options.replace_option_prompt_at_index(place, _row("a run", run.told, self.room))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)


def _row(name: str, purpose: str, room: int) -> Text:
    """A name, and beside it in as many rows as it needs what for."""
    lines = wrapped(purpose, room - _NAME)
    return Text.assemble((f"{name:<{_NAME}}", "bold"), ("\n" + " " * _NAME).join(lines))
