"""Saved runs by their names: lists them, opens one again, keeps or deletes one. Must not know the screen, or how runs
are written.
"""

from __future__ import annotations

import contextlib
import json
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from chainstep.datasets import DataError, printable
from chainstep.engine.training.archive.load import load
from chainstep.engine.training.archive.restore import restore
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Trained

from . import state
from .json_runs import SUFFIX as JSON
from .json_runs import read_json_run
from .store import folder as store
from .store import keeping
from .store.errors import RunError, why
from .store.file import RunFile
from .store.format import SUFFIX
from .store.reading import Run, list_runs, read_header, shown
from .subjects.source import Source
from .subjects.sweep import is_sweep

_SQLITE = b"SQLite format 3"
"""What a file of the store begins with."""

NONE = "no run has been saved yet: the app saves what is done in it"
"""What to say where there is nothing to resume."""


class Row(NamedTuple):
    """A run in the list of those that can be resumed."""

    name: str
    what: str
    saved: datetime
    """Local time."""
    step: int
    loss: float | None
    pinned: bool
    stamp: int
    """Orders runs by when they were saved."""


class Listing(NamedTuple):
    """What there is to resume."""

    rows: list[Row]
    """The one saved last comes first."""
    damaged: list[str]
    """A line for each file that cannot be read."""
    due: list[Run]
    """Those that are going to be deleted."""


class Resumed(NamedTuple):
    """A run that is open again."""

    session: Session
    source: Source
    file: RunFile | None
    """Where it goes on being saved; None where that is a file of its own."""
    notes: list[str]
    """What is to be said of it, and of others that were passed over: a line each."""


class _NoDataError(RunError):
    """The run is in order; what it was trained on is not there any more."""


def run_folder() -> Path:
    """Where runs are; it need not exist yet.

    Raises:
        RunError: nobody says where they could be.
    """
    try:
        return state.run_folder()
    except OSError as error:
        raise RunError(f"runs are kept nowhere: {error.strerror}") from None


# --- the list


def listed() -> Listing:
    """The runs in the folder. Of those that were saved as JSON all is read, of the others their headers.

    Raises:
        RunError: there is no folder where they could be.
    """
    folder = run_folder()
    found = list_runs(folder)
    rows, damaged = list(map(_row, found.runs)), list(found.damaged)
    for path in _json_files(folder):
        try:
            rows.append(_json_row(path))
        except RunError as error:
            damaged.append(str(error))
    rows.sort(key=lambda row: (row.stamp, row.name), reverse=True)
    return Listing(rows, damaged, keeping.due(found.runs, datetime.now().astimezone()))


def _row(run: Run) -> Row:
    header = run.header
    return Row(run.name, header.what, header.saved, header.step, header.loss, header.pinned, header.stamp)


def _json_row(path: Path) -> Row:
    header = read_json_run(path, shown(path)).header
    return Row(shown(path), header.what, header.saved, header.step, header.loss, False, _json_stamp(path))


def _json_files(folder: Path) -> Iterator[Path]:
    with contextlib.suppress(OSError):
        for path in sorted(folder.iterdir()):
            if path.suffix == JSON and not path.name.startswith("."):
                yield path


def _json_stamp(path: Path) -> int:
    """Milliseconds since 1970. Whatever is from a time that has not come is old."""
    with contextlib.suppress(OSError):
        state = path.stat()
        if stat.S_ISREG(state.st_mode) and state.st_mtime <= datetime.now().timestamp():
            return int(state.st_mtime * 1000)
    return 0


def tell(due: list[Run]) -> str:
    """One line on the runs of a list that are going to be deleted; empty for none. They count as told from here on.

    Raises:
        RunError: there is no folder where they could be.
    """
    if due:
        keeping.tell(run_folder(), due, datetime.now().astimezone())
    return keeping.notice(due)


# --- one of them


def resume(name: str | None = None) -> Resumed:
    """Open a run again, at its very position: the one of this name, or that of a file, or the newest one that can be
    read.

    Raises:
        RunError: there is no such run, it cannot be read, or its data is not what it was.
    """
    folder = run_folder()
    store.tidy(folder)
    if name is not None:
        return _open(folder, _find(folder, name))
    found = list_runs(folder)
    stamped = [(run.header.stamp, run.path) for run in found.runs]
    stamped += [(_json_stamp(path), path) for path in _json_files(folder)]
    wrong = list(found.damaged)
    for _, path in sorted(stamped, reverse=True):
        try:
            resumed = _open(folder, path)
        except _NoDataError:
            raise
        except RunError as error:
            wrong.append(str(error))
        else:
            return resumed._replace(notes=[*wrong, *resumed.notes])
    raise RunError(wrong[0] if wrong else NONE)


def read(name: str) -> Session:
    """The session of a run, which is not gone on with.

    Raises:
        RunError: as `resume`.
    """
    resumed = resume(name)
    if resumed.file is not None:
        resumed.file.close()
    return resumed.session


def _open(folder: Path, path: Path) -> Resumed:
    """The run of a file.

    Raises:
        RunError: it cannot be opened.
    """
    name = shown(path) if path.parent == folder else printable(str(path), 200)
    if not _is_store(path):
        run = read_json_run(path, name)
        with _in_words(name):
            source = Source.from_json(run.source)
        said: list[str] = []
        session = _session(name, source, lambda subject: load(subject, run.session, said.append))
        return Resumed(session, source, None, said + _read_from(folder, path, source))
    opened = store.open_run(folder, path)
    try:
        if is_sweep(opened.contents.header.source):
            raise RunError(f"{name} is a sweep of many runs: chainstep resume {name} goes on with it")
        with _in_words(name):
            source = Source.from_json(json.loads(opened.contents.header.source))
        said = [opened.why] if opened.why else []
        records = opened.contents.records
        session = _session(name, source, lambda subject: restore(subject, records, said.append), records)
    except BaseException:
        if opened.file is not None:
            opened.file.close()
        raise
    return Resumed(session, source, opened.file, said + _read_from(folder, path, source))


def _read_from(folder: Path, path: Path, source: Source) -> list[str]:
    """What a run from outside has had us read: whoever made it could name any file."""
    if source.kind == "script":
        from .subjects.script import changed_since  # few runs are of scripts

        name = printable(Path(source.name).name, 60)
        return [f"{name} has changed since it was run: F5 runs it again"] if changed_since(source) else []
    if path.parent == folder or source.kind != "csv":
        return []
    return [f"run {printable(str(path), 200)} was trained on {printable(source.name, 200)}, which was read"]


def _session(
    name: str, source: Source, load: Callable[[Trained], Session], records: Mapping[str, bytes] | None = None
) -> Session:
    try:
        subject = source.subject(records)
    except DataError as error:
        raise _NoDataError(_cannot_open(name, str(error))) from None
    with _in_words(name):
        return load(subject)


@contextmanager
def _in_words(name: str) -> Iterator[None]:
    """Whatever is wrong with what a file says becomes one line.

    Raises:
        RunError: something is.
    """
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError, MemoryError) as error:
        # The engine's and the data's errors say what is wrong; the others come of a file that was tampered with.
        detail = str(error) if type(error).__module__.startswith("chainstep") else "the file is damaged"
        raise RunError(_cannot_open(name, detail)) from None


def _cannot_open(name: str, why: str) -> str:
    return f"run {name} cannot be opened: {printable(why, 300)}"


def pin(name: str, pinned: bool) -> str:
    """Keep a run for good, or no longer; gives its name as it is shown.

    Raises:
        RunError: there is no such run, or it cannot be read or written.
    """
    path = _find_here(name)
    if path.suffix == JSON:
        raise RunError(f"run {shown(path)} was saved by an older version: it is never deleted")
    store.pin(path, pinned)
    return shown(path)


def delete(name: str) -> str:
    """Delete a run; gives the name that it had, as it is shown.

    Raises:
        RunError: there is no such run, it cannot be read, or somebody has it open.
    """
    path = _find_here(name)
    if path.suffix == JSON:
        try:
            path.unlink()
        except OSError as error:
            raise RunError(f"run {shown(path)} cannot be deleted: {why(error)}") from None
    elif not store.delete(Run(path, read_header(path))):
        raise RunError(f"run {shown(path)} cannot be deleted: it is open elsewhere, or the folder is read-only")
    return shown(path)


# --- names and files


def find_run(name: str) -> Path:
    """The file that is meant: of a run in the folder, or any.

    Raises:
        RunError: there is none, or nobody says where runs could be.
    """
    return _find(run_folder(), name)


def _find(folder: Path, name: str) -> Path:
    """The file that is meant: of a run in the folder, or any.

    Raises:
        RunError: there is none.
    """
    found = store.find(folder, name)
    if found is None and name and not name.startswith(".") and Path(name).name == name:
        old = (folder / f"{name}{JSON}", folder / name)
        found = next((path for path in old if path.suffix == JSON and _exists(path)), None)
    if found is None and name and _exists(Path(name)):
        found = Path(name).absolute()
    if found is None:
        close = store.guess(folder, name, (SUFFIX, JSON))
        guess = f"did you mean {close}?" if close else "`chainstep resume --list` lists them"
        raise RunError(f"there is no run called '{printable(name, 200)}'; {guess}")
    return found


def _find_here(name: str) -> Path:
    folder = run_folder()
    path = _find(folder, name)
    if path.parent != folder:
        raise RunError(f"{printable(name, 200)} is none of the saved runs")
    return path


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except ValueError:  # no path can be called so
        return False
    except OSError as error:
        raise RunError(f"{why(error)}: {printable(str(path), 200)}") from None


def _is_store(path: Path) -> bool:
    """Whether a file is one of the store's, or anything but JSON."""
    if path.suffix in (SUFFIX, JSON):
        return path.suffix == SUFFIX
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return True
        with path.open("rb") as stream:
            return stream.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return True
