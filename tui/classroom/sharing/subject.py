"""What is shared: a session, and what followers have to know to begin one on the same data. Must not know who follows.

An example or an expression is named; somebody's own table travels as the file it is in, and a script as what was
recorded of it, once and with leave.
"""

from __future__ import annotations

from pathlib import Path

from chainstep.datasets import printable
from chainstep.engine.records import record, replace
from chainstep.engine.training.replication.update import Update
from chainstep.engine.training.session import Session

from ...files.subjects.source import Source
from ..wire.frames import encoded

MOST = 8 * 2**20
"""Bytes of a table that travels."""


@record(eq=False)
class Subject:
    """What is shared now; another one, where that is another session or told otherwise."""

    session: Session
    frame: bytes
    """What followers are told first."""
    withheld: bool
    """It is not shown: it is somebody's own data, and there is no leave."""


def is_own(source: Source) -> bool:
    """Whether it is somebody's own data."""
    return source.kind in ("csv", "script")


def subject_of(session: Session, source: Source, *, leave: bool) -> Subject:
    """What is shared, of one's own data only with `leave`. It may take a moment, in any thread.

    Raises:
        OSError: the table is not there any more, or too large to travel.
    """
    title, own = printable(source.title, 60), is_own(source)
    if own and not leave:
        return Subject(session, _frame(title, None), True)
    path = Path(source.name)
    bare = replace(source, name=path.name) if own else source  # where it lies is nobody's business
    if source.kind != "csv":
        return Subject(session, _frame(title, bare), False)
    if path.stat().st_size > MOST:
        raise OSError(0, f"a table of more than {MOST >> 20} MB is not shared")
    return Subject(session, _frame(title, bare, path.read_bytes()), False)


def _frame(title: str, source: Source | None, table: bytes = b"") -> bytes:
    told = None if source is None else source.to_json()
    return encoded(Update("subject", {"title": title, "source": told}, table))
