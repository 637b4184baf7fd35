"""What followers have answered, while they do. Must not know who they are, nor how they are asked."""

from __future__ import annotations

from collections.abc import Callable, Collection

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static

from ...dialogs.base.dialog import Dialog
from ...render.canvas import numbers
from ...theme import glyphs
from .histogram import Bar, histogram
from .questions import Questions

_LABEL = 24
"""Cells of what a bar is called."""


class Answers(Dialog[None]):
    """A bar for each answer; enter shows to all what is right, and marks it."""

    WIDTH = 92
    BINDINGS = [Binding("enter", "reveal", "show"), Binding("f8", "close", "close")]

    def __init__(self, questions: Questions, count: int, reveal: Callable[[], None]) -> None:
        super().__init__()
        self._questions, self._count, self._reveal = questions, count, reveal

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            yield Static("What followers answer", classes="title", markup=False)
            yield Static("", classes="words", id="asked", markup=False)
            yield Static("", id="answers", markup=False)
            yield Static("", classes="words", id="answer-keys", markup=False)

    def on_mount(self) -> None:
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def tell(self, count: int) -> None:
        """Somebody has answered, has come or is gone: so many follow."""
        self._count = count
        if self.is_mounted:
            self._draw()

    def action_reveal(self) -> None:
        """Show all what is right."""
        self._reveal()
        self._draw()

    def _draw(self) -> None:
        asked, say = self._questions.asked, glyphs().say
        if asked is None:
            return
        answers, opened = list(self._questions.answers.values()), self._questions.open
        right = None if opened else asked.right
        told = f"{asked.text}   {len(answers)} of {self._count} have answered"
        shown = "" if right is None else f"\n{asked.target} = {numbers.plain(right)}   {asked.words}"
        self.query_one("#asked", Static).update(say(f"{told}{shown}"))
        self.query_one("#answers", Static).update(drawn(histogram(answers, right), self.room, say))
        keys = "enter shows all what is right   escape closes" if opened else "escape closes"
        self.query_one("#answer-keys", Static).update(keys)


def drawn(bars: Collection[Bar], width: int, say: Callable[[str], str]) -> Text:
    """A histogram in rows of so many cells."""
    most = max((bar.count for bar in bars), default=0)
    room = max(1, width - _LABEL - 8)
    text = Text()
    for bar in bars:
        length = 0 if not most else max(int(bar.count > 0), bar.count * room // most)
        mark = glyphs().right if bar.right else " "
        row = f"{mark} {say(bar.label)[: _LABEL - 3]:>{_LABEL - 3}} {glyphs().fills[-1] * length} {bar.count or ''}\n"
        text.append(row, "bold" if bar.right else "")
    text.rstrip()
    return text
