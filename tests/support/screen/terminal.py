"""A program under a real terminal (pty), as a user's hands and eyes meet it. Must not know which program."""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

from .emulator import Cell, Emulator
from .processes import Start, fresh

ENTER, ESCAPE, CTRL_Q, CTRL_R, CTRL_Z = "\r", "\x1b", "\x11", "\x12", "\x1a"
UP, DOWN, RIGHT, LEFT = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D"


class Terminal:
    """Runs `argv` under a pty of `size` (columns, rows); to be used in a `with` statement.

    `env` is laid over this process's environment; None removes a variable. With `answers` False the terminal
    answers no query, as a dead link does; it can be changed at any time. `rate` is how many bytes a second the link
    to it takes. `start` says how the program gets there.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        size: tuple[int, int] = (80, 24),
        env: Mapping[str, str | None] | None = None,
        cwd: str | os.PathLike[str] | None = None,
        answers: bool = True,
        rate: int | None = None,
        start: Start = fresh,
    ) -> None:
        self.answers = answers
        self._rate = rate
        self._due = 0.0
        """When a link of that rate has carried all that was taken from it."""
        self.output = bytearray()
        """Every byte received."""
        self._emulator = Emulator(*size)
        self._ended = False

        # Variables that would override what this terminal says of itself, or what it means to Python's streams.
        changes = {
            "PYTHONUNBUFFERED": None,
            "TERM": "xterm-256color",
            "COLUMNS": None,
            "LINES": None,
            "COLORTERM": None,
            "NO_COLOR": None,
        }
        environment = {**os.environ, **changes, **(env or {})}

        self._master, slave = os.openpty()
        try:
            os.set_blocking(self._master, False)
            self.resize(*size)
            self._termios_before = termios.tcgetattr(self._master)
            self._process = start(
                argv,
                slave,
                {name: value for name, value in environment.items() if value is not None},
                os.curdir if cwd is None else cwd,
            )
        except BaseException:
            os.close(self._master)
            raise
        finally:
            os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # The whole session: what the program started must not outlive the test either.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        self.hangup()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def received(self) -> int:
        """How many bytes the program has sent so far."""
        return len(self.output)

    # What the user does.

    def send(self, keys: str | bytes, timeout: float = 10) -> None:
        """Types keys, while reading on: a program that waits for its output to be taken reads no keys."""
        left = keys.encode() if isinstance(keys, str) else keys
        deadline = time.monotonic() + timeout
        while left:
            self._check(deadline, "a chance to type")
            try:
                left = left[os.write(self._master, left) :]
            except BlockingIOError:
                self._read(deadline, typing=True)

    def resize(self, columns: int, rows: int) -> None:
        """Gives the window another size; the kernel sends SIGWINCH."""
        self._emulator.resize(columns, rows)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def hangup(self) -> None:
        """Takes the terminal away, as a dropped connection does; the kernel sends SIGHUP."""
        if self._master >= 0:
            os.close(self._master)
        self._master = -1
        self._ended = True

    # What the user sees.

    def screen(self) -> list[str]:
        """The rows on the screen now, without the blanks at their ends."""
        return self._emulator.screen()

    def cells(self) -> list[list[Cell]]:
        """The cells on the screen now, row by row, with their colours."""
        return self._emulator.cells()

    def read_until(self, wanted: str | Callable[[Terminal], bool], timeout: float = 10) -> list[str]:
        """Reads until the text is on the screen, or the predicate true, and gives the screen.

        Raises:
            TimeoutError: it did not come in time, or the program ended without it; shows the screen.
        """

        def seen() -> bool:
            return wanted in "\n".join(self.screen()) if isinstance(wanted, str) else wanted(self)

        deadline = time.monotonic() + timeout
        while not seen():
            self._check(deadline, repr(wanted))
            self._read(deadline)
        return self.screen()

    def listen(self, seconds: float) -> int:
        """Reads for so long, and tells how many bytes came."""
        before, deadline = self.received, time.monotonic() + seconds
        while not self._ended and time.monotonic() < deadline:
            self._read(deadline)
        return self.received - before

    def wait(self, timeout: float = 10) -> int:
        """Reads until the program ends, and gives its exit status; negative is the signal that killed it.

        Raises:
            TimeoutError: it still runs; shows the screen.
        """
        deadline = time.monotonic() + timeout
        while not self._ended and self._process.poll() is None:
            self._check(deadline, "the program's end")
            # In slices: a child of the program may hold the terminal open longer than the program lives.
            self._read(min(deadline, time.monotonic() + 0.1))
        while self._read(max(time.monotonic(), self._due)):
            pass
        try:
            return self._process.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise self._too_late("the program's end") from None

    def freeze(self, timeout: float = 10) -> int:
        """Takes nothing in and answers nothing until the program ends, and gives its exit status.

        Raises:
            TimeoutError: it still runs; shows the screen.
        """
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise self._too_late("the program's end") from None

    def restored(self) -> bool:
        return not self.leftovers()

    def leftovers(self) -> list[str]:
        """What the program has not put back as it found it: `mouse`, `cursor`, `termios`, ..."""
        changed = termios.tcgetattr(self._master) != self._termios_before
        return self._emulator.leftovers() + (["termios"] if changed else [])

    # How it works.

    def _check(self, deadline: float, wanted: str) -> None:
        if self._ended or time.monotonic() >= deadline:
            raise self._too_late(wanted)

    def _too_late(self, wanted: str) -> TimeoutError:
        why = "the terminal was closed" if self._ended else "timed out"
        return TimeoutError("\n".join([f"{why} while waiting for {wanted}; the screen:", *self.screen()]))

    def _read(self, deadline: float, *, typing: bool = False) -> bool:
        """Takes in output, and waits for it until the deadline; `typing`: or until keys are accepted."""
        if self._ended:
            return False
        time.sleep(max(0, min(self._due, deadline) - time.monotonic()))
        if self._due > deadline:
            return False
        left = max(0, deadline - time.monotonic())
        readable, _, _ = select.select([self._master], [self._master] if typing else [], [], left)
        if not readable:
            return False
        try:
            # In pieces of ten milliseconds.
            chunk = os.read(self._master, max(1, self._rate // 100) if self._rate else 65536)
        except OSError:  # Linux says EIO when the last program has closed the terminal, others give no bytes.
            chunk = b""
        self._ended = not chunk
        if self._rate:
            self._due = max(self._due, time.monotonic()) + len(chunk) / self._rate
        self.output += chunk
        answers = self._emulator.take_in(chunk)
        if self.answers:
            with contextlib.suppress(OSError):  # The program may be gone already.
                os.write(self._master, answers)
        return bool(chunk)
