"""The rows of a long run, through a pty at 120x36: what ten million steps leave in memory and on disk, how soon they
are left and there again, and what saving them costs. Must not know how a run is kept.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

from .app import PROGRAM, memory_of, step_of, terminal
from .recorder import Recorder
from .rows import Goal, Row, against, alone, interleaved, skipped

SAVING = Path(__file__).parent / "programs" / "saving.py"


def long_run(repetitions: int, *, early: int = 100_000, late: int = 10_000_000) -> Iterator[Row]:
    """The lecture, played for so many steps, left while it plays, and opened again."""
    with tempfile.TemporaryDirectory() as state:
        with terminal([*PROGRAM, "lecture", "--steps", "1000000000"], state) as it:
            it.read_until("? help", 30)
            it.send(" ")
            _play_to(it, early)
            before = memory_of(it.pid)
            _play_to(it, late)
            after = memory_of(it.pid)
            quits = [_left(it)]
        size = sum(path.stat().st_size for path in Path(state, "runs").iterdir())
        opened = interleaved(
            {"fresh": lambda: _opened(["lecture"], state), "resume": lambda: _opened(["resume"], state)}, repetitions
        )
        for _ in range(repetitions):
            with terminal([*PROGRAM, "resume"], state) as it:
                it.read_until("? help", 30)
                it.send(" ")
                it.listen(1)
                quits.append(_left(it))
    steps = f"lecture at step {late:,}"
    if before is None or after is None:
        yield skipped(f"{steps}, memory", "there is no /proc")
    else:
        goal = Goal(1.5, most=True, of_ratio=True)
        yield against(
            f"{steps}, memory", "MB", [after / 2**20], [before / 2**20], goal, f"{early:,} steps", inverse=True
        )
    yield alone(f"{steps}, left while it plays", "ms", quits, Goal(300, most=True), "from q to the end of the process")
    yield alone(f"{steps}, its file", "MB", [size / 2**20], Goal(40, most=True))
    longer = [mine - its for mine, its in zip(opened["resume"], opened["fresh"], strict=True)]
    note = f"a fresh lecture: {median(opened['fresh']):.0f} ms from the process's start"
    yield alone(f"{steps}, first frame of resume beyond a fresh one", "ms", longer, Goal(500, most=True), note)


def _play_to(it: Recorder, step: int) -> None:
    it.read_until(lambda it: step_of(it.screen()) >= step, 3600)


def _left(it: Recorder) -> float:
    """Milliseconds from q to the end."""
    began = perf_counter()
    it.send("q")
    assert it.wait(30) == 0
    return 1000 * (perf_counter() - began)


def _opened(what: list[str], state: str) -> float:
    """Milliseconds from the start of the process to its first frame."""
    began = perf_counter()
    with terminal([*PROGRAM, *what], state) as it:
        it.read_until("? help", 30)
        took = 1000 * (perf_counter() - began)
        _left(it)
    return took


def saving(repetitions: int) -> Iterator[Row]:
    """What it costs that a run is saved while it plays: with and without in turn, in one process."""
    for what in ("lecture", "moons"):
        with tempfile.TemporaryDirectory() as state:
            found = Path(state, "periods.json")
            with terminal([sys.executable, "-P", str(SAVING), what, str(found)], state) as it:
                it.read_until("? help", 30)
                it.send(" ")
                it.listen(2.5 * (2 * repetitions + 3))
                it.send("q")
                it.wait(30)
            # Without the first ones, while the function is still being compiled.
            periods = json.loads(found.read_text())[2:]
        saved, unsaved = ([row[1:] for row in periods if row[0] is saves] for saves in (True, False))
        pairs = list(zip(saved, unsaved, strict=False))
        for clock, at, goal in (("", 1, Goal(0.99, of_ratio=True)), (", by CPU time of all threads", 2, None)):
            ours, peer = ([row[0] / row[at] for row in rows] for rows in zip(*pairs, strict=True))
            row = f"live {what} while it is saved, against not{clock}"
            yield against(row, "steps/s", ours, peer, goal, inverse=True)
