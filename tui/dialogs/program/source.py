"""The page that shows generated source. Must not know what it does or where it comes from."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static, TextArea

from ..base.dialog import Dialog


class Source(Dialog[None]):
    """Read-only text with line numbers."""

    BINDINGS = [Binding("X", "close", "close")]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog page"):
            yield Static(self._title, classes="title", markup=False)
            yield TextArea(self._text, read_only=True, show_line_numbers=True, soft_wrap=False)

    def on_mount(self) -> None:
        self.query_one(TextArea).focus()
