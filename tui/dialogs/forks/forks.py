"""The dialog that compares forks, switches between them, names and drops them. Must not know how a fork is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rich.text import Text
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import OptionList, Static

from chainstep.engine.training.commands import DropFork, RenameFork, SwitchFork
from chainstep.engine.training.snapshot.curve import ForkView

from ...theme import glyphs
from ..base.list_dialog import ListDialog, Send
from ..base.prompt import Prompt
from .fork_table import table


class Forks(ListDialog[None]):
    """Shows `forks()`, which is empty while there is only one run; what is chosen is sent."""

    BINDINGS = [
        Binding("n,f2", "rename", "rename"),
        Binding("d,delete", "drop", "drop"),
        Binding("W", "close", "close"),
    ]

    WIDTH = 112
    TITLE = "Forks"
    KEYS = "↑ ↓ choose   enter switches   n renames   d drops   escape closes"
    NOTHING = "There is one run so far: w forks it where it stands."

    def __init__(
        self, forks: Callable[[], Sequence[ForkView]], send: Send, labels: Callable[[], Sequence[str]]
    ) -> None:
        super().__init__(send)
        self._forks = forks
        self._labels = labels
        self._hidden: list[str] = []

    def above(self) -> Iterator[Widget]:
        yield Static("", classes="words", id="columns", markup=False)

    def below(self) -> Iterator[Widget]:
        yield Static("", classes="words", id="rest", markup=False)

    def start(self) -> int:
        return next((place for place, fork in enumerate(self._forks()) if fork.current), 0)

    def keys(self) -> str:
        return self.KEYS if self._forks() else "escape closes"

    def rows(self) -> list[Text]:
        forks = self._forks()
        shapes = glyphs()
        made = table(forks, self.room, shapes.forward, self._labels())
        self._hidden = made.hidden
        self.query_one("#columns", Static).update(made.heading if forks else "")
        return [Text(row, style="bold" if fork.current else "") for fork, row in zip(forks, made.rows, strict=True)]

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """What had no room in the table stands beneath it, for the row with the cursor."""
        if event.option_index < len(self._hidden):
            self.query_one("#rest", Static).update(self._hidden[event.option_index])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        if self.tell(SwitchFork(self._forks()[event.option_index].name)):
            self.dismiss(None)

    def action_rename(self) -> None:
        name = self._chosen()
        if name is None:
            return

        def rename(text: str) -> str:
            wrong = self._send(RenameFork(name, text))
            if wrong is not None:
                raise ValueError(wrong)
            return text

        self.app.push_screen(Prompt(f"Rename {name}", "a name of its own", name, rename), lambda _: self.refill())

    def action_drop(self) -> None:
        name = self._chosen()
        if name is not None:
            self.tell(DropFork(name))

    def _chosen(self) -> str | None:
        place = self.options.highlighted
        return None if place is None else self._forks()[place].name
