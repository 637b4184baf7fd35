"""A sweep on the screen: two pictures and a table, which grow as runs end. Gives the run that is to be opened. Must not
know how runs are trained.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.strip import Strip
from textual.timer import Timer
from textual.widgets import Static

from chainstep.engine.training.snapshot.snapshot import Snapshot

from ...panes.strip_pane import StripPane
from ...render.canvas.meter import meter
from ...render.style.look import Look
from ...render.sweep.board import SORTS, Board, Row, holds, in_order, run_of, settings_in_order
from ...render.sweep.pictures import curves, spread
from ...render.sweep.table import first_row, table
from ...sweeps.outcome import Outcome
from ...sweeps.running import RunningSweep
from ...sweeps.values import clock
from ...theme import glyphs
from ..base.dialog import Dialog

_PAUSE = 0.15
"""Seconds between two pictures: runs may end by the hundred in one."""

_KEYS = "↑ ↓ row   enter opens   s sorts"
_MORE = "n new   escape closes"


_COLUMNS, _ROWS = 60, 20
"""Of a terminal that has room for two pictures side by side, and for any above the table."""

Picture = Callable[[Board, int, int, Look], list[Strip]]


class _Part(StripPane):
    """One of the pictures, or the table."""

    framed = False

    def __init__(self, name: str, picture: Picture, owner: SweepBoard) -> None:
        super().__init__(name)
        self._picture, self._owner = picture, owner

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        return self._picture(self._owner.board, width, height, self.look)

    def clicked(self, x: int, y: int) -> None:
        if self.id == "runs":
            self._owner.clicked_row(y, self.size.height)


class SweepBoard(Dialog[Outcome | str]):
    """Gives the run that is to be opened, or "new" for another sweep."""

    BINDINGS = [
        Binding("f4", "close", "close"),
        Binding("enter", "open", "open"),
        Binding("up,k", "move(-1)", "up"),
        Binding("down,j", "move(1)", "down"),
        Binding("pageup", "move(-10)", "up"),
        Binding("pagedown", "move(10)", "down"),
        Binding("home", "move(-100000)", "first"),
        Binding("end", "move(100000)", "last"),
        Binding("s", "sort", "sort"),
        Binding("g", "group", "group"),
        Binding("x", "across", "across"),
        Binding("space", "stop", "stop"),
        Binding("n", "another", "another"),
    ]

    def __init__(self, sweep: RunningSweep, snapshot: Snapshot) -> None:
        super().__init__()
        self._sweep, self._snapshot = sweep, snapshot
        self._by = 0
        self._together = False
        """Runs that differ in their seeds alone are one row."""
        self._knob: str | None = None
        self._place = 0
        self._chosen: Outcome | None = None
        """The run that the keys were moved to; none while they are on the best one."""
        self._due: Timer | None = None
        self.board = self._made()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog page"):
            yield Static("", classes="title", markup=False)
            with Horizontal(id="pictures"):
                yield _Part("spread", spread, self)
                yield _Part("curves", curves, self)
            yield _Part("runs", table, self)
            yield Static("", classes="words keys", markup=False)

    def on_mount(self) -> None:
        for part in self.query(_Part):
            part.snapshot = self._snapshot
        self._sweep.changed = self._news
        self._show()

    def on_resize(self) -> None:
        """Where there is no room for two pictures there is one, or the table alone."""
        self.query_one("#pictures").display = self.size.height >= _ROWS
        self.query_one("#curves").display = self.size.width >= _COLUMNS

    def on_unmount(self) -> None:
        self._sweep.changed = lambda: None

    # --- what there is

    def _news(self) -> None:
        """A run has ended: it is shown in a moment, with those that end until then."""
        if self._due is None and self.is_running:
            self._due = self.set_timer(_PAUSE, self._show)

    def _made(self) -> Board:
        by, swept = SORTS[self._by], self._sweep.spec.swept
        runs = in_order(self._sweep.outcomes, by)
        settings = settings_in_order(self._sweep.outcomes, swept, by) if self._together else []
        rows: Sequence[Row] = settings or runs
        found = next((place for place, row in enumerate(rows) if holds(row, self._chosen)), None)
        self._place = max(0, min(self._place if found is None else found, len(rows) - 1))
        return Board(runs, swept, self._place, settings, by, self._knob)

    def _show(self) -> None:
        self._due = None
        if self.closed:
            return
        self.board = self._made()
        self.query_one(".title", Static).update(glyphs().say(self._title()))
        self.query_one(".keys", Static).update(glyphs().say(self._words()))
        for part in self.query(_Part):
            part.redraw()

    def _words(self) -> str:
        words = [f"by {SORTS[self._by]}", _KEYS]
        if self.board.grouped:
            words.append("g each run" if self._together else "g over seeds")
        if len(self.board.knobs) > 1:
            words.append("x another knob")
        if self._sweep.going:
            words.append("space stops")
        return "   ".join([*words, _MORE])

    def _title(self) -> str:
        sweep, done = self._sweep, len(self._sweep.outcomes)
        failed = sum(run.error is not None for run in sweep.outcomes)
        words = [f"Sweep of {sweep.subject.source.title}   {done} of {sweep.size} runs"]
        if failed:
            words.append(f"{failed} failed")
        if sweep.going:
            words.insert(1, meter(done / max(1, sweep.size), 12, glyphs()).ljust(12, "·"))
            words.append("beginning" if sweep.left is None else f"{clock(sweep.left)} left, {sweep.where}")
        elif sweep.stopped:
            words.append("stopped: chainstep resume goes on")
        return "   ".join(words)

    # --- keys

    def action_move(self, rows: int) -> None:
        board = self.board
        if board.outcomes:
            place = max(0, min(board.count - 1, self._place + rows))
            self._chosen = run_of(board.rows[place])
            self._show()

    def clicked_row(self, y: int, height: int) -> None:
        """A click on a row of the table."""
        first = first_row(self.board, height)
        if 0 < y <= self.board.count - first:
            self.action_move(first + y - 1 - self._place)

    def action_group(self) -> None:
        if self.board.grouped:
            self._together = not self._together
            self._show()

    def action_across(self) -> None:
        knobs = self.board.knobs
        if len(knobs) > 1:
            self._knob = knobs[(knobs.index(self.board.across or knobs[0]) + 1) % len(knobs)]
            self._show()

    def action_sort(self) -> None:
        self._by = (self._by + 1) % len(SORTS)
        self._show()

    def action_stop(self) -> None:
        self._sweep.stop()
        self._show()

    def action_another(self) -> None:
        self.dismiss("new")

    def action_open(self) -> None:
        chosen = self.board.chosen
        if chosen is not None and chosen.error is None:
            self.dismiss(chosen)
