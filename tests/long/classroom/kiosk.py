"""A person in a kiosk tries to get out, and links to one are cut. Must not know how it is held."""

from __future__ import annotations

import signal
import time
from pathlib import Path

from chainstep.tui.files.store.reading import list_runs
from support.cases import every_case
from support.kiosk.tried import tried
from support.screen.terminal import RIGHT
from support.ssh import recipe
from support.ssh.server import Ending, missing, process_with

from ..registry import long_run

_NOTICED = 45.0
"""Seconds after which a dead link is to be noticed at the latest: OpenSSH 9.2 takes 30 for an interval of 5 and a count
of 2.
"""


@long_run(count=10_000, share=15)
def kiosk(folder: Path, count: int, seed: int) -> str:
    """Presses of P, q and o in a kiosk, then all that it has, as many of anything: no file or process elsewhere."""
    counted = tried(folder / "kiosk", count, seed)
    told = "{sessions} sessions, {dialogs} dialogs of the list, {read} files read and {written} written"
    return told.format(**counted) + ", all where they may be"


@long_run(count=4, share=0)
def kiosk_dead_links(folder: Path, count: int, seed: int) -> str:
    """An ssh client that is stopped, playing or paused, is noticed by sshd, and its session is saved once."""
    assert not missing(), f"{missing()} is not installed"
    noticed = list[float]()
    every_case(count, seed, lambda number: noticed.append(_cut(folder / str(number), playing=bool(number % 2))))
    return f"noticed after {min(noticed):.1f} to {max(noticed):.1f} s"


def _cut(folder: Path, *, playing: bool) -> float:
    """Stop a client; gives the seconds until its session has ended."""
    folder.mkdir()
    home = folder / "home"
    with recipe.server(folder / "sshd", home) as server, server.session() as terminal:
        terminal.read_until("? help", 60)
        ending = Ending(process_with(f"HOME={home}"))
        terminal.send("<" * 5 + " " if playing else "]" * 5 + RIGHT * 3)
        terminal.read_until("playing" if playing else "step 3", 60)
        terminal.signal(signal.SIGSTOP)
        since = time.monotonic()
        ending.wait(_NOTICED)
        took = time.monotonic() - since
        terminal.signal(signal.SIGKILL)
    found = list_runs(recipe.store(home) / "runs")
    assert len(found.runs) == 1, found
    assert not found.damaged
    assert playing or found.runs[0].header.step == 3
    return took
