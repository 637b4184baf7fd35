"""Prints a gradient check: numeric beside analytic gradients, a row a parameter. Must not know where the session came
from.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import click

from chainstep.engine.autograd.gradcheck import TOLERANCE, Check
from chainstep.engine.training.session import Session

from ...render.canvas import numbers
from ..output import console, emit, on_terminal, write

_RULE = (
    "the perceptron rule is no derivative: the loss is flat between its jumps, so the numeric gradient is 0 and "
    "differs from the rule; that is no failure"
)


def check(session: Session, what: str, *, h: float | None, central: bool, as_json: bool) -> bool:
    """Check every parameter where the session stands; False if a gradient is wrong."""
    rule = session.settings.loss == "perceptron"
    if rule:
        click.echo(f"chainstep: {_RULE}", err=True)
    rows = session.check(h=h, central=central)
    done = _as_json(session, what, rows, h, central, rule) if as_json else _as_table(session, rows, rule)
    return not any(row.failed for row in done)


def verdict(row: Check, rule: bool) -> str:
    """One word on a row."""
    if rule:
        return "rule"
    return "kink" if row.kink else "wrong" if row.failed else "ok"


def worst(rows: list[Check]) -> Check | None:
    """The row with the largest error, where one that is no number is the largest; kinks do not count."""
    return max(
        (row for row in rows if not row.kink),
        key=lambda row: math.inf if math.isnan(row.error) else row.error,
        default=None,
    )


def _as_json(
    session: Session, what: str, rows: Iterator[Check], h: float | None, central: bool, rule: bool
) -> list[Check]:
    emit(
        {
            "event": "start",
            "parameters": len(session.parameters),
            "what": what,
            "step": session.step,
            "difference": "central" if central else "forward",
            "h": h,
            "tolerance": TOLERANCE,
            "rule": rule,
        }
    )
    done = []
    for row in rows:
        done.append(row)
        emit(_row(session, row))
    largest = worst(done)
    emit(
        {
            "event": "end",
            "parameters": len(done),
            "worst": None if largest is None else largest.error,
            "worst_name": None if largest is None else session.labels[largest.index],
            "failed": sum(row.failed for row in done),
            "kinks": sum(row.kink for row in done),
        }
    )
    return done


def _row(session: Session, check: Check) -> dict[str, object]:
    """What a line of JSON says of a parameter."""
    return {
        "event": "parameter",
        "name": session.labels[check.index],
        "data": session.parameters[check.index],
        "grad": check.analytic,
        "numeric": check.numeric,
        "error": check.error,
        "kink": check.kink,
        "failed": check.failed,
    }


def _as_table(session: Session, rows: Iterator[Check], rule: bool) -> list[Check]:
    from rich.progress import track
    from rich.table import Table
    from rich.text import Text

    count = len(session.parameters)
    shown = track(rows, "checking", count, console=console(), transient=True, disable=not on_terminal())
    done = list(shown)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("parameter", no_wrap=True)
    for column in ("data", "analytic", "numeric", "error"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("")
    styles = {"wrong": "bold red", "kink": "yellow", "rule": "yellow", "ok": "green"}
    for row in done:
        word = verdict(row, rule)
        table.add_row(
            session.labels[row.index],
            _number(session.parameters[row.index]),
            _number(row.analytic),
            _number(row.numeric),
            f"{row.error:.1e}",
            Text(word, style=styles[word]),
        )
    write(table, summary(session, done, rule))
    return done


def _number(number: float) -> str:
    return f"{number:+.8g}"


def summary(session: Session, rows: list[Check], rule: bool) -> str:
    """What came of it, in one sentence."""
    if rule:
        return f"{len(rows)} parameters, none of them judged"
    kinks = sum(row.kink for row in rows)
    at_kinks = f"; {kinks} at a kink, where the numeric one proves nothing" if kinks else ""
    failed = sum(row.failed for row in rows)
    largest = worst(rows)
    told = (
        f"{failed} of {len(rows)} gradients wrong" if failed else f"{len(rows) - kinks} of {len(rows)} gradients right"
    )
    if largest is None:
        return told + at_kinks
    name = session.labels[largest.index]
    return f"{told}: the largest relative error is {numbers.plain(largest.error)} at {name}{at_kinks}"
