"""Whether the coach has led somebody through the first minute: a small file beside the runs. Must not know what it
says.

It is of so little weight that nothing is ever said of it: where it cannot be read or written, the coach comes again.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from .state import state_folder

_DONE = "coach: done\n"


def coached() -> bool:
    """Whether it has been remembered; in a thread, since it looks at the disk."""
    with suppress(OSError, ValueError), _file().open("rb") as file:
        return file.read(len(_DONE) + 1) == _DONE.encode()
    return False


def remember() -> None:
    """Keep it for good; in a thread, likewise. The file is there whole or not at all."""
    with suppress(OSError, ValueError):
        path = _file()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
                file.write(_DONE)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)


def _file() -> Path:
    return state_folder() / "coach"
