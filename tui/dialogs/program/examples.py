"""The dialog that chooses an example. Knows the table of examples; must not know sessions."""

from __future__ import annotations

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


class Examples(Dialog[str]):
    """Gives the name of the chosen example, or None."""

    WIDTH = 6 + _NAME + max(len(example.purpose) for example in EXAMPLES.values())

    def __init__(self, current: str) -> None:
        super().__init__()
        self._current = current

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

    def on_resize(self) -> None:
        options = self.query_one(OptionList)
        for place, (name, example) in enumerate(EXAMPLES.items()):
            options.replace_option_prompt_at_index(place, _row(name, example.purpose, self.room))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)


def _row(name: str, purpose: str, room: int) -> Text:
    """A name, and beside it in as many rows as it needs what for."""
    lines = wrapped(purpose, room - _NAME)
    return Text.assemble((f"{name:<{_NAME}}", "bold"), ("\n" + " " * _NAME).join(lines))
