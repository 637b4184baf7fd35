"""The app's rows, through a pty at 120x36: live training, keys, timers, memory, silence, and the first frame."""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random
from time import perf_counter

from chainstep.tui import native

from .app import PROGRAM, cpu_of, memory_of, step_of, terminal
from .engine_rows import ENDLESS, opened
from .rows import Goal, Row, against, alone, interleaved, skipped

TICKING = Path(__file__).parent / "programs" / "ticking.py"
EMPTY = "from textual.app import App\nfrom textual.widgets import Static\nclass Empty(App):\n    def compose(self):\n"
EMPTY += "        yield Static('ready')\nEmpty().run()\n"


def live(repetitions: int, *, seconds: float = 2.0) -> Iterator[Row]:
    """Steps a second on the screen against headless, over the very same steps of the same training."""
    session = opened("moons")
    if native.sought(session):
        # The app makes it by itself while it plays.
        native.make(session)
    shown, headless = [], []
    with tempfile.TemporaryDirectory() as state, terminal([*PROGRAM, "moons", "--steps", str(ENDLESS)], state) as it:
        it.read_until("? help", 30)
        for turn in range(repetitions + 1):
            it.send(" ")
            it.listen(0.5)
            chunks = it.record(seconds)
            seen = [(when, step_of(it.screen())) for when in it.show(chunks)]
            marks = [seen[0]] + [b for a, b in pairwise(seen) if b[1] > a[1]]
            (began, first), (ended, last) = marks[1], marks[-1]
            it.send(" ")
            it.read_until(lambda it: "playing" not in it.screen()[0], 10)
            session.train(ENDLESS, first)
            clock = perf_counter()
            session.train(ENDLESS, last)
            took = perf_counter() - clock
            if turn:
                shown.append((last - first) / (ended - began))
                headless.append((last - first) / took)
    note = "the same steps in both, one after the other; the collector as it is"
    goal = Goal(0.9, of_ratio=True)
    yield against("live moons at 120x36, against headless", "steps/s", shown, headless, goal, note, inverse=True)


def keys(repetitions: int) -> Iterator[Row]:
    """From a key to what it changes on the screen, while it trains."""
    yield from _presses(["moons"], "key to screen while training", repetitions)


def rows_10000(repetitions: int) -> Iterator[Row]:
    """The same while every step is a full batch of 10,000 rows, which takes longer than a slice of time."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder, "rows.csv")
        random = Random(1)
        lines = ["a,b,c,d,kind"]
        # A fifth becomes the test set.
        for _ in range(12_500):
            a, b, c, d = (random.gauss(0, 1) for _ in range(4))
            lines.append(f"{a:.4f},{b:.4f},{c:.4f},{d:.4f},{'yes' if a * b + c > d else 'no'}")
        table.write_text("\n".join(lines) + "\n")
        argv = [str(table), "--target", "kind", "--hidden", "16,16", "--batch-size", "10000"]
        yield from _presses(argv, "key to screen, full batches of 10,000", repetitions)


def _presses(what: list[str], row: str, repetitions: int, *, each: int = 6, patience: float = 1.5) -> Iterator[Row]:
    rounds: list[float] = []
    waits: list[float] = []
    with tempfile.TemporaryDirectory() as state, terminal([*PROGRAM, *what, "--steps", str(ENDLESS)], state) as it:
        it.read_until("? help", 30)
        it.send(" ")
        it.listen(2)
        for turn in range(repetitions + 1):
            for press in range(each):
                # Read raw, so that the program never waits for the emulator; at other places of the frame each time.
                before = it.record(0.3 + 0.1 * (press * 0.618 % 1))
                chunks = it.record(patience, "d")
                for _ in it.show(before):
                    pass
                when = it.first(chunks, _data if _gradients(it.screen()) else _gradients)
                if when is None:
                    it.listen(1)  # it comes later still: the next press must not take it for its own
                if turn:
                    waits.append(1000 * (patience if when is None else when))
            if turn:
                rounds.append(max(waits[-each:]))
        assert "playing" in it.screen()[0]
    note = f"{len(waits)} presses of d, read raw; the spread is of each round's slowest"
    found = alone(f"{row}, p95", "ms", [late(waits)], Goal(50, most=True), note)
    yield replace(found, spread=(min(rounds), max(rounds)))
    yield alone("  the same, median and range", "ms", waits)


def lateness(repetitions: int, *, seconds: float = 3.0) -> Iterator[Row]:
    """How late a timer of ten milliseconds is inside the app while it trains."""
    between, all_of_them = [], []
    for _ in range(repetitions):
        with tempfile.TemporaryDirectory() as state:
            found = Path(state, "ticks.json")
            with terminal([sys.executable, "-P", str(TICKING), "moons", str(found)], state) as it:
                it.read_until("? help", 30)
                it.send(" ")
                it.listen(seconds + 1)
                it.send(" ")
                it.read_until(lambda it: "playing" not in it.screen()[0], 10)
                it.send("q")
                it.wait(20)
            ticks = json.loads(found.read_text())
        # Without the first ones, while the function is still being compiled.
        ticks = [(1000 * late, framed) for when, late, framed in ticks if when > ticks[-1][0] - seconds]
        between.append(late([late for late, framed in ticks if not framed]))
        all_of_them.append(late([late for late, _ in ticks]))
    note = "moons at 120x36; p95 of each run"
    row = "a 10 ms timer's lateness while training, p95"
    yield alone(row, "ms", between, Goal(2.5, most=True), f"{note}; without waits that a frame fell into")
    yield alone("  the same, frames included", "ms", all_of_them, Goal(12, most=True))


def memory(repetitions: int, *, first: int = 20_000, last: int = 200_000) -> Iterator[Row]:
    """What a step of live training leaves in memory."""
    grown = []
    for _ in range(max(1, repetitions // 2)):
        argv = [*PROGRAM, "lecture", "--steps", "100000000"]
        with tempfile.TemporaryDirectory() as state, terminal(argv, state) as it:
            it.read_until("? help", 30)
            it.send(" ")
            seen = []
            for steps in (first, last):
                it.read_until(lambda it, steps=steps: step_of(it.screen()) >= steps, 120)  # type: ignore[misc]
                seen.append((step_of(it.screen()), memory_of(it.pid)))
        (began, before), (ended, after) = seen
        if before is None or after is None:
            yield skipped("memory that a step leaves", "there is no /proc")
            return
        grown.append((after - before) / (ended - began))
    note = f"live lecture from step {first:,} to {last:,}: growth of what is resident, everything included"
    yield alone("memory that a step leaves", "bytes", grown, Goal(32, most=True), note)


def late(figures: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(figures, n=20, method="inclusive")[-1]


def idle(repetitions: int, *, seconds: float = 2.0) -> Iterator[Row]:
    """What an app at rest sends, and what it costs."""
    sent, cost = [], []
    with tempfile.TemporaryDirectory() as state, terminal([*PROGRAM, "moons"], state) as it:
        it.read_until("? help", 30)
        while it.listen(1):
            pass
        for _ in range(repetitions):
            before, clock = cpu_of(it.pid), perf_counter()
            sent.append(float(it.listen(seconds)))
            used = cpu_of(it.pid)
            if used is not None and before is not None:
                cost.append(100 * (used - before) / (perf_counter() - clock))
    yield alone("idle, bytes sent", "bytes", sent, Goal(0, most=True), f"in {seconds:g} s")
    if cost:
        yield alone("idle, CPU", "%", cost, Goal(0.2, most=True), "of one core, all threads, from /proc")
    else:
        yield skipped("idle, CPU", "there is no /proc")


def _gradients(screen: list[str]) -> bool:
    return "gradients" in screen[1][:46]


def _data(screen: list[str]) -> bool:
    return not _gradients(screen)


def first_frame(repetitions: int) -> Iterator[Row]:
    """From the start of the process to the first frame, against an empty Textual app."""
    with tempfile.TemporaryDirectory() as state:

        def until(argv: list[str], text: str) -> float:
            began = perf_counter()
            with terminal(argv, state) as it:
                it.read_until(text, 30)
                return 1000 * (perf_counter() - began)

        measures = {
            "empty": lambda: until([sys.executable, "-c", EMPTY], "ready"),
            "ours": lambda: until(PROGRAM, "? help"),
            "moons": lambda: until([*PROGRAM, "moons"], "? help"),
        }
        got = interleaved(measures, repetitions)
    note = f"from the process's start, interpreter and imports included; {os.cpu_count()} cores"
    for name, what in (("ours", "chainstep"), ("moons", "chainstep moons")):
        goal = Goal(1.3, most=True, of_ratio=True)
        row = f"first frame of {what}, against an empty app"
        yield against(row, "ms", got[name], got["empty"], goal, note, inverse=True)
