"""The dialog that chooses an example. Knows the table of examples; must not know sessions."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from chainstep.datasets import EXAMPLES


class Examples(ModalScreen[str | None]):
    """Gives the name of the chosen example, or None."""

    BINDINGS = [Binding("escape,q", "give_up", "cancel")]

    def __init__(self, current: str) -> None:
        super().__init__()
        self._current = current

    def compose(self) -> ComposeResult:
        width = max(map(len, EXAMPLES))
        options = [
            Option(Text.assemble((f"{name:<{width}}", "bold"), "  ", example.purpose), id=name)
            for name, example in EXAMPLES.items()
        ]
        with Vertical(classes="dialog wide"):
            yield Static("Choose an example", classes="title")
            yield OptionList(*options)
            yield Static("enter opens it, escape goes back", classes="words")

    def on_mount(self) -> None:
        options = self.query_one(OptionList)
        if self._current in EXAMPLES:
            options.highlighted = list(EXAMPLES).index(self._current)
        options.focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)

    def action_give_up(self) -> None:
        self.dismiss(None)
