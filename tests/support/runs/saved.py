"""What is saved where the tests keep their runs. Must not know how it came there."""

from __future__ import annotations

from pathlib import Path

from chainstep.engine.training.archive.archive import Archive
from chainstep.engine.training.session import Session
from chainstep.tui.files import runs
from chainstep.tui.files.store.writer import Writer
from chainstep.tui.files.subjects.source import Source
from chainstep.tui.files.summary import summary


def saved(name: str | None = None) -> tuple[Session, Source]:
    """The session of a run, the newest if none is named, and where its data is from; nobody has it open then."""
    resumed = runs.resume(name)
    if resumed.file is not None:
        resumed.file.close()
    return resumed.session, resumed.source


def save(session: Session, source: Source) -> Path:
    """Save a session as the app does when it is left; gives the file."""
    writer = Writer(runs.run_folder())
    writer.put(Archive(session).changes()[0], summary=summary(session, source))
    assert writer.close(60), writer.error
    assert writer.path is not None
    return writer.path
