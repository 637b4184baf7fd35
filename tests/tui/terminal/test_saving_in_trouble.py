"""Where it cannot be saved, or two save at once, or the clock is wrong: nothing old is lost, the words are right, and
the status is not 0 where nothing was saved. Must not know how a file is written.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chainstep.tui.files import runs
from chainstep.tui.files.store import writer
from chainstep.tui.files.store.folder import tidy
from chainstep.tui.files.subjects.opening import open_subject
from support.runs.saved import save, saved
from support.screen.processes import forked
from support.screen.terminal import RIGHT, Terminal
from support.sessions import numbers_of

PROGRAM = [sys.executable, "-P", "-m", "chainstep.tui"]


def test_on_a_full_disk_the_old_run_stays_and_the_status_says_so() -> None:
    """A limit on sizes is what a quota and a full disk are to a process."""
    session, source = open_subject("moons")
    session.train(2_000, 20)
    path = save(session, source)
    limited = ["sh", "-c", 'ulimit -f 8; exec "$@"', "sh", *PROGRAM, "resume"]
    with Terminal(limited, size=(200, 36)) as terminal:
        terminal.read_until("? help")
        terminal.send(RIGHT + " ")
        terminal.read_until("could not be saved")
        terminal.send("q")
        assert terminal.wait() == 73
        assert terminal.leftovers() == []
        assert "chainstep: the run could not be saved in " in "".join(terminal.screen())
    again, _ = saved()
    assert again.step == 20
    assert numbers_of(again) == numbers_of(session)
    assert list(path.parent.iterdir()) == [path]


def test_two_that_are_left_in_the_same_instant_keep_both_runs() -> None:
    with (
        Terminal(PROGRAM, size=(120, 36), start=forked) as first,
        Terminal(PROGRAM, size=(120, 36), start=forked) as second,
    ):
        for terminal in (first, second):
            terminal.read_until("? help")
        for terminal in (first, second):
            terminal.send(RIGHT + "q")
        assert [first.wait(), second.wait()] == [0, 0]
    found = runs.listed()
    assert [row.what for row in found.rows] == ["lecture"] * 2
    assert found.damaged == []
    # The one may look through the runs, at its start, while the other lets go of its own: the next start clears it up.
    tidy(runs.run_folder())
    assert len(list(runs.run_folder().iterdir())) == 2


async def test_where_no_folder_can_be_made_it_is_said(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAINSTEP_STATE", "/dev/null/state")
    async with opened() as ui:
        await ui.press("right", "q")
    lines: list[str] = []
    assert ui.app.settle(lambda line: not lines.append(line)) == 73
    assert lines[0].startswith("the run could not be saved in /dev/null/state/runs: ")


def test_with_a_clock_that_was_set_back_the_newest_run_is_the_one_saved_last(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def run_of(steps: int, hours: int) -> Path:
        class Clock(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> Any:
                return datetime.now(tz) + timedelta(hours=hours)

        monkeypatch.setattr(writer, "datetime", Clock)
        session, source = open_subject("lecture")
        session.train(10_000, steps)
        return save(session, source)

    paths = [run_of(1, 0), run_of(2, -48), run_of(3, -48)]
    assert saved()[0].step == 3
    assert [row.step for row in runs.listed().rows] == [3, 2, 1]
    assert all(path.exists() for path in paths)
    assert runs.tell(runs.listed().due) == ""
