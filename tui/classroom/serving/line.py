"""The session's end of the line to whoever holds its terminal: what comes by it are the signals that would have come
from the terminal, and the last word on it is the status. Must not know what the session does about a signal.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal
from collections.abc import Iterator
from contextlib import suppress
from socket import socket
from types import FrameType

from ...terminal.signals import Holder
from .holder import GO, SIGNALS

_AGAIN = 0.2
"""Seconds after a new size of the window in which one more may have gone unheard."""


class Line(Holder):
    """A line to the holder of this process's terminal, who can be stopped by a shell if it `has_shell`.

    What comes by it interrupts whatever goes on, as signals do: the kernel sends SIGIO.
    """

    def __init__(self, connection: socket, words: int, *, has_shell: bool) -> None:
        """`words` is the descriptor of what the holder hears."""
        self.has_shell = has_shell
        self._words = words
        self._connection = connection
        connection.setblocking(False)
        self._received = b""
        self._open = True
        self._size: os.terminal_size | None = None

    def begin(self) -> bool:
        """Wait until the holder is there, and hear it from then on; whether it came."""
        while b"\n" not in self._received:
            select.select([self._connection], [], [])
            piece = self._receive()
            if piece == b"":
                return False
            self._received += piece or b""
        if not self._received.startswith(GO):
            return False
        self._received = self._received.partition(b"\n")[2]
        signal.signal(signal.SIGIO, self._heard)
        signal.signal(signal.SIGALRM, self._look_again)
        descriptor = self._connection.fileno()
        fcntl.fcntl(descriptor, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | os.O_ASYNC)
        self._hand_on()  # what came before
        return True

    def stop(self) -> None:
        """Have the holder stopped, and wait until it goes on: the shell has the terminal meanwhile."""
        signal.signal(signal.SIGIO, lambda *_: None)
        self._say("stop")
        late: list[str] = []
        while self._open:
            select.select([self._connection], [], [])
            names = list(self._names())
            late += [name for name in names if name != "CONT"]
            if "CONT" in names:
                break
        signal.signal(signal.SIGIO, self._heard)
        for name in [*late, *self._names()]:
            self._raise(name)

    def end(self, status: int) -> None:
        """The session is over."""
        self._open = False  # that the holder goes then is no hang-up
        self._say(f"end {status}")

    # --- how it works

    def _say(self, words: str) -> None:
        with suppress(OSError):  # nobody holds the terminal any more
            os.write(self._words, words.encode() + b"\n")

    def _heard(self, number: int, frame: FrameType | None) -> None:
        self._hand_on()

    def _hand_on(self) -> None:
        for name in self._names():
            self._raise(name)

    def _raise(self, name: str) -> None:
        if name == "WINCH":
            # A shell that has just handed on a signal may miss one.
            self._size = os.get_terminal_size(0)
            signal.setitimer(signal.ITIMER_REAL, _AGAIN)
        if name == "TSTP" and signal.getsignal(signal.SIGTSTP) == signal.SIG_DFL:
            self.stop()  # of itself the kernel stops nobody whose shell is elsewhere
        elif name in (*SIGNALS, "CONT"):
            signal.raise_signal(getattr(signal, f"SIG{name}"))

    def _look_again(self, number: int, frame: FrameType | None) -> None:
        with suppress(OSError):
            if os.get_terminal_size(0) != self._size:
                self._raise("WINCH")

    def _names(self) -> Iterator[str]:
        """The names of signals that have come. A holder that is gone is a terminal that has hung up."""
        while self._open:
            piece = self._receive()
            if piece is None:
                return
            *lines, self._received = (self._received + piece).split(b"\n")
            yield from (line.decode(errors="replace") for line in lines)
            if not piece:
                self._open = False
                yield "HUP"

    def _receive(self) -> bytes | None:
        """What has come; b"" where nobody is there any more, None where nothing has come."""
        try:
            return self._connection.recv(4096)
        except BlockingIOError:
            return None
        except OSError:
            return b""
