"""From what was recorded of a user's script to a session on a run of it. Must not know how a script is run, nor the
screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from chainstep.engine.training.commands import Goto
from chainstep.engine.training.recorded.recording import Recording
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Recorded
from chainstep.engine.training.setup.settings import Settings

from .recorded import first_run
from .source import Source

LONG = 2_000
"""Nodes of a graph whose listing takes so long that it is made beforehand."""

MODIFIED = "modified"
"""In what is known of how a script was run: when its file had been changed last."""


def on_recording(
    recording: Recording, path: str, moment: int | None = None, how: Mapping[str, object] | None = None
) -> tuple[Session, Source]:
    """A session on the run that a moment is of, which counts from 0, or on the run that is looked for first.

    Args:
        recording: what was recorded of a script, one moment of one expression for instance.
        path: where the script is; it is run again from there.
        how: how it was run, as plain data, for running it again.
    """
    run = first_run(recording) if moment is None else recording.run_of(moment)
    how = {MODIFIED: _modified(path), **(how or {})}
    session = Session(Recorded(recording, run), Settings(loss="sse", lr=0.01, steps=len(run)))
    if len(recording.graphs[recording.moments[run[0]].graph]) > LONG:
        session.snapshot({"trace"})  # its lines are made once, here where no screen waits
    return session, Source("script", str(Path(path).absolute()), choices=how)


def on_difference(recording: Recording, path: str, how: Mapping[str, object] | None = None) -> tuple[Session, Source]:
    """A session that stands behind the op with which a script's numbers first leave what is right: the lines up to
    there are done, and its chain rule is shown in both's numbers. Where all is right it stands at the start.
    """
    session, source = on_recording(recording, path, None, how)
    script = session.snapshot(()).script
    if script is not None and script.difference is not None:
        session.apply(Goto(*script.difference))
    return session, source


def changed_since(source: Source) -> bool:
    """Whether a script is another than when it was run, as far as its file tells."""
    then = (source.choices or {}).get(MODIFIED)
    return then is not None and then != _modified(source.name)


def _modified(path: str) -> int | None:
    """When a file was changed last, in nanoseconds; None where that is not known."""
    try:
        return Path(path).stat().st_mtime_ns
    except (OSError, ValueError):
        return None
