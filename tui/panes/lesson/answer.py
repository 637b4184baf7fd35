"""The line in which an answer is typed. While it has the focus the keys of text are its own; escape gives them back.
Must not know what is asked, or whether an answer is right.
"""

from __future__ import annotations

from textual.binding import Binding
from textual.message import Message
from textual.widgets import Input

LEFT = frozenset({"tab", "shift+tab", "f5"})
"""Keys that mean nothing in a line of text, beside those with ctrl: they stay what they are."""


class AnswerLeft(Message):
    """Whoever was answering has gone back to the panes."""


class AnswerLine(Input):
    """A line of text without a frame."""

    taken = (("enter", "answers"), ("escape", "back to the panes"))
    """What its keys mean, for the foot of the screen."""

    DEFAULT_CSS = """
    AnswerLine { position: absolute; height: 1; border: none; padding: 0; display: none; }
    AnswerLine:focus { border: none; }
    """
    BINDINGS = [Binding("escape", "leave", "leave", show=False)]

    def __init__(self) -> None:
        super().__init__(placeholder="a number, or 2 * 0.5", compact=True, id="answer")

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return key not in LEFT and not key.startswith("ctrl+")

    def action_leave(self) -> None:
        self.post_message(AnswerLeft())
