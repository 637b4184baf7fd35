"""Reports of faults of the program: files that can be sent to whoever can mend them. Must not know what went wrong."""

from __future__ import annotations

import contextlib
import os
import platform
import sys
import traceback
from datetime import datetime
from importlib.metadata import version
from itertools import count
from pathlib import Path

from chainstep.datasets import printable

from .state import state_folder

KEPT = 5
"""The newest of them stay."""

_SUFFIX = ".txt"


def reported(error: BaseException) -> str:
    """Write a report, and say what went wrong and where the report is: a part of a line."""
    said = str(error)
    what = printable(f"{type(error).__name__}: {said}" if said else type(error).__name__, 120)
    try:
        where = f"is reported in {printable(str(write_report(error, datetime.now().astimezone())), 300)}"
    except Exception:  # one fault is enough
        where = "could not be reported"
    return f"a fault of chainstep's own, {what}, {where}"


def write_report(error: BaseException, now: datetime) -> Path:
    """Write down where an exception came from, for the user's eyes only; gives the file. The oldest reports go.

    Raises:
        OSError: it could not be written.
    """
    folder = state_folder() / "faults"
    for made in (folder.parent, folder):
        made.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = "".join([*_circumstances(now), "\n", *traceback.format_exception(error)])
    for number in count(1):
        path = folder / f"{now:%Y%m%d-%H%M%S}-{number:03}{_SUFFIX}"
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            continue
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
        break
    for old in sorted(folder.glob(f"*{_SUFFIX}"))[:-KEPT]:
        with contextlib.suppress(OSError):
            old.unlink()
    return path


def _circumstances(now: datetime) -> list[str]:
    return [
        f"{now.isoformat(timespec='seconds')}\n",
        f"chainstep {version('chainstep')}, textual {version('textual')}, Python {sys.version.split()[0]}\n",
        f"{platform.platform()}, TERM={os.environ.get('TERM', '')}\n",
    ]
