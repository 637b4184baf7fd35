"""A lock that says which process has a run open. Must not know what is in the file.

It is a file beside the run's: closing any descriptor of the database itself would drop SQLite's own locks on it. The
system lets go of the lock when the process ends, however it ends; what is then left of the file means nothing.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

ENDING = ".lock"


def lock_path(run: Path) -> Path:
    """The lock of a run, by the path of its file."""
    return run.with_suffix(ENDING)


class RunLock:
    """Holds one run against all other processes, and against this one."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor: int | None = descriptor

    @classmethod
    def take(cls, run: Path) -> RunLock | None:
        """The lock of a run, by the path of its file; None where somebody has it.

        Raises:
            OSError: this folder cannot have one.
        """
        path = lock_path(run)
        while True:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
            try:
                if not _lock(descriptor):
                    os.close(descriptor)
                    return None
                if _is_at(descriptor, path):
                    return cls(path, descriptor)
            except BaseException:
                os.close(descriptor)
                raise
            # Whoever had it deleted the file between our opening and our locking it.
            os.close(descriptor)

    def release(self) -> None:
        """Let go, and leave no file behind. A second time does nothing."""
        if self._descriptor is None:
            return
        with contextlib.suppress(OSError):
            # While it is held: afterwards it may be somebody else's. Only Windows cannot.
            if _is_at(self._descriptor, self._path):
                self._path.unlink()
        os.close(self._descriptor)
        self._descriptor = None


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
