"""What the runs of a session may keep in memory, all together. Must not know why there are several."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..run.history import ROOM
from ..run.run import Run
from ..step.program import Program

ALL = 60 * 2**20
"""Bytes of all records of a session, at any length of its runs, where nobody says less."""

_SERIES = 3 * 2**19
"""Bytes of a record without its checkpoints, at most."""


def share(runs: Iterable[Run], everything: int = ALL) -> None:
    """Let all runs keep as much as each other, and together so many bytes; who has too many checkpoints thins them
    out.
    """
    histories = {id(run.history): run.history for run in runs}.values()
    room = max(0, min(ROOM, everything // len(histories) - _SERIES))
    for history in histories:
        if history.room != room:
            history.fit(room)


def of_samples(runs: Iterable[Run]) -> list[list[object]]:
    """All that the runs keep of each sample, in lists of their own, an entry a sample.

    To let go of very many samples at once takes long. Whoever lets go of runs that have them keeps these lists until
    then, and takes their entries out a few at a time.
    """
    programs = {id(program): program for program in (run.stepper.program for run in runs)}.values()
    every = {id(kept): kept for program in programs for kept in _kept(program)}
    return [list(kept) for kept in every.values()]


def _kept(program: Program) -> Iterator[Sequence[object]]:
    yield from (program.samples, program.tests, program.validation)
    yield program.__dict__.get("rows", ())  # only where somebody has asked for them
    data = program.data
    if data is not None:
        yield from (data.train_inputs, data.train_targets, data.test_inputs, data.test_targets)
