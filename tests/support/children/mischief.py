"""A task for a child that does what it is told, good or bad. Must not know how children are held."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Send = Callable[[Mapping[str, object]], None]


def never_ends(send: Send) -> None:
    """Says so, and goes on until it is killed: what asks it to end is swallowed."""
    while True:
        try:
            send({"begun": True})
            while True:
                pass
        except KeyboardInterrupt:
            send({"interrupted": True})


def prints(send: Send) -> None:
    """Prints without end, from a first line on."""
    sys.stdout.write("the first line\n")
    while True:
        sys.stdout.write("\x1b[31m and more of it\n" * 500)


def floods(send: Send) -> None:
    """Sends messages without end."""
    while True:
        send({"text": "x" * 1000})


def forks(send: Send) -> None:
    """Ends, but leaves processes behind that hold its pipes: one in its group, and one in a session of its own."""
    for session in (False, True):
        if os.fork() == 0:
            if session:
                os.setsid()
            send({"child": "not heard"})
            os.execvp("sleep", ["sleep", "3"])
    send({"done": True})


def writes_rubbish(send: Send) -> None:
    """Writes onto its pipe what is no message, between two that are."""
    send({"first": 1})
    pipe = int(sys.argv[1])
    for rubbish in (b"{\n", b"\xff\xfe\x00\n", b"[1, 2]\n", b"[" * 100_000 + b"\n", b"9" * 3_000_000 + b"\n"):
        os.write(pipe, rubbish)
    send({"last": 2})


def closes_everything(send: Send) -> None:
    """Closes all that is open, and opens files in its place."""
    send({"first": 1})
    os.closerange(3, 64)
    files = [Path(f"{name}.txt").open("w") for name in range(8)]  # noqa: SIM115 - they stay open
    send({"last": 2})
    for file in files:
        file.close()


def exits(send: Send) -> None:
    """Looks around, and ends with a status of its own."""
    path = [folder for folder in sys.path if "chainstep" in folder or "children" in folder]
    send({"stdin": sys.stdin.read(), "terminal": os.isatty(0), "folder": str(Path.cwd()), "path": path})
    sys.exit(3)


def takes_memory(send: Send) -> None:
    """More than there is."""
    try:
        bytearray(1 << 40)
    except MemoryError:
        send({"memory": "none left"})


def main(task: Mapping[str, Any], send: Send) -> None:
    globals()[task["what"]](send)
