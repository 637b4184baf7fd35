"""Prints what there is to open: the examples, and the saved runs. Must not know how either is opened on the screen."""

from __future__ import annotations

from collections.abc import Sequence

from chainstep.datasets import EXAMPLES
from chainstep.engine.training.session import Session

from ..files import runs
from ..files.store.errors import RunError
from ..files.subjects.opening import open_subject
from ..render.canvas import numbers
from .output import complain, emit, write


def print_examples() -> None:
    """Each example in three lines at most: what it is for, its model and data, and its defaults."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, padding=(0, 2, 1, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column()
    for name, example in EXAMPLES.items():
        session, _ = open_subject(name)
        table.add_row(name, Text.assemble(example.purpose, "\n", (_facts(session), "dim")))
    write(table, "chainstep NAME opens one; chainstep train NAME trains it without a screen.")


def _facts(session: Session) -> str:
    facts, settings = session.snapshot(()).subject, session.settings
    knobs = [f"{settings.optimizer} lr {settings.lr:g}", f"{settings.steps} steps"]
    if facts.expression:
        return " · ".join([facts.architecture, "climbs" if settings.maximise else "descends", *knobs])
    data = f"{facts.train_size}{f'+{facts.test_size}' * bool(facts.test_size)} samples"
    if settings.batch_size:
        knobs.insert(1, f"batch {settings.batch_size}")
    return " · ".join([facts.architecture, data, settings.loss, *knobs])


def print_runs(*, as_json: bool = False) -> None:
    """The saved runs, newest first; what cannot be read, and what is going to be deleted, is said on stderr.

    Raises:
        RunError: there is none.
    """
    found = runs.listed()
    if not found.rows and not found.damaged:
        raise RunError(runs.NONE)
    if as_json:
        emit(
            *(
                {
                    "name": run.name,
                    "what": run.what,
                    "step": run.step,
                    "loss": run.loss,
                    "saved": run.saved.isoformat(timespec="seconds"),
                }
                for run in found.rows
            )
        )
    elif found.rows:
        _print_table(found.rows)
    for line in (*found.damaged, runs.tell(found.due)):
        if line:
            complain(line)


def _print_table(rows: Sequence[runs.Row]) -> None:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for column in ("run", "of", "saved"):
        table.add_column(column, no_wrap=True)
    for column in ("step", "loss"):
        table.add_column(column, justify="right", no_wrap=True)
    if any(run.pinned for run in rows):
        table.add_column("")
    for run in rows:
        saved, loss = f"{run.saved:%Y-%m-%d %H:%M:%S}", "" if run.loss is None else numbers.loss(run.loss)
        table.add_row(run.name, run.what, saved, str(run.step), loss, *["pinned"] * run.pinned)
    write(table)
