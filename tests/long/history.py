"""A run that is played for very long: its memory, its records, and what can still be asked of it. Must not know how any
of it is kept.
"""

from __future__ import annotations

import random
import resource
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from chainstep.engine.training.archive.archive import Archive
from chainstep.engine.training.archive.restore import restore
from chainstep.engine.training.commands import SetCursor
from chainstep.engine.training.session import Session
from chainstep.tui.files.subjects.opening import open_subject

from .registry import long_run

T = TypeVar("T")

ASKED = 200
"""Steps whose losses are asked for."""

_SLICE = 0.002
"""Seconds of training at once, as it is played."""


@long_run(count=10_000_000, share=0)
def endless(folder: Path, count: int, seed: int) -> str:
    """The lecture is played for so many steps: memory stays, any loss is known again, the file is small."""
    session, _ = open_subject("lecture")
    _play(session, count // 100)
    early = _memory()
    _play(session, count)
    late = _memory()
    archive = Archive(session)
    took, records = _timed(lambda: archive.changes().records)
    size = sum(map(len, records.values()))
    session.train(1_000, count + 200)
    again, changes = _timed(archive.changes)
    opening, opened = _timed(lambda: restore(session.subject, records))
    assert opened.loss is not None
    chance = random.Random(seed)
    waits = [_timed(lambda: _ask(session, chance.randrange(count)))[0] for _ in range(ASKED)]
    assert late <= 1.5 * early
    assert size <= 40 * 2**20
    p95 = sorted(waits)[ASKED * 95 // 100]
    return (
        f"{early / 2**20:.1f} MB at {count // 100} steps, {late / 2**20:.1f} MB at {count}; "
        f"{len(records)} records of {size / 2**20:.2f} MB, all in {took * 1e3:.1f} ms, "
        f"then {len(changes.records)} in {again * 1e3:.1f} ms, opened in {opening * 1e3:.0f} ms; "
        f"a loss of long ago in {statistics.median(waits) * 1e3:.0f} ms, p95 {p95 * 1e3:.0f} ms"
    )


def _play(session: Session, stop: int) -> None:
    quantum = 64
    while session.step < stop:
        began = perf_counter()
        session.train(quantum, stop)
        took = perf_counter() - began
        quantum = max(4, min(2 * quantum, int(quantum * _SLICE / took)))


def _ask(session: Session, step: int) -> None:
    session.apply(SetCursor(step))
    work = session.recomputing()
    for _ in work(lambda: 600) if work is not None else ():
        pass
    found = session.snapshot(()).cursor
    assert found is not None
    assert found.loss.exact


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    began = perf_counter()
    made = work()
    return perf_counter() - began, made


def _memory() -> int:
    """Bytes that the process has taken at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
