"""A Python that has loaded the app, and forks what is to run under a terminal, so that nothing is loaded twice. It is a
program of its own, which `processes` starts and asks. Must not know what is run.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import sys
import termios
from typing import NamedTuple

PACKAGES = ("chainstep.tui", "plotext")

NOT = (
    ".__main__",
    ".against.of_autograd",
    ".against.of_jax",
    ".against.of_micrograd",
    ".against.of_tinygrad",
    ".against.of_torch",
    ".web.server",
    ".web.serving",
    ".web.tab",
)
"""Ends of modules that are programs, or load what need not be installed."""


class Asked(NamedTuple):
    """What is to run, and where: on a terminal, for somebody who wants to know how it ends."""

    arguments: list[str]
    environment: dict[str, str]
    folder: str
    terminal: int
    report: socket.socket


def load() -> None:
    """Import all that is in `PACKAGES`."""
    for name in PACKAGES:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not module.name.endswith(NOT):
                importlib.import_module(module.name)
    gc.collect()
    gc.freeze()


def serve(control: socket.socket) -> Asked | None:
    """Fork as often as asked, and report each process and then its end. Returns in each of them with what it is to run,
    in this one with None, when nobody can ask any more.
    """
    reports: dict[int, tuple[int, socket.socket]] = {}
    """A process and its report, by a pipe that is closed when the process ends."""
    while True:
        readable, _, _ = select.select([control.fileno(), *reports], [], [])
        for ended in reports.keys() & readable:
            process, report = reports.pop(ended)
            os.close(ended)
            with report:
                say(report, os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))
        if control.fileno() in readable:
            asked = received(control)
            if asked is None:
                return None
            ended, alive = os.pipe()
            process = os.fork()
            if process == 0:
                for mine in (control, asked.report, *(report for _, report in reports.values())):
                    mine.detach()
                for standard in range(3):
                    os.dup2(asked.terminal, standard)
                os.dup2(alive, 3, inheritable=False)
                os.closerange(4, os.sysconf("SC_OPEN_MAX"))
                return asked
            os.close(alive)
            os.close(asked.terminal)
            reports[ended] = process, asked.report
            say(asked.report, process)


def received(control: socket.socket) -> Asked | None:
    """What is asked for next; None if nobody can ask any more."""
    size, descriptors, *_ = socket.recv_fds(control, 4, 2)
    if not size:
        return None
    asked = b""
    while len(asked) < int.from_bytes(size):
        asked += control.recv(int.from_bytes(size) - len(asked))
    terminal, report = descriptors
    arguments, environment, folder = json.loads(asked)
    return Asked(arguments, environment, folder, terminal, socket.socket(fileno=report))


def say(report: socket.socket, number: int) -> None:
    """A line with a number, if somebody still listens."""
    with contextlib.suppress(OSError):
        report.sendall(b"%d\n" % number)


def become(asked: Asked) -> None:
    """Do what Python does when it is started with these arguments, and in this order."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    for number in (signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    os.environ.clear()
    os.environ.update(asked.environment)
    os.chdir(asked.folder)
    for name in ("stdin", "stdout", "stderr"):
        was = getattr(sys, name)
        stream = os.fdopen(was.fileno(), was.mode, 1, was.encoding, was.errors, closefd=False)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    kind, what, *sys.argv[1:] = asked.arguments
    if kind == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        sys.argv[0] = kind
        exec(compile(what, "<string>", "exec"), {"__name__": "__main__"})


class End:
    """The last thing that Python does before it takes its modules apart: to do without, where a program has come to its
    end. They are the server's, and would all be copied for that, which takes as long as the app's start.
    """

    status: int | None = None

    def __init__(self) -> None:
        atexit.register(self.leave)

    def leave(self) -> None:
        if self.status is not None:
            with contextlib.suppress(OSError):  # Python knows what to do about an output that is gone
                for stream in (sys.stdout, sys.stderr):
                    stream.flush()
                os._exit(self.status)


if __name__ == "__main__":
    end = End()  # first: what is registered last is done first
    load()
    forked = serve(socket.socket(fileno=0))
    if forked is not None:
        try:
            become(forked)
        except SystemExit as left:
            if not isinstance(left.code, int | None):
                raise
            end.status = left.code or 0
        else:
            end.status = 0
