"""The dialog of the breakpoints: a list to switch them in, and a line to type another one. Must not know when one is
hit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rich.text import Text
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Input, Static

from chainstep.engine.training.commands import AddBreakpoint, Command, DropBreakpoint, ToggleBreakpoint
from chainstep.engine.training.snapshot.debugger import BreakpointView

from ...theme import glyphs
from ..base.list_dialog import ListDialog, Send, cut, wrapped

_EXAMPLES = (
    "loss < 0.1",
    "accuracy == 1",
    "abs(L1.n1.w0.grad) > 5",
    "backward L1.n2",
    "step 40",
    "nan",
    "dead",
    "saturated",
    "rising 3",
)

_LONGEST_TEXT = 32


class Breakpoints(ListDialog[None]):
    """Shows `breakpoints()`; what is typed and switched is sent."""

    BINDINGS = [
        Binding("space", "switch", "on and off"),
        Binding("d,delete", "drop", "drop"),
        Binding("up,down", "list", "list", show=False),
    ]

    TITLE = "Breakpoints"
    KEYS = "enter adds   ↑ list   space on/off   d drops   tab back   escape closes"
    NOTHING = "none yet: c runs to the next, C back to the last one"

    def __init__(self, breakpoints: Callable[[], Sequence[BreakpointView]], send: Send) -> None:
        super().__init__(send)
        self._breakpoints = breakpoints

    def below(self) -> Iterator[Widget]:
        yield Input(placeholder="where or when to stop")
        yield Static(_examples(self.room), classes="words", id="examples", markup=False)

    def first(self) -> Widget:
        return self.query_one(Input)

    def rows(self) -> list[Text]:
        shapes, known = glyphs(), self._breakpoints()
        width = min(_LONGEST_TEXT, max((len(point.text) for point in known), default=0))
        digits = max((len(str(point.number)) for point in known), default=1)
        hits = [f"{point.hits} hit{'s' * (point.hits != 1)}" for point in known]
        most = max(map(len, hits), default=0)
        rows = []
        for point, hit in zip(known, hits, strict=True):
            words = cut(shapes.say(point.words), self.room - width - digits - most - 7)
            quiet = "" if point.enabled else "dim"
            rows.append(
                Text.assemble(
                    (f"{shapes.dot if point.enabled else shapes.hollow} ", quiet),
                    (f"{point.number:>{digits}} ", "dim"),
                    (f"{cut(point.text, width):<{width}}  ", quiet or "bold"),
                    (f"{hit:>{most}}  ", quiet),
                    (words, "dim"),
                )
            )
        return rows

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if self.tell(AddBreakpoint(event.value)):
            event.input.clear()
            self.options.highlighted = self.options.option_count - 1

    def on_option_list_option_selected(self) -> None:
        self.action_switch()

    def action_list(self) -> None:
        if self._breakpoints():
            self.options.focus()

    def action_switch(self) -> None:
        self._to_chosen(ToggleBreakpoint)

    def action_drop(self) -> None:
        self._to_chosen(DropBreakpoint)
        if not self._breakpoints():
            self.query_one(Input).focus()

    def _to_chosen(self, command: Callable[[int], Command]) -> None:
        place = self.options.highlighted
        if place is not None:
            self.tell(command(self._breakpoints()[place].number))


def _examples(width: int) -> str:
    """The examples in lines of at most `width` cells, none of them broken."""
    unbroken = "   ".join(example.replace(" ", "_") for example in _EXAMPLES)
    return "\n".join(wrapped(unbroken, width)).replace("_", " ")
