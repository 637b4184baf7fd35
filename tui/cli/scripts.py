"""Runs a user's script or notebook and tells of its moments. Must not know how it is run, or how a moment is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from ..children.child import ChildError
from ..scripts.hearing import Row
from ..scripts.running import How, Ran, ScriptError, complaints, run
from .output import complain, emit
from .statuses import INTERRUPTED, UsageError


def moments(file: str, how: How, *, as_json: bool) -> int:
    """Run a file, and tell of each `backward()` as it comes; returns the status.

    Raises:
        UsageError: it cannot be run, or it called no `backward()`.
    """
    notebook = file.endswith(".ipynb")
    ran = recorded(file, how, lambda row: emit(row.to_json(notebook)) if as_json else click.echo(_line(row)))
    return INTERRUPTED if ran.end.cause == "stopped" else 0


def recorded(file: str, how: How, tell: Callable[[Row], None]) -> Ran:
    """Run a file, and say on stderr what is to be said of it.

    Raises:
        UsageError: it cannot be run, or it called no `backward()`.
    """
    try:
        ran = run(Path(file), how, tell)
    except (ScriptError, ChildError) as error:
        raise UsageError(str(error)) from None
    if ran.end.cause == "refused":
        raise UsageError(f"{file} {ran.end.why}")
    for line in complaints(ran, file):
        complain(line)
    if not ran.listener.rows:
        raise UsageError(f"{file}: it called no backward(), so there is nothing to step through")
    return ran


def _line(row: Row) -> str:
    where = "" if row.line is None else f"line {row.line}"
    where = where if row.cell is None else f"cell {row.cell} {where}"
    return f"{row.index:>6}  {row.nodes:>8,} nodes  loss {row.loss:<20.12g} {where}"
