"""What happened in lessons, kept in a file beside the runs: a JSON object a line, only ever added to. Must not know
what a lesson asks.

A line is written at once or not at all; one that a crash has torn is passed over, and the next begins behind it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from chainstep.engine.lessons.events import Event, from_json, to_json

from ..state import state_folder
from ..whole import write_whole

_MOST = 32 * 2**20
"""Bytes that are read, from the end: some hundred thousand answers."""

_OWN = 0o600
"""What somebody has answered nobody else may read."""


def kept_file() -> Path:
    """The file; it need not exist yet.

    Raises:
        NotADirectoryError: nobody says where it could be.
    """
    return state_folder() / "lessons.jsonl"


def told(path: Path) -> Iterator[tuple[str, Event]]:
    """What is kept in a file, with the time of each event, in its order; what is no event is passed over.

    Raises:
        OSError: the file is there and cannot be read.
    """
    for line in _lines(path):
        with suppress(ValueError, RecursionError):
            data = json.loads(line)
            event = from_json(data)
            time = data.get("time")
            yield time if isinstance(time, str) and len(time) <= 40 and time.isprintable() else "", event


def _lines(path: Path) -> list[bytes]:
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _MOST))
            lines = file.read(_MOST).split(b"\n")
    except FileNotFoundError:
        return []
    return lines[1:] if size > _MOST else lines


def forget(path: Path, lesson: str | None = None) -> int:
    """Forget all that is kept, or all of one lesson. Returns how many events there were.

    Raises:
        OSError: the file cannot be written; it is as it was.
    """
    events = list(told(path))
    gone = sum(lesson in (None, event.lesson) for _, event in events)
    if not gone and lesson is not None:
        return 0
    if lesson is None:
        path.unlink(missing_ok=True)
    else:
        left = b"".join(_line(time, event) for time, event in events if event.lesson != lesson)
        write_whole(path, left, _OWN)
    return gone


def _line(time: str, event: Event) -> bytes:
    return json.dumps({"time": time, **to_json(event)}, ensure_ascii=False).encode() + b"\n"


class Keeper:
    """Adds what happens to the file that `path` names, in a thread: whoever learns never waits for a disk. `wrong` is
    told once, in that thread, where it cannot be kept.
    """

    def __init__(self, path: Callable[[], Path], wrong: Callable[[str], object]) -> None:
        self._path = path
        self._wrong = wrong
        self._said = False
        self._thread: ThreadPoolExecutor | None = None

    def add(self, event: Event) -> None:
        """Keep an event, with the time of now."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "lessons")
        self._thread.submit(self._write, _line(datetime.now(UTC).isoformat(timespec="seconds"), event))

    def close(self) -> None:
        """Wait until all is kept."""
        if self._thread is not None:
            self._thread.shutdown()
            self._thread = None

    def _write(self, line: bytes) -> None:
        try:
            path = self._path()
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, _OWN)
            try:
                size = os.fstat(file).st_size
                torn = size and os.pread(file, 1, size - 1) != b"\n"
                os.write(file, b"\n" + line if torn else line)
            finally:
                os.close(file)
        except OSError as error:
            if not self._said:
                self._said = True
                self._wrong(f"what you learn is not kept: {(error.strerror or str(error)).lower()}")
