"""A dialog that asks for one line of text. Must not know what the text means: a check says whether it will do."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Input, Static

from .dialog import Answer, Dialog


class Prompt(Dialog[Answer], inherit_bindings=False):
    """Asks until `read` takes the text, or escape gives up; its ValueError's message is shown beneath."""

    BINDINGS = [Binding("escape", "close", "cancel")]

    def __init__(self, title: str, words: str, value: str, read: Callable[[str], Answer], example: str = "") -> None:
        super().__init__()
        self._example = example
        self._title = title
        self._words = words
        self._value = value
        self._read = read

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self._title, classes="title", markup=False)
            yield Static(self._words, classes="words", markup=False)
            yield Input(self._value, self._example, select_on_focus=True)
            yield Static("", classes="error", markup=False)
            yield Static("enter accepts   escape cancels", classes="words", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        try:
            answer = self._read(event.value)
        except ValueError as error:
            self.complain(str(error))
        else:
            self.dismiss(answer)
