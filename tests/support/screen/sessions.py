"""Sessions that no screen shows, to be compared with one that is shown. Must not know any screen."""

from __future__ import annotations

from chainstep.engine.training.commands import Command
from chainstep.engine.training.session import Session
from chainstep.tui.files.subjects.opening import open_subject


def after(*commands: Command, what: str = "lecture", **knobs: object) -> Session:
    """The session of an example that was told so."""
    session, _ = open_subject(what, overrides=knobs)
    for command in commands:
        session.apply(command)
    return session
