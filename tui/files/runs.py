"""Saved runs on disk: writes them whole or not at all, reads them back, keeps the newest. Must not know the screen or
what is inside a session.
"""

from __future__ import annotations

import contextlib
import difflib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import platformdirs

from chainstep.datasets import printable
from chainstep.engine.training import archive
from chainstep.engine.training.session import Session

from .subjects import Source

KEPT = 20
"""Runs that were named by the program are deleted when so many newer ones are there; those with a name of the user's
stay.
"""

MAX_BYTES = 256 * 2**20

_FORMAT = 1
_AUTOMATIC = re.compile(r".+-[0-9]{8}-[0-9]{6}(-[0-9]+)?")


class RunError(ValueError):
    """A run cannot be saved or opened; the message is one line that says which and why."""


class Saved(NamedTuple):
    """A run in the list of those that can be resumed."""

    name: str
    what: str
    saved: str
    """Local time, to the second."""
    step: int
    loss: float | None


def folder() -> Path:
    """Where runs are; it need not exist yet."""
    state = os.environ.get("CHAINSTEP_STATE")
    return (Path(state) if state else platformdirs.user_state_path("chainstep", appauthor=False)) / "runs"


def save(session: Session, source: Source, name: str | None = None) -> Path:
    """Write a session and where its data came from; under `name`, or under one made of the subject and the time.

    A run of the same name is replaced at once: a reader, or a power cut, finds the old one or the new one.

    Raises:
        RunError: it could not be written; what was there before still is.
    """
    now = datetime.now().astimezone()
    losses = session.losses
    record: dict[str, Any] = {
        "chainstep": _FORMAT,
        "saved": now.isoformat(timespec="seconds"),
        "what": source.name if source.kind == "example" else Path(source.name).name,
        "step": session.step,
        "loss": losses[-1] if losses else None,
        "source": source.to_json(),
        "session": archive.save(session),
    }
    record["digest"] = _digest(record)
    if name is not None and (not name or name.startswith(".") or Path(name).name != name):
        raise RunError(f"'{printable(name)}' cannot be the name of a run: it is the name of a file")
    text = json.dumps(record)
    directory = folder()
    try:
        # The parents first: mkdir gives its mode to the last one only.
        for made in (directory.parent, directory):
            made.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = directory / f"{name or _free_name(directory, record['what'], now)}.json"
        _write(path, text)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise RunError(f"the run could not be saved in {printable(str(directory), 200)}: {reason}") from None
    _prune(directory)
    return path


def load(run: str | None = None) -> tuple[Session, Source]:
    """The session of a run, at its very position, and where its data came from; the newest run if none is named.

    `run` is a run's name or the path of its file.

    Raises:
        RunError: there is no such run, it cannot be read, or its data is not what it was.
    """
    path = _find(run)
    name = printable(str(path) if run and path == Path(run) else path.stem, 200)
    record = _read(path, name)
    try:
        if record.get("chainstep") != _FORMAT:
            raise RunError(f"{name}: this is no saved run, or one of another version")
        if record["digest"] != _digest(record):
            raise RunError(f"run {name} is damaged: it is not what was saved")
        source = Source.from_json(record["source"])
        return archive.load(source.subject(), record["session"]), source
    except RunError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        # The engine's and the data's errors say what is wrong; the others come of a file that was tampered with.
        detail = str(error) if type(error).__module__.startswith("chainstep") else "the file is damaged"
        raise RunError(f"run {name} cannot be opened: {printable(detail, 300)}") from None


def saved() -> list[Saved]:
    """The runs that can be read, newest first."""
    found = []
    for path in _newest_first(folder()):
        with contextlib.suppress(RunError, KeyError, TypeError, ValueError):
            record = _read(path, path.stem)
            loss = record["loss"]
            found.append(
                Saved(
                    path.stem,
                    printable(str(record["what"])),
                    f"{datetime.fromisoformat(record['saved']):%Y-%m-%d %H:%M:%S}",
                    int(record["step"]),
                    None if loss is None else float(loss),
                )
            )
    return found


def _digest(record: Mapping[str, Any]) -> str:
    """A damaged file may still be JSON, and then send the session a million steps ahead."""
    import hashlib  # loads OpenSSL, which the first frame does without

    text = json.dumps([record["source"], record["session"]], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _write(path: Path, text: str) -> None:
    handle, temporary = tempfile.mkstemp(prefix=f".{path.stem}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


def _free_name(directory: Path, what: str, now: datetime) -> str:
    subject = re.sub(r"[^A-Za-z0-9_-]+", "-", Path(what).stem)[:40].strip("-") or "run"
    name = first = f"{subject}-{now:%Y%m%d-%H%M%S}"
    count = 1
    while (directory / f"{name}.json").exists():
        count += 1
        name = f"{first}-{count}"
    return name


def _newest_first(directory: Path) -> list[Path]:
    """The runs' files. One that another process deletes meanwhile is left out."""
    times = {}
    with contextlib.suppress(OSError):
        for path in directory.glob("*.json"):
            if not path.name.startswith("."):
                with contextlib.suppress(OSError):
                    times[path] = path.stat().st_mtime_ns
    return sorted(times, key=lambda path: (times[path], path.name), reverse=True)


def _prune(directory: Path) -> None:
    automatic = [path for path in _newest_first(directory) if _AUTOMATIC.fullmatch(path.stem)]
    for path in automatic[KEPT:]:
        with contextlib.suppress(OSError):
            path.unlink()


def _find(run: str | None) -> Path:
    if run is None:
        newest = _newest_first(folder())
        if not newest:
            raise RunError("no run has been saved yet: the app saves one when it is left")
        return newest[0]
    if run and Path(run).name == run:
        for name in (f"{run}.json", run):
            if (folder() / name).is_file():
                return folder() / name
    if not Path(run).is_file():
        close = difflib.get_close_matches(run, [path.stem for path in _newest_first(folder())], n=1, cutoff=0.5)
        guess = f"did you mean {printable(close[0])}?" if close else "`chainstep resume --list` lists them"
        raise RunError(f"there is no run called '{printable(run, 200)}'; {guess}")
    return Path(run)


def _read(path: Path, name: str) -> Mapping[str, Any]:
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise RunError(f"run {name} cannot be read: {(error.strerror or str(error)).lower()}") from None
    if len(raw) > MAX_BYTES:
        raise RunError(f"run {name} cannot be read: it is larger than {MAX_BYTES // 2**20} MB")
    try:
        record = json.loads(raw)
    except (ValueError, RecursionError):
        raise RunError(f"run {name} is damaged: the file is not JSON") from None
    if not isinstance(record, dict):
        raise RunError(f"run {name} is damaged: the file is no saved run")
    return record
