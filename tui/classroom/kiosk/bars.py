"""Bars around this process, whatever its code would do: nothing is written outside one folder, nothing is run, nothing
is connected to. Must not know who asks, nor what is kept in the folder.

They hang on Python's audit events (PEP 578), which come before the act. They are no sandbox against code of
somebody else's; there is none in a kiosk. They hold what a fault of ours, or a key that nobody thought of, would reach.
"""

from __future__ import annotations

import os
import re
import resource
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_TERMINALS = ("/dev/null", "/dev/tty", "/dev/ptmx", "/dev/pts")

_NEVER = frozenset(
    (
        *("os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system"),
        *("pty.spawn", "subprocess.Popen", "webbrowser.open"),
        *("socket.bind", "socket.connect", "socket.sendmsg", "socket.sendto"),
    )
)
"""Events that nothing in a kiosk has a reason for."""

_PATHS: Mapping[str, int] = {
    "os.chflags": 1,
    "os.chmod": 1,
    "os.chown": 1,
    "os.link": 2,
    "os.mkdir": 1,
    "os.remove": 1,
    "os.removexattr": 1,
    "os.rename": 2,
    "os.rmdir": 1,
    "os.setxattr": 1,
    "os.symlink": 2,
    "os.truncate": 1,
    "os.utime": 1,
    "shutil.copyfile": 2,
    "shutil.move": 2,
    "shutil.rmtree": 1,
    "tempfile.mkdtemp": 1,
    "tempfile.mkstemp": 1,
}
"""Events that change what is on a disk, and how many of their arguments are paths."""

_READ_ONLY = re.compile(r"^file:.*[?&]mode=ro(&|$)", re.DOTALL)


BESIDES = 256
"""Megabytes that threads and code may take."""


class BarredError(PermissionError):
    """A kiosk does not do that."""


def bound(megabytes: int) -> None:
    """Let this process have no more memory than twice so much, and what threads and code take: whoever counts it may
    come too late.
    """
    most = (2 * megabytes + BESIDES) * 2**20
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (most if hard < 0 else min(most, hard),) * 2)


def bar(store: Path, *, connects: bool = False) -> None:
    """Put them up, for as long as this process lives. The folder has to be a real path. One that `connects` may do
    so to sockets of this machine that are files.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # the image of a killed process would lie where it stood
    sys.dont_write_bytecode = True
    os.umask(0o077)
    tempfile.tempdir = "/tmp"
    sys.addaudithook(judge(store, connects=connects))


def judge(store: Path, *, connects: bool = False) -> Callable[[str, tuple[object, ...]], None]:
    """What hears of each event, and raises BarredError where it is not to be."""
    own = str(store)

    def inside(path: object) -> bool:
        if isinstance(path, int):
            return True  # it is open already
        if not isinstance(path, str | bytes | os.PathLike):
            return False
        real = os.path.realpath(os.fsdecode(path))
        return real == own or real.startswith(own + os.sep) or real.startswith(_TERMINALS)

    def hear(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if isinstance(flags, int) and flags & _WRITING and not inside(path):
                raise BarredError(1, "a kiosk writes into its store alone", str(path))
        elif event == "socket.connect" and connects and isinstance(arguments[1], str | bytes):
            return
        elif event in _NEVER:
            raise BarredError(1, f"a kiosk does without {event}")
        elif event in _PATHS:
            for path in arguments[: _PATHS[event]]:
                if not inside(path):
                    raise BarredError(1, "a kiosk writes into its store alone", str(path))
        elif event == "sqlite3.connect" and not _reads_only(arguments[0]) and not inside(_database(arguments[0])):
            raise BarredError(1, "a kiosk writes into its store alone", str(arguments[0]))

    return hear


def _reads_only(name: object) -> bool:
    return isinstance(name, str) and _READ_ONLY.match(name) is not None


def _database(name: object) -> object:
    """The path that SQLite opens."""
    return unquote(urlsplit(name).path) if isinstance(name, str) and name.startswith("file:") else name
