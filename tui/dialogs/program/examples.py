"""The dialog that chooses an example. Knows the table of examples; must not know sessions."""

from __future__ import annotations

from textwrap import wrap

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from chainstep.datasets import EXAMPLES

from ...theme import glyphs

_NAME = 2 + max(map(len, EXAMPLES))
_WIDTH = 6 + _NAME + max(len(example.purpose) for example in EXAMPLES.values())


class Examples(ModalScreen[str | None]):
    """Gives the name of the chosen example, or None."""

    BINDINGS = [Binding("escape,q", "give_up", "cancel")]

    def __init__(self, current: str) -> None:
        super().__init__()
        self._current = current

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog list") as box:
            box.styles.width = _WIDTH
            yield Static("Choose an example", classes="title")
            yield OptionList(*(Option("", id=name) for name in EXAMPLES))
            yield Static(glyphs().say("↑ ↓ choose   enter opens   escape closes"), classes="words")

    def on_mount(self) -> None:
        options = self.query_one(OptionList)
        if self._current in EXAMPLES:
            options.highlighted = list(EXAMPLES).index(self._current)
        options.focus()

    def on_resize(self) -> None:
        options, room = self.query_one(OptionList), min(_WIDTH, self.app.size.width * 95 // 100) - 6
        for place, (name, example) in enumerate(EXAMPLES.items()):
            options.replace_option_prompt_at_index(place, _row(name, example.purpose, room))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)

    def action_give_up(self) -> None:
        self.dismiss(None)


def _row(name: str, purpose: str, room: int) -> Text:
    """A name, and beside it in as many rows as it needs what for."""
    lines = wrap(purpose, room - _NAME)
    return Text.assemble((f"{name:<{_NAME}}", "bold"), ("\n" + " " * _NAME).join(lines))
