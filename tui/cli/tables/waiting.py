"""How far the reading of a table, or the laying out of a network, has come: one line on stderr, drawn again and again.
Must not know how either is done.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Self

from chainstep.datasets.printable import printable
from chainstep.engine.training.setup.laying import laid_out

PATIENCE = 0.1
"""Seconds that nobody needs to be told of; the program's own start has taken two tenths of a second before."""

_PAUSE = 0.1
"""Seconds between two drawings."""

_MOST = 60
"""Cells of the bar."""


class Line:
    """A line that is drawn from `PATIENCE` on, and is gone in the end, however that comes."""

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self._clock = clock
        self._due = clock() + PATIENCE
        self._drawn = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._drawn:
            _write("\r\x1b[K")

    def draw(self, text: Callable[[int], str]) -> None:
        """What it is to say now, in so many cells at most."""
        now = self._clock()
        if now >= self._due and _on_terminal():
            self._due, self._drawn = now + _PAUSE, True
            width = shutil.get_terminal_size().columns - 1  # the last cell would begin a new line
            _write(f"\r{text(width)}\x1b[K")


class Waiting(Line):
    """Is told how many bytes of a table have been read."""

    def __init__(self, path: str, *, clock: Callable[[], float] = perf_counter) -> None:
        super().__init__(clock)
        self._name = printable(Path(path).name)
        try:
            self._size = Path(path).stat().st_size
        except (OSError, ValueError):  # what is refused when it is opened
            self._size = 0

    def __call__(self, read: int) -> None:
        """So many bytes have been read."""
        self.draw(lambda width: line(self._name, read, self._size, width))


class Laying(Line):
    """Is told how much of a network is laid out, for as long as it is entered."""

    def __enter__(self) -> Self:
        self._token = laid_out.set(self._laid)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        laid_out.reset(self._token)
        super().__exit__(kind, error, trace)

    def _laid(self, share: float) -> None:
        self.draw(lambda width: laying_line(share, width))


def line(name: str, read: int, size: int, width: int) -> str:
    """`reading m.csv  ■■■■■     43 %, 36 of 81 MB`, at most `width` cells wide."""
    share = min(1.0, read / size) if size else 0.0
    done = f"{read / 2**20:.0f} of {size / 2**20:.0f} MB"
    return _barred(f"reading {name}  ", share, f", {done if share < 1 else 'being prepared'}", width)


def laying_line(share: float, width: int) -> str:
    """`laying out the network  ■■■■■     43 %, ctrl+c leaves`, at most `width` cells wide."""
    return _barred("laying out the network  ", share, ", ctrl+c leaves", width)


def _barred(before: str, share: float, behind: str, width: int) -> str:
    told = f"{100 * share:3.0f} %{behind}"
    room = min(_MOST, width - len(before) - len(told) - 2)
    bar = f"{'■' * round(room * share):{room}}  " if room >= 10 else ""
    return f"{before}{bar}{told}"[: max(0, width)]


def _on_terminal() -> bool:
    stream = sys.stderr
    return stream is not None and stream.isatty() and os.environ.get("TERM", "") not in ("dumb", "unknown")


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
