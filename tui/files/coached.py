"""Whether the coach has led somebody through the first minute: a small file beside the runs. Must not know what it
says.

It is of so little weight that nothing is ever said of it: where it cannot be read or written, the coach comes again.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from .state import state_folder
from .whole import write_whole

_DONE = b"coach: done\n"


def coached() -> bool:
    """Whether it has been remembered; in a thread, since it looks at the disk."""
    with suppress(OSError, ValueError), _file().open("rb") as file:
        return file.read(len(_DONE) + 1) == _DONE
    return False


def remember() -> None:
    """Keep it for good; in a thread, likewise. The file is there whole or not at all."""
    with suppress(OSError, ValueError):
        path = _file()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, _DONE, 0o600)


def _file() -> Path:
    return state_folder() / "coach"
