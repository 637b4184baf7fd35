"""Prints what checking lessons finds, and how far somebody has come. Must not know how either is found out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from chainstep.engine.lessons.check import Known, Row, check
from chainstep.engine.lessons.events import to_json
from chainstep.engine.lessons.play.prepared import Prepared

from ...commands import ENTRIES
from ...files.lessons.course import Course
from ...files.lessons.kept import kept_file, told
from ...files.lessons.texts import Written
from ..output import emit, write, write_lines
from .setups import Setups

if TYPE_CHECKING:
    from rich.text import Text

PANES = (
    "network", "neuron", "loss", "parameters", "chain-rule", "map", "samples", "trace", "graph", "next", "knobs",
    "header", "code",
)  # fmt: skip
"""What a lesson may have looked at, by the ids of panes."""


def known_of_the_screen() -> Known:
    """What a lesson may name."""
    opening = frozenset(entry.id for entry in ENTRIES if entry.opens)
    return Known(frozenset(entry.id for entry in ENTRIES), opening, PANES)


def print_check(lessons: Sequence[Written], *, as_json: bool) -> bool:
    """Check lessons, and write a row for each beat as it is found; for people a line for each lesson, and for what does
    not hold. Whether all holds.
    """
    known = known_of_the_screen()
    beats = failed = 0
    for written in lessons:
        rows = []
        for row in check(written.lesson, Prepared(Setups(written.folder).open), known):
            rows.append(row)
            if as_json:
                emit(_row(written, row))
        wrong = {row.beat for row in rows if row.error is not None}
        beats, failed = beats + len(written.lesson.beats), failed + len(wrong)
        if not as_json:
            write_lines(*_lines(written, rows))
    if as_json:
        emit({"event": "end", "beats": beats, "failed": failed})
    else:
        plural = "s" * (len(lessons) > 1)
        holds = f"{failed} of them {'do' if failed > 1 else 'does'} not hold" if failed else "all hold"
        write_lines(_plain(f"{len(lessons)} lesson{plural}, {beats} beats: {holds}"))
    return not failed


def _row(written: Written, row: Row) -> dict[str, object]:
    return {
        "lesson": written.lesson.id,
        "beat": row.beat,
        "ask": row.ask or None,
        "right": row.right,
        "ok": row.error is None,
        "why": None if row.error is None else written.told(row.error),
    }


def _lines(written: Written, rows: Sequence[Row]) -> list[Text]:
    from rich.text import Text

    wrong = [row for row in rows if row.error is not None]
    mark = Text("wrong ", "bold red") if wrong else Text("right ", "green")
    lesson, drawn = written.lesson, sum(bool(row.numbers) for row in rows)
    facts = f"{len(lesson.beats)} beats, {len(lesson.questions)} questions, {drawn} times on drawn numbers"
    lines = [Text.assemble(mark, (lesson.id, "bold"), "  ", (facts, "dim"))]
    return lines + [_plain(f"      {written.told(row.error)}") for row in wrong if row.error is not None]


def _plain(text: str) -> Text:
    from rich.text import Text

    return Text(text)


# --- how far one has come


def print_list(course: Course, *, as_json: bool) -> None:
    """Every lesson in its order: whether it is done, what of it is known, which comes next."""
    progress = course.progress()
    following = progress.next(course.lessons)
    rows: list[dict[str, object]] = [
        {
            "lesson": lesson.id,
            "number": number,
            "title": lesson.title,
            "idea": lesson.idea,
            "needs": list(lesson.needs),
            "state": progress.state(lesson),
            "beat": progress.at.get(lesson.id),
            "beats": len(lesson.beats),
            "known": len(progress.knows(lesson)),
            "questions": len(lesson.questions),
            "next": lesson is following,
        }
        for number, lesson in enumerate(course.lessons, 1)
    ]
    if as_json:
        emit(*rows)
    else:
        _print_table(rows)


def _print_table(rows: Iterable[dict[str, object]]) -> None:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name, style in (("", "bold"), ("", "dim"), ("lesson", "bold"), ("", ""), ("", ""), ("known", "dim")):
        table.add_column(name, style=style or None, no_wrap=True, justify="right" if style == "dim" else "left")
    for row in rows:
        table.add_row(
            ">" if row["next"] else "",
            str(row["number"]),
            str(row["lesson"]),
            str(row["title"]),
            str(row["state"]),
            f"{row['known']}/{row['questions']}",
        )
    write(table, "chainstep learn goes on where you left off; chainstep learn LESSON opens one.")


def print_review(course: Course) -> None:
    """The questions that are to come again, those that went wrong first."""
    for lesson, beat in course.to_review():
        ask = lesson.beats[beat].ask
        emit({"lesson": lesson.id, "beat": beat + 1, "ask": "" if ask is None else str(ask.text)})


def export() -> None:
    """Everything that happened, a JSON object a line, with its time."""
    emit(*({"time": time, **to_json(event)} for time, event in told(kept_file())))
