"""Trains a session without a screen and reports on it: as JSON lines, as plain lines, or with a progress bar. Must not
know where the session came from.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from time import perf_counter
from types import FrameType
from typing import TYPE_CHECKING

import click

from chainstep.engine.records import record
from chainstep.engine.training.commands import Goto
from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot.debugger import Fault

from ..playback.quantum import Quantum
from ..render.canvas import numbers
from .output import console, emit, on_terminal, percent, write

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID
    from rich.table import Table

    from chainstep.engine.training.snapshot.samples.scores import Scores

SLICE = 0.1
"""Seconds of training between two reports: short enough for ctrl+c, long enough to cost nothing."""

_TESTS = 20
"""How often the test samples are measured in a run, to see whether it overfits,"""

_MOST_TESTED = 1_000
"""and how many they may be for that."""

_PLAIN_LINES = 10
"""A run without a terminal is told in about so many lines,"""

_LONGEST_SILENCE = 10.0
"""or in more, where so many seconds would pass without one."""


@record
class Outcome:
    """What training came to."""

    steps: int
    before: tuple[float, float | None] | None
    """Loss and accuracy of the first step; None where there was none."""
    loss: float
    accuracy: float | None
    test: tuple[float, float | None] | None
    scores: Scores | None
    fault: Fault | None
    seconds: float
    interrupted: bool
    overfits: int | None
    """The step since which the test loss has risen while the training loss fell; None where that is not known."""
    stopped: int | None
    """The step at which it was an early stop, from which it went back to its best one; None where it was none."""


class Report:
    """Tells somebody how training goes. This one tells nothing."""

    def start(self, session: Session) -> None:
        """Training begins."""

    def steps(self, session: Session, first: int) -> None:
        """Steps from `first` on are done."""

    def end(self, session: Session, outcome: Outcome) -> None:
        """Training is over."""

    def close(self) -> None:
        """Give the terminal back, whatever has happened."""


def train(session: Session, what: str, *, as_json: bool) -> bool:
    """Train up to the step that the settings name; False if ctrl+c came in between."""
    report: Report = JsonReport(what) if as_json else BarReport() if on_terminal() else PlainReport()
    began = perf_counter()
    before: tuple[float, float | None] | None = None

    def steps(first: int) -> None:
        nonlocal before
        if before is None:
            before = session.measurement(first)[:2]
        report.steps(session, first)

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
    """Train up to the step that the settings name; few test samples are measured on the way."""
    stop, tests = session.settings.steps, _TESTS if session.test_size <= _MOST_TESTED else 1
    for k in range(1, tests + 1):
        advance(session, stop * k // tests, report, interrupted)
        if tests > 1 and session.best_step is None:
            session.snapshot({"test"})


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


class JsonReport(Report):
    """One JSON object a line: the start, every step as measured before its update, the end."""

    def __init__(self, what: str) -> None:
        self._what = what

    def start(self, session: Session) -> None:
        facts = session.snapshot(()).subject
        emit(
            {
                "event": "start",
                "parameters": facts.parameters,
                "what": self._what,
                "model": facts.architecture,
                "samples": facts.train_size,
                "test_samples": facts.test_size,
                "validation_samples": session.validation_size,
                "settings": asdict(session.settings),
            }
        )

    def steps(self, session: Session, first: int) -> None:
        measured = ((step, session.measurement(step)) for step in range(first, session.step))
        emit(*({"event": "step", "step": step, **row._asdict()} for step, row in measured))

    def end(self, session: Session, outcome: Outcome) -> None:
        test_loss, test_accuracy = outcome.test or (None, None)
        emit(
            {
                "event": "end",
                "steps": outcome.steps,
                "loss": outcome.loss,
                "accuracy": outcome.accuracy,
                "test_loss": test_loss,
                "test_accuracy": test_accuracy,
                **_scores(outcome.scores),
                "interrupted": outcome.interrupted,
                "stopped": outcome.stopped,
                "overfits_since": outcome.overfits,
                "fault": None if outcome.fault is None else asdict(outcome.fault),
            }
        )


def _scores(scores: Scores | None) -> dict[str, object]:
    """What a comparison of test results needs; nothing where nothing was tested."""
    if scores is None or not scores.test:
        return {}
    if scores.confusion is not None:
        return {"confusion": scores.confusion, "baseline": scores.baseline}
    return {"test_r2": scores.r2, "test_rmse": scores.rmse, "baseline": scores.baseline}


class PlainReport(Report):
    """A line now and then, for logs and pipes."""

    def __init__(self) -> None:
        self._next = 0
        self._told = perf_counter()

    def start(self, session: Session) -> None:
        click.echo(headline(session))

    def steps(self, session: Session, first: int) -> None:
        stride = max(1, session.settings.steps // _PLAIN_LINES)
        while self._next < session.step:
            self._tell(session, self._next)
            self._next += stride
        if perf_counter() - self._told > _LONGEST_SILENCE:
            self._tell(session, session.step - 1)

    def _tell(self, session: Session, step: int) -> None:
        loss, accuracy, lr = session.measurement(step)
        width = len(str(session.settings.steps))
        told = f"  accuracy {percent(accuracy):<7}" if accuracy is not None else ""
        click.echo(f"step {step:<{width}}  loss {numbers.loss(loss):<10}{told}  lr {numbers.plain(lr)}")
        self._told = perf_counter()

    def end(self, session: Session, outcome: Outcome) -> None:
        summarise(session, outcome)


class BarReport(Report):
    """A progress bar, then the summary."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._began = perf_counter()

    def start(self, session: Session) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        click.echo(headline(session))
        self._progress = Progress(
            TextColumn("step"),
            MofNCompleteColumn(),
            BarColumn(bar_width=None),
            TextColumn("{task.fields[told]}"),
            TimeRemainingColumn(compact=True),
            console=console(),
            transient=True,
            expand=True,
        )
        # Unlike ctrl+c, this would end the program at once, and leave the terminal without its cursor.
        signal.signal(signal.SIGTERM, _leave)
        self._progress.start()
        self._task = self._progress.add_task("", total=session.settings.steps, told="")

    def steps(self, session: Session, first: int) -> None:
        assert self._progress is not None
        assert self._task is not None
        last = session.measurement(session.step - 1)
        accuracy = percent(last.accuracy)
        told = f"loss {numbers.loss(last.loss)}  " + (f"{accuracy}  " if accuracy else "")
        told += f"{_rate(session.step, perf_counter() - self._began)} steps/s"
        self._progress.update(self._task, completed=session.step, told=told)

    def end(self, session: Session, outcome: Outcome) -> None:
        self.close()
        summarise(session, outcome)

    def close(self) -> None:
        if self._progress is not None:
            self._progress.stop()


def _leave(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)


def headline(session: Session) -> str:
    """What is trained, in one line."""
    facts, settings = session.snapshot(()).subject, session.settings
    parameters = f"{facts.parameters} parameter{'s' * (facts.parameters != 1)}"
    if facts.expression:
        way = "climbing" if settings.maximise else "descending"
        return f"{facts.name}: {facts.architecture}, {parameters}, {way} by {settings.optimizer}"
    held = f" ({session.validation_size} more held out)" if session.validation_size else ""
    return (
        f"{facts.name}: {facts.architecture}, {parameters}, {facts.train_size} samples{held}, "
        f"{settings.loss}, {settings.optimizer}, seed {settings.seed}"
    )


def summarise(session: Session, outcome: Outcome) -> None:
    """The closing table."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    value = "value" if session.snapshot(()).subject.expression else "loss"
    before = [numbers.loss(outcome.before[0])] if outcome.before else []
    table.add_row(value, Text(" → ".join([*before, numbers.loss(outcome.loss)]), style="bold"))
    if outcome.accuracy is not None:
        before = [percent(outcome.before[1])] if outcome.before else []
        table.add_row("accuracy", " → ".join([*before, percent(outcome.accuracy)]))
    if outcome.test is not None:
        loss, accuracy = outcome.test
        table.add_row("test", f"loss {numbers.loss(loss)}" + (f", accuracy {percent(accuracy)}" if accuracy else ""))
    if outcome.scores is not None:
        _add_scores(table, session, outcome.scores)
    steps = f"{outcome.steps} step{'s' * (outcome.steps != 1)}"
    planned = f" of {session.settings.steps}, interrupted" if outcome.interrupted else ""
    if outcome.stopped is not None:
        planned = f", the best of {outcome.stopped},"
    done = outcome.stopped or outcome.steps
    rate = f", {_rate(done, outcome.seconds)} steps/s" if done else ""
    table.add_row("time", f"{steps}{planned} in {outcome.seconds:.1f} s{rate}")
    if outcome.overfits is not None:
        table.add_row("hint", f"it overfits: the test loss was smallest at step {outcome.overfits}, and rose since")
    if outcome.fault is not None:
        table.add_row("diverged", Text(describe(outcome.fault), style="red"))
    write(table)


def _add_scores(table: Table, session: Session, scores: Scores) -> None:
    """R² and RMSE of a quantity, or how each class fares, beside what is reached without learning."""
    from rich.text import Text

    if scores.rmse is not None:
        r2 = "" if scores.r2 is None else f"R² {scores.r2:.4f}, "
        table.add_row("", f"{r2}RMSE {numbers.plain(scores.rmse)}; the mean alone {numbers.plain(scores.baseline)}")
        return
    if not scores.test or scores.confusion is None:
        return
    table.add_row("", f"always the largest class: {percent(scores.baseline)}")
    for name, row, precision, recall in zip(
        session.snapshot(()).subject.classes, scores.confusion, scores.precision, scores.recall, strict=True
    ):
        told = f"{sum(row)} samples, precision {percent(precision) or 'none'}, recall {percent(recall) or 'none'}"
        table.add_row(Text(name), told)


def describe(fault: Fault) -> str:
    """Where a run first left the finite numbers."""
    place = " › ".join(part for part in (fault.phase, fault.scope) if part)
    inputs = ", ".join(f"{name} = {numbers.plain(number)}" for name, number in fault.inputs)
    return f"step {fault.step}, {place}: {fault.expression} is {numbers.plain(fault.result)} where {inputs}"


def _rate(steps: int, seconds: float) -> str:
    rate = steps / max(seconds, 1e-9)
    return f"{rate:.0f}" if rate >= 10 else f"{rate:.1f}"
