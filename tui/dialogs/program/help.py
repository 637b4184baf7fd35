"""The help page, made of the registry of commands and the glossary: to be read, and searched by typing. Must not know
what a command does beyond its words.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Input, Static

from chainstep.datasets.glossary.terms import Term, glossary

from ...commands import EVERYTHING, Entry, sections
from ...theme import glyphs
from ..base.dialog import Dialog
from ..base.list_dialog import wrapped

_KEY = 9
"""Cells of the column of keys."""

_TERM = 17
"""Cells of the column of terms."""

Row = tuple[str, ...]
"""A key or a term, what it means and, where it has one, its formula."""


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

    def __init__(self, screen: str, pane: str, allowed: Collection[str] = EVERYTHING) -> None:
        super().__init__()
        self._sections = sections(screen, pane, allowed)

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
    for heading, column, rows in _found(parts, wanted):
        lines += [Text(), Text(say(heading), "bold underline")]
        for key, words, *formula in rows:
            first, *rest = wrapped(say(words), width - column - 2) or [""]
            lines.append(Text.assemble((f"{say(key):>{column}}  ", "bold"), first))
            lines += [Text(" " * (column + 2) + line) for line in rest]
            for text in formula:
                lines += [Text(" " * (column + 2) + line, "italic") for line in wrapped(say(text), width - column - 2)]
    if not lines:
        return Text(f"\nno key and no word here has {wanted!r}: escape shows all", "italic")
    if len(wanted) > 1:
        for line in lines:
            line.highlight_words(wanted.split(), "reverse", case_sensitive=False)
    return Text("\n").join(lines[1:])


def _found(parts: Sequence[tuple[str, Sequence[Entry]]], wanted: str) -> Iterator[tuple[str, int, Sequence[Row]]]:
    """Headings with rows of what is wanted, and how wide the first column is: the term of that name comes before keys,
    other terms behind them.
    """
    words = [
        (heading, [term for term in terms if not wanted or term.found(wanted)]) for heading, terms in glossary().items()
    ]
    name = wanted.casefold() if len(wanted) > 1 else ""
    named = [term for _, terms in words for term in terms if name in term.names]
    if named:
        yield "Words", _TERM, [_row(term) for term in named]
    for heading, entries in parts:
        keys = [
            (entry.shown, f"{entry.label}: {entry.help}")
            for entry in entries
            if not wanted or entry.found(wanted) is not None
        ]
        if keys:
            yield heading, _KEY, keys
    for heading, terms in words:
        others = [_row(term) for term in terms if term not in named]
        if others:
            yield f"Words: {heading}", _TERM, others


def _row(term: Term) -> Row:
    return term if term.formula else term[:2]
