"""Judges one engine and sends what it finds. Knows messages; must not know who reads them."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from chainstep.engine.verify import verify
from chainstep.engine.verify.adapter import NoEngineError, adapt
from chainstep.engine.verify.rows import Row

from .loading import LoadingError, load

Send = Callable[[Mapping[str, object]], None]


def main(task: Mapping[str, Any], send: Send) -> None:
    """Judge `task["what"]`, a file or a module, and in it the class `task["cls"]` or the one that is found.

    Sends what was loaded, a message for each row, and that it is whole; or why it cannot be judged.
    """
    try:
        loaded = load(task["what"], is_file=task["is_file"])
        engine = adapt(loaded.names, task["cls"])
    except LoadingError as error:
        send({"failed": str(error)})
        return
    except NoEngineError as error:
        send({"failed": f"{loaded.trouble}: {error}" if loaded.trouble else str(error)})
        return
    network = engine.network.cls.__name__ if engine.network else None
    file = loaded.where(engine.cls)
    send({"loaded": file, "cls": engine.name, "network": network, "trouble": loaded.trouble})
    with suppress(Exception):
        # Its scalars are tried where there are any.
        importlib.import_module("numpy")
    for row in verify(engine, source=_text(file)):
        send({"row": _plain(row)})
    send({"whole": True})


def _text(file: str) -> str | None:
    """What a file says, so that lines can be shown; None of what is no text."""
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None


def _plain(row: Row) -> dict[str, object]:
    told: dict[str, object] = {name: _number(getattr(row, name)) for name in Row.__match_args__}
    return told | {"at": dict(row.at)}


def _number(value: object) -> object:
    """A number of NumPy's is a number as any other."""
    return float(value) if isinstance(value, float) else value
