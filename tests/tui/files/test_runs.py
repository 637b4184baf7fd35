"""Saved runs: back to the bit, found by their names, listed, kept and deleted; what is damaged is passed over. Must not
know the screen.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from chainstep.engine.training.commands import Back, Forward, SetKnob, SetParameter
from chainstep.engine.training.session import Session
from chainstep.tui.cli import main
from chainstep.tui.files import runs
from chainstep.tui.files.store import reading
from chainstep.tui.files.store.errors import RunError
from chainstep.tui.files.subjects.opening import open_expression, open_subject
from chainstep.tui.files.subjects.source import Source
from support.cases import each
from support.runs.old import OLD
from support.runs.saved import save, saved
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
    path = save(session, source)

    for again, opened in (saved(), saved(path.stem), saved(path.name), saved(str(path))):
        assert opened.to_json() == source.to_json()
        assert numbers_of(again) == numbers_of(session)
        assert again.settings == session.settings

    again, _ = saved()
    for which in (session, again):
        which.train(300, which.step + 4)
    assert numbers_of(again) == numbers_of(session)


def test_expressions_and_files_come_back_too(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text(ROWS, encoding="utf-8")
    for session, source in (open_expression("a*b + 2", {"a": 0.1, "b": -3.0}), open_subject(str(path), "y")):
        session.train(100, 4)
        save(session, source)
        again, opened = saved()
        assert opened.to_json() == source.to_json()
        assert numbers_of(again) == numbers_of(session)


def test_numbers_that_are_not_finite_are_saved_as_well() -> None:
    session, source = open_subject("lecture", None, {"lr": 1e200, "activation": "linear"})
    session.train(100, 4)
    assert session.losses[-1] != session.losses[-1]
    save(session, source)
    again, _ = saved()

    assert [repr(number) for number in again.parameters] == [repr(number) for number in session.parameters]
    assert again.losses[:].tobytes() == session.losses[:].tobytes()


def test_only_the_user_can_read_what_is_saved(state: Path) -> None:
    path = save(*lecture())

    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_the_newest_run_is_the_one_that_is_opened() -> None:
    first, second = save(*lecture(1)), save(*lecture(2))
    assert first != second
    assert saved()[0].step == 2
    assert saved(first.stem)[0].step == 1
    old = first.with_name("old.json")
    old.write_bytes((OLD / "lecture.json").read_bytes())
    os.utime(old, (1e9, 1e9))
    assert saved()[0].step == 2
    second.unlink()
    first.unlink()
    assert saved()[0].step == 8


def test_the_list_says_what_each_run_is() -> None:
    trained, fresh = save(*lecture(3)), save(*open_subject("moons"))
    runs.pin(trained.stem, True)
    found = runs.listed()

    assert [(run.name, run.what, run.step, run.pinned) for run in found.rows] == [
        (fresh.stem, "moons", 0, False),
        (trained.stem, "lecture", 3, True),
    ]
    assert found.rows[1].loss == pytest.approx(2.4621709281541335, rel=1e-9)
    assert found.rows[0].loss is None
    assert found.damaged == []
    trained.write_bytes(b"nothing of the kind")
    found = runs.listed()
    assert [run.name for run in found.rows] == [fresh.stem]
    assert found.damaged == [f"run {trained.stem} cannot be opened: it is no saved run"]


def test_the_list_reads_each_header_once(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    looked: list[Path] = []
    read_header = reading.read_header
    monkeypatch.setattr(reading, "read_header", lambda path: looked.append(path) or read_header(path))
    saved_runs = [save(*lecture(1)), save(*open_subject("moons"))]
    looked.clear()
    assert main(["resume", "--list"]) == 0
    assert capsys.readouterr().out.count("lecture-") == 1
    assert sorted(looked) == sorted(saved_runs)


def test_no_run_and_unknown_runs() -> None:
    with pytest.raises(RunError, match="no run has been saved yet"):
        runs.resume()
    assert runs.listed().rows == []
    path = save(*lecture(1))
    path.rename(path.with_name("monday.chainstep"))
    with pytest.raises(RunError, match="did you mean monday"):
        runs.resume("mondy")
    with pytest.raises(RunError, match=r"no run called 'x\\x1b\[2J'"):
        runs.resume("x\x1b[2J")


@each("name", ["", "..", "../escape", "a/b", "\0", "x" * 5_000])
def test_what_is_no_name_names_no_run(name: str) -> None:
    save(*lecture(1))
    for asked in (runs.resume, runs.delete):
        with pytest.raises(RunError) as caught:
            asked(name)
        assert str(caught.value).isprintable()


def test_what_is_damaged_is_named_and_left_and_the_next_one_opened(state: Path) -> None:
    good, cut = save(*lecture(2)), save(*lecture(5))
    content = cut.read_bytes()
    cut.write_bytes(content[: len(content) // 2])
    wild = state / "runs" / "wild\x1b[2J.chainstep"
    wild.write_bytes(b"\x1b]0;")
    (state / "runs" / "not.json").write_bytes(b"{")
    before = {path: path.read_bytes() for path in (cut, wild)}
    resumed = runs.resume()

    assert resumed.session.step == 2
    assert resumed.file is not None
    assert resumed.file.path == good
    resumed.file.close()
    assert len(resumed.notes) == 3
    assert all(note.isprintable() for note in resumed.notes)
    assert any(cut.stem in note for note in resumed.notes)
    assert any(r"wild\x1b[2J" in note for note in resumed.notes)
    assert {path: path.read_bytes() for path in before} == before


def test_where_all_are_damaged_it_is_said() -> None:
    path = save(*lecture(2))
    path.write_bytes(b"none")
    with pytest.raises(RunError, match=f"run {path.stem} cannot be opened: it is no saved run"):
        runs.resume()


def test_a_run_that_is_open_elsewhere_gives_a_copy() -> None:
    path = save(*lecture(2))
    first, second = runs.resume(), runs.resume(path.stem)

    assert first.file is not None
    assert (second.file, second.session.step) == (None, 2)
    assert second.notes == [f"run {path.stem} is open elsewhere: this is a copy"]
    with pytest.raises(RunError, match=f"run {path.stem} cannot be deleted: it is open elsewhere"):
        runs.delete(path.stem)
    with pytest.raises(RunError, match="open elsewhere"):
        runs.pin(path.stem, True)
    first.file.close()
    assert runs.delete(path.stem) == path.stem
    assert runs.listed().rows == []


def test_a_file_from_outside_is_opened_and_stays_as_it_is(tmp_path: Path) -> None:
    path = save(*lecture(2))
    outside = path.rename(tmp_path / "theirs.chainstep")
    other = tmp_path / "no-ending"
    other.write_bytes(outside.read_bytes())
    for name in (str(outside), str(other), str(OLD / "lecture.json")):
        resumed = runs.resume(name)
        assert (resumed.file, resumed.notes) == (None, [])
    with pytest.raises(RunError, match="is none of the saved runs"):
        runs.delete(str(outside))
    assert outside.exists()


def test_data_that_is_gone_or_changed_is_said(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text(ROWS, encoding="utf-8")
    save(*lecture(1))
    session, source = open_subject(str(path), "y")
    session.train(100, 2)
    save(session, source)
    path.write_text(ROWS + "1,1,1\n", encoding="utf-8")
    with pytest.raises(RunError, match="holds other data"):
        runs.resume()
    path.unlink()
    with pytest.raises(RunError, match="no such file"):
        runs.resume()


def test_a_file_from_outside_says_which_data_it_had_read(tmp_path: Path) -> None:
    path = tmp_path / "da\x1bta.csv"
    path.write_text(ROWS, encoding="utf-8")
    session, source = open_subject(str(path), "y")
    session.train(100, 2)
    ours = save(session, source)
    theirs = tmp_path / "theirs"
    theirs.write_bytes(ours.read_bytes())
    resumed = runs.resume(str(theirs))
    assert resumed.notes == [rf"run {theirs} was trained on {tmp_path}/da\x1bta.csv, which was read"]
    resumed = runs.resume()
    assert resumed.file is not None
    resumed.file.close()
    assert resumed.notes == []


def test_without_a_home_folder_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CHAINSTEP_STATE", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    with pytest.raises(RunError, match="kept nowhere: there is no home folder, and CHAINSTEP_STATE names none"):
        runs.resume()


def test_a_state_folder_that_is_a_file_has_no_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("CHAINSTEP_STATE", str(tmp_path / "file"))
    with pytest.raises(RunError, match="no run has been saved yet"):
        runs.resume()
