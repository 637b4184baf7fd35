"""How a session that plays gives way to others on the same machine, so that whoever steps there notices nothing. Must
not know who they are, nor an event loop.
"""

from __future__ import annotations

from contextvars import ContextVar
from time import process_time
from typing import Protocol

LEAST, MOST = 0.002, 1.0
"""Seconds of a rest: a shorter one waits for the next, a longer one would look like a standstill."""


class Share(Protocol):
    """This session's share of the processors that it plays on together with others."""

    def play(self, playing: bool) -> None:
        """It begins to play, or ends."""

    def settled(self) -> bool:
        """Have the system know of it, too; False where it is to be told again in a while."""

    def crowd(self) -> float:
        """How many times as much as there is would be taken, if all who play took what they can; at least 1."""


share: ContextVar[Share | None] = ContextVar("share", default=None)
"""It stands beside all that is passed down to the runner, since whatever plays gives way."""


_PICTURES = 4.0
"""A crowd from which on pictures come more rarely: they would take all that is left to a session. They come so many
times more rarely at most, which is once a second.
"""


class Turns:
    """How long to rest, for a session that plays."""

    def __init__(self, of: Share) -> None:
        self._share = of
        self._since = process_time()

    def rest(self) -> float:
        """Seconds to rest now, after all that this process has done since it last did: pictures as well."""
        now = process_time()
        seconds = (now - self._since) * (self._share.crowd() - 1.0)
        if 0.0 < seconds < LEAST:
            return 0.0
        self._since = now
        return min(seconds, MOST)

    @property
    def rarer(self) -> float:
        """How many times more rarely than alone a picture is to be made."""
        return min(_PICTURES, max(1.0, self._share.crowd() / _PICTURES))
