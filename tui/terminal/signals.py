"""The signals that end the program or stop it, and the exit status that tells which one did. Must not know what is done
before.

Every session asks it for the shell before it loads anything, so `signal` is loaded where it is wanted.
"""

from __future__ import annotations

import os
from contextvars import ContextVar

TYPE_CHECKING = False  # as in classroom.serving.joining
if TYPE_CHECKING:
    from collections.abc import Callable


def _known(*names: str) -> tuple[int, ...]:
    """Those of the signals that this system has."""
    import signal

    return tuple(getattr(signal, name) for name in names if hasattr(signal, name))


def _fatal() -> tuple[int, ...]:
    """Signals after which Textual would leave the terminal as it is."""
    return _known("SIGTERM", "SIGHUP", "SIGQUIT")


def ending() -> tuple[int, ...]:
    """Signals that end what has no screen, once all is in order."""
    return _known("SIGINT", "SIGTERM", "SIGHUP")


def on_fatal(end: Callable[[int], None]) -> None:
    """Have `end` called with the number of the signal that is to end the program, on the event loop that runs; maybe
    twice.
    """
    import asyncio
    import signal

    loop = asyncio.get_running_loop()
    for number in _fatal():
        loop.add_signal_handler(number, end, number)  # which it takes back when it is closed
        # It is told by a pipe, which is full where it has been held up while a few hundred keys came.
        signal.signal(number, lambda number, _: loop.call_soon_threadsafe(end, number))
    signal.set_wakeup_fd(signal.set_wakeup_fd(-1), warn_on_full_buffer=False)


def status(number: int) -> int:
    """The exit status of a program that a signal has ended, as shells have it."""
    return 128 + number


class Holder:
    """Whoever is a shell's job in place of this program, which was handed the terminal."""

    has_shell: bool
    """Whether a shell could let it go on."""

    def stop(self) -> None:
        """Stop, and come back when the shell lets it go on."""
        raise NotImplementedError


holder: ContextVar[Holder | None] = ContextVar("holder", default=None)
"""It stands beside all that is passed down to the app, which is opened in many ways."""


def has_shell() -> bool:
    """Whether somebody could let the program go on once it has stopped: a shell with job control, which gives each of
    its jobs a process group and stays in its own. Behind `ssh host chainstep`, or where a terminal runs nothing else,
    there is none.
    """
    held = holder.get()
    if held is not None:
        return held.has_shell
    try:
        leader, parent = os.getsid(0), os.getppid()
        return os.getpgrp() != os.getpgid(leader) and os.getsid(parent) == leader
    except OSError:  # the shell is gone, or is another user's
        return False


def is_in_foreground(terminal: int) -> bool:
    """Whether the program may set the terminal.

    Raises:
        OSError: it is none any more.
    """
    return holder.get() is not None or os.tcgetpgrp(terminal) == os.getpgrp()


def stop() -> None:
    """Stop: the shell has the terminal until it lets the program go on."""
    held = holder.get()
    if held is None:
        import signal

        os.kill(os.getpid(), signal.SIGSTOP)
    else:
        held.stop()
