"""Whoever follows draws elsewhere than the teacher plays, and anywhere when nobody does. Must not know sessions."""

from __future__ import annotations

import os

import pytest

from chainstep.tui.classroom.following import processors
from chainstep.tui.classroom.following.processors import Processors


def test_the_teachers_processor_is_left_while_that_plays_and_there_are_others(monkeypatch: pytest.MonkeyPatch) -> None:
    used, at = [{0, 1, 2}], [2]
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(used[-1]), raising=False)
    monkeypatch.setattr(os, "sched_setaffinity", lambda _, those: used.append(set(those)), raising=False)
    monkeypatch.setattr(processors, "_processor", lambda _: at[0])
    mine = Processors(os.getpid() + 1)
    mine.leave(False)
    assert used == [{0, 1, 2}]
    for at[0], left in ((2, {0, 1}), (0, {1, 2}), (9, {0, 1, 2})):
        mine.leave(True)
        assert used[-1] == left
    mine.leave(True)
    mine.leave(False)
    assert used[-1] == {0, 1, 2}

    used[:], at[0] = [{1}], 1
    mine.leave(True)
    Processors(os.getpid()).leave(True)  # both in one process, as in a test
    assert used == [{1}]


def test_where_nothing_is_known_of_the_teacher_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_setaffinity", lambda *_: pytest.fail("it was left"), raising=False)
    Processors(0).leave(True)
    Processors(0).leave(False)


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="Linux alone tells")
def test_it_is_read_where_a_process_runs() -> None:
    assert processors._processor(os.getpid()) in range(os.cpu_count() or 1)
