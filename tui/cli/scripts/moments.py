"""Runs a user's script or notebook and tells of its moments. Must not know how it is run, or how a moment is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Self

import click

from ...children.child import ChildError
from ...scripts.hearing import Row
from ...scripts.running import How, Ran, ScriptError, complaints, run
from ..output import complain, emit
from ..statuses import INTERRUPTED, UsageError

if TYPE_CHECKING:
    from chainstep.engine.training.recorded.recording import Recording
    from chainstep.engine.training.session import Session

    from ...files.subjects.source import Source

_SOON = 0.2
"""Seconds between two words on how far a script is."""


def moments(file: str, how: How, *, as_json: bool) -> int:
    """Run a file, and tell of each `backward()` as it comes; returns the status.

    Raises:
        UsageError: it cannot be run, or it called no `backward()`.
    """
    notebook = file.endswith(".ipynb")
    ran = _run(file, how, lambda row: emit(row.to_json(notebook)) if as_json else click.echo(_line(row)))
    _tell(ran, file, how)
    return INTERRUPTED if ran.end.cause == "stopped" else 0


def opened(file: str, how: How) -> tuple[Session, Source, Sequence[str]]:
    """Run a file, and open what was recorded: a session on it, and what is to be said of it. At ctrl+c it is stopped,
    and what there is by then is opened.

    Raises:
        UsageError: it cannot be run, or there is nothing to open.
    """
    from ...files.subjects.script import on_recording  # who prints moments opens none

    with Progress(file) as progress:
        ran = _run(file, how, progress.tell)
    _tell(ran, file, how)
    recording = ran.recording
    if recording is None:
        raise UsageError(f"{file}: none of its backward() calls can be stepped through")
    notes = [_summary(recording), *complaints(ran, Path(file).name)]
    return *on_recording(recording, file, None, how.to_json()), notes


def _summary(recording: Recording) -> str:
    count, wrong = len(recording.moments), sum(bool(moment.differs) for moment in recording.moments)
    calls = f"{count} backward() call{'s' * (count != 1)}" + (": 0 lists them, 8 and 9 go through them" * (count > 1))
    return f"{calls}; in {wrong} your numbers are not ours, 6 goes there" if wrong else calls


class Progress:
    """Says on stderr how far a script is, in one line that goes when it has ended."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._said = 0.0
        self._width = 0

    def __enter__(self) -> Self:
        self._say(f"{self._file} is running   ctrl+c stops it")
        return self

    def tell(self, row: Row) -> None:
        """Another moment has come."""
        if monotonic() - self._said >= _SOON:
            count = row.index + 1
            self._say(f"{self._file} is running: backward() {count}, loss {row.loss:.4g}   ctrl+c stops it")

    def __exit__(self, *error: object) -> None:
        self._say("")

    def _say(self, text: str) -> None:
        click.echo(f"\r{text.ljust(self._width)}\r" if not text else f"\r{text.ljust(self._width)}", nl=False, err=True)
        self._said, self._width = monotonic(), len(text)


def _run(file: str, how: How, tell: Callable[[Row], None]) -> Ran:
    """Run a file; `tell` gets each moment as it comes.

    Raises:
        UsageError: it cannot be run.
    """
    try:
        ran = run(Path(file), how, tell)
    except (ScriptError, ChildError) as error:
        raise UsageError(str(error)) from None
    if ran.end.cause == "refused":
        raise UsageError(f"{file} {ran.end.why}")
    return ran


def _tell(ran: Ran, file: str, how: How) -> None:
    """Say on stderr what is to be said of a run.

    Raises:
        UsageError: it called no `backward()`.
    """
    for line in complaints(ran, file):
        complain(line)
    missing = [*dict.fromkeys(trouble.missing for trouble in ran.listener.troubles if trouble.missing)]
    if missing and not how.python:
        complain(f"--python PATH takes an interpreter that has {', '.join(missing)}")
    if ran.nothing:
        raise UsageError(f"{file}: {ran.nothing}")


def _line(row: Row) -> str:
    where = "" if row.line is None else f"line {row.line}"
    where = where if row.cell is None else f"cell {row.cell} {where}"
    said = row.error or row.agreement
    return f"{row.index:>6}  {row.nodes:>8,} nodes  loss {row.loss:<20.12g} {where:<10} {said}".rstrip()
