"""Many programs at once, each under a terminal of its own: when they are on screen, what they take, how soon one
answers a key. Must not know which program.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from support.screen.processes import TAKE_TERMINAL

from ..app import SIZE, cpu_of
from ..recorder import ANSWER, QUERY

RIGHT = b"\x1b[C"

_SETSID = shutil.which("setsid")

_TAKE = [_SETSID, "--ctty"] if _SETSID else [sys.executable, "-I", "-S", "-c", TAKE_TERMINAL]
"""Gives a program its terminal, as sshd would: in no time."""


class Seat:
    """A program under a terminal."""

    def __init__(self, argv: Sequence[str], environment: Mapping[str, str], folder: str) -> None:
        self.state = folder
        self.master, slave = os.openpty()
        columns, rows = SIZE
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.output = bytearray()
        self.process = subprocess.Popen(
            [*_TAKE, *argv],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**environment, "CHAINSTEP_STATE": folder},
            start_new_session=not _SETSID,
        )
        os.close(slave)

    def take(self) -> int:
        """Take in what has come, and answer what is asked; how many bytes."""
        try:
            piece = os.read(self.master, 65536)
        except OSError:
            return 0
        self.output = (self.output + piece)[-40_000:]
        for _ in range(piece.count(QUERY)):
            os.write(self.master, ANSWER)
        return len(piece)

    def send(self, keys: bytes) -> None:
        os.write(self.master, keys)


class Room:
    """Several of them."""

    def __init__(self, argv: Sequence[str], environment: Mapping[str, str], count: int, folder: Path) -> None:
        self.begun = perf_counter()
        self.seats = [Seat(argv, environment, str(folder / str(number))) for number in range(count)]

    def listen(self, seconds: float, until: Callable[[Seat], bool] = lambda _: False) -> Seat | None:
        """Take in what comes to any, for so long, or until one of whom that holds has got something."""
        end = perf_counter() + seconds
        by_master = {seat.master: seat for seat in self.seats}
        while (left := end - perf_counter()) > 0:
            readable, _, _ = select.select(list(by_master), [], [], left)
            for master in readable:
                seat = by_master[master]
                if not seat.take():
                    by_master.pop(master)
                elif until(seat):
                    return seat
        return None

    def shown(self, what: bytes, patience: float = 60.0) -> list[float]:
        """Seconds from the start until each has got these bytes, in order."""
        times: dict[int, float] = {}
        while len(times) < len(self.seats):
            seat = self.listen(patience, lambda seat: what in seat.output and seat.master not in times)
            if seat is None:
                raise TimeoutError(f"{len(times)} of {len(self.seats)} are on screen")
            times[seat.master] = perf_counter() - self.begun
        return sorted(times.values())

    def answers(self, seat: Seat, keys: bytes, times: int, pause: float = 0.12) -> list[float]:
        """Milliseconds from each press to the first byte that comes of it, in order of size."""
        found = []
        for _ in range(times):
            self.listen(pause)
            pressed = perf_counter()
            seat.send(keys)
            if self.listen(5.0, lambda one: one is seat) is None:
                raise TimeoutError("no answer to a key")
            found.append(1000 * (perf_counter() - pressed))
        return sorted(found)

    def close(self) -> None:
        for seat in self.seats:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(seat.process.pid, signal.SIGKILL)
            seat.process.wait()
            os.close(seat.master)


@contextmanager
def room(argv: Sequence[str], environment: Mapping[str, str], count: int) -> Iterator[Room]:
    """So many of a program at once; all of them end with it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        seats = Room(argv, environment, count, Path(folder))
        try:
            yield seats
        finally:
            seats.close()


def memory(process: int) -> float:
    """Megabytes of a process: its own, and its part of what it shares (PSS)."""
    text = Path(f"/proc/{process}/smaps_rollup").read_text()
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    assert found is not None
    return int(found[1]) / 1024


def used(processes: Iterable[int]) -> float:
    """Seconds of a processor that processes have taken, all together."""
    return sum(cpu_of(process) or 0.0 for process in processes)


def children(process: int) -> list[int]:
    """The processes that a process has begun."""
    return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
