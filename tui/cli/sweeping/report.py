"""Tells how a sweep goes without a screen, and what came of it: as JSON lines, or in words and a table. Must not
train.
"""

from __future__ import annotations

import shutil
import sys
from time import perf_counter
from typing import TYPE_CHECKING

import click

from ...render.canvas import numbers
from ...render.sweep.groups import Group, best, groups
from ...sweeps.outcome import Outcome
from ...sweeps.spec import Spec
from ...sweeps.sweep import Sweep
from ...sweeps.values import clock, shown, told
from ..output import complain, emit, write

if TYPE_CHECKING:
    from rich.table import Table

_LINES = 10
"""A sweep is told in about so many lines,"""

_SILENCE = 10.0
"""or in more, where so many seconds would pass without one."""

_MOST_ROWS = 20
"""Of the table at its end."""


class Report:
    """Tells a sweep as JSON lines: every run as it ends, whichever that is, and the end."""

    def start(self, sweep: Sweep, what: str, failed: int) -> None:
        """It begins; of one that goes on, the runs that are done are told first. Those that `failed` come again."""
        emit(*(outcome.row() for outcome in sweep.outcomes))

    def heard(self, outcome: Outcome) -> None:
        """A run has come to its end."""
        emit(outcome.row())

    def say(self, message: str) -> None:
        """What people should know, on stderr."""
        complain(message)

    def end(self, sweep: Sweep, *, stopped: bool) -> None:
        """All are done, or the sweep was `stopped`."""
        emit({"event": "end", "runs": len(sweep.outcomes), "failed": sweep.failed})


class PlainReport(Report):
    """Tells a sweep in lines, and a table of its settings; on stderr, where that is a terminal, in one line that is
    drawn again.
    """

    def __init__(self, spec: Spec) -> None:
        self._swept = spec.swept
        self._began = self._told = perf_counter()
        self._first = 0
        self._sweep: Sweep | None = None
        self._bar = sys.stderr is not None and sys.stderr.isatty()

    def start(self, sweep: Sweep, what: str, failed: int) -> None:
        self._sweep, self._first = sweep, len(sweep.outcomes)
        before = f", of which {self._first} are done" if self._first else ""
        before += f", {failed} that failed come again" if failed else ""
        click.echo(f"sweep of {what}: {sweep.size} run{'s' * (sweep.size != 1)}{before}, in {sweep.where}")

    def heard(self, outcome: Outcome) -> None:
        sweep, now = self._sweep, perf_counter()
        if sweep is None:
            return
        if outcome.error is not None:
            self._clear()
            click.echo(f"failed: {told(outcome.settings)}: {outcome.error}")
        count = len(sweep.outcomes)
        if self._bar:
            sys.stderr.write(f"\r{self._line(count, sweep.size, now)}\x1b[K")
            sys.stderr.flush()
        elif count % max(1, sweep.size // _LINES) == 0 or now - self._told > _SILENCE:
            self._told = now
            click.echo(self._line(count, sweep.size, now))

    def say(self, message: str) -> None:
        self._clear()
        super().say(message)

    def _line(self, count: int, size: int, now: float) -> str:
        done = count - self._first
        left = (now - self._began) / done * (size - count) if done else 0.0
        found = best(self._sweep.outcomes if self._sweep is not None else ())
        words = f"{count} of {size} run{'s' * (size != 1)}, {clock(left)} left"
        if found is not None:
            knobs = {name: found.knobs[name] for name in self._swept if name in found.knobs}
            words += f", best loss {numbers.loss(found.cost)}" + (f" with {told(knobs)}" if knobs else "")
        return words[: shutil.get_terminal_size().columns - 1] if self._bar else words

    def _clear(self) -> None:
        if self._bar:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def end(self, sweep: Sweep, *, stopped: bool) -> None:
        self._clear()
        found = groups(sweep.outcomes, self._swept)
        if not found:
            return
        rest = f"the {_MOST_ROWS} best of {len(found)} settings; --json has every run" * (len(found) > _MOST_ROWS)
        write(_table(found[:_MOST_ROWS], [name for name in self._swept if name != "seed"]), *filter(None, [rest]))


def _table(rows: list[Group], names: list[str]) -> Table:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in (*names, "runs", "loss: median", "smallest", "largest"):
        table.add_column(name.replace("_", "-"), justify="right", no_wrap=True)
    tested = any(row.test is not None for row in rows)
    if tested:
        table.add_column("test loss", justify="right", no_wrap=True)
    for row in rows:
        least, middle, most = row.spread
        tests = [""] if row.test is None else [numbers.loss(row.test)]
        table.add_row(
            *(shown(row.knobs[name]) for name in names),
            str(len(row.outcomes)),
            *(numbers.loss(loss) for loss in (middle, least, most)),
            *(tests if tested else ()),
        )
    return table


def report(spec: Spec, *, as_json: bool) -> Report:
    """What tells a sweep."""
    return Report() if as_json else PlainReport(spec)
