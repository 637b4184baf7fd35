"""What a terminal is sent, kept in a file as an asciicast v2 with its own timing, written as it goes. Must not know
what is shown, or who sends it.
"""

from __future__ import annotations

import contextlib
import json
import math
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock

Event = tuple[float, str, str]
"""Seconds since the first output, what kind, and its data; see https://docs.asciinema.org/manual/asciicast/v2/."""


class Recording:
    """A recording under way of a terminal of `size` (columns, rows).

    No wait in it is longer than `pace` seconds. Each line goes to the file at once and whole, so that whatever ends
    the program what was recorded can be played. Where the disk is full the recording ends with the last whole line,
    and `trouble` says so: what is recorded goes on.

    Raises:
        OSError: the file cannot be made, or takes nothing; FileExistsError: it is there, and not to be written `over`.
    """

    def __init__(
        self,
        path: Path,
        size: tuple[int, int],
        title: str,
        environment: Mapping[str, str],
        *,
        pace: float = math.inf,
        over: bool = False,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.trouble: OSError | None = None
        self.seconds = 0.0
        """How long it is so far."""
        self.length = 0
        """Its bytes."""
        self._size = size
        self._pace = pace
        self._clock = clock
        self._before: float | None = None
        """When the last event was, by the clock."""
        self._lock = Lock()  # what is sent comes from another thread than another size
        self._file = path.open("wb" if over else "xb", buffering=0)
        columns, rows = size
        header = {"version": 2, "width": columns, "height": rows, "timestamp": int(time.time()), "title": title}
        try:
            self._write({**header, "env": dict(environment)})
        except OSError:
            self._file.close()
            raise

    def sent(self, text: str) -> None:
        """The terminal has been sent this."""
        if text:
            self._happened("o", text)

    def resized(self, columns: int, rows: int) -> None:
        """The terminal has this size now."""
        if (columns, rows) != self._size:
            self._size = columns, rows
            self._happened("r", f"{columns}x{rows}")

    def close(self, mark: str = "") -> None:
        """End it; with a marker, where it did not end as it should."""
        if mark:
            self._happened("m", mark)
        with self._lock:
            self._file.close()

    def _happened(self, kind: str, data: str) -> None:
        with self._lock:
            if self.trouble is not None or self._file.closed:
                return
            now = self._clock()
            if self._before is not None:
                self.seconds += min(now - self._before, self._pace)
            self._before = now
            event: Event = (round(self.seconds, 6), kind, data)
            try:
                self._write(event)
            except OSError as error:
                self.trouble = error

    def _write(self, line: object) -> None:
        left = memoryview(json.dumps(line, ensure_ascii=False).encode(errors="replace") + b"\n")
        length = len(left)
        try:
            while left:
                left = left[self._file.write(left) or 0 :]
        except OSError:
            with contextlib.suppress(OSError):  # what is no file keeps what it has got
                self._file.truncate(self.length)
            raise
        self.length += length
