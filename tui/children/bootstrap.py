"""The first file that a child runs, by its path: pipe, limits and imports, then the module that was asked for. Knows
the standard library alone, and is read by any Python from 3.8 on; must not know what that module does.
"""

from __future__ import annotations

import fcntl
import importlib
import json
import os
import signal
import sys
import threading
from collections.abc import Mapping
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import spec_from_file_location

NEEDED = (3, 11)
"""The Python that the engine needs."""


class Sender:
    """Writes messages on the child's pipe. A process that was forked from the child has nothing to say there."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._itself = _identity(pipe)
        self._process = os.getpid()
        self._lock = threading.Lock()

    def __call__(self, message: Mapping[str, object]) -> None:
        """Send one object that JSON can say; nobody hears it where the pipe is closed."""
        if os.getpid() != self._process:
            return
        line = memoryview(json.dumps(message).encode("ascii") + b"\n")
        with self._lock:
            try:
                # Somebody may have closed all that is open, and opened a file that has the pipe's number now.
                while line and _identity(self._pipe) == self._itself:
                    line = line[os.write(self._pipe, line) :]
            except OSError:
                pass


def _identity(opened: int) -> tuple[int, int]:
    found = os.fstat(opened)
    return found.st_dev, found.st_ino


class Given:
    """Finds modules that are given by path, before any that are installed; their parents are packages without code."""

    def __init__(self, paths: Mapping[str, str]) -> None:
        self._paths = paths

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Where `name` is, if it is given."""
        given = self._paths.get(name)
        if given is not None:
            if os.path.isdir(given):  # noqa: PTH112 - a child's start is waited for
                return spec_from_file_location(name, f"{given}/__init__.py", submodule_search_locations=[given])
            return spec_from_file_location(name, given)
        if not any(known.startswith(f"{name}.") for known in self._paths):
            return None
        parent = ModuleSpec(name, None, is_package=True)
        installed = PathFinder.find_spec(name) if "." not in name else None
        parent.submodule_search_locations = list((installed and installed.submodule_search_locations) or ())
        return parent


def end_with(lifeline: int) -> None:
    """Let this process and those that it starts be killed when the other end of the pipe `lifeline` is closed."""
    if hasattr(fcntl, "F_SETSIG"):  # the system itself does it, at once
        fcntl.fcntl(lifeline, fcntl.F_SETOWN, -os.getpgrp())
        fcntl.fcntl(lifeline, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)
        return

    def wait() -> None:
        os.read(lifeline, 1)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=wait, daemon=True).start()


def limit_memory(size: int | None) -> None:
    """Let Python raise a MemoryError beyond `size` bytes, where the system has such a limit; and write no core dump.

    What is counted is what can be written, not all that is mapped: numerical libraries reserve gigabytes of which they
    use none, the more the more processors there are.
    """
    import resource

    for kind, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_DATA, size)):
        if most is not None:
            try:
                _, hard = resource.getrlimit(kind)
                most = most if hard == resource.RLIM_INFINITY else min(most, hard)
                resource.setrlimit(kind, (most, hard))
            except (OSError, ValueError):
                pass


def main() -> None:
    """Run `main(task, send)` of a module: argv has the pipe, the lifeline, and the rest as JSON."""
    pipe, lifeline = int(sys.argv[1]), int(sys.argv[2])
    orders = json.loads(sys.argv[3])
    for own in (pipe, lifeline):
        os.set_inheritable(own, False)
    if sys.path and os.path.realpath(sys.path[0]) == os.path.dirname(os.path.realpath(__file__)):  # noqa: PTH120
        del sys.path[0]  # it is there because this file was run
    # Whoever starts a program in the background has it ignored, and a child would do so too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    send = Sender(pipe)
    if sys.version_info < NEEDED:
        needed, found = (".".join(map(str, version)) for version in (NEEDED, sys.version_info[:3]))
        send({"refused": f"Python {needed} or newer is needed, and this is {found}"})
        return
    end_with(lifeline)
    limit_memory(orders["memory"])
    sys.meta_path.insert(0, Given(orders["given"]))
    module = importlib.import_module(orders["module"])
    send({"started": orders["module"]})
    module.main(orders["data"], send)


if __name__ == "__main__":
    main()
