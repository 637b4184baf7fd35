"""The report on a user's table, made anew as its guesses are changed. Must not know sessions: it gives what was chosen.

A table may be large: it is made ready in a thread, one change after another.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import ClassVar, NamedTuple

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from chainstep.datasets.columns.kinds import Kind
from chainstep.datasets.columns.selection import ColumnReport
from chainstep.datasets.printable import printable
from chainstep.datasets.user_table import PreparedTable

from ...commands import FILES
from ...playback.laying.aside import aside, free, rows_of
from ...render.report import columns
from ...render.report.distribution import distribution
from ...render.report.page import Page
from ...render.style.look import Look
from ...theme import glyphs
from ..base.dialog import Dialog
from ..base.list_dialog import cut, in_lines, wrapped
from ..base.options import Options
from .guesses import Guesses

SOON = 0.3
"""Seconds after which it says that it is at work."""

_KEYS = (
    "↑ ↓ column  space use/leave out  ← → kind  t target  c classes/quantity  {weights}m gaps  h header  "
    "{write}enter goes on  escape closes"
)

_LEAST_ROWS, _ROWS, _BARS = 4, 6, 8
"""Columns that are seen before there is room for facts, and for the distribution; the most lines of these."""

_AIRY = 30
"""Rows of a terminal from which on a blank line parts columns, distribution and facts."""

Edit = Callable[[Guesses, int], Guesses]
"""What becomes of guesses, for the column at a place; its ValueError's message goes on after the column's name."""


class Chosen(NamedTuple):
    """What was changed."""

    table: PreparedTable | None
    """As it was chosen to be; None where that is as it was."""
    weighted: bool
    """Whether samples are weighed by their class."""


class TableReport(Dialog[Chosen]):
    """Shows a table as it stands open; gives what was chosen, or None where nothing was changed."""

    BINDINGS = [
        Binding("space", "use", "use or leave out"),
        Binding("right,k", "kind(1)", "next kind"),
        Binding("left", "kind(-1)", "kind before"),
        Binding("t", "target", "target"),
        Binding("c", "task", "classes or quantity"),
        Binding("b", "weights", "class weights"),
        Binding("m", "missing", "gaps"),
        Binding("h", "header", "header"),
        Binding("w", "write", "write the cleaned table"),
        Binding("J", "close", "close"),
    ]

    WIDTH: ClassVar[int] = 116
    REACHES = {"write": FILES}

    def __init__(self, table: PreparedTable, page: Page, look: Look, *, weighted: bool = False) -> None:
        super().__init__()
        self._was_weighted = self._weighted = weighted
        self._shown = table
        self._changed = False
        self._page = page
        self._look = look
        target = table.table.target(table.target)
        self._guesses = Guesses.of(table.choices, target, table.prepared.columns)
        self._edits: deque[tuple[Edit, int]] = deque()
        self._working = self._going_on = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog list") as box:
            box.styles.width = self.WIDTH
            yield Static("", classes="title", markup=False)
            yield Static("", id="heading", markup=False)
            yield Options()
            yield Static("", id="distribution", markup=False)
            yield Static("", classes="words", id="facts", markup=False)
            yield Static("", classes="error", markup=False)
            yield Static("", classes="words keys", markup=False)

    def on_mount(self) -> None:
        self.refill()
        self.query_one(OptionList).focus()

    def on_resize(self) -> None:
        self.refill()

    # --- the report

    def refill(self) -> None:
        """Show the report as it stands; the same column stays highlighted."""
        page, options = self._page, self.query_one(OptionList)
        weights = "b class weights  " * bool(self._weighting())
        write = "w write as CSV  " * self.allows("write")
        keys = in_lines(glyphs().say(_KEYS.format(weights=weights, write=write)), self.room + 2)
        apart = self.app.size.height >= _AIRY
        seen = min(len(page.columns), _ROWS)
        spare = self.app.size.height * 9 // 10 - 6 - keys.count("\n") - 2 * apart
        told = self._facts(max(0, spare - min(seen, _LEAST_ROWS)))
        spare -= len(told)
        drawn = distribution(page.spread, self.room + 2, min(_BARS, spare - seen), self._look)
        options.styles.max_height = max(1, spare - len(drawn))
        chosen = self._guesses.target if options.highlighted is None else options.highlighted
        options.set_options([Option(row) for row in columns.rows(page.columns, self.room, self._look)])
        options.highlighted = chosen
        self._entitle()
        self.query_one("#heading", Static).update(columns.heading(page.columns, self.room, self._look))
        self.query_one("#distribution", Static).update(Text("\n").join(drawn))
        self.query_one("#distribution").display = bool(drawn)
        for part in ("#distribution", "#facts"):
            self.query_one(part).styles.margin = (int(apart), 0, 0, 0)
        self.query_one("#facts", Static).update("\n".join(told))
        self.query_one(".keys", Static).update(keys)

    def _entitle(self, doing: str = "") -> None:
        prepared = self._shown.prepared
        title = f"{self._shown.table.name}: {prepared.rows:,} rows, {len(prepared.columns)} columns"
        if self._shown.proposed and not doing:
            doing = f"proposed target: {printable(prepared.data.target, 30)}, t takes another"
            if len(title) + len(doing) > self.room - 1:
                title = self._shown.table.name  # the facts have its size
        title = f"{title}   {doing}" if doing else title
        self.query_one(".title", Static).update(cut(glyphs().say(title), self.room + 2))

    def _facts(self, most: int) -> list[str]:
        """In at most so many lines."""
        lines = map(glyphs().say, filter(None, [self._weighting(), *self._page.lines]))
        return [row for line in lines for row in wrapped(line, self.room + 2)][: min(_BARS, most)]

    def _weighting(self) -> str:
        """What class weights would do, where a class is rare, or what they do where they are on."""
        page = self._page
        if self._weighted and page.weights:
            return f"samples weigh in the loss by their class: {page.weights}; b weighs all alike"
        return page.rare and f"{page.rare}: b weighs samples by their class, {page.weights}"

    # --- what is changed

    def action_use(self) -> None:
        self._edit(lambda guesses, place: guesses.toggled(place, *self._at(place)))

    def action_kind(self, direction: int) -> None:
        self._edit(lambda guesses, place: guesses.turned(place, *self._at(place), direction))

    def action_target(self) -> None:
        self._edit(Guesses.predicting)

    def action_task(self) -> None:
        self._edit(lambda guesses, _: guesses.with_task("quantity" if self._shown.prepared.data.classes else "classes"))

    def action_weights(self) -> None:
        """Have samples weigh by their class, or all alike."""
        if not self._page.weights:
            target = printable(self._shown.prepared.data.target)
            self.complain(f"class weights are for classes, and {target} is a number")
            return
        self._weighted = not self._weighted
        self.refill()

    def action_missing(self) -> None:
        self._edit(
            lambda guesses, _: guesses.with_missing("fill" if self._shown.prepared.missing == "drop" else "drop")
        )

    def action_header(self) -> None:
        self._edit(lambda guesses, _: guesses.with_header(not self._shown.table.table.header.named_by_first))

    async def action_write(self) -> None:
        """Write the table as it stands into this folder."""
        from ...files.tables.cleaned import write_cleaned
        from ...terminal.outbox import Outbox

        outbox = Outbox(self.app)
        try:
            where = await outbox.deliver(await aside(write_cleaned, outbox.folder, self._shown.prepared.data))
        except OSError as error:
            self.complain(f"nothing was written here: {error.strerror or error}")
        else:
            self.complain(None)
            self.app.notify(f"written: {where}")
        finally:
            outbox.close()

    def _at(self, place: int) -> tuple[ColumnReport, tuple[Kind, ...]]:
        return self._shown.prepared.columns[place], self._shown.table.kinds(place)

    def on_option_list_option_selected(self) -> None:
        """Go on with what is chosen, once all of it is made."""
        self._going_on = True
        if not self._working:
            self._go_on()

    def _go_on(self) -> None:
        weighted = self._weighted and bool(self._page.weights)
        chosen = Chosen(self._shown if self._changed else None, weighted)
        self.dismiss(chosen if self._changed or weighted != self._was_weighted else None)

    # --- in a thread

    def _edit(self, edit: Edit) -> None:
        self._edits.append((edit, self.query_one(OptionList).highlighted or 0))
        if not self._working:
            self._working = True
            # A function: where the program ends before it begins, nobody would await its coroutine.
            self.run_worker(self._work)  # type: ignore[arg-type]

    async def _work(self) -> None:
        """Make the report anew, change by change: each is of what the one before has shown."""
        wrong = None
        while self._edits:
            making = asyncio.ensure_future(aside(self._made, *self._edits.popleft()))
            if not (await asyncio.wait({making}, timeout=SOON))[0] and not self.closed:
                self._entitle("being prepared …")
            old = rows_of(self._shown.prepared.data)
            try:
                self._guesses, self._shown, self._page = await making
            except ValueError as error:
                wrong = str(error).removeprefix(f"{printable(self._shown.table.path, 200)}: ")
                self._edits.clear()
                self._going_on = False
            else:
                wrong, self._changed = None, True
            if self.closed or not self.query(OptionList):
                return  # it was closed meanwhile, and is being taken down
            self.refill()
            self.complain(wrong and glyphs().say(wrong))
            await aside(free, old)
        self._working = False
        if self._going_on:
            self._go_on()

    def _made(self, edit: Edit, place: int) -> tuple[Guesses, PreparedTable, Page]:
        table = self._shown.table
        try:
            guesses = edit(self._guesses, place)
        except ValueError as error:
            raise ValueError(f"column {printable(self._shown.prepared.columns[place].column)} {error}") from None
        if guesses.given.header != table.header:
            table = table.again(guesses.given.header)
        target = table.called(guesses.target)
        choices = guesses.choices(table.names(guesses.target))
        prepared = table.prepared(target, choices)
        return guesses, PreparedTable(table, target, choices, prepared), Page.of(prepared)
