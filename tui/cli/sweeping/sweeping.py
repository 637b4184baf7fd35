"""What `chainstep sweep` does: finds out what is swept, and has it trained on the screen or without one. Must not know
click, nor how a sweep is told.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from functools import partial
from queue import SimpleQueue
from typing import NamedTuple

from chainstep.datasets import DataError
from chainstep.datasets.columns.choices import Choices

from ...files.subjects.opening import open_expression
from ...sweeps import kept
from ...sweeps.outcome import Outcome
from ...sweeps.plans import plan
from ...sweeps.pools.local import Here, Pool, Processes
from ...sweeps.spec import Spec
from ...sweeps.subject import Subject
from ...sweeps.sweep import Sweep
from ...terminal import signals
from .. import opening, options
from ..expressions import read_leaves
from ..guards import no_terminal
from ..output import complain, on_terminal
from ..statuses import FAILED
from ..training.headless import interrupts
from .report import Report, report

_PROBED = 0.05
"""Seconds that a run is tried for, to see how long all of them take."""

_SMALL = 1.0
"""Seconds of work for which processes are not worth while: to start them takes half of that."""


class Where(NamedTuple):
    """Where runs are trained, as far as the user says."""

    workers: int | None = None
    scheduler: str | None = None

    def pool(self, subject: Subject, runs: int, small: Callable[[], Pool | None] = lambda: None) -> Pool:
        """A pool of what is there, for so many runs at most; where nothing is said it may be a `small` one.

        Raises:
            DataError: there is no such scheduler.
        """
        if self.scheduler is not None:
            from ...sweeps.pools.dask import Dask  # loads Dask

            return Dask(subject, self.scheduler, self.workers)
        here = small() if self.workers is None else None
        return Processes(subject, self.workers, runs) if here is None else here


def subject(what: str, leaves: Sequence[str], target: str | None, choices: Choices | None, spec: Spec) -> Subject:
    """What is swept; what is wrong with the first run is found here.

    Raises:
        DataError, SettingsError, ExpressionError: there is no such thing, or its first run cannot be.
    """
    first = _first(spec)
    if what == "expr" and leaves:
        if target is not None or choices is not None:
            raise DataError("an expression has no table: --target and the like are for files")
        session, source = open_expression(leaves[0], read_leaves(leaves[1:]), first)
    elif leaves:
        raise DataError(f"'{leaves[0]}' is one word too many: a sweep is of one thing")
    else:
        session, source = opening.opened(what, target, first, choices)
    for note in options.notes(session, first):
        complain(note)
    return Subject.of(session, source)


def run(subject: Subject, spec: Spec, where: Where, *, as_json: bool, found: kept.Found | None = None) -> int:
    """Have the sweep trained, and told or shown; `found` is one that goes on. Returns the exit status.

    Raises:
        DataError, RunError, SettingsError: it cannot be.
    """
    if not as_json and on_terminal() and not no_terminal():
        return _show(subject, spec, where, found)
    before, done = ([], []) if found is None else (found.outcomes, found.done)
    if not gc.get_freeze_count():
        gc.freeze()
    gc.enable()
    news = SimpleQueue[Callable[[], None]]()
    with interrupts(lambda: news.put(lambda: None), signals.ending()) as ended:
        planned = plan(spec, before)
        runs = planned.size - len(done)
        pool = where.pool(subject, runs, partial(small, subject, spec, runs, lambda: ended() > 0))
        told = report(spec, as_json=as_json)
        keeper = kept.Keeper(subject.source, spec, found)
        sweep = Sweep(planned, pool, news.put, partial(_heard, keeper, told), told.say, done)
        told.start(sweep, subject.source.title, len(before) - len(done))
        sweep.start()
        while not sweep.complete:
            news.get()()
            if ended():
                sweep.stop()
        told.end(sweep, stopped=sweep.stopped)
    return _ending(sweep, keeper, ended())


def _ending(sweep: Sweep, keeper: kept.Keeper, number: int) -> int:
    """Let go of the file, and say what is kept; `number` is that of the signal that ended it, or 0. Returns the exit
    status.
    """
    wrong = keeper.close()
    if wrong is not None:
        complain(wrong)
    elif sweep.stopped and keeper.name is None:
        complain("stopped before a run had ended: there is nothing to be kept")
    elif sweep.stopped:
        complain(f"{len(sweep.outcomes)} of {sweep.size} runs are kept: `chainstep resume {keeper.name}` goes on")
    if number:
        return signals.status(number)
    if sweep.stopped:
        return FAILED
    if wrong is None:
        return 0
    from ...terminal.process import NOT_SAVED  # loads Textual

    return NOT_SAVED


def go_on(found: kept.Found, where: Where, *, as_json: bool) -> int:
    """Go on with a sweep that was stopped; returns the exit status.

    Raises:
        DataError, RunError: its data are not what they were, or it cannot be kept.
    """
    if found.note:
        complain(found.note)
    try:
        subject = Subject.read(found.source)
    except BaseException:
        if found.file is not None:
            found.file.close()
        raise
    return run(subject, found.spec, where, as_json=as_json, found=found)


def _show(subject: Subject, spec: Spec, where: Where, found: kept.Found | None) -> int:
    """The same on the screen, over the first run's session."""
    from ...beside.sweeping import SweepToShow

    session, source = subject.open(_first(spec))
    make: Callable[[int], Pool] = partial(where.pool, subject)
    # What is wrong with either is said in one line, before anything is shown.
    if spec.sampler is not None:
        plan(spec)
    if where.scheduler is not None:
        made = where.pool(subject, spec.size)
        make = lambda runs: made  # noqa: E731
    show = SweepToShow(subject, spec, make, found)
    return opening.show(session, source, "chainstep sweep WHAT --json", sweep=show)


def _first(spec: Spec) -> dict[str, object]:
    """The knobs of the first run."""
    return {**spec.fixed, **spec.runs()[0]} if spec.sampler is None else dict(spec.fixed)


def _heard(keeper: kept.Keeper, told: Report, outcome: Outcome) -> None:
    keeper.keep(outcome)
    told.heard(outcome)
    if wrong := keeper.trouble():
        told.say(f"{wrong}; the sweep goes on")


def small(subject: Subject, spec: Spec, runs: int, stopped: Callable[[], bool]) -> Here | None:
    """This process, where it has trained so many runs, as far as the first one tells, before others would be worth
    while; None where it takes longer.
    """
    here = Here(subject, stopped)
    took = here.probe(_first(spec), _PROBED) if runs else 0.0
    return here if took is not None and took * runs < _SMALL else None
