"""How far the reading of a table has come: one line on stderr, drawn again and again. Must not know how one is read."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from types import TracebackType

from chainstep.datasets.printable import printable

PATIENCE = 0.1
"""Seconds that nobody needs to be told of; the program's own start has taken two tenths of a second before."""

_PAUSE = 0.1
"""Seconds between two drawings."""

_MOST = 60
"""Cells of the bar."""


class Waiting:
    """Is told how many bytes have been read, and tells a terminal on stderr from `PATIENCE` on.

    The line is gone when reading has ended, however it does.
    """

    def __init__(self, path: str, *, clock: Callable[[], float] = perf_counter) -> None:
        self._name = printable(Path(path).name)
        self._clock = clock
        self._due = clock() + PATIENCE
        self._drawn = False
        try:
            self._size = Path(path).stat().st_size
        except (OSError, ValueError):  # what is refused when it is opened
            self._size = 0

    def __enter__(self) -> Waiting:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._drawn:
            _write("\r\x1b[K")

    def __call__(self, read: int) -> None:
        """So many bytes have been read."""
        now = self._clock()
        if now >= self._due and _on_terminal():
            self._due, self._drawn = now + _PAUSE, True
            width = shutil.get_terminal_size().columns - 1  # the last cell would begin a new line
            _write(f"\r{line(self._name, read, self._size, width)}\x1b[K")


def line(name: str, read: int, size: int, width: int) -> str:
    """`reading m.csv  ■■■■■     43 %, 36 of 81 MB`, at most `width` cells wide."""
    share = min(1.0, read / size) if size else 0.0
    done = f"{read / 2**20:.0f} of {size / 2**20:.0f} MB"
    told = f"{100 * share:3.0f} %, {done if share < 1 else 'being prepared'}"
    before = f"reading {name}  "
    room = min(_MOST, width - len(before) - len(told) - 2)
    bar = f"{'■' * round(room * share):{room}}  " if room >= 10 else ""
    return f"{before}{bar}{told}"[: max(0, width)]


def _on_terminal() -> bool:
    stream = sys.stderr
    return stream is not None and stream.isatty() and os.environ.get("TERM", "") not in ("dumb", "unknown")


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
