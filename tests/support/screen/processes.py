"""How a program is started on a terminal: fresh, or forked from a Python that has loaded the app. Must not know what it
is.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

# Runs in the child and becomes the program: only a session's own process can take the terminal. The signals
# are set back because Python ignores SIGPIPE, a CI runner may ignore others, and exec would hand that on.
TAKE_TERMINAL = """
import fcntl, os, signal, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
for number in (signal.SIGHUP, signal.SIGINT, signal.SIGPIPE, signal.SIGQUIT):
    signal.signal(number, signal.SIG_DFL)
os.execvp(sys.argv[1], sys.argv[1:])
"""

READ_AT_ONCE = ("PYTHON", "TEXTUAL", "LC_", "LANG", "ESCDELAY")
"""How variables begin that Python reads when it starts, and Textual when it is imported."""


class Process(Protocol):
    """A program that was started, as `subprocess.Popen` is."""

    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def send_signal(self, number: int) -> None: ...


class Start(Protocol):
    """(argv, a terminal's file descriptor, environment, folder) -> the process, for which that is its terminal."""

    def __call__(
        self, argv: Sequence[str], terminal: int, environment: Mapping[str, str], folder: str | os.PathLike[str]
    ) -> Process: ...


def fresh(
    argv: Sequence[str], terminal: int, environment: Mapping[str, str], folder: str | os.PathLike[str]
) -> Process:
    """Start any program."""
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", TAKE_TERMINAL, *argv],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=dict(environment),
        cwd=folder,
        start_new_session=True,
    )


def forked(
    argv: Sequence[str], terminal: int, environment: Mapping[str, str], folder: str | os.PathLike[str]
) -> Process:
    """Start Python with `-m MODULE` or `-c PROGRAM`. The app has been imported there, all else is as in a fresh one.

    Raises:
        ValueError: something else is to be started, or its environment says other things to what was imported.
    """
    python, *arguments = argv
    if arguments[:1] == ["-P"]:
        del arguments[0]
    if python != sys.executable or arguments[0] not in ("-m", "-c"):
        raise ValueError(f"cannot be forked: {argv}")
    server, before = _server()
    differs = {name for name, _ in _read_at_once(environment) ^ before}
    if differs:
        raise ValueError(f"has been read already: {', '.join(sorted(differs))}")
    report, theirs = socket.socketpair()
    asked = json.dumps((arguments, dict(environment), str(Path(folder).resolve()))).encode()
    with theirs:
        socket.send_fds(server, [len(asked).to_bytes(4)], [terminal, theirs.fileno()])
        server.sendall(asked)
    return Forked(report)


class Forked:
    """A process of the server's: this one cannot wait for it, but is told."""

    def __init__(self, report: socket.socket) -> None:
        self._report = report
        self._returncode: int | None = None
        self.pid = self._told()

    def poll(self) -> int | None:
        """Its exit status as `subprocess` gives it, None while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status.

        Raises:
            subprocess.TimeoutExpired: it still runs.
        """
        if self._returncode is None:
            told, _, _ = select.select([self._report], [], [], timeout)
            if not told:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            self._returncode = self._told()
            self._report.close()
        return self._returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def _told(self) -> int:
        line = b""
        while not line.endswith(b"\n"):
            piece = self._report.recv(1)
            if not piece:
                raise ChildProcessError("the server has ended")
            line += piece
        return int(line)


@cache
def _server() -> tuple[socket.socket, frozenset[tuple[str, str]]]:
    """Where one asks for a process, and what that process has read of the environment; it lives as long as this one."""
    ours, theirs = socket.socketpair()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-P", str(Path(__file__).with_name("forkserver.py"))],
            stdin=theirs.fileno(),
            env=environment,
            start_new_session=True,
        )

    @atexit.register
    def end() -> None:
        ours.close()
        process.wait()

    return ours, _read_at_once(environment)


def _read_at_once(environment: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset((name, value) for name, value in environment.items() if name.startswith(READ_AT_ONCE))
