"""Rows of sweeps: 64 runs as `chainstep sweep` trains them, against one after another in one process. Both with the
Python engine, and once more with machine code, where that is installed. Knows where a sweep has its runs trained.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from queue import SimpleQueue

from chainstep.tui import native
from chainstep.tui.cli.sweeping.sweeping import Where, small
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.playback.straight import train_to_end
from chainstep.tui.sweeps.plans import Listed
from chainstep.tui.sweeps.spec import Spec, of_words
from chainstep.tui.sweeps.subject import Subject
from chainstep.tui.sweeps.sweep import Sweep

from ..rows import Goal, Row, against, interleaved, timed

_RATES, _SEEDS = "0.01,0.02,0.03,0.05,0.1,0.2,0.3,0.5", "0..7"


def sweep(repetitions: int) -> Iterator[Row]:
    """From the first thought of a pool to the last outcome; what is kept on disk is left out on both sides."""
    # The small one first: it loads all that the large one needs, which then has no need to warm up for a minute.
    for what, steps, wanted in (("lecture", 200, 1.0), ("moons", 400, 1.7)):
        spec = of_words(f"--lr {_RATES} --seed {_SEEDS} --steps {steps}", {})
        where: list[str] = []
        measures = {
            "ours": _by("python", _swept(what, spec, where)),
            "peer": _by("python", _one_by_one(what, spec)),
        }
        if what == "moons" and native.present():
            measures["native"] = _by("", _swept(what, spec, where))
        took = interleaved(measures, repetitions, warm=what == "moons")
        note = f"in {where[-1]}, against one after another in one process"
        goal, name = Goal(wanted, of_ratio=True), f"sweep, 64 {what} runs of {steps} steps"
        yield against(name, "s", took["ours"], took["peer"], goal, note)
        if "native" in took:
            note = "a worker makes machine code once for all of its runs; one after another has Python"
            yield against("  the same with machine code", "s", took["native"], took["peer"], None, note)


def _by(engine: str, measure: Callable[[], float]) -> Callable[[], float]:
    """With this engine, in the workers too; without one, with the fastest."""

    def measured() -> float:
        before = os.environ.get(native.VARIABLE)
        os.environ[native.VARIABLE] = engine
        try:
            return measure()
        finally:
            os.environ.pop(native.VARIABLE)
            os.environ.update({} if before is None else {native.VARIABLE: before})

    return measured


def _swept(what: str, spec: Spec, where: list[str]) -> Callable[[], float]:
    def run() -> None:
        subject = Subject.of(*open_subject(what))
        news = SimpleQueue[Callable[[], None]]()
        pool = Where().pool(subject, spec.size, partial(small, subject, spec, spec.size, lambda: False))
        many = Sweep(Listed(spec), pool, news.put, lambda _: None, print)
        many.start()
        while not many.complete:
            news.get()()
        assert len(many.outcomes) == spec.size
        assert not many.failed
        where.append(pool.where)

    return lambda: timed(run, "s")


def _one_by_one(what: str, spec: Spec) -> Callable[[], float]:
    def run() -> None:
        for knobs in spec.runs():
            session, _ = open_subject(what, overrides=knobs)
            train_to_end(session, lambda _: None)
            session.final_loss()
            session.test()

    return lambda: timed(run, "s")
