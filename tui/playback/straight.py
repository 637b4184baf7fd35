"""Trains a session straight on, as far as its settings say, in slices between which it can be left. Must not know an
event loop, nor who is told how it goes.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from chainstep.engine.training.commands import Goto
from chainstep.engine.training.session import Session

from .quantum import Quantum

SLICE = 0.1
"""Seconds of training between two reports: short enough for ctrl+c, long enough to cost nothing."""

_TESTS = 20
"""How often the test samples are measured in a run at most, to see whether it overfits."""

_FEW = 1_000
"""So many of them are measured as often as that in any run;"""

_SHARE = 10
"""of more, so many that for each sample tested, this many are trained on."""


def train_to_end(
    session: Session, report: Callable[[int], None], interrupted: Callable[[], bool] = lambda: False
) -> int | None:
    """Train up to the step that the settings name, or to an early stop, from which it goes back to its best step:
    returns the step at which that was. After each slice `report` is called with the first step that is new.
    """
    _advance_and_test(session, report, interrupted)
    return _back_to_best(session)


def advance(
    session: Session,
    stop: int,
    report: Callable[[int], None],
    interrupted: Callable[[], bool] = lambda: False,
    quantum: Quantum | None = None,
) -> None:
    """Train in slices up to step `stop`; after each, `report` is called with the first step that is new. A `quantum`
    knows from before how much fits into one.
    """
    quantum = quantum or Quantum(SLICE)
    while session.step < stop and session.best_step is None and not interrupted():
        first, began = session.step, perf_counter()
        # No more than what is known afterwards of each step.
        done = session.train(min(quantum(), session.remembers * session.batch_size), stop)
        quantum.learn(done, perf_counter() - began, session.batch_size)
        if session.step > first:
            report(first)


def _advance_and_test(session: Session, report: Callable[[int], None], interrupted: Callable[[], bool]) -> None:
    """Train up to the step that the settings name; the test samples are measured on the way."""
    stop, tests, quantum = session.settings.steps, _tests(session), Quantum(SLICE)
    for k in range(1, tests + 1):
        advance(session, stop * k // tests, report, interrupted, quantum)
        if tests > 1 and session.best_step is None:
            session.snapshot({"test"})


def _tests(session: Session) -> int:
    """How often the test samples are measured: very many would take longer than a short training. Once is not at all:
    at the end it is done by whoever tells of it.
    """
    if not session.test_size:
        return 1
    if session.test_size <= _FEW:
        return _TESTS
    trained = (session.settings.steps - session.step) * session.batch_size
    return max(1, min(_TESTS, trained // (_SHARE * session.test_size)))


def _back_to_best(session: Session) -> int | None:
    """After an early stop: back to the step at which the validation loss was smallest. Returns where it stopped."""
    step, best = session.step, session.best_step
    if best is None:
        return None
    session.apply(Goto(best))
    return step
