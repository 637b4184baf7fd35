"""Reads runs that were saved as JSON, in formats 1 and 2; nothing writes them. Must not know the folder of runs."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from chainstep.datasets import printable

from .store.errors import RunError, why

SUFFIX = ".json"

_FORMAT = 1
_COPIES = 4
"""So many times its size is what reading a file takes."""


class JsonHeader(NamedTuple):
    """What a list of runs says about one."""

    what: str
    saved: datetime
    step: int
    loss: float | None


class JsonRun(NamedTuple):
    """All that is in a file."""

    header: JsonHeader
    source: Mapping[str, Any]
    session: Mapping[str, Any]


def read_json_run(path: Path, name: str) -> JsonRun:
    """A run; `name` is what to call it.

    Raises:
        RunError: the file cannot be read, or is not what was saved.
    """
    raw = _bytes(path, name)
    try:
        record = json.loads(raw)
    except (ValueError, RecursionError):
        raise RunError(f"run {name} is damaged: the file is not JSON") from None
    except MemoryError:
        raise RunError(f"run {name} cannot be read: there is not enough memory") from None
    if not isinstance(record, dict):
        raise RunError(f"run {name} is damaged: the file is no saved run")
    if record.get("chainstep") != _FORMAT:
        raise RunError(f"{name}: this is no saved run, or one of another version")
    try:
        source, session, digest = record["source"], record["session"], record["digest"]
        header = _header(record)
    except (KeyError, TypeError, ValueError, OverflowError):
        raise RunError(f"run {name} is damaged: something is missing in it") from None
    if not (isinstance(source, dict) and isinstance(session, dict)) or digest != _digest(source, session):
        raise RunError(f"run {name} is damaged: it is not what was saved")
    return JsonRun(header, source, session)


def _header(record: Mapping[str, Any]) -> JsonHeader:
    loss, saved = record["loss"], datetime.fromisoformat(record["saved"]).astimezone()
    return JsonHeader(printable(str(record["what"])), saved, int(record["step"]), None if loss is None else float(loss))


def _bytes(path: Path, name: str) -> bytes:
    try:
        # Not blocking: a FIFO would keep whoever opens it.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            os.close(descriptor)
            raise RunError(f"run {name} cannot be read: it is no regular file")
        with os.fdopen(descriptor, "rb") as stream:
            if state.st_size > _memory() // _COPIES:
                raise RunError(f"run {name} cannot be read: there is not enough memory")
            return stream.read()
    except OSError as error:
        raise RunError(f"run {name} cannot be read: {why(error)}") from None


def _memory() -> int:
    """Bytes that this machine has."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # only Unix says it
        return 2**32


def _digest(source: Mapping[str, Any], session: Mapping[str, Any]) -> str:
    """A damaged file may still be JSON, and then send the session a million steps ahead."""
    import hashlib  # loads OpenSSL, which `resume` does without where runs are newer

    text = json.dumps([source, session], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
