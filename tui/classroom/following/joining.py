"""From a name to a session that follows. Must not know the screen."""

from __future__ import annotations

from typing import NamedTuple

from chainstep.engine.training.session import Session

from ...files.subjects.opening import open_subject
from ...files.subjects.source import Source
from ..wire.frames import FrameError
from ..wire.places import PlaceError
from .connection import Connection, chosen
from .following import FollowError, Following

_MEANWHILE = "lecture"
"""What is shown while what a teacher does is not."""


class Joined(NamedTuple):
    """A session that follows, and where it hears what happens."""

    connection: Connection
    following: Following
    session: Session
    source: Source


def join(name: str | None) -> Joined:
    """Follow the session of a name or, where none is named, the only one that is shared. It waits for what is told at
    first.

    Raises:
        PlaceError: there is none, there are several, or what comes is no session.
    """
    connection, following = Connection(chosen(name)), Following()
    try:
        for message in connection.first():
            following.take(message)
            if following.session is not None or following.withheld or following.left:
                break
    except (FollowError, FrameError) as error:
        connection.close()
        raise PlaceError(f"it cannot be followed: {error}") from None
    except PlaceError:
        connection.close()
        raise
    session, source = following.session, following.source
    if session is None or source is None:
        session, source = open_subject(_MEANWHILE)
    return Joined(connection, following, session, source)
