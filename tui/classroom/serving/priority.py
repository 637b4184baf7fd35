"""How the system's scheduler is told that a session gives way to others, and that it does so no more. Must not know
when it does.

Whoever has no privilege cannot take back a nice value of a process. Linux has two things that can be: the policy for
what nobody waits for (`SCHED_BATCH`), which interrupts nobody when it wakes; and the nice value of an autogroup, which
each session of processes has for itself (sched(7)). Where there is neither, a session rests as long as `seats` say.
"""

from __future__ import annotations

import os
from contextlib import suppress

NICE = 10
"""Of the autogroup of a session that gives way: a tenth of what others get where they want the processor, too."""

_AUTOGROUP = "/proc/self/autogroup"


class Priority:
    """The priority of this process, which leads a session of processes, and of the thread that says so."""

    def __init__(self, autogroup: str = _AUTOGROUP) -> None:
        """It is opened at once: later on a session may be one that can open nothing."""
        self._autogroup = -1
        with suppress(OSError):
            self._autogroup = os.open(autogroup, os.O_WRONLY | os.O_CLOEXEC)

    def give_way(self, gives: bool) -> bool:
        """Give way from now on, or no more. False where it has to be said again: for all users together Linux allows
        that ten times a second.
        """
        _set_policy(batch=gives)
        if self._autogroup < 0:
            return True
        try:
            os.write(self._autogroup, b"%d" % (NICE if gives else 0))
        except BlockingIOError:
            return False
        except OSError:  # it is none that may be set
            pass
        return True


def _set_policy(*, batch: bool) -> None:
    if not hasattr(os, "SCHED_BATCH"):
        return
    usual = os.SCHED_OTHER, os.SCHED_BATCH
    with suppress(OSError):
        if os.sched_getscheduler(0) in usual:  # another one was asked for
            os.sched_setscheduler(0, usual[batch], os.sched_param(0))
