"""A child is held, whatever it does. Must not know what children are for."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from chainstep.tui.children.child import Child, ChildError, messages
from chainstep.tui.children.lines import Printed
from chainstep.tui.children.task import MEGABYTE, Limits, Task


def child(what: str, folder: Path, python: str = sys.executable, **limits: Any) -> Child:
    task = Task("support.children.mischief", {"what": what}, folder, python)
    return Child(task, Limits(**{"seconds": 20.0, **limits}))


def test_one_that_exits_has_nothing_of_ours_but_what_it_was_given(tmp_path: Path) -> None:
    exits = child("exits", tmp_path, os.path.relpath(sys.executable))  # from our folder, not from the child's

    assert list(messages(exits)) == [{"stdin": "", "terminal": False, "folder": str(tmp_path), "path": []}]
    assert exits.end is not None
    assert (exits.end.cause, exits.end.status, exits.end.why) == ("exit", 3, "ended with status 3")


def test_one_that_never_ends_is_interrupted_and_then_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chainstep.tui.children.child.GRACE", 0.1)
    endless = child("never_ends", tmp_path, seconds=0.5)

    received = list(messages(endless))

    assert received[:2] == [{"begun": True}, {"interrupted": True}]
    assert endless.end is not None
    assert (endless.end.cause, endless.end.why) == ("time", "was stopped after 0.5 s")


def test_one_that_is_started_where_interrupts_are_ignored_hears_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chainstep.tui.children.child.GRACE", 0.1)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as in the background of a shell
    try:
        received = list(messages(child("never_ends", tmp_path, seconds=0.5)))
    finally:
        signal.signal(signal.SIGINT, before)

    assert received[:2] == [{"begun": True}, {"interrupted": True}]


async def test_one_that_prints_without_end_costs_no_memory_and_can_be_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    much, feed = asyncio.Event(), Printed.feed

    def fed(kept: Printed, chunk: bytes) -> None:
        feed(kept, chunk)
        if "…" in kept.text:
            much.set()

    monkeypatch.setattr(Printed, "feed", fed)
    async with child("prints", tmp_path, printed=4000) as prints:
        waiting = asyncio.create_task(prints.next_message())
        await much.wait()
        prints.stop()
        assert await waiting is None

    text = prints.output.text
    assert text.startswith("the first line\n")
    assert len(text) < 4100
    assert "KeyboardInterrupt" in prints.errors.text
    assert prints.end is not None
    assert prints.end.cause == "stopped"


def test_one_that_sends_without_end_is_stopped(tmp_path: Path) -> None:
    flood = child("floods", tmp_path, total=MEGABYTE)

    assert 900 < len(list(messages(flood))) < 1050
    assert flood.end is not None
    assert (flood.end.cause, flood.end.why) == ("flood", "was stopped: it sent more than 1 MB")


def test_processes_that_it_leaves_behind_are_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chainstep.tui.children.child.GRACE", 0.1)
    forks = child("forks", tmp_path)

    assert list(messages(forks)) == [{"done": True}]
    assert forks.end is not None
    assert forks.end.clean


def test_rubbish_on_its_pipe_is_counted_and_passed_over(tmp_path: Path) -> None:
    rubbish = child("writes_rubbish", tmp_path, line=MEGABYTE)

    assert list(messages(rubbish)) == [{"first": 1}, {"last": 2}]
    assert rubbish.foreign == 5


def test_files_that_get_the_pipes_number_stay_as_they_are(tmp_path: Path) -> None:
    assert list(messages(child("closes_everything", tmp_path))) == [{"first": 1}]
    assert {file.read_text() for file in tmp_path.glob("*.txt")} == {""}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the limit is not kept")
def test_memory_is_limited_where_it_can_be(tmp_path: Path) -> None:
    assert list(messages(child("takes_memory", tmp_path))) == [{"memory": "none left"}]


def test_one_that_is_left_is_gone(tmp_path: Path) -> None:
    endless = child("never_ends", tmp_path)
    reading = messages(endless)
    next(reading)
    reading.close()

    with pytest.raises(ProcessLookupError):
        os.killpg(endless._process.pid, 0)


@pytest.mark.parametrize(
    ("python", "why"),
    [("/bin/true", "was not run: /bin/true: it is no Python"), ("/nowhere/python", "no such file or directory")],
)
def test_what_is_no_python_is_said_in_one_line(python: str, why: str, tmp_path: Path) -> None:
    stranger = child("exits", tmp_path, python)
    try:
        assert list(messages(stranger)) == []
        assert stranger.end is not None
        said = stranger.end.why
    except ChildError as error:
        said = str(error)

    assert why in said
