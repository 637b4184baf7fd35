"""The rows of frames: what a picture costs while moons trains live, and what holds the event loop longest."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

from .app_rows import late
from .recorder import Recorder
from .rows import Goal, Row, alone

FRAMING = Path(__file__).parent / "programs" / "framing.py"


class _Callback(NamedTuple):
    """Milliseconds that one took, those of CPU, and whose it was."""

    took: float
    used: float
    whose: str


def frame(repetitions: int) -> Iterator[Row]:
    """Frames with every pane live, at two sizes; the larger one has the map."""
    yield from _at((120, 36), repetitions, "all panes live", Goal(12, most=True))
    yield from _at((200, 60), repetitions, "all panes live, the map too")


def _at(size: tuple[int, int], repetitions: int, shown: str, goal: Goal | None = None) -> Iterator[Row]:
    at = f"{size[0]}x{size[1]}"
    runs = [_played(size) for _ in range(repetitions)]
    count = sum(len(costs) for costs, _ in runs)
    note = f"{shown}, moons; {count} frames; each from its making until it was painted, training apart"
    costs = [late(costs) for costs, _ in runs]
    yield alone(f"CPU of a live frame at {at}, p95", "ms", costs, goal, note)
    yield alone("  the same, median", "ms", [median(costs) for costs, _ in runs])
    most = [max(callbacks, key=lambda it: it.used) for _, callbacks in runs]
    longest = max(callback for _, callbacks in runs for callback in callbacks)
    note = f"{', '.join(f'{it.used:.1f} ms of {it.whose}' for it in most)}; none took longer than {longest.took:.1f} ms"
    used = [it.used for it in most]
    yield alone(f"CPU of the longest callback at {at}", "ms", used, Goal(8, most=True), note)
    yield alone("  p95 of all callbacks", "ms", [late([it.used for it in callbacks]) for _, callbacks in runs])


def _played(size: tuple[int, int], *, seconds: float = 6.0) -> tuple[list[float], list[_Callback]]:
    """Milliseconds of CPU of each frame, and every callback, without the first second: it is still being compiled."""
    with tempfile.TemporaryDirectory() as state:
        found = Path(state, "frames.json")
        env = {"CHAINSTEP_STATE": state, "PYTHONDONTWRITEBYTECODE": None, "PYTHONPYCACHEPREFIX": state}
        argv = [sys.executable, "-P", str(FRAMING), "moons", str(found)]
        with Recorder(argv, size=size, env=env, cwd=state) as it:
            it.read_until("? help", 30)
            it.send(" ")
            it.record(seconds + 1)
            it.send(" ")
            it.read_until(lambda it: "playing" not in it.screen()[0], 10)
            it.send("q")
            it.wait(20)
        seen = json.loads(found.read_text())
    since = seen["callbacks"][0][0] + 1
    frames = [1000 * cost for began, cost in seen["frames"] if began > since]
    callbacks = [
        _Callback(1000 * took, 1000 * used, whose) for began, took, used, whose in seen["callbacks"] if began > since
    ]
    return frames, callbacks
