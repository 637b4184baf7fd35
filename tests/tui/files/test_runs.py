"""Runs on disk: whole or not at all, back to the bit, the newest kept. Must not know the screen."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from chainstep.engine.training.commands import Back, Forward, SetKnob, SetParameter
from chainstep.engine.training.session import Session
from chainstep.tui.files import runs
from chainstep.tui.files.runs import RunError
from chainstep.tui.files.subjects import Source, open_expression, open_subject
from support.sessions import numbers_of

ROWS = "a,b,y\n" + "".join(f"{i},{i * i % 7},{i % 2}\n" for i in range(12))


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CHAINSTEP_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


def lecture(steps: int = 3) -> tuple[Session, Source]:
    session, source = open_subject("lecture")
    session.train(10_000, steps)
    return session, source


def test_a_run_comes_back_to_the_bit_in_the_middle_of_a_step() -> None:
    session, source = open_subject("iris", None, {"batch_size": 7})
    session.train(200, 20)
    session.apply(SetKnob("lr", 0.01))
    session.apply(SetParameter(3, 0.25))
    session.apply(Forward("neuron", 9))
    session.apply(Back("op", 2))
    path = runs.save(session, source)

    for again, opened in (runs.load(), runs.load(path.stem), runs.load(str(path))):
        assert opened == source
        assert numbers_of(again) == numbers_of(session)
        assert again.settings == session.settings

    again, _ = runs.load()
    for which in (session, again):
        which.train(300, which.step + 4)
    assert numbers_of(again) == numbers_of(session)


def test_expressions_and_files_come_back_too(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text(ROWS, encoding="utf-8")
    for session, source in (open_expression("a*b + 2", {"a": 0.1, "b": -3.0}), open_subject(str(path), "y")):
        session.train(100, 4)
        runs.save(session, source)
        again, opened = runs.load()
        assert opened == source
        assert numbers_of(again) == numbers_of(session)


def test_numbers_that_are_not_finite_are_saved_as_well() -> None:
    session, source = open_subject("lecture", None, {"lr": 1e200, "activation": "linear"})
    session.train(100, 4)
    assert session.losses[-1] != session.losses[-1]
    runs.save(session, source)
    again, _ = runs.load()

    assert [repr(number) for number in again.parameters] == [repr(number) for number in session.parameters]
    assert again.losses.tobytes() == session.losses.tobytes()


def test_only_the_user_can_read_what_is_saved(state: Path) -> None:
    path = runs.save(*lecture())

    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_the_newest_run_is_the_one_that_is_opened() -> None:
    first = runs.save(*lecture(1))
    second = runs.save(*lecture(2))
    assert first != second
    os.utime(first, ns=(1, 1))
    assert runs.load()[0].step == 2
    os.utime(second, ns=(0, 0))
    assert runs.load()[0].step == 1
    assert runs.load(second.stem)[0].step == 2


def test_old_runs_go_but_those_with_a_name_stay() -> None:
    session, source = lecture(1)
    named = runs.save(session, source, "mine")
    os.utime(named, ns=(0, 0))
    made = []
    for age in range(runs.KEPT + 3):
        # Named as the program does.
        path = runs.save(session, source, f"lecture-20200101-1200{age:02}")
        os.utime(path, ns=(10 + age, 10 + age))
        made.append(path)
    newest = runs.save(session, source)

    assert named.exists()
    assert [path for path in made if path.exists()] == made[-runs.KEPT + 1 :]
    kept = [path.stem for path in made[: -runs.KEPT : -1]]
    assert [run.name for run in runs.saved()] == [newest.stem, *kept, "mine"]


def test_the_list_says_what_each_run_is() -> None:
    runs.save(*lecture(3), name="mine")
    runs.save(*open_subject("moons"), name="fresh")
    found = {run.name: run for run in runs.saved()}

    assert (found["mine"].what, found["mine"].step) == ("lecture", 3)
    assert found["mine"].loss == pytest.approx(2.4621709281541335, rel=1e-9)
    assert found["fresh"].loss is None
    (runs.folder() / "mine.json").write_text("{}", encoding="utf-8")
    assert [run.name for run in runs.saved()] == ["fresh"]


@pytest.mark.parametrize("name", ["", "../escape", "a/b", ".hidden", ".."])
def test_a_name_cannot_leave_the_folder(name: str) -> None:
    with pytest.raises(RunError, match="cannot be the name"):
        runs.save(*lecture(1), name=name)


def test_no_run_and_unknown_runs() -> None:
    with pytest.raises(RunError, match="no run has been saved yet"):
        runs.load()
    assert runs.saved() == []
    runs.save(*lecture(1), name="monday")
    with pytest.raises(RunError, match="did you mean monday"):
        runs.load("mondy")
    with pytest.raises(RunError, match=r"no run called 'x\\x1b\[2J'"):
        runs.load("x\x1b[2J")


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
        (b'{"chainstep": 1}', "cannot be opened"),
        (b'{"chainstep": 1, "source": {}, "session": {}, "digest": 5}', "damaged"),
    ],
)
def test_damaged_files_are_one_line(content: bytes, trouble: str) -> None:
    path = runs.save(*lecture(1), name="mine")
    path.write_bytes(content)
    with pytest.raises(RunError, match=trouble) as caught:
        runs.load()
    assert "\n" not in str(caught.value)
    assert "mine" in str(caught.value)


def test_a_changed_number_is_noticed() -> None:
    path = runs.save(*lecture(3), name="mine")
    record = json.loads(path.read_text(encoding="utf-8"))
    record["session"]["position"] = [10**9, 0]
    path.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(RunError, match="not what was saved"):
        runs.load("mine")


def test_a_directory_is_no_run(state: Path) -> None:
    (state / "runs" / "folder.json").mkdir(parents=True)
    with pytest.raises(RunError, match="cannot be read"):
        runs.load()


def test_data_that_is_gone_or_changed_is_said(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text(ROWS, encoding="utf-8")
    session, source = open_subject(str(path), "y")
    runs.save(session, source, "mine")
    path.write_text(ROWS + "1,1,1\n", encoding="utf-8")
    with pytest.raises(RunError, match="holds other data"):
        runs.load()
    path.unlink()
    with pytest.raises(RunError, match="no such file"):
        runs.load()


def test_a_failed_write_leaves_the_old_run_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    path = runs.save(*lecture(2), name="mine")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RunError, match=r"could not be saved in .*: no space left on device"):
        runs.save(*lecture(5), name="mine")
    assert runs.load("mine")[0].step == 2
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("CHAINSTEP_STATE", str(tmp_path / "file"))
    with pytest.raises(RunError, match="could not be saved"):
        runs.save(*lecture(1))
    with pytest.raises(RunError, match="no run has been saved yet"):
        runs.load()
