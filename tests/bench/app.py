"""The app in a terminal, as the rows measure it: started, read, and asked for what it uses. Must not know any row."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from .recorder import Recorder

SIZE = (120, 36)
PROGRAM = [sys.executable, "-m", "chainstep.tui"]

_STEP = re.compile(r"step (\d+)")


def terminal(argv: list[str], state: str, **environment: str) -> Recorder:
    """It runs there, with its state in a folder; `environment` is what it has besides."""
    # In another folder: the checkout's own `datasets` and `engine` are no packages of the app's.
    # Bytecode is kept, as an installed program's is, but outside the checkout.
    env = {"CHAINSTEP_STATE": state, "PYTHONDONTWRITEBYTECODE": None, "PYTHONPYCACHEPREFIX": state, **environment}
    return Recorder(argv, size=SIZE, env=env, cwd=state)


def step_of(screen: list[str]) -> int:
    """The step that is shown; -1 where none is."""
    found = _STEP.search(screen[0])
    return int(found[1]) if found else -1


def memory_of(pid: int) -> int | None:
    """Bytes of memory that a process has."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return None


def cpu_of(pid: int) -> float | None:
    """Seconds of CPU that a process has used, over all its threads, to the nanosecond."""
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9
    except OSError:
        return None
