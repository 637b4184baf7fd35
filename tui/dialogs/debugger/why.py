"""The dialog "Why is it NaN?": the op that first left the finite numbers, and what fed it. Must not know how that is
found out.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from chainstep.engine.training.commands import Goto
from chainstep.engine.training.snapshot.debugger import Fault

from ...render.canvas import numbers
from ...theme import glyphs
from ..base.dialog import Dialog
from ..base.list_dialog import Send, cut

_INDENT = 2
_DEEPEST = 8
"""Levels that are indented: names need the room."""


class Why(Dialog[bool]):
    """Shows a fault; gives whether the user went to its op."""

    BINDINGS = [Binding("N", "close", "close"), Binding("enter", "go", "go there")]

    def __init__(self, fault: Fault | None, send: Send) -> None:
        super().__init__()
        self._fault = fault
        self._send = send

    def compose(self) -> ComposeResult:
        say = glyphs().say
        with Vertical(classes="dialog list"):
            if self._fault is None:
                yield Static("Why is it NaN?", classes="title")
                yield Static("It is not: every number of this run is finite so far.")
                yield Static("To stop where one no longer is, press b and type nan.   escape closes", classes="words")
                return
            what = numbers.plain(self._fault.result)
            yield Static(f"Why is it {'NaN' if what == 'nan' else what}?", classes="title", markup=False)
            with VerticalScroll():
                yield Static(id="listing")
            yield Static("", classes="error", markup=False)
            yield Static(say("enter goes to this op in the trace   ↑ ↓ scroll   escape closes"), classes="words")

    def on_mount(self) -> None:
        self._list()
        for scroll in self.query(VerticalScroll):
            scroll.focus()

    def on_resize(self) -> None:
        self._list()

    def _list(self) -> None:
        if self._fault is not None:
            self.query_one("#listing", Static).update(Text("\n").join(listing(self._fault, self.room)))

    def action_go(self) -> None:
        if self._fault is None:
            self.dismiss(None)
        else:
            self.dismiss_unless(self._send(Goto(self._fault.step, self._fault.op + 1)), True)


def listing(fault: Fault, width: int) -> list[Text]:
    """The fault in rows of at most `width` cells: where, what, its inputs, and the way back to what fed it."""
    return [*_op(fault, width), *_chain(fault, width)]


def _op(fault: Fault, width: int) -> Iterator[Text]:
    say, plain = glyphs().say, numbers.plain
    where = " › ".join(part for part in (f"step {fault.step}", fault.phase, fault.scope, f"op {fault.op}") if part)
    yield from _wrapped(say(where), width, "dim")
    yield Text()
    yield from _wrapped(say(f"{fault.expression} = {plain(fault.result)}"), width, "bold")
    names = max((len(name) for name, _ in fault.inputs), default=0)
    for name, number in fault.inputs:
        yield from _wrapped(f"  {say(name):<{names}} = {plain(number)}", width)


def _chain(fault: Fault, width: int) -> Iterator[Text]:
    """A row a link; where those have no room, what made a number stands in a row of its own."""
    if not fault.chain:
        return
    say, plain = glyphs().say, numbers.plain
    yield Text()
    yield from _wrapped("What fed it, the nearest first:", width, "dim")
    ends = [f"{plain(link.data):>11}" for link in fault.chain]
    words = [say(link.words) for link in fault.chain]
    indents = [" " * _INDENT * (1 + min(level, _DEEPEST)) for level in range(len(fault.chain))]
    paths = [indent + say(link.expression) for indent, link in zip(indents, fault.chain, strict=True)]
    room = max(1, width - max(map(len, ends)))
    widest = min(room, max(24, room - max(map(len, words)) - 4), max(map(len, paths)))
    for path, end, indent, made in zip(paths, ends, indents, words, strict=True):
        row = Text(f"{cut(path, widest):<{widest}}{end}")
        if row.cell_len + 4 + len(made) <= width:
            yield row.append(f"    {made}", "dim")
        else:
            yield row
            yield from _wrapped(f"{indent}  {made}", width, "dim")


def _wrapped(text: str, width: int, style: str = "") -> Iterator[Text]:
    indent = " " * (len(text) - len(text.lstrip()))
    room = max(1 + len(indent), width)
    for line in wrap(text, room, subsequent_indent=indent, break_on_hyphens=False):
        yield Text(line, style)
