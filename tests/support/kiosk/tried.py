"""Has somebody sit in a kiosk in a process of its own, and try everything. Must not know what they press."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from . import inside

KEPT = ("PATH", "LANG", "LC_ALL")


def tried(folder: Path, presses: int, seed: int) -> dict[str, int]:
    """What was counted: sessions, dialogs of the list, and files that were read and written.

    Raises:
        AssertionError: something was not as it is to be; it says what.
    """
    home, cwd, table = folder / "home", folder / "cwd", folder / "own.csv"
    other = home / ".local" / "state" / "chainstep" / "kiosk" / "bo" / "runs" / "lecture.chainstep"
    for made in (cwd, other.parent):
        made.mkdir(parents=True)
    other.write_bytes(b"somebody else's")
    table.write_text("a,b,kind\n" + "".join(f"{n},{n * n % 7}.5,{'xyz'[n % 3]}\n" for n in range(60)))
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    sent = {**environment, "HOME": str(home), "TERM": "xterm-256color", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, inside.__file__, str(home), str(table), str(seed), str(presses)]
    ended = subprocess.run(command, cwd=cwd, env=sent, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    store = other.parents[2] / "anna"
    assert [*_outside(folder, store)] == sorted((other, table)), "something was written elsewhere"
    assert other.read_bytes() == b"somebody else's"
    counted: dict[str, int] = json.loads(ended.stdout.splitlines()[-1])
    return counted


def _outside(folder: Path, store: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_relative_to(store):
            yield path
