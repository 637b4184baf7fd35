"""What was found in an engine, for people: what is wrong first, with the smallest expression that shows it. Knows rows;
must not know how they were found.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chainstep.datasets import printable
from chainstep.engine.verify.rows import Row, Verdict

from ..output import write_lines
from .judged import VERDICTS, Judged

if TYPE_CHECKING:
    from rich.text import Text

STYLES: dict[Verdict, str] = {
    "right": "green",
    "wrong": "bold red",
    "raises": "yellow",
    "missing": "dim",
    "choice": "cyan",
}

TOLD: tuple[Verdict, ...] = ("wrong", "raises", "choice")
"""Verdicts whose rows are shown one by one."""

SHOWN = 4
"""Checks that are named of those which the same mistake spoils."""


def heading(judged: Judged) -> str:
    """Which engine it is, and which file was loaded for it."""
    network = f" and {judged.network}" if judged.network else ""
    return f"{printable(judged.asked.shown, 200)}: class {judged.cls}{network}, from {printable(judged.file, 300)}"


def counts(judged: Judged) -> str:
    """`58 right, 1 wrong, …`: every verdict that came out."""
    said = {"choice": "a choice"}
    found = [f"{count} {said.get(verdict, verdict)}" for verdict in VERDICTS if (count := judged.count(verdict))]
    return ", ".join(found) or "nothing was checked"


def result(row: Row) -> str:
    """What came out and what is right, in one line."""
    if row.verdict in ("raises", "missing"):
        return f"{row.shown}: {row.got or 'is not there'}"
    return f"{row.shown}: {number(row.got)}" + (f", right is {number(row.want)}" if row.verdict == "wrong" else "")


def number(value: float | str | None) -> str:
    """A result as people write it."""
    return "nothing" if value is None else value if isinstance(value, str) else f"{value:.10g}"


def print_judged(judged: Judged) -> None:
    """Write what was found in one engine."""
    from rich.text import Text

    if judged.failed:
        write_lines(Text(f"{printable(judged.asked.shown, 200)}: {judged.failed}\n", style=STYLES["wrong"]))
        return
    lines = [Text(heading(judged), style="bold")]
    if judged.trouble:
        lines.append(Text(f"  {judged.trouble}", style="yellow"))
    for verdict in TOLD:
        for row, others in by_mistake(judged.of(verdict)):
            lines += _lines(row, others)
    if missing := judged.of("missing"):
        names = ", ".join(dict.fromkeys(row.check for row in missing))
        lines.append(Text.assemble(("  missing  ", STYLES["missing"]), f"{names}: not there, and that is no fault"))
    write_lines(*lines, Text(f"  {counts(judged)}\n", style=STYLES["wrong" if judged.count("wrong") else "right"]))


def by_mistake(rows: Sequence[Row]) -> list[tuple[Row, list[Row]]]:
    """The first row of each mistake, the smallest expression that shows it, and the others that it explains: those of
    the same kind, or that raise the same.
    """
    together: dict[object, list[Row]] = {}
    for row in rows:
        raised = (row.got, row.why) if row.verdict == "raises" else row.check
        together.setdefault((row.kind, row.why) if row.kind else raised, []).append(row)
    return [(first, others) for first, *others in together.values()]


def _lines(row: Row, others: Sequence[Row]) -> list[Text]:
    from rich.text import Text

    told = [Text.assemble((f"  {row.verdict:<8} ", STYLES[row.verdict]), result(row))]
    if row.why:
        told.append(Text(" " * 11 + row.why, style="italic"))
    if others:
        names = "; ".join(other.check for other in others[:SHOWN])
        more = f"; and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
        told.append(Text(f"{' ' * 11}so too: {names}{more}", style="dim"))
    return told
