"""The help page, made of the registry of commands. Must not know what a command does beyond its words."""

from __future__ import annotations

from rich.console import Group
from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Static

from ...commands import ENTRIES, GROUPS
from ...theme import glyphs
from ..base.dialog import Dialog

WORDS = (
    ("op", "one operation forward, or one operation's chain rule backward"),
    ("phase", "forward, loss, zero_grad, backward, update: the five of one training step"),
    ("step", "one update by the optimiser, on one batch"),
    ("epoch", "one pass over the training data"),
    ("grad", "how much the loss changes when this number grows by a little"),
)


class Help(Dialog[None]):
    """Every key and what it does."""

    BINDINGS = [Binding("question_mark,enter", "close", "close")]

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog wide"):
            yield Static("chainstep: a debugger for backprop", classes="title")
            yield Static(glyphs().say("↑ ↓ scroll   escape closes"), classes="words")
            yield Static(self._page())

    def _page(self) -> Group:
        say = glyphs().say
        parts: list[Text | Table] = []
        for group in GROUPS:
            parts.append(Text(f"\n{group}", style="bold"))
            table = Table.grid(padding=(0, 2))
            table.add_column(width=9, justify="right", style="bold", no_wrap=True)
            table.add_column()
            for entry in ENTRIES:
                if entry.group == group:
                    table.add_row(say(entry.shown), say(entry.help))
            parts.append(table)
        parts.append(Text("\nWords", style="bold"))
        table = Table.grid(padding=(0, 2))
        table.add_column(width=9, justify="right", style="bold", no_wrap=True)
        table.add_column()
        for word, meaning in WORDS:
            table.add_row(word, meaning)
        parts.append(table)
        return Group(*parts)

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()
