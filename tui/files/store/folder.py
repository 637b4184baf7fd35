"""The folder of runs: finds one by its name, pins, deletes, and clears up what killed processes leave. Must not know
which runs are old, or what is in them.
"""

from __future__ import annotations

import contextlib
import difflib
import time
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from chainstep.datasets import printable

from .connect import BESIDE, look
from .errors import RunError
from .file import RunFile, recover
from .format import SUFFIX, DamagedError
from .locks import ENDING, RunLock
from .reading import Contents, Run, is_sound, read, read_header, shown

_ABANDONED = 3600
"""Seconds after which a temporary file is nobody's."""


def find(folder: Path, name: str) -> Path | None:
    """The file of the run that the user calls so, or of the run whose file's name this is."""
    if not name or name.startswith(".") or Path(name).name != name:
        return None
    paths = (folder / f"{name}{SUFFIX}", folder / name)
    with contextlib.suppress(OSError, ValueError):  # no file can be called so
        return next((path for path in paths if path.suffix == SUFFIX and path.is_file()), None)
    return None


def guess(folder: Path, name: str, endings: Collection[str] = (SUFFIX,)) -> str | None:
    """The name that was probably meant, of a file with one of the `endings`; safe to show."""
    with contextlib.suppress(OSError):
        names = [path.stem for path in folder.iterdir() if path.suffix in endings and not path.name.startswith(".")]
        for close in difflib.get_close_matches(name, names, n=1, cutoff=0.5):
            return printable(close, 200)
    return None


class Opened(NamedTuple):
    """A run that was read."""

    contents: Contents
    file: RunFile | None
    """To go on writing it; None where it is not ours to write: what is saved then begins a file of its own."""
    why: str
    """One line that says why there is no file; empty where there is one, or where the run is from outside."""


def open_run(folder: Path, path: Path) -> Opened:
    """Read a run, and get hold of its file if it is one of the folder's that nobody has open.

    Raises:
        RunError: it cannot be read.
    """
    file, why = None, ""
    # Before it is read: nobody writes it afterwards.
    if path.absolute().parent == folder.absolute():
        try:
            file = RunFile.own(path)
        except RunError as error:
            why = f"{error}: this is a copy"
    try:
        contents = read(path)
        if file is not None and not is_sound(path):
            file.close()
            file, why = None, f"run {shown(path)} is damaged in places, but can be read: this is a copy"
        if file is not None:
            file.found = frozenset(contents.records)
        return Opened(contents, file, why)
    except BaseException:
        if file is not None:
            file.close()
        raise


def pin(path: Path, pinned: bool = True) -> None:
    """Keep a run for good, or no longer.

    Raises:
        OpenElsewhereError: the run is open.
        RunError: it cannot be read or written.
    """
    file = RunFile.own(path)
    try:
        file.pin(pinned)
    finally:
        file.close()


def delete(run: Run) -> bool:
    """Delete a run, if it is still as it was listed and nobody has it open; whether it is gone."""
    try:
        lock = RunLock.take(run.path)
    except OSError:
        return False
    if lock is None:
        return False
    try:
        if read_header(run.path).row() != run.header.row():  # as rows: no NaN is equal to another
            return False
        # The file first: what would be left of it alone is cleared up, the other way round it would be damaged.
        run.path.unlink()
        _unlink_beside(run.path)
    except (OSError, RunError):
        return False
    finally:
        lock.release()
    return True


def tidy(folder: Path) -> None:
    """Take up or remove what killed processes left beside runs: at each start, before anything is read. Nothing of a
    run that is open is touched, and nothing that cannot be read.
    """
    for path in sorted(_left_over(folder)):
        with contextlib.suppress(OSError, RunError):
            lock = RunLock.take(path)
            if lock is not None:
                try:
                    _tidy(path)
                finally:
                    lock.release()


def _left_over(folder: Path) -> set[Path]:
    """Runs, by the paths of their files, beside which something lies, or which have nothing in them."""
    found = set()
    with contextlib.suppress(OSError):
        for entry in folder.iterdir():
            for ending in BESIDE:
                if entry.name.endswith(SUFFIX + ending):
                    found.add(entry.with_name(entry.name.removesuffix(ending)))
            if entry.suffix == ENDING:
                found.add(entry.with_suffix(SUFFIX))
            with contextlib.suppress(OSError):
                if entry.suffix == SUFFIX and entry.stat().st_size == 0:
                    found.add(entry)
                if entry.name.startswith(".") and entry.suffix == ".tmp" and _abandoned(entry):
                    entry.unlink()
    return found


def _tidy(path: Path) -> None:
    """Its lock is held."""
    if path.exists():
        try:
            beside = look(path).beside
        except DamagedError:
            return
        # What is left then means nothing: a journal that was not to be gone back by, an index without a log, or the
        # empty log of somebody who began to read while it was being left.
        if beside and recover(path) and not _has_log(path):
            _unlink_beside(path)
        # Made, and killed before anything was in it.
        if path.stat().st_size == 0:
            path.unlink()
    if not path.exists():
        _unlink_beside(path)


def _has_log(path: Path) -> bool:
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0


def _unlink_beside(path: Path) -> None:
    for ending in BESIDE:
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _abandoned(path: Path) -> bool:
    return abs(time.time() - path.stat().st_mtime) > _ABANDONED
