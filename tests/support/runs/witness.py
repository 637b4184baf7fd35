"""A program: the app, which writes down after each command what has been edited and forked by then, so that somebody
knows when it is killed. `python witness.py FILE ARGUMENTS …`. The app must not know; this knows sessions.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import NamedTuple

from chainstep.engine.training.commands import Command, to_json
from chainstep.engine.training.session import Session
from chainstep.tui.cli import main


class Done(NamedTuple):
    """What had been done at a moment."""

    when: float
    """By the clock that does not jump, which all processes share."""
    what: str
    """See `done`."""


def done(session: Session) -> str:
    """The forks, their names and origins, the edits of each and where they were told, and where to stop, as a text.
    What was undone counts as gone for good.
    """
    branches = session.editor.without_redo()
    forks = [
        [
            branch.name,
            branch.parent,
            branch.since,
            [[edit.step, edit.op, edit.issued_at, to_json(edit.command)] for edit in branch.run.history.edits],
        ]
        for branch in branches
    ]
    stops = [[breakpoint_.text, breakpoint_.enabled] for breakpoint_ in session.debugger.breakpoints]
    return json.dumps([branches.current.name, forks, stops])


def read(path: Path) -> list[Done]:
    """What was written down in a file, the oldest first; a line that was cut off is left out."""
    lines = path.read_text().splitlines(keepends=True) if path.exists() else []
    return [Done(*json.loads(line)) for line in lines if line.endswith("\n")]


def write_down(path: Path) -> None:
    """Write down what is done in this process, whenever it is another thing. A kill loses nothing that was written."""
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    apply, written = Session.apply, ""

    def applied(session: Session, command: Command) -> None:
        nonlocal written
        apply(session, command)
        what = done(session)
        if what != written:
            written = what
            os.write(file, f"{json.dumps(Done(time.monotonic(), what))}\n".encode())

    Session.apply = applied  # type: ignore[assignment, method-assign]


if __name__ == "__main__":
    write_down(Path(sys.argv[1]))
    sys.exit(main(sys.argv[2:]))
