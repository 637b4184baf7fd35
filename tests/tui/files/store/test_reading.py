"""Reading runs: while they are written, from read-only places, and whole lists. Must not know sessions."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from chainstep.tui.files.store import reading
from chainstep.tui.files.store.connect import look
from chainstep.tui.files.store.errors import RunError
from chainstep.tui.files.store.file import RunFile
from chainstep.tui.files.store.reading import is_sound, list_runs, read, read_header
from support.runs.files import NOW, SUMMARY, save


def test_reading_leaves_nothing_beside(folder: Path) -> None:
    path = save(folder, {"a": b"1"})
    before = look(path)
    assert read(path).records == {"a": b"1"}
    assert read_header(path).what == "moons"
    assert is_sound(path)
    assert len(list_runs(folder).runs) == 1
    assert look(path) == before
    assert list(folder.iterdir()) == [path]


def test_a_list_has_what_is_open_too(folder: Path) -> None:
    first = save(folder, {"a": b"1"})
    file = RunFile.create(folder, "lecture", NOW + timedelta(hours=1))
    assert [run.path for run in list_runs(folder).runs] == [first], "the other one is empty"
    for step in range(3):
        file.write({"a": b"1"}, SUMMARY._replace(what="lecture", step=step), NOW + timedelta(hours=1))
        listing = list_runs(folder)
        assert listing.damaged == ()
        assert [(run.name, run.header.step) for run in listing.runs] == [(file.path.stem, step), (first.stem, 7)]
    file.close()


def test_a_list_names_what_is_damaged_and_leaves_it(folder: Path) -> None:
    sound = save(folder, {"a": b"1"})
    torn = folder / "torn.chainstep"
    torn.write_bytes(sound.read_bytes()[:4096])
    (folder / "text\x1b]0;title\x07.chainstep").write_text("a letter")
    (folder / "folder.chainstep").mkdir()
    (folder / "moons.json").write_text("{}")
    (folder / ".hidden.chainstep").write_text("{}")
    before = sorted(folder.iterdir())

    listing = list_runs(folder)
    assert [run.path for run in listing.runs] == [sound]
    assert [line.split(" cannot be opened: ") for line in listing.damaged] == [
        ["run folder", "it is no regular file"],
        [r"run text\x1b]0;title\x07", "it is no saved run"],
        ["run torn", "it is damaged"],
    ]
    assert sorted(folder.iterdir()) == before


def test_a_folder_that_is_not_there_has_no_runs(tmp_path: Path) -> None:
    assert list_runs(tmp_path / "nowhere") == ((), ())
    (tmp_path / "file").touch()
    assert list_runs(tmp_path / "file") == ((), ())


def test_a_run_that_goes_while_it_is_listed_is_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    going, staying = save(folder, {}), save(folder, {})

    def late(path: Path) -> object:
        going.unlink(missing_ok=True)
        return read_header(path)

    monkeypatch.setattr(reading, "read_header", late)
    listing = list_runs(folder)
    assert [run.path for run in listing.runs] == [staying]


def test_who_begins_to_write_meanwhile_is_noticed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(folder, {"a": b"1"})
    writers = []
    reader = reading.reader

    def late(where: Path, *, untouched: bool) -> object:
        seen.append(untouched)
        if not writers:
            writers.append(RunFile.own(path))
            for number in range(2):
                writers[0].write({"a": b"2", "b": bytes(number)}, SUMMARY, NOW)
        return reader(where, untouched=untouched)

    seen: list[bool] = []
    monkeypatch.setattr(reading, "reader", late)
    assert read(path).records == {"a": b"2", "b": bytes(1)}
    assert (seen[0], seen[-1]) == (True, False)
    writers[0].close()


def test_what_lies_in_a_folder_that_cannot_be_written_can_be_read(folder: Path, tmp_path: Path) -> None:
    file = RunFile.create(folder, "moons", NOW)
    file.write({"a": b"1"}, SUMMARY, NOW)
    file.close()
    # In a log's mode, as SQLite's own tools may leave it: without a log there is nothing to lock.
    connection = sqlite3.connect(file.path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
    alone = Path(shutil.copy(file.path, tmp_path / "alone.chainstep"))
    assert read(alone).records == {"a": b"1"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["alone.chainstep", "state"]


def test_a_record_that_went_missing_is_missed(folder: Path, refused: Callable[..., str]) -> None:
    path = save(folder, {"a": b"1", "b": b"2"})
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("DELETE FROM record WHERE key = 'a'")
    connection.close()
    assert refused(read, path) == f"run {path.stem} cannot be opened: some of its records are missing"


def test_what_is_not_there_is_said_to_be(tmp_path: Path) -> None:
    for function in (read, read_header):
        with pytest.raises(RunError, match="run a cannot be opened: no such file or directory"):
            function(tmp_path / "a.chainstep")
    assert not is_sound(tmp_path / "a.chainstep")
    assert list(tmp_path.iterdir()) == []
