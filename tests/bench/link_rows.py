"""The rows of a slow link: keys and frames through a pty that is read so many bytes a second, live moons at 120x36."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from random import Random
from time import perf_counter

from support.screen.terminal import Terminal

from .app_rows import late
from .rows import Goal, Row, alone

PROGRAM = [sys.executable, "-m", "chainstep.tui", "moons", "--steps", "100000000"]
QUERY = b"\x1b[6n"
PATIENCE = 5.0

_RATE = re.compile(r"\blr ([0-9.e-]+)")


def slow_link(repetitions: int, *, each: int = 12) -> Iterator[Row]:
    """Keys and frames at 30 kB/s, at 12 kB/s and without a limit."""
    yield from _link(30_000, (120, 350), repetitions * each)
    yield from _link(12_000, (400, None), repetitions * each)
    yield from _link(None, (50, None), repetitions * each)


def _link(rate: int | None, goals: tuple[int, int | None], presses: int) -> Iterator[Row]:
    over = f"at {rate // 1000} kB/s" if rate else "without a limit"
    random = Random(1)
    waits: list[float] = []
    with (
        tempfile.TemporaryDirectory() as state,
        Terminal(PROGRAM, size=(120, 36), env={"CHAINSTEP_STATE": state}, cwd=state, rate=rate) as it,
    ):
        it.read_until("? help", 60)
        while it.listen(1):
            pass
        it.send(" ")
        it.listen(3)
        before, asked, began = it.received, it.output.count(QUERY), perf_counter()
        it.listen(5)
        took = perf_counter() - began
        sent, frames = (it.received - before) / took, (it.output.count(QUERY) - asked) / took
        for press in range(presses):
            # At other places of the frame each time.
            it.listen(0.4 + 0.4 * random.random())
            waits.append(1000 * _answered(it, "+-"[press % 2]))
        assert "playing" in it.screen()[0]
        it.send(" ")
        it.read_until(lambda it: "playing" not in it.screen()[0], 30)
        while it.listen(1):
            pass
        idle = it.listen(2)
    lost = sum(wait >= 1000 * PATIENCE for wait in waits)
    note = f"{len(waits)} presses of + and -; {lost} lost; {frames:.1f} frames a second"
    yield alone(f"key to screen {over}, median", "ms", waits, Goal(goals[0], most=True), note)
    yield alone(f"  the same, p95 {over}", "ms", [late(waits)], Goal(goals[1], most=True) if goals[1] else None)
    yield alone(
        f"  sent while playing {over}", "kB/s", [sent / 1000], Goal(64 if rate is None else rate / 1000, most=True)
    )
    yield alone(f"  sent when paused {over}", "bytes", [float(idle)], Goal(0, most=True), "in 2 s")


def _answered(it: Terminal, key: str) -> float:
    """Seconds from a key for the learning rate to another rate on the screen."""
    shown = _rate(it)
    began = perf_counter()
    it.send(key)
    try:
        it.read_until(lambda it: _rate(it) not in (None, shown), PATIENCE)
    except TimeoutError:
        return PATIENCE
    return perf_counter() - began


def _rate(it: Terminal) -> str | None:
    found = _RATE.search("\n".join(it.screen()[-3:]))
    return found[1] if found else None
