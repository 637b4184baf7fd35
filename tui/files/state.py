"""Where the program keeps what outlives it. Must not know what that is."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def state_folder() -> Path:
    """The folder of all that is kept; it need not exist yet.

    Raises:
        NotADirectoryError: nobody says where it could be.
    """
    named = os.environ.get("CHAINSTEP_STATE")
    if named:
        return Path(named).absolute()
    import platformdirs  # the first frame does not wait for it

    with suppress(RuntimeError):  # what some of its versions say of a user without a home
        path = platformdirs.user_state_path("chainstep", appauthor=False)
        if path.is_absolute():
            return path
    raise NotADirectoryError(0, "there is no home folder, and CHAINSTEP_STATE names none")


def run_folder() -> Path:
    """The folder of runs; it need not exist yet.

    Raises:
        NotADirectoryError: nobody says where it could be.
    """
    return state_folder() / "runs"


def table_folder() -> Path:
    """The folder of tables that came by standard input or from a teacher; it need not exist yet.

    Raises:
        NotADirectoryError: nobody says where it could be.
    """
    return state_folder() / "tables"
