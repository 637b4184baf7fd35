"""Runs by their names, and what killed processes leave. Must not know which runs are old."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from chainstep.tui.files.store import file as store_file
from chainstep.tui.files.store import folder as store_folder
from chainstep.tui.files.store.errors import OpenElsewhereError
from chainstep.tui.files.store.file import RunFile
from chainstep.tui.files.store.folder import delete, find, guess, open_run, pin, tidy
from chainstep.tui.files.store.locks import lock_path
from chainstep.tui.files.store.reading import Run, list_runs, read, read_header
from support.runs.files import NOW, SUMMARY, save


def left_by_a_kill(folder: Path, path: Path | None = None) -> Path:
    """What a process that was killed while it wrote leaves in `folder`; its run."""
    elsewhere = folder.with_name("elsewhere") / "runs"
    if path is not None:
        shutil.copytree(folder, elsewhere)
    file = RunFile.create(elsewhere, "moons", NOW) if path is None else RunFile.own(elsewhere / path.name)
    for number in range(3):
        file.write({"a": str(number).encode(), f"b/{number}": bytes(5_000)}, SUMMARY, NOW)
    shutil.copytree(elsewhere, folder, dirs_exist_ok=True)
    file.close()
    shutil.rmtree(elsewhere.parent)
    return folder / file.path.name


# --- names


def test_a_run_is_found_by_its_name(folder: Path) -> None:
    path = save(folder, {})
    (folder / "moons.json").write_text("{}")
    (folder / "folder.chainstep").mkdir()
    assert find(folder, path.stem) == find(folder, path.name) == path
    for name in ("", ".", "..", "/", "moons", "moons.json", "folder", f"../runs/{path.name}", str(path), "a\0", ".x"):
        assert find(folder, name) is None


def test_a_name_that_is_almost_right_is_guessed(folder: Path) -> None:
    assert guess(folder, "moons") is None
    save(folder, {})
    assert guess(folder, "mons-20260301-120000") == "moons-20260301-120000"
    assert guess(folder, "zzz") is None
    save(folder, {}).rename(folder / "\x1b[2Jmine.chainstep")
    assert guess(folder, "[2Jmine") == r"\x1b[2Jmine"


# --- opening


def test_an_opened_run_is_ours_to_go_on_with(folder: Path) -> None:
    path = save(folder, {"a": b"1"})
    contents, file, why = open_run(folder, path)
    assert (contents.records, why) == ({"a": b"1"}, "")
    assert file is not None
    # A second one gets a copy.
    contents, other, why = open_run(folder, path)
    assert (contents.records, other) == ({"a": b"1"}, None)
    assert why == f"run {path.stem} is open elsewhere: this is a copy"
    file.write({"a": b"2"}, SUMMARY, NOW)
    assert open_run(folder, path).contents.records == {"a": b"2"}
    file.close()


def test_a_run_from_outside_is_read_and_never_written(folder: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(save(folder, {"a": b"1"}), tmp_path / "mine.chainstep"))
    contents, file, why = open_run(folder, path)
    assert (contents.records, file, why) == ({"a": b"1"}, None, "")
    assert sorted(found.name for found in tmp_path.iterdir()) == ["mine.chainstep", "state"]


def test_a_run_that_cannot_be_written_opens_all_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(folder, {"a": b"1"})

    def denied(path: Path) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(store_file.RunLock, "take", denied)
    contents, file, why = open_run(folder, path)
    assert (contents.records, file) == ({"a": b"1"}, None)
    assert why == f"run {path.stem} cannot be written: read-only file system: this is a copy"


def test_a_damaged_run_is_let_go_of(folder: Path, refused: Callable[..., str]) -> None:
    path = save(folder, {"a": b"1"})
    path.write_bytes(path.read_bytes()[:5_000])
    refused(open_run, folder, path)
    assert list(folder.iterdir()) == [path]
    RunFile.own(path).close()


def test_a_run_whose_free_pages_are_damaged_goes_on_as_a_copy(folder: Path) -> None:
    path = save(folder, {"a": b"1", "b": bytes(100), "c": os.urandom(30_000)})
    file = RunFile.own(path)
    file.write({"c": None}, SUMMARY, NOW)
    file.close()
    pages = bytearray(path.read_bytes())
    trunk = int.from_bytes(pages[32:36])
    pages[32:36] = (2).to_bytes(4)
    path.write_bytes(pages)
    assert trunk > 2
    contents, owned, why = open_run(folder, path)
    assert list(contents.records) == ["a", "b"]
    assert (owned, why) == (None, f"run {path.stem} is damaged in places, but can be read: this is a copy")
    assert list(folder.iterdir()) == [path]


# --- pinning, deleting


def test_a_run_is_pinned(folder: Path, refused: Callable[..., str]) -> None:
    path = save(folder, {"a": b"1"})
    pin(path)
    assert read_header(path).pinned
    pin(path, False)
    assert not read_header(path).pinned
    assert list(folder.iterdir()) == [path]
    file = RunFile.own(path)
    with pytest.raises(OpenElsewhereError):
        pin(path)
    file.close()
    path.write_text("a letter")
    assert "it is no saved run" in refused(pin, path)
    assert path.read_text() == "a letter"


def test_a_run_is_deleted_only_as_it_was_listed(folder: Path) -> None:
    path = save(folder, {"a": b"1"}, summary=SUMMARY._replace(loss=float("nan")))
    listed = Run(path, read_header(path))
    file = RunFile.own(path)
    assert not delete(listed), "it is open"
    file.close()
    pin(path)
    assert not delete(listed), "it was pinned since"
    pin(path, False)
    (folder / "other").touch()
    assert delete(listed)
    assert not delete(listed)
    assert [left.name for left in folder.iterdir()] == ["other"]


def test_where_nothing_can_be_locked_nothing_is_deleted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(folder, {"a": b"1"})

    def denied(path: Path) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(store_folder.RunLock, "take", denied)
    assert not delete(Run(path, read_header(path)))
    assert path.exists()


# --- what is left over


def test_what_a_kill_leaves_is_taken_up(folder: Path) -> None:
    path = left_by_a_kill(folder)
    assert {found.name.removeprefix(path.stem) for found in folder.iterdir()} == {
        ".chainstep",
        ".chainstep-wal",
        ".chainstep-shm",
        ".lock",
    }
    expected = {"a": b"2"} | {f"b/{number}": bytes(5_000) for number in range(3)}
    assert read(path).records == expected, "before it is taken up as well"
    tidy(folder)
    assert list(folder.iterdir()) == [path]
    assert read(path).records == expected
    assert len(list_runs(folder).runs) == 1


def test_a_run_that_was_half_written_without_a_log_goes_back(folder: Path) -> None:
    path = save(folder, {f"b/{number}": bytes(100) + os.urandom(5_000) for number in range(9)})
    before = read(path)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA cache_size=1")
    connection.execute("PRAGMA cache_spill=1")
    connection.execute("BEGIN")
    connection.execute("UPDATE record SET data = randomblob(9000)")
    half = {found.name: found.read_bytes() for found in folder.iterdir()}
    connection.execute("ROLLBACK")
    connection.close()
    assert len(half) == 2
    for name, content in half.items():
        (folder / name).write_bytes(content)
    assert list_runs(folder).damaged, "only who may write can go back"
    tidy(folder)
    assert list(folder.iterdir()) == [path]
    assert read(path) == before


def test_an_empty_log_beside_a_run_that_was_left_goes(folder: Path) -> None:
    """Somebody begins to read it in the moment in which it is left: SQLite then leaves both behind for good."""
    path = save(folder, {"a": b"1"})
    Path(f"{path}-wal").touch()
    Path(f"{path}-shm").write_bytes(bytes(32_768))
    tidy(folder)
    assert list(folder.iterdir()) == [path]
    assert read(path).records == {"a": b"1"}


def test_what_has_no_run_goes(folder: Path) -> None:
    folder.mkdir(parents=True)
    for name in ("a.lock", "b.chainstep", "c.chainstep-wal", "c.chainstep-shm", "d.chainstep-journal", "d.lock"):
        (folder / name).touch()
    sound = save(folder, {"a": b"1"})
    Path(f"{sound}-shm").write_bytes(bytes(32768))
    for name, age in ((".x.tmp", 7_200), (".y.tmp", 0)):
        (folder / name).touch()
        moment = (folder / name).stat().st_mtime - age
        os.utime(folder / name, (moment, moment))
    others = ["e.json", "f.txt", "g.tmp", ".hidden", "h-wal", "README.lock.txt"]
    for name in others:
        (folder / name).touch()
    tidy(folder)
    assert sorted(path.name for path in folder.iterdir()) == sorted([*others, ".y.tmp", sound.name])


def test_nothing_of_an_open_run_is_touched(folder: Path) -> None:
    file = RunFile.create(folder, "moons", NOW)
    tidy(folder)
    assert len(list(folder.iterdir())) == 2, "an empty one as well"
    for number in range(3):
        file.write({"a": str(number).encode()}, SUMMARY, NOW)
        before = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".chainstep-shm"}
        tidy(folder)
        assert {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".chainstep-shm"} == before
    file.close()
    assert read(file.path).records == {"a": b"2"}


def test_what_is_damaged_stays_as_it_is(folder: Path) -> None:
    path = left_by_a_kill(folder)
    lock_path(path).unlink()
    pages = bytearray(path.read_bytes())
    pages[:100] = bytes(100)
    path.write_bytes(pages)
    log = Path(f"{path}-wal")
    log.write_bytes(b"rubbish" * 999)
    (folder / "letter.chainstep").write_text("a letter")
    (folder / "letter.chainstep-wal").write_text("another")
    before = {found.name: found.read_bytes() for found in folder.iterdir() if not found.name.endswith("-shm")}
    tidy(folder)
    assert {found.name: found.read_bytes() for found in folder.iterdir() if not found.name.endswith("-shm")} == before


def test_a_folder_that_is_not_there_is_tidy(tmp_path: Path) -> None:
    tidy(tmp_path / "nowhere")
    (tmp_path / "file").touch()
    tidy(tmp_path / "file")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
