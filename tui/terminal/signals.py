"""The signals that end the program or stop it, and the exit status that tells which one did. Must not know what is done
before.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable

_FATAL = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name))
"""Signals after which Textual would leave the terminal as it is."""


def on_fatal(end: Callable[[int], None]) -> None:
    """Have `end` called with the number of the signal that is to end the program, on the event loop that runs."""
    loop = asyncio.get_running_loop()
    for number in _FATAL:
        loop.add_signal_handler(number, end, number)


def status(number: int) -> int:
    """The exit status of a program that a signal has ended, as shells have it."""
    return 128 + number


def has_shell() -> bool:
    """Whether somebody could let the program go on once it has stopped: a shell with job control, which gives each of
    its jobs a process group and stays in its own. Behind `ssh host chainstep`, or where a terminal runs nothing else,
    there is none.
    """
    try:
        leader, parent = os.getsid(0), os.getppid()
        return os.getpgrp() != os.getpgid(leader) and os.getsid(parent) == leader
    except OSError:  # the shell is gone, or is another user's
        return False
