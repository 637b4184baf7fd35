"""Saving while a session is open: when, how often, into one file, and what cannot be saved. Must not know the app."""

from __future__ import annotations

import asyncio
from itertools import count
from pathlib import Path

import pytest

from chainstep.engine.training.archive.restore import restore
from chainstep.engine.training.commands import (
    Command,
    DropFork,
    Fork,
    Forward,
    Goto,
    SetGradcheck,
    SetGranularity,
    SetKnob,
    SetParameter,
    SetProbe,
    SwitchFork,
)
from chainstep.engine.training.session import Session
from chainstep.tui.files import saving
from chainstep.tui.files.saving import Saver
from chainstep.tui.files.store.reading import list_runs, read
from chainstep.tui.files.subjects.opening import open_subject
from support.runs.saved import saved
from support.sessions import numbers_of


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CHAINSTEP_STATE", str(tmp_path / "state"))
    monkeypatch.setattr(saving, "DELAY", 0.0)
    monkeypatch.setattr(saving, "SHARE", 0)
    return tmp_path / "state" / "runs"


class Desk:
    """A session that is worked on, and what saves it."""

    def __init__(self) -> None:
        self.session, source = open_subject("lecture")
        self.warnings: list[str] = []
        self.wrong: str | None = None
        self.elsewhere = False
        self.saver = Saver(self.session, source, self.warnings.append, lambda: self.elsewhere)

    def do(self, *commands: Command, soon: bool = False) -> None:
        for command in commands:
            self.session.apply(command)
            self.saver.changed(soon=soon)

    async def saves(self) -> None:
        """Let it save by itself."""
        for _ in range(3):
            await asyncio.sleep(0)
        assert self.saver._timer is None
        self.wrong = self.saver.flush()
        for _ in range(3):
            await asyncio.sleep(0)


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.exists() else []


def on_disk(folder: Path) -> Session:
    """The session as somebody else reads it."""
    (run,) = list_runs(folder).runs
    return restore(open_subject("lecture")[0].subject, read(run.path).records)


async def test_it_saves_while_it_is_open_and_into_one_file(folder: Path) -> None:
    desk = Desk()
    for step in (1, 5, 3):
        desk.do(Goto(step), Forward("neuron"))
        await desk.saves()
        assert numbers_of(on_disk(folder)) == numbers_of(desk.session)
    assert desk.saver.close()
    assert len(files(folder)) == 1
    (run,) = list_runs(folder).runs
    assert (run.header.what, run.header.step, run.header.loss) == ("lecture", 3, desk.session.loss)
    assert numbers_of(saved()[0]) == numbers_of(desk.session)


async def test_where_nothing_changes_nothing_is_under_way(folder: Path) -> None:
    desk = Desk()
    assert desk.saver._timer is None
    desk.do(Goto(1))
    await desk.saves()
    assert desk.saver._timer is None
    (run,) = list_runs(folder).runs
    for _ in range(2):
        desk.saver.save()
        assert desk.saver.close()
    assert list_runs(folder).runs[0].header.saved == run.header.saved


async def test_what_is_told_by_hand_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "DELAY", 1_000.0)
    desk = Desk()
    desk.do(Goto(2))
    assert desk.saver._timer is not None
    assert desk.saver._timer.when() > asyncio.get_running_loop().time() + 900
    desk.do(SetKnob("lr", 0.3), soon=True)
    await desk.saves()
    assert saved_step(desk) == 2
    desk.do(SetParameter(0, 0.5), soon=True)
    waiting = desk.saver._timer
    desk.do(Goto(3))
    assert desk.saver._timer is waiting
    assert desk.saver.close()


def saved_step(desk: Desk) -> int:
    assert desk.saver._writer is not None
    assert desk.saver._writer.path is not None
    return read(desk.saver._writer.path).header.step


async def test_what_takes_long_is_done_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "SHARE", 20)
    clock = count()
    monkeypatch.setattr(saving, "perf_counter", lambda: next(clock) * 10.0)
    desk = Desk()
    desk.do(Goto(1))
    await desk.saves()
    for soon in (False, True):
        desk.do(SetKnob("lr", 0.3), soon=soon)
        assert desk.saver._timer is not None
        assert desk.saver._timer.when() > asyncio.get_running_loop().time() + 100
    assert desk.saver.close()


async def test_on_the_way_back_nothing_is_saved(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    desk.elsewhere = True
    desk.do(Goto(1))
    for _ in range(3):
        await asyncio.sleep(0)
    assert files(folder) == []
    desk.elsewhere = False
    await desk.saves()
    assert on_disk(folder).step == 1
    assert desk.saver.close()


@pytest.mark.parametrize(
    "commands", [(), (SetGranularity("step"),), (SetGradcheck(True), SetProbe((1.0, 2.0, 3.0))), (Goto(0),)]
)
async def test_who_only_looked_leaves_no_file(folder: Path, commands: tuple[Command, ...]) -> None:
    desk = Desk()
    desk.do(*commands)
    desk.saver.changed(soon=True)
    await desk.saves()
    assert desk.saver.close()
    assert desk.saver.last_words == ""
    assert files(folder) == []


async def test_what_was_saved_is_told(folder: Path) -> None:
    desk = Desk()
    desk.do(Goto(4))
    desk.saver.save()
    assert desk.saver.close()
    (run,) = list_runs(folder).runs
    assert desk.saver.last_words == f"lecture is saved at step 4: `chainstep resume {run.name}` opens it again"


async def test_what_cannot_be_saved_is_told_once_and_saved_when_it_can_be(folder: Path) -> None:
    folder.parent.write_text("a file")
    desk = Desk()
    for step in (1, 2, 3):
        desk.do(Goto(step))
        await desk.saves()
    wrong = desk.wrong
    assert wrong is not None
    assert wrong.startswith(f"the run could not be saved in {folder}: ")
    assert desk.warnings == [wrong]
    folder.parent.unlink()
    desk.do(Goto(4))
    await desk.saves()
    assert desk.saver.close()
    assert saved()[0].step == 4


async def test_what_could_not_be_saved_to_the_end_is_told(folder: Path) -> None:
    folder.parent.write_text("a file")
    desk = Desk()
    desk.do(Goto(1))
    desk.saver.save()
    assert not desk.saver.close()
    assert desk.saver.last_words.startswith(f"the run could not be saved in {folder}: ")


async def test_without_a_home_folder_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise NotADirectoryError(0, "there is no home folder")

    monkeypatch.setattr("chainstep.tui.files.state.state_folder", nowhere)
    desk = Desk()
    desk.do(Goto(1))
    desk.saver.save()
    assert not desk.saver.close()
    assert desk.saver.last_words == "the run could not be saved: there is no home folder"


async def test_after_a_fault_only_what_opens_again_is_saved(folder: Path) -> None:
    desk = Desk()
    desk.do(Goto(3))
    await desk.saves()
    desk.do(Goto(5))
    desk.saver.rescue()
    assert desk.saver.flush() is None
    assert on_disk(folder).step == 5
    # As if it had been carried on, and nothing kept of it.
    desk.session.run.state.step = 9
    desk.saver.changed()
    desk.saver.rescue()
    assert desk.saver.close()
    assert saved()[0].step == 5


async def test_pieces_of_before_that_are_not_needed_go(folder: Path) -> None:
    desk = Desk()
    keys: list[int] = []
    for commands in ((Goto(1), Fork(), Goto(300)), (SwitchFork("main"), DropFork("fork 1"))):
        desk.do(*commands)
        await desk.saves()
        (run,) = list_runs(folder).runs
        keys.append(len(read(run.path).records))
        assert numbers_of(on_disk(folder)) == numbers_of(desk.session)
    assert 1 < keys[1] < keys[0]
    assert desk.saver.close()
