"""A table that a teacher has shared: kept beside the runs, since a run that forks off is on it. Must not know what is
in it.
"""

from __future__ import annotations

import os
from pathlib import Path

from ..state import table_folder
from .kept import fingerprint, keep

PREFIX = "followed-"
"""How the names of the folders of such files begin, each of one file that is called as the teacher's is."""

_LONGEST = 120
"""Bytes of a name."""


def keep_followed(data: bytes, name: str) -> Path:
    """The path of a file that holds a table; the same bytes are kept once.

    Raises:
        OSError: there is nowhere to keep it.
    """
    sound = name.isprintable() and Path(name).name == name and len(os.fsencode(name)) <= _LONGEST
    folder = table_folder() / f"{PREFIX}{fingerprint(data)}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / (name if sound and not name.startswith(".") else "table.csv")
    keep(path, data)
    return path
