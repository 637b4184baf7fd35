"""Trains a session without a screen, as far as its settings say. Must not know where the session came from, nor how
anything is printed.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from time import perf_counter
from types import FrameType

from chainstep.engine.training.commands import Goto
from chainstep.engine.training.session import Session

from ... import native
from ...playback.quantum import Quantum
from ..output import on_terminal
from .reports import BarReport, JsonReport, Outcome, PlainReport, Report

SLICE = 0.1
"""Seconds of training between two reports: short enough for ctrl+c, long enough to cost nothing."""

_TESTS = 20
"""How often the test samples are measured in a run at most, to see whether it overfits."""

_FEW = 1_000
"""So many of them are measured as often as that in any run;"""

_SHARE = 10
"""of more, so many that for each sample tested, this many are trained on."""


def train(session: Session, what: str, *, as_json: bool) -> bool:
    """Train up to the step that the settings name; False if ctrl+c came in between."""
    report: Report = JsonReport(what) if as_json else BarReport() if on_terminal() else PlainReport()
    began = perf_counter()
    making, start = native.Making(session), session.step
    before: tuple[float, float | None] | None = None

    def steps(first: int) -> None:
        nonlocal before
        if before is None:
            before = session.measurement(first)[:2]
        report.steps(session, first)
        trained = perf_counter() - began
        making.consider(trained, trained / (session.step - start) * (session.settings.steps - session.step))

    native.begin(session)
    with closing(report), _interrupts() as interrupted:
        report.start(session)
        _advance_and_test(session, steps, interrupted)
        stopped = back_to_best(session)
        loss, accuracy = session.final_loss()
        report.end(
            session,
            Outcome(
                steps=session.step,
                before=before,
                loss=loss,
                accuracy=accuracy,
                test=session.test(),
                scores=session.scores(),
                fault=session.snapshot(()).fault,
                seconds=perf_counter() - began,
                interrupted=interrupted(),
                stopped=stopped,
                overfits=session.overfits_since(),
            ),
        )
    return not interrupted()


def advance(
    session: Session, stop: int, report: Callable[[int], None], interrupted: Callable[[], bool] = lambda: False
) -> None:
    """Train in slices up to step `stop`; after each, `report` is called with the first step that is new."""
    quantum = Quantum(SLICE)
    while session.step < stop and session.best_step is None and not interrupted():
        first, began = session.step, perf_counter()
        # No more than what is known afterwards of each step.
        done = session.train(min(quantum(), session.remembers * session.batch_size), stop)
        quantum.learn(done, perf_counter() - began, session.batch_size)
        if session.step > first:
            report(first)


def _advance_and_test(session: Session, report: Callable[[int], None], interrupted: Callable[[], bool]) -> None:
    """Train up to the step that the settings name; the test samples are measured on the way."""
    stop, tests = session.settings.steps, _tests(session)
    for k in range(1, tests + 1):
        advance(session, stop * k // tests, report, interrupted)
        if tests > 1 and session.best_step is None:
            session.snapshot({"test"})


def _tests(session: Session) -> int:
    """How often the test samples are measured: very many would take longer than a short training."""
    if session.test_size <= _FEW:
        return _TESTS
    trained = (session.settings.steps - session.step) * session.batch_size
    return max(1, min(_TESTS, trained // (_SHARE * session.test_size)))


def back_to_best(session: Session) -> int | None:
    """After an early stop: back to the step at which the validation loss was smallest. Returns where it stopped."""
    step, best = session.step, session.best_step
    if best is None:
        return None
    session.apply(Goto(best))
    return step


@contextmanager
def _interrupts() -> Iterator[Callable[[], bool]]:
    """Whether ctrl+c was pressed. An exception in the middle of an update would leave half of it done.

    A second ctrl+c is one that ends the program.
    """
    caught: list[int] = []

    def catch(number: int, _: FrameType | None) -> None:
        caught.append(number)
        signal.signal(signal.SIGINT, signal.default_int_handler)

    # Where SIGINT is ignored (nohup, a background job), it stays so.
    ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if ours:
        signal.signal(signal.SIGINT, catch)
    try:
        yield lambda: bool(caught)
    finally:
        if ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)
