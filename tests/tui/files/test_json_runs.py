"""Runs that were saved as JSON: they open to the bit, are never written, and what is wrong with one is a line. Must not
know runs of today.
"""

from __future__ import annotations

import dataclasses
import json
import os
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from chainstep.engine.training.commands import (
    AddBreakpoint,
    Fork,
    Goto,
    Restart,
    SetGranularity,
    SetKnob,
    SetParameter,
    SetProbe,
    SetSample,
    SetWatch,
    SwitchFork,
    ToggleBreakpoint,
)
from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot.curve import ForkView
from chainstep.tui.files import json_runs, runs
from chainstep.tui.files.store.errors import RunError
from chainstep.tui.files.subjects.opening import open_expression, open_subject
from support.runs.old import OLD, digested
from support.sessions import numbers_of

HORIZON = 100
"""Of every run of then, whatever its steps: its schedule goes on as it began."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CHAINSTEP_STATE", str(tmp_path / "state"))
    folder = tmp_path / "state" / "runs"
    folder.mkdir(parents=True)
    return folder


def laid(folder: Path, name: str, as_: str = "mine") -> Path:
    """A run of old in the folder of runs."""
    path = folder / f"{as_}.json"
    path.write_bytes((OLD / f"{name}.json").read_bytes())
    return path


def lecture() -> Session:
    session, _ = open_subject("lecture", None, {"hidden": (2,), "horizon": HORIZON})
    for command in (
        AddBreakpoint("loss < 0.01"),
        AddBreakpoint("backward L1.n2"),
        SetWatch("L1.n1.w0"),
        SetProbe((1.0, 2.0, -1.0)),
        SetGranularity("neuron"),
        Goto(4),
        SetKnob("lr", 0.05),
        SetParameter(3, 0.25),
        Goto(9),
        SetSample(1, 0, 2.5),
        Goto(12),
        Fork("other"),
        SetKnob("optimizer", "adam"),
        Goto(15),
        SwitchFork("main"),
        Goto(6),
        SetKnob("lr", 0.3),
        Goto(8, 17),
        ToggleBreakpoint(2),
    ):
        session.apply(command)
    return session


def nan() -> Session:
    session, _ = open_subject(
        "lecture", None, {"hidden": (2,), "horizon": HORIZON, "activation": "linear", "lr": 1e200}
    )
    for command in (Goto(5), Restart(), Goto(3)):
        session.apply(command)
    return session


def iris() -> Session:
    session, _ = open_subject("iris", None, {"hidden": (), "horizon": HORIZON})
    for command in (Goto(140), SetKnob("momentum", 0.5), Goto(150, 33)):
        session.apply(command)
    return session


def expression() -> Session:
    session, _ = open_expression("(a*b + c)*f", {"a": 2.0, "b": -3.0, "c": 10.0, "f": -2.0}, {"horizon": HORIZON})
    session.apply(Goto(7, 2))
    return session


def seen(fork: ForkView) -> str:
    return repr(dataclasses.asdict(fork) | {"losses": fork.losses[:]})


@pytest.mark.parametrize("begin", [lecture, nan, iris, expression])
def test_a_run_of_old_opens_to_the_bit_and_stays_as_it_is(begin: object, folder: Path) -> None:
    assert callable(begin)
    session, path = begin(), laid(folder, begin.__name__)
    before = path.read_bytes(), path.stat().st_mtime_ns
    resumed = runs.resume("mine")

    assert repr(numbers_of(resumed.session)) == repr(numbers_of(session))
    assert resumed.session.settings == session.settings
    assert resumed.session.granularity == session.granularity
    assert list(resumed.session.log) == list(session.log)
    theirs, ours = (which.snapshot() for which in (resumed.session, session))
    assert repr(theirs.breakpoints) == repr(ours.breakpoints)
    assert [seen(fork) for fork in theirs.forks] == [seen(fork) for fork in ours.forks]
    # It goes on in a file of its own.
    assert (resumed.file, resumed.notes) == (None, [])
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert list(folder.iterdir()) == [path]


def test_a_run_of_old_is_found_by_its_name_and_by_its_file(folder: Path) -> None:
    path = laid(folder, "lecture")
    for name in (None, "mine", "mine.json", str(path), str(OLD / "lecture.json")):
        assert runs.resume(name).session.step == 8


def test_a_name_that_is_almost_right_is_guessed(folder: Path) -> None:
    laid(folder, "lecture", "monday")
    with pytest.raises(RunError, match=r"there is no run called 'mondy'; did you mean monday\?"):
        runs.resume("mondy")


def test_runs_of_old_are_listed(folder: Path) -> None:
    laid(folder, "lecture")
    (folder / "broken.json").write_text("{", encoding="utf-8")
    found = runs.listed()

    (row,) = found.rows
    assert (row.name, row.what, row.step, row.loss) == ("mine", "lecture", 8, 0.07961899262096787)
    assert row.saved == datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=1)))
    assert found.damaged == ["run broken is damaged: the file is not JSON"]


def test_one_from_a_time_that_has_not_come_is_not_the_newest(folder: Path) -> None:
    ahead, now = laid(folder, "lecture", "ahead"), laid(folder, "expression", "now")
    os.utime(ahead, (4e9, 4e9))
    os.utime(now, (1e9, 1e9))
    assert runs.resume().session.step == 7


def test_they_can_be_deleted_and_need_no_pin(folder: Path) -> None:
    path = laid(folder, "lecture")
    with pytest.raises(RunError, match="run mine was saved by an older version: it is never deleted"):
        runs.pin("mine", True)
    assert runs.delete("mine") == "mine"
    assert not path.exists()


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "no saved run"),
        (b"{}", "no saved run"),
        (b'{"chainstep": 99}', "another version"),
        (b'{"chainstep": 1}', "damaged"),
        (b'{"chainstep": 1, "source": {}, "session": {}, "digest": 5}', "damaged"),
    ],
)
def test_damaged_files_are_one_line(folder: Path, content: bytes, trouble: str) -> None:
    (folder / "mine.json").write_bytes(content)
    for name in (None, "mine"):
        with pytest.raises(RunError, match=trouble) as caught:
            runs.resume(name)
        assert "\n" not in str(caught.value)
        assert "mine" in str(caught.value)


def test_a_changed_number_is_noticed(folder: Path) -> None:
    record = json.loads((OLD / "lecture.json").read_bytes())
    record["session"]["forks"][0]["position"] = [10**9, 0]
    (folder / "mine.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(RunError, match="not what was saved"):
        runs.resume("mine")


def test_a_step_that_it_has_not_come_to_is_refused(folder: Path) -> None:
    record = json.loads((OLD / "lecture.json").read_bytes())
    record["session"]["forks"][0]["position"] = [10**9, 0]
    (folder / "mine.json").write_text(json.dumps(digested(record)), encoding="utf-8")
    with pytest.raises(RunError, match="cannot be opened: the saved session cannot be read"):
        runs.resume("mine")


def test_only_regular_files_are_read(folder: Path) -> None:
    (folder / "mine.json").mkdir()
    with pytest.raises(RunError, match="run mine cannot be read"):
        runs.resume()
    os.mkfifo(folder / "pipe.json")
    for name in ("pipe", str(folder / "pipe.json")):
        with pytest.raises(RunError, match="it is no regular file"):
            runs.resume(name)
    assert [line.endswith(": it is no regular file") for line in runs.listed().damaged] == [True, True]


def test_one_that_no_memory_can_hold_is_a_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = laid(folder, "lecture")
    monkeypatch.setattr(json_runs, "_memory", lambda: 4 * path.stat().st_size - 4)
    with pytest.raises(RunError, match="run mine cannot be read: there is not enough memory"):
        runs.resume()
