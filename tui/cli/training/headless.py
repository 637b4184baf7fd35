"""Trains a session without a screen, as far as its settings say. Must not know where the session came from, nor how
anything is printed.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from time import perf_counter
from types import FrameType

from chainstep.engine.training.session import Session

from ... import native
from ...playback.straight import train_to_end
from ..output import on_terminal
from .reports import BarReport, JsonReport, Outcome, PlainReport, Report


def train(session: Session, what: str, *, as_json: bool) -> bool:
    """Train up to the step that the settings name; False if ctrl+c came in between."""
    report: Report = JsonReport(what) if as_json else BarReport() if on_terminal() else PlainReport()
    began = perf_counter()
    making = native.Making(session)
    before: tuple[float, float | None] | None = None

    def steps(first: int) -> None:
        nonlocal before
        if before is None:
            before = session.measurement(first)[:2]
        report.steps(session, first)
        making.trained_for(perf_counter() - began)

    native.begin(session)
    with closing(report), interrupts() as interrupted:
        report.start(session)
        stopped = train_to_end(session, steps, lambda: bool(interrupted()))
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
                interrupted=bool(interrupted()),
                stopped=stopped,
                overfits=session.overfits_since(),
            ),
        )
    return not interrupted()


@contextmanager
def interrupts(
    then: Callable[[], None] = lambda: None, numbers: Sequence[int] = (signal.SIGINT,)
) -> Iterator[Callable[[], int]]:
    """Which of the signals came, ctrl+c if no others are named, and 0 as long as none did; `then` is called when one
    does. An exception in the middle of an update would leave half of it done.

    A second one ends the program.
    """
    caught: list[int] = []
    # Where SIGINT is ignored (nohup, a background job), it stays so.
    usual = {number: signal.getsignal(number) for number in numbers}
    ours = [number for number, handler in usual.items() if handler in (signal.default_int_handler, signal.SIG_DFL)]

    def catch(number: int, _: FrameType | None) -> None:
        caught.append(number)
        then()
        signal.signal(number, usual[number])

    for number in ours:
        signal.signal(number, catch)
    try:
        yield lambda: caught[0] if caught else 0
    finally:
        for number in ours:
            signal.signal(number, usual[number])
