"""Saves what is open, on the way out or before something else is opened. Must not know the screen."""

from __future__ import annotations

from chainstep.engine.training.session import Session

from .subjects import Source


class Saver:
    """Saves sessions whose data came from `source`. A failure is kept, not raised: the way out stays open."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.failure: str | None = None
        """Why a session could not be saved, in one line."""

    def save(self, session: Session) -> None:
        """Save a session at its very position."""
        from . import runs  # the first frame does not wait for it

        try:
            runs.save(session, self.source)
        except runs.RunError as error:
            self.failure = str(error)
