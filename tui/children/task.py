"""What a child is to do, within which limits, and how it ended. Knows plain data; must not know how one is started."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Literal

from chainstep.engine.records import record

MEGABYTE = 1 << 20


@record
class Task:
    """A module of ours that a child runs, and what it is to work on."""

    module: str
    """The dotted name of a module or package with a function `main(task, send)`; a package's whole folder is given."""
    data: Mapping[str, object] = field(default_factory=dict)
    """What JSON can say."""
    folder: Path = field(default_factory=Path.cwd)
    """The working folder."""
    python: str = ""
    """The interpreter, a path or a name, looked up as a shell here does; "" for ours."""


@record
class Limits:
    """What a child may take. Each is there so that one that goes wrong cannot hurt more than itself."""

    seconds: float | None = 60.0
    """Of wall-clock time, after which it is interrupted, and killed a second later; None lets it run."""
    memory: int | None = 4096 * MEGABYTE
    """Bytes that it can write to; where the system has no such limit, there is none."""
    line: int = 16 * MEGABYTE
    """Bytes of one message; a longer one is left out."""
    total: int = 512 * MEGABYTE
    """Bytes of all messages, after which it is stopped."""
    printed: int = 256 * 1024
    """Bytes that are kept of each of stdout and stderr: half of them the first, half the last."""


Cause = Literal["exit", "signal", "time", "stopped", "flood", "refused"]


@record
class End:
    """How a child ended."""

    cause: Cause
    status: int
    """Its exit status; the negative number of the signal that ended it."""
    why: str
    """In words that follow the name of what ran, as `ended with status 3`."""

    @property
    def clean(self) -> bool:
        """Whether it came to its end by itself, and says that all went well."""
        return self.cause == "exit" and self.status == 0


def how_it_ended(cause: Cause | None, status: int, limits: Limits, refusal: str = "") -> End:
    """The end of a child that was ended for `cause` (None where nobody did), with the status that the system tells."""
    if cause == "time":
        return End(cause, status, f"was stopped after {limits.seconds:g} s")
    if cause == "flood":
        return End(cause, status, f"was stopped: it sent more than {limits.total // MEGABYTE} MB")
    if cause == "stopped":
        return End(cause, status, "was stopped")
    if cause == "refused":
        return End(cause, status, refusal)
    if status < 0:
        return End("signal", status, f"was ended by {_signal_name(-status)}")
    return End("exit", status, f"ended with status {status}" if status else "ended")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
