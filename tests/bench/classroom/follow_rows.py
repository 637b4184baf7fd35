"""The rows of a session that is shared: what thirty who follow cost its teacher, how soon they see a step, and what
goes over the socket to each. Must not know how anything is sent.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from ..app import PROGRAM, step_of, terminal
from ..engine_rows import ENDLESS
from ..recorder import Recorder
from ..rows import Goal, Row, against, alone
from .terminals import RIGHT, Room, room, used

FOLLOWERS = Path(__file__).parents[1] / "programs" / "followers.py"
SHARING = FOLLOWERS.with_name("sharing.py")

COUNT = 30

_WARM = 5.0
"""Seconds until all have compiled what they step by."""

_PAUSE = 0.15
"""Seconds between two steps, as somebody shows them."""


def follow(repetitions: int, *, seconds: float = 3.0, count: int = COUNT) -> Iterator[Row]:
    """A teacher alone and before thirty who follow, in turns: without a screen each, then with one."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as state:
        environment = {**os.environ, "XDG_RUNTIME_DIR": state}
        yield from _of_the_teacher(environment, repetitions, seconds, count)
        with _shared(state) as teacher:
            yield from _without_screens(teacher, environment, repetitions, seconds, count)
            yield from _with_screens(teacher, environment, repetitions, seconds, count)


def _of_the_teacher(environment: dict[str, str], repetitions: int, seconds: float, count: int) -> Iterator[Row]:
    """What sharing costs the teacher's own process, whatever else the machine does."""
    shares, slices = [], []
    for _ in range(repetitions):
        argv = [sys.executable, str(SHARING), str(count), str(seconds)]
        ended = subprocess.run(argv, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        share, longest = json.loads(ended.stdout)
        shares.append(100 * share)
        slices.append(longest)
    note = f"{count} who follow moons, a third of whom read nothing; processor time of the teacher's process alone"
    yield alone("teacher's processor time that goes into sharing", "%", shares, Goal(10, most=True), note)
    yield alone("longest slice of the loop that sharing takes", "ms", slices, Goal(8, most=True), note)


@contextmanager
def _shared(state: str) -> Iterator[Recorder]:
    argv = [*PROGRAM, "moons", "--steps", str(ENDLESS), "--share"]
    with terminal(argv, state, XDG_RUNTIME_DIR=state) as teacher:
        teacher.read_until("? help", 30)
        teacher.read_until("shared", 30)
        yield teacher


def _speed(
    teacher: Recorder, seconds: float, seats: Room | None = None, mark: Callable[[], object] = lambda: None
) -> float:
    """Steps a second while it plays; the screens of those who follow are read, too. `mark` is called when it has played
    for a moment, and before it is paused. What comes is understood afterwards: that would take a tenth of a processor.
    """
    teacher.send(" ")
    heard, marks = list[tuple[float, bytes]](), list[tuple[float, int]]()
    began = perf_counter() + _WARM
    while perf_counter() < began:
        heard += _heard(teacher, seats)
    mark()
    end = began
    while len(marks) < 3:
        end += seconds
        while perf_counter() < end:
            heard += _heard(teacher, seats)
        for when in teacher.show(heard):
            step = step_of(teacher.screen()) if when >= began else -1
            if step >= 0 and (not marks or step > marks[-1][1]):
                marks.append((when, step))
        heard.clear()
    mark()
    teacher.send(" ")
    teacher.read_until(lambda it: "playing" not in it.screen()[0], 10)
    # The first one may have been shown for a while.
    (began, first), (ended, last) = marks[1], marks[-1]
    return (last - first) / (ended - began)


def _heard(teacher: Recorder, seats: Room | None) -> list[tuple[float, bytes]]:
    """What comes from the teacher within a moment, with the time."""
    if seats is not None:
        seats.listen(0.01)
    began = perf_counter()
    return [(began + when, what) for when, what in teacher.record(0.01)]


class _Silent:
    """Followers without screens."""

    def __init__(self, environment: dict[str, str], count: int) -> None:
        pipe = subprocess.PIPE
        argv = [sys.executable, str(FOLLOWERS), str(count)]
        self._process = subprocess.Popen(argv, stdin=pipe, stdout=pipe, env=environment, text=True)
        assert self._process.stdout is not None
        self._process.stdout.readline()
        self.marks: list[tuple[float, list[tuple[int, float]]]] = []

    def mark(self) -> None:
        """Keep the time, and what they were told until then."""
        self.marks.append((perf_counter(), self.told()))

    def told(self) -> list[tuple[int, float]]:
        """Bytes that each has got since the last time, and how old at most what it had was."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return [(count, age) for count, age in json.loads(self._process.stdout.readline())]

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def _without_screens(
    teacher: Recorder, environment: dict[str, str], repetitions: int, seconds: float, count: int
) -> Iterator[Row]:
    lone, before, rates, ages, stepping = [], [], [], [], []
    for turn in range(repetitions + 1):
        by_itself = _speed(teacher, seconds)
        silent = _Silent(environment, count)
        teacher.read_until(f"{count} follow", 60)
        with_them = _speed(teacher, seconds, mark=silent.mark)
        (started, _), (ended, told) = silent.marks
        took = ended - started
        teacher.listen(0.5)
        silent.told()
        began = perf_counter()
        for _ in range(20):
            teacher.send("\x1b[C")
            teacher.listen(_PAUSE)
        stepped, while_stepping = silent.told(), perf_counter() - began
        silent.close()
        teacher.read_until(lambda it: "follow" not in it.screen()[0], 30)
        if turn:
            lone.append(by_itself)
            before.append(with_them)
            rates.append(statistics.fmean(got for got, _ in told) / took)  # each has had three or four states
            ages.append(max(age for _, age in told))
            stepping.append(statistics.median(got for got, _ in stepped) / while_stepping)
    note = f"{count} processes that replay without a screen; the teacher's own at 120x36"
    goal = Goal(0.9, of_ratio=True)
    yield against(f"moons before {count} who follow, against alone", "steps/s", before, lone, goal, note, inverse=True)
    yield alone("bytes a second to each while moons plays", "B/s", rates, Goal(5_000, most=True))
    yield alone("age of the oldest state while it plays", "s", ages, Goal(1.0, most=True))
    yield alone("bytes a second to each while stepping", "B/s", stepping, Goal(500, most=True))


def _with_screens(
    teacher: Recorder, environment: dict[str, str], repetitions: int, seconds: float, count: int
) -> Iterator[Row]:
    lone = [_speed(teacher, seconds) for _ in range(repetitions)]
    with room([*PROGRAM, "follow"], environment, count) as seats:
        seats.shown(b"following")
        teacher.read_until(f"{count} follow", 60)
        seats.listen(2.0)
        _seen(teacher, seats)
        waits = sorted(wait for _ in range(10) for wait in _seen(teacher, seats))
        marks = list[tuple[float, float]]()
        before = [_speed(teacher, seconds, seats, lambda: marks.append(_mark(seats))) for _ in range(repetitions)]
    note = f"{count} whole screens at 120x36, on as many cores as there are"
    yield against(f"moons before {count} screens, against alone", "steps/s", before, lone, None, note, inverse=True)
    shares = [(b[1] - a[1]) / (b[0] - a[0]) / count for a, b in zip(marks[::2], marks[1::2], strict=True)]
    yield alone("processor that a follower's screen takes while moons plays", "%", [100 * share for share in shares])
    yield alone("step to a follower's screen, median", "ms", [statistics.median(waits)], None, note)
    yield alone("step to a follower's screen, p95", "ms", [waits[int(0.95 * len(waits))]], Goal(100, most=True), note)


def _seen(teacher: Recorder, seats: Room) -> list[float]:
    """Milliseconds from a step of the teacher's to what comes of it on each screen."""
    seats.listen(_PAUSE)
    pressed = perf_counter()
    teacher.send(RIGHT.decode())
    times: dict[int, float] = {}
    while len(times) < len(seats.seats):
        seat = seats.listen(5.0, lambda one: one.master not in times)
        if seat is None:
            raise TimeoutError(f"{len(times)} of {len(seats.seats)} have seen a step")
        times[seat.master] = 1000 * (perf_counter() - pressed)
    teacher.listen(0.02)
    return list(times.values())


def _mark(seats: Room) -> tuple[float, float]:
    """The time, and the seconds of a processor that all of them have taken."""
    return perf_counter(), used(seat.process.pid for seat in seats.seats)
