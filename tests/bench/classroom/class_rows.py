"""The rows of a class: forty sessions that start at the same time, each under a terminal of its own, joined to one
process and by themselves. Must not know how either is done.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from ..rows import Goal, Row, against, alone
from .terminals import RIGHT, Room, Seat, children, memory, room, used

_INSTALLED = Path(sys.executable).with_name("chainstep")

CHAINSTEP = [str(_INSTALLED)] if _INSTALLED.exists() else [sys.executable, "-P", "-m", "chainstep.tui"]
"""As a forced command has it, where it is installed beside this Python."""

PLAYED = [*CHAINSTEP, "lecture", "--steps", "100000000"]

PLAY = b" "
PLAYERS = 5
PRESSES = 40


class Found(NamedTuple):
    """What was measured of one room, with a class or without."""

    start: list[float]
    """Seconds until each is on screen, in order."""
    each: float
    """Megabytes (PSS) of a session and what holds its terminal."""
    idle: float
    """Hundredths of a processor that each takes, paused."""
    paused: list[float]
    """Milliseconds from a step's key to the first byte, while all others are paused, in order."""
    some: list[float]
    """The same while five play."""
    all: list[float]
    """The same while all others play."""


def classroom(repetitions: int) -> Iterator[Row]:
    """Start, memory, idling and keys of forty; of ten where there are few repetitions."""
    many = 40 if repetitions > 2 else 10
    with _folder() as runtime:
        by_themselves = _measured(runtime, many, [])
        with _open_class(runtime) as server:
            joined = _measured(runtime, many, [server])
            note = f"the class itself takes {memory(server):.1f} MB"
    whole = many == 40
    yield _row(
        f"{many} sessions: all on screen", "s", joined.start[-1], by_themselves.start[-1], 1.6 if whole else None
    )
    each = f"{many} sessions, each"
    yield _row(f"{each}: memory, paused", "MB", joined.each, by_themselves.each, 20 if whole else None, note)
    yield _row(f"{each}: processor, paused", "%", joined.idle, by_themselves.idle, 0.1)
    for what, field, wanted in (("all paused", "paused", None), ("5 playing", "some", 25), ("all playing", "all", 100)):
        ours, peer = getattr(joined, field), getattr(by_themselves, field)
        note = f"median {statistics.median(ours):.1f} ms, longest {ours[-1]:.1f} ms, of {len(ours)} presses"
        yield _row(f"{many} sessions: key of a step, {what}, p95", "ms", _late(ours), _late(peer), wanted, note)
    yield _grown(100 if whole else 10)


def _row(what: str, unit: str, ours: float, peer: float, most: float | None, note: str = "") -> Row:
    """A row with what the same sessions take by themselves; the goal, if there is one, is for our own figure."""
    row = against(what, unit, [ours], [peer], None if most is None else Goal(most, most=True), note)
    return replace(row, wanted="" if most is None else f"≤ {most:g} {unit}")


def _late(found: list[float]) -> float:
    """What nineteen of twenty do not exceed."""
    return found[min(len(found) - 1, int(0.95 * len(found)))]


@contextmanager
def _folder() -> Iterator[str]:
    """A folder for sockets, with a name that is short enough."""
    with tempfile.TemporaryDirectory(prefix="class-") as folder:
        yield folder


def _environment(runtime: str) -> dict[str, str]:
    left = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return {**left, "XDG_RUNTIME_DIR": runtime, "TERM": "xterm-256color"}


@contextmanager
def _open_class(runtime: str) -> Iterator[int]:
    """A class that is open; its process."""
    environment = {**_environment(runtime), "CHAINSTEP_STATE": str(Path(runtime) / "state")}
    with subprocess.Popen([*CHAINSTEP, "class"], env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        server.stdout.readline()
        try:
            yield server.pid
        finally:
            server.terminate()


def _measured(runtime: str, many: int, server: list[int]) -> Found:
    with room(PLAYED, _environment(runtime), many) as seats:
        start = seats.shown(b"Network")
        seats.listen(4)
        holders = [seat.process.pid for seat in seats.seats]
        sessions = _sessions(runtime) if server else holders
        assert len(sessions) == many, f"{len(sessions)} of {many} have joined"
        every = {*sessions, *holders, *(child for holder in holders for child in children(holder))}
        each = sum(map(memory, every)) / many
        before = used(every)
        seats.listen(10)
        idle = 10 * (used(every) - before) / many
        one, *others = seats.seats
        paused = seats.answers(one, RIGHT, PRESSES)
        some = _while_playing(seats, others[:PLAYERS])
        return Found(start, each, idle, paused, some, _while_playing(seats, others[PLAYERS:]))


def _while_playing(seats: Room, more: list[Seat]) -> list[float]:
    """Keys of the first while these play as well."""
    for seat in more:
        seat.send(PLAY)
    seats.listen(3)
    return seats.answers(seats.seats[0], RIGHT, PRESSES)


def _sessions(runtime: str) -> list[int]:
    """The processes of the class."""
    listed = [*CHAINSTEP, "class", "--list", "--json"]
    told = subprocess.run(listed, env=_environment(runtime), capture_output=True, text=True, check=True).stdout
    return [row["pid"] for row in map(json.loads, told.splitlines()) if "pid" in row]


def _grown(seconds: int) -> Row:
    """What a session takes after it has played for so long."""
    with _folder() as runtime, _open_class(runtime), room(PLAYED, _environment(runtime), 1) as seats:
        seats.shown(b"Network")
        seats.listen(4)
        (session,) = _sessions(runtime)
        before = memory(session)
        seats.seats[0].send(PLAY)
        seats.listen(seconds)
        after = memory(session)
    note = f"{before:.1f} MB before it; a session that is the only one shares with the class alone"
    return alone(f"a session's memory after {seconds} s of playing", "MB", [after], None, note)
