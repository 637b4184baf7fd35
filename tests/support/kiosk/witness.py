"""Hears of every file, process and connection that this process asks for (PEP 578), and says which are none of a
kiosk's. Must not know the app.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_CHANGING = {
    **dict.fromkeys(("os.chmod", "os.chown", "os.mkdir", "os.remove", "os.rmdir", "os.truncate", "os.utime"), 1),
    **dict.fromkeys(("os.link", "os.rename", "os.symlink", "shutil.copyfile", "shutil.move"), 2),
    **dict.fromkeys(("shutil.rmtree", "tempfile.mkdtemp", "tempfile.mkstemp"), 1),
}

_LISTING = ("os.listdir", "os.scandir", "glob.glob")

_RUNNING = ("os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "pty.spawn", "subprocess.Popen")

_CONNECTING = ("socket.bind", "socket.connect", "socket.sendto", "socket.getaddrinfo", "webbrowser.open")

SYSTEM = (
    *("/dev/null", "/dev/tty", "/etc/localtime", "/usr/share/zoneinfo"),
    *(f"/proc/self/{name}" for name in ("mounts", "schedstat", "statm")),
)
"""What belongs to nobody, and may be read."""


NO_FILES = ("<unknown>", "<string>")
"""Where CPython looks for the line of a syntax error, in what is no file, below the folder that it stands in."""


class Witness:
    """Keeps each thing that was asked for once, from when it is made until the process ends."""

    def __init__(self) -> None:
        self.written, self.read, self.other = set[str](), set[str](), set[str]()
        self._deaf = False
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if self._deaf:
            return
        if event == "open":
            path, _, flags = arguments
            if not isinstance(path, int):
                changes = isinstance(flags, int) and bool(flags & _WRITING)
                (self.written if changes else self.read).add(_spelt(path))
        elif event in _CHANGING:
            self.written.update(_spelt(path) for path in arguments[: _CHANGING[event]])
        elif event == "sqlite3.connect":
            name = str(arguments[0])
            (self.read if "mode=ro" in name else self.written).add(unquote(urlsplit(name).path))
        elif event in _LISTING and isinstance(arguments[0], str | bytes | os.PathLike):
            self.read.add(_spelt(arguments[0]))
        elif event in _RUNNING or event in _CONNECTING:
            self.other.add(f"{event}{arguments!r:.200}")

    def trespasses(self, store: Path, readable: Iterable[Path]) -> list[str]:
        """What was none of its business: all that lies neither in the store nor, for reading, in what is readable."""
        self._deaf = True
        try:
            own = [store.resolve(), *(Path(name) for name in ("/dev/null", "/dev/tty"))]
            made = {str(folder) for folder in store.resolve().parents}
            may = [*own, *(path.resolve() for path in readable), *map(Path, SYSTEM)]
            return [
                *(f"written: {path}" for path in _outside(self.written - made, own)),
                *(f"read: {path}" for path in _outside(self.read, may) if Path(path).name not in NO_FILES),
                *sorted(self.other),
                *(f"running: {number}" for number in _children()),
            ]
        finally:
            self._deaf = False


def _children() -> list[str]:
    """The processes that this one has started; none where the system does not say."""
    told = Path(f"/proc/self/task/{os.getpid()}/children")
    return told.read_text().split() if told.exists() else []


def _spelt(path: object) -> str:
    return str(Path(os.fsdecode(path)).absolute()) if isinstance(path, str | bytes | os.PathLike) else str(path)


def _outside(paths: Iterable[str], roots: Iterable[Path]) -> Iterator[str]:
    known = [*roots]
    for path in sorted(paths):
        if not any(
            Path(path).is_relative_to(root) or Path(os.path.realpath(path)).is_relative_to(root) for root in known
        ):
            yield path
