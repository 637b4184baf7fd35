"""What a fork of the class does to be as a process of its own would have been, started on that terminal. Must not know
what it carries out, nor what Textual is.
"""

from __future__ import annotations

import contextlib
import locale
import os
import resource
import signal
import sys
import time
from typing import Any

_SET = ("SIGCHLD", "SIGHUP", "SIGQUIT", "SIGTERM")
"""Signals that a class has handlers for, and Python leaves as they are."""


def become(asked: dict[str, Any], descriptors: list[int]) -> None:
    """Take over what was asked for: the terminal and the folder, whose descriptors are closed then, the environment,
    the limits.

    Raises:
        OSError: the folder or the terminal cannot be had.
    """
    os.fchdir(descriptors[3])
    for number in range(3):
        os.dup2(descriptors[number], number)
    for descriptor in descriptors:
        os.close(descriptor)
    os.umask(asked["umask"] & 0o777)
    _limit(asked["limits"], asked["priority"])
    _be_in(asked["environment"])
    open_streams()
    sys.argv[:] = [asked["program"], *asked["words"]]


def leave_handlers() -> None:
    """Signals are as Python has them when it starts."""
    signal.set_wakeup_fd(-1)
    for name in _SET:
        signal.signal(getattr(signal, name), signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _be_in(environment: dict[str, str]) -> None:
    """Change what differs: a variable that is set anew takes memory of its own."""
    before = dict(os.environ)
    for name in before.keys() - environment.keys():
        del os.environ[name]
    for name, value in environment.items() - before.items():
        os.environ[name] = value
    if any(before.get(name) != environment.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG")):
        with contextlib.suppress(locale.Error):  # it is not installed
            locale.setlocale(locale.LC_CTYPE, "")
    time.tzset()  # C reads TZ once


def _limit(limits: dict[str, Any], priority: int) -> None:
    """No more than whoever has joined was allowed, nor than the class itself is."""
    for name, wanted in limits.items():
        kind = getattr(resource, name, None) if name.startswith("RLIMIT_") else None
        if kind is None:
            continue
        with contextlib.suppress(ValueError, OSError, TypeError, OverflowError):
            most = resource.getrlimit(kind)[1]
            soft, hard = (_least(number, most) for number in wanted)
            resource.setrlimit(kind, (soft, hard))
    with contextlib.suppress(OSError, OverflowError):
        if priority > os.getpriority(os.PRIO_PROCESS, 0):
            os.setpriority(os.PRIO_PROCESS, 0, priority)


def _least(one: int, other: int) -> int:
    finite = [number for number in (one, other) if number != resource.RLIM_INFINITY]
    return min(finite) if finite else resource.RLIM_INFINITY


def open_streams() -> None:
    """Python's streams, anew: those of the class may hold what it has not written, and other letters."""
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        errors = "backslashreplace" if name == "stderr" else "strict"
        stream = os.fdopen(number, mode, 1, "utf-8", errors, closefd=False)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
