"""A fork that does once what sessions will do, at a terminal that nobody sees, and tells what code was run for it. Must
not know what it does.

The class itself could not do that: it has no terminal, and starts no thread.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from time import monotonic
from types import CodeType, FrameType
from typing import NoReturn

from .fork import open_streams

QUIET = 0.1
"""Seconds without a byte after which it has drawn, and gets the next key."""

LONGEST = 10.0
"""Seconds after which a scout that does not end is given up: sessions are none the worse, but take more memory."""


def scout(do: Callable[[], object], keys: Sequence[bytes], size: tuple[int, int]) -> set[int]:
    """Have a fork do that at a terminal of (columns, rows), where the keys are pressed one after the other; the last is
    to end it. Gives the `id` of all code that was run, which is the same in this process; nothing where it failed.

    Raises:
        OSError: there is no terminal to be had.
    """
    told, tells = os.pipe()
    try:
        process, master = pty.fork()
    except OSError:
        os.close(told)
        os.close(tells)
        raise
    if not process:
        os.close(told)
        _be(do, tells)
    os.close(tells)
    try:
        fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        return _heard(told, master, list(keys))
    finally:
        os.close(told)
        os.close(master)
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def _be(do: Callable[[], object], tells: int) -> NoReturn:
    seen: set[CodeType] = set()

    def see(frame: FrameType, event: str, of: object) -> None:
        if event == "call":
            seen.add(frame.f_code)

    try:
        open_streams()
        threading.setprofile(see)
        sys.setprofile(see)
        do()
        sys.setprofile(None)
        with os.fdopen(tells, "w") as file:
            file.writelines(f"{id(code)}\n" for code in list(seen))
    finally:
        os._exit(0)


def _heard(told: int, master: int, keys: list[bytes]) -> set[int]:
    """Press the keys, and take in what the scout tells in the end."""
    end, text, drawn = monotonic() + LONGEST, b"", False
    while (left := end - monotonic()) > 0:
        ready, _, _ = select.select([told, master], [], [], QUIET if drawn and keys else left)
        if master in ready:
            with suppress(OSError):  # it is about to end
                drawn = bool(os.read(master, 65_536)) or drawn
        if told in ready:
            piece = os.read(told, 65_536)
            if not piece:
                return set(map(int, text.split()))
            text += piece
        if not ready and keys:
            os.write(master, keys.pop(0))
    return set()
