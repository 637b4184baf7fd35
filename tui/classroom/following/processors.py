"""Which processors a follower draws on: while the teacher plays on this machine, not on the teacher's. Must not know
sessions, nor what is drawn.

Wherever a follower wakes the system may put it where the teacher plays, and then both have half of that, though another
processor rests: thirty took a quarter of the teacher's steps.
"""

from __future__ import annotations

import os
from contextlib import suppress

from .. import sockets

_PROCESSOR = 36
"""Place among the fields of a process: the processor that a process ran on last (proc(5))."""


class Processors:
    """Those that this process may use."""

    def __init__(self, teacher: int = 0) -> None:
        """`teacher` is a process of this machine; 0 where there is none."""
        self._teacher = teacher
        self._own: set[int] = set()
        """All of them, where some are left to the teacher."""

    def leave(self, playing: bool) -> None:
        """Leave the teacher's to the teacher while that is `playing`, if there are others; else use all of them."""
        # Linux alone has such sets; where one cannot be had nothing is left.
        with suppress(OSError, AttributeError, ValueError, IndexError):
            if not playing:
                self._back()
                return
            mine = os.sched_getaffinity(0) | self._own
            others = mine - {_processor(self._teacher)}
            if others and self._teacher != os.getpid():
                self._own = mine
                os.sched_setaffinity(0, others)

    def _back(self) -> None:
        own, self._own = self._own, set()
        if own:
            os.sched_setaffinity(0, own)


def _processor(process: int) -> int:
    return int(sockets.fields(process)[_PROCESSOR])
