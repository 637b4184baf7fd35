"""The class itself: it listens, and forks a process for whoever comes, which looks at what is asked and becomes a
session. Must not know what a session carries out, nor start a thread: of a fork only the thread that forks goes on.

It does as little as it can between two forks: each page of memory that it writes to is copied for the one before.
"""

from __future__ import annotations

import atexit
import fcntl
import json
import os
import selectors
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import Context
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

from ...terminal import signals
from .. import sockets
from . import meeting
from .fork import become, leave_handlers
from .holder import DEAD
from .line import Line
from .priority import Priority
from .request import LIST, RequestError, check, receive
from .seats import Seat, Seats

PATIENCE = 5.0
"""Seconds that whoever comes may take to say what for."""

AT_ONCE = 1
"""Sessions that begin at the same time, for each processor: of more each takes half as long again, as measured."""

PACE = 0.1
"""Seconds after which one more begins all the same: whoever reads a large table holds up nobody for longer."""

Carry = Callable[[list[str], Line, Seat], int]
"""Carries out the words of a session in its own process; returns the status."""

Tell = Callable[[str, int, dict[str, object]], None]
"""Is told what happens, "joined" or "left", how many sessions there are then, and what else there is to say. What joins
is told in the process that has joined.
"""


class ClassError(RuntimeError):
    """There can be no class, or there is none; the message is one line."""


class Server:
    """A class, which listens once it serves."""

    def __init__(self, carry: Carry, tell: Tell) -> None:
        """Make sure that there is no other.

        Raises:
            ClassError: there is one already, or nobody could meet it.
        """
        self._carry = carry
        self._tell = tell
        self._seats = Seats()
        self._seat_of: dict[int, int] = {}
        """The seats of the processes that were forked."""
        self._ending = False
        self._server = os.getpid()
        self._lock = _lock(meeting.address())

    @property
    def sessions(self) -> int:
        """How many there are."""
        return self._seats.sessions()

    def serve(self) -> None:
        """Take in whoever comes, until a signal ends it; sessions that are there go on by themselves.

        Raises:
            ClassError: its socket cannot be made.
        """
        listener = _listening(meeting.address())
        with listener, _signals(self._end) as woken, selectors.DefaultSelector() as selector:
            selector.register(woken, selectors.EVENT_READ, lambda: self._wake(woken))
            while not self._ending:
                if self._seats.beginning() >= AT_ONCE * self._seats.processors and selector.select(PACE):
                    self._wake(woken)  # one is on screen, or has ended
                    continue
                selector.register(listener, selectors.EVENT_READ, lambda: self._accept(listener, selector))
                ready = selector.select()
                selector.unregister(listener)
                for key, _ in ready:
                    key.data()
        with suppress(OSError):
            Path(meeting.address()).unlink()

    def _end(self, *_: object) -> None:
        self._ending = True

    def _wake(self, woken: socket.socket) -> None:
        """A signal has come: maybe processes have ended."""
        with suppress(BlockingIOError):
            woken.recv(4096)
        while self._seat_of:
            process, status = os.waitpid(-1, os.WNOHANG)
            if not process:
                return
            if self._seats.leave(self._seat_of.pop(process)):
                self._tell("left", self.sessions, {"pid": process, "status": os.waitstatus_to_exitcode(status)})

    def _accept(self, listener: socket.socket, selector: selectors.BaseSelector) -> None:
        with suppress(BlockingIOError, ConnectionError):
            connection, _ = listener.accept()
            seat = self._seats.take()
            if seat is None:
                connection.close()  # which is an answer, too
                return
            try:
                process = os.fork()
            except OSError:
                self._seats.leave(seat)
                connection.close()
                return
            if not process:
                selector.close()
                _be(connection, lambda: self._attend(connection, seat))
            self._seat_of[process] = seat
            connection.close()

    # --- in the fork

    def _attend(self, connection: socket.socket, seat: int) -> int:
        """Be what whoever has come asks for, to its end; returns the status."""
        connection.settimeout(PATIENCE)
        try:
            if not meeting.is_same_user(connection):
                raise RequestError("that is another user")
            asked, descriptors = receive(connection)
            if asked == LIST:
                _answer(connection, json.dumps([asdict(each) for each in self._seats.sitting()]) + "\n")
                return 0
            check(asked, descriptors)
        except RequestError as error:
            _answer(connection, f"no: {error}\n")
            return 0
        except OSError:
            return 0
        return self._session(connection, asked, descriptors, seat)

    def _session(self, connection: socket.socket, asked: dict[str, Any], descriptors: list[int], seat: int) -> int:
        words = asked["words"]
        self._seats.sit(seat, " ".join(words))
        self._tell("joined", self.sessions, {"pid": os.getpid(), "words": words})
        _close_others([connection.fileno(), *descriptors])
        *own, said = descriptors
        try:
            become(asked, own)
        except (OSError, ValueError) as error:
            _answer(connection, f"no: {error}\n")
            return 0
        line = Line(connection, said, has_shell=asked["shell"])
        if not _answer(connection, meeting.JOINED) or not line.begin():
            return 0  # whoever came has had enough of waiting, and does without
        status = Context().run(self._carry, words, line, Seat(self._seats, seat, self._server, Priority()))
        line.end(status)
        return status


def _answer(connection: socket.socket, text: str) -> bool:
    """Answer whoever has come; whether they are still there."""
    try:
        connection.sendall(text.encode(errors="replace"))
    except OSError:
        return False
    return True


def _be(connection: socket.socket, attend: Callable[[], int]) -> NoReturn:
    """Attend to whoever has come, and end."""
    status = DEAD
    try:
        os.setsid()  # no signal from where the class was started comes here
        leave_handlers()
        status = attend()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        # Not by the usual way: it would take apart, page by page, what is shared with all others.
        with suppress(BaseException):
            atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(status)


def _close_others(kept: list[int]) -> None:
    """Close all descriptors but the first three and those: the class's own, and its other sessions'."""
    for low, high in pairwise(sorted([2, *kept, os.sysconf("SC_OPEN_MAX")])):
        os.closerange(low + 1, high)


@contextmanager
def _signals(end: Callable[..., None]) -> Iterator[socket.socket]:
    """Have `end` called by what ends a program; gives what can be read after each signal, that of a child's end too."""
    woken, waker = socket.socketpair()
    woken.setblocking(False)
    waker.setblocking(False)
    with woken, waker:
        before = {number: signal.signal(number, end) for number in signals.ending()}
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        try:
            yield woken
        finally:
            signal.set_wakeup_fd(-1)
            for number, handler in before.items():
                signal.signal(number, handler)


def _lock(address: str) -> int:
    """A lock that a class has as long as it lives."""
    folder = Path(address).parent
    try:
        with suppress(FileExistsError):
            folder.mkdir(0o700)
        if not sockets.is_private(str(folder)):
            raise ClassError(f"others can get into {folder}: it has to be yours, with the mode 700")
        lock = os.open(f"{address}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise ClassError(f"no class can be opened in {folder}: {(error.strerror or str(error)).lower()}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise ClassError("a class is open already: `chainstep class --list` tells who sits in it") from None
    return lock


def _listening(address: str) -> socket.socket:
    """The socket that a class listens on."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with suppress(FileNotFoundError):
            Path(address).unlink()  # of one that was killed
        listener.bind(address)
        listener.listen(1024)
    except OSError as error:
        listener.close()
        raise ClassError(f"no class can listen at {address}: {(error.strerror or str(error)).lower()}") from error
    listener.setblocking(False)
    return listener


def listed() -> list[dict[str, Any]]:
    """The sessions of this user's class: a `Sitting` each.

    Raises:
        ClassError: there is no class.
    """
    asked = json.dumps(LIST).encode()
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(PATIENCE)
            connection.connect(meeting.address())
            connection.sendall(len(asked).to_bytes(meeting.LENGTH) + asked)
            with connection.makefile("rb") as answer:
                return list(json.loads(answer.readline()))
    except (OSError, ValueError) as error:
        raise ClassError("no class is open: `chainstep class` opens one") from error
