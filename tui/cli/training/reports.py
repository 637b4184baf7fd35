"""Tells how training goes and what came of it: as JSON lines, as plain lines or with a progress bar. Must not train."""

from __future__ import annotations

import signal
from dataclasses import asdict
from time import perf_counter
from types import FrameType
from typing import TYPE_CHECKING

import click

from chainstep.engine.records import record
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.mistakes import MISTAKES
from chainstep.engine.training.snapshot.debugger import Fault

from ...render.canvas import numbers
from ...terminal import signals
from ..output import console, emit, percent, write

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID
    from rich.table import Table

    from chainstep.engine.training.snapshot.samples.scores import Scores
    from chainstep.engine.training.snapshot.subject import Subject

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
                **_weights(facts),
                "settings": asdict(session.settings),
                "engine": session.next_engine(),
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
                "engine": session.engine or None,
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


def _weights(facts: Subject) -> dict[str, object]:
    """What a sample of each class weighs in the loss; nothing where all weigh alike."""
    weights = dict(zip(facts.classes, facts.class_weights, strict=False))
    return {"class_weights": weights} if weights else {}


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
    raise SystemExit(signals.status(number))


def headline(session: Session) -> str:
    """What is trained, in one line."""
    facts, settings = session.snapshot(()).subject, session.settings
    parameters = f"{facts.parameters} parameter{'s' * (facts.parameters != 1)}"
    labels = ", ".join(MISTAKES[name].label for name in settings.mistakes)
    broken = f", BROKEN: {labels}" if labels else ""
    if facts.expression:
        way = "climbing" if settings.maximise else "descending"
        return f"{facts.name}: {facts.architecture}, {parameters}, {way} by {settings.optimizer}{broken}"
    held = f" ({session.validation_size} more held out)" if session.validation_size else ""
    weights = " weighted by class" * settings.class_weights
    return (
        f"{facts.name}: {facts.architecture}, {parameters}, {facts.train_size} samples{held}, "
        f"{settings.loss}{weights}, {settings.optimizer}, seed {settings.seed}{broken}"
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
