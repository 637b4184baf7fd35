"""Tables that came by standard input: those that a run names stay, the others go once it was said. Knows folders."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chainstep.engine.training.commands import Goto
from chainstep.tui.files import kept_tables
from chainstep.tui.files.saving import Saver
from chainstep.tui.files.state import run_folder, table_folder
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.files.tables.followed import keep_followed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def kept(name: str, days: int) -> Path:
    """A table that came so many days ago."""
    path = table_folder() / f"stdin-{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("a,y\n" + "".join(f"{k},{k % 2}\n" for k in range(20)))
    saved = (NOW - days * DAY).timestamp()
    os.utime(path, (saved, saved))
    return path


@pytest.fixture
def of_a_run() -> Path:
    path = kept("0123", 9)
    session, source = open_subject(str(path), "y")
    saver = Saver(session, source, pytest.fail)
    session.apply(Goto(2))
    saver._changed = True
    saver.save()
    assert saver.close()
    return path


def at_a_start(days: int, *, tells: bool = True) -> list[str]:
    """What is due then."""
    now = NOW + days * DAY
    due = kept_tables.keep(table_folder(), run_folder(), now)
    if tells:
        kept_tables.tell(table_folder(), due, now)
    return [table.path.stem for table in due]


def test_what_no_run_names_goes_once_it_was_said(of_a_run: Path) -> None:
    old, new, mine = kept("4567", 9), kept("89ab", 0), table_folder() / "mine.csv"
    mine.write_text("a,y\n")
    assert at_a_start(0, tells=False) == ["stdin-4567"]
    assert at_a_start(5) == ["stdin-4567", "stdin-89ab"]
    os.utime(new)  # it came again
    assert at_a_start(7, tells=False) == []
    assert [of_a_run.exists(), old.exists(), new.exists(), mine.exists()] == [True, False, True, True]


def test_nothing_goes_where_a_run_cannot_be_read(of_a_run: Path) -> None:
    kept("4567", 9)
    (run_folder() / "torn.chainstep").write_bytes(b"SQLite format 3\0 and no more")
    assert at_a_start(0) == []


def test_tables_of_two_teachers_may_be_called_alike(of_a_run: Path) -> None:
    ours, theirs = (keep_followed(f"a,y\n{k},1\n".encode(), of_a_run.name) for k in range(2))
    for days, path in enumerate((ours, theirs), 8):
        saved = (NOW - days * DAY).timestamp()
        os.utime(path, (saved, saved))
    assert ours.name == theirs.name == of_a_run.name
    assert at_a_start(0) == [of_a_run.stem] * 2
    assert at_a_start(2) == []
    assert [of_a_run.exists(), ours.parent.exists(), theirs.parent.exists()] == [True, False, False]


def test_the_notice_says_how_many() -> None:
    tables = [kept_tables.KeptTable(Path("a"), NOW)] * 2
    assert kept_tables.notice([]) == ""
    assert kept_tables.notice(tables).startswith("2 tables that came by standard input and that no run needs")
    taught = kept_tables.KeptTable(Path("followed-0") / "a", NOW)
    assert kept_tables.notice([taught]).startswith("1 table that came by standard input or from a teacher and that no")
