"""The page that shows what a script printed, and how it ended. Must not know how it was run."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static, TextArea

from chainstep.engine.training.recorded.recording import Recording

from ...theme import glyphs
from ..base.dialog import Dialog


class Printed(Dialog[None]):
    """Read-only text."""

    def __init__(self, recording: Recording) -> None:
        super().__init__()
        ended = f" ({recording.ended})" if recording.ended else ""
        self._title = f"What {recording.name} printed{ended}   escape closes"
        self._text = recording.output or "(it printed nothing)"

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog page"):
            yield Static(glyphs().say(self._title), classes="title", markup=False)
            yield TextArea(self._text, read_only=True, soft_wrap=True)

    def on_mount(self) -> None:
        area = self.query_one(TextArea)
        area.focus()
        area.move_cursor(area.document.end)
