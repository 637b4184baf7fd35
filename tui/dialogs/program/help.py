"""The help page, made of the registry of commands: to be read, and searched by typing. Must not know what a command
does beyond its words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Input, Static

from ...commands import Entry, sections
from ...theme import glyphs
from ..base.dialog import Dialog
from ..base.list_dialog import wrapped

WORDS = (
    ("op", "one operation forward, or one operation's chain rule backward"),
    ("phase", "forward, loss, zero_grad, backward, update: the five of one training step"),
    ("step", "one update by the optimiser, on one batch"),
    ("epoch", "one pass over the training data"),
    ("grad", "how much the loss changes when this number grows by a little: a derivative; all of them: the gradient"),
    ("ŷ, y", "the prediction, and the target: what it should be"),
    ("threshold", "the weighted sum above which a neuron fires: the negative of its bias"),
    ("rms", "how large a layer's gradients are, as the root of their mean square; =0 counts those that are 0"),
    ("L1/L3", "the first layer's rms by the last one's: far below 1 gradients vanish, far above they explode"),
)

_KEY = 9
"""Cells of the column of keys."""

Row = tuple[str, str]
"""A key or a word, and what it means."""


class Help(Dialog[None], inherit_bindings=False):
    """Every key and what it does, those of the pane that one comes from first; what is typed leaves what has it."""

    BINDINGS = [
        Binding("escape", "back", "back"),
        Binding("enter,question_mark", "close", "close", priority=True),
        Binding("up", "scroll(-1)", "up"),
        Binding("down", "scroll(1)", "down"),
        Binding("pageup", "page(-1)", "page"),
        Binding("pagedown", "page(1)", "page"),
    ]

    WIDTH = 92

    def __init__(self, screen: str, pane: str) -> None:
        super().__init__()
        self._sections = sections(screen, pane)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide finder"):
            yield Static("chainstep: a debugger for backprop", classes="title")
            yield Input(placeholder="type a key, or a word to look for", classes="find")
            with VerticalScroll(can_focus=False):
                yield Static(id="page")
            yield Static(glyphs().say("↑ ↓ PgUp PgDn scroll   escape clears, then closes"), classes="words")

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    def on_resize(self) -> None:
        self._fill()

    def on_input_changed(self) -> None:
        self._fill()
        self._scroller.scroll_home(animate=False, immediate=True)

    def _fill(self) -> None:
        self.query_one("#page", Static).update(page(self._sections, self.query_one(Input).value, self.room))

    # --- keys

    @property
    def _scroller(self) -> VerticalScroll:
        return self.query_one(VerticalScroll)

    def action_scroll(self, rows: int) -> None:
        self.call_after_refresh(self._scroll, lambda: rows)  # one that comes with the page has nothing to scroll yet

    def action_page(self, direction: int) -> None:
        self.call_after_refresh(self._scroll, lambda: direction * max(1, self._scroller.size.height - 1))

    def _scroll(self, rows: Callable[[], int]) -> None:
        self._scroller.scroll_relative(y=rows(), animate=False, immediate=True)

    def action_back(self) -> None:
        """Take away what was typed or, where nothing was, close."""
        found = self.query_one(Input)
        if found.value:
            found.value = ""
        else:
            self.dismiss(None)


def page(parts: Sequence[tuple[str, Sequence[Entry]]], wanted: str, width: int) -> Text:
    """What the page says of what is `wanted`, which is all where that is empty, in lines of `width` cells."""
    wanted = wanted.strip()
    wanted = wanted[1:] if len(wanted) > 1 and wanted.startswith("/") else wanted
    say = glyphs().say
    lines: list[Text] = []
    for heading, rows in _found(parts, wanted):
        lines += [Text(), Text(say(heading), "bold underline")]
        for key, words in rows:
            first, *rest = wrapped(say(words), width - _KEY - 2) or [""]
            lines.append(Text.assemble((f"{say(key):>{_KEY}}  ", "bold"), first))
            lines += [Text(" " * (_KEY + 2) + line) for line in rest]
    if not lines:
        return Text(f"\nno key and no word here has {wanted!r}: escape shows all", "italic")
    if len(wanted) > 1:
        for line in lines:
            line.highlight_words(wanted.split(), "reverse", case_sensitive=False)
    return Text("\n").join(lines[1:])


def _found(parts: Sequence[tuple[str, Sequence[Entry]]], wanted: str) -> Iterator[tuple[str, list[Row]]]:
    for heading, entries in parts:
        rows = [
            (entry.shown, f"{entry.label}: {entry.help}")
            for entry in entries
            if not wanted or entry.found(wanted) is not None
        ]
        if rows:
            yield heading, rows
    words = [row for row in WORDS if not wanted or (len(wanted) > 1 and wanted.casefold() in " ".join(row).casefold())]
    if words:
        yield "Words", words
