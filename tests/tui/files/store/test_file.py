"""One run's file from its first record to its last: what it holds, whatever fails in between. Must not know threads."""

from __future__ import annotations

import random
import shutil
import sqlite3
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainstep.tui.files.store import file as store_file
from chainstep.tui.files.store.errors import OpenElsewhereError
from chainstep.tui.files.store.file import RunFile
from chainstep.tui.files.store.folder import tidy
from chainstep.tui.files.store.format import Summary
from chainstep.tui.files.store.reading import list_runs, read, read_header
from support.runs.files import NOW, SUMMARY, save

KEYS = st.sampled_from(("session", "branch/1", "block/1/0", "block/1/1", "block/2/0", "~"))
RECORDS = st.one_of(
    st.binary(max_size=50),
    st.integers(0, 2**31).map(lambda seed: random.Random(seed).randbytes(seed % 20_000)),
    st.integers(0, 20_000).map(bytes),
)
WRITES = st.dictionaries(KEYS, st.none() | RECORDS)
SEQUENCES = st.lists(st.tuples(WRITES, st.sampled_from(("go on", "go on", "close", "kill"))), min_size=1, max_size=6)


@settings(max_examples=settings.default.max_examples // 3 or 1)
@given(SEQUENCES)
def test_a_file_holds_what_a_dictionary_would(
    tmp_path_factory: pytest.TempPathFactory, sequence: list[tuple[dict[str, bytes | None], str]]
) -> None:
    folder = tmp_path_factory.mktemp("state") / "runs"
    file = RunFile.create(folder, "moons", NOW)
    model: dict[str, bytes] = {}
    for step, (changes, then) in enumerate(sequence):
        now = NOW + timedelta(seconds=step)
        summary = Summary("moons", "{}", step, 1 / (step + 1))
        file.write(changes, summary, now)
        model = {key: record for key, record in {**model, **changes}.items() if record is not None}
        # While it is open as well.
        header, records = read(file.path)
        assert records == model
        assert (header.step, header.loss, header.saved, header.created) == (step, 1 / (step + 1), now, NOW)
        if then == "close":
            file.close()
            assert [path.name for path in folder.iterdir()] == [file.path.name]
            assert read(file.path).records == model
            file = RunFile.own(file.path)
        elif then == "kill":
            # What a killed process leaves, in a folder where nobody has anything open.
            folder = Path(shutil.copytree(folder, folder.with_name(f"runs{step}")))
            file.close()
            tidy(folder)
            file = RunFile.own(folder / file.path.name)
    file.close()
    assert read(file.path).records == model
    assert [path.name for path in folder.iterdir()] == [file.path.name]


def test_only_the_user_can_read_what_is_saved(folder: Path) -> None:
    file = RunFile.create(folder, "moons", NOW)
    for _ in range(2):
        file.write({"a": b"1"}, SUMMARY, NOW)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert len(list(folder.iterdir())) == 4  # its lock, the log and the log's index
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder.parent)] == [0o700, 0o700]
    file.close()


# --- names


@pytest.mark.parametrize(
    ("what", "name"),
    [
        ("moons", "moons-20260301-120000"),
        ("my data.csv", "my-data-20260301-120000"),
        ("../../\x1b[2J/é?", "run-20260301-120000"),
        ("a*b + c", "a-b-c-20260301-120000"),
        ("", "run-20260301-120000"),
        ("x" * 99, "x" * 40 + "-20260301-120000"),
    ],
)
def test_a_name_is_the_subject_and_the_time(folder: Path, what: str, name: str) -> None:
    assert save(folder, {}, what=what).stem == name


def test_no_two_runs_get_one_name(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "moons-20260301-120000-2.json").write_text("an older run")
    files = [RunFile.create(folder, "moons", NOW) for _ in range(3)]
    assert [file.path.stem.removeprefix("moons-20260301-120000") for file in files] == ["", "-3", "-4"]
    for file in files:
        file.close()


def test_a_name_that_is_taken_at_the_last_moment_stays_the_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = store_file.RunLock.take

    def late(path: Path) -> object:
        if path.stem.endswith("000"):
            path.write_text("another's")
        return take(path)

    monkeypatch.setattr(store_file.RunLock, "take", late)
    file = RunFile.create(folder, "moons", NOW)
    assert file.path.stem == "moons-20260301-120000-2"
    file.close()
    assert [(path.name, path.read_text()) for path in folder.iterdir()] == [
        ("moons-20260301-120000.chainstep", "another's")
    ]


def test_what_an_older_run_of_the_name_left_is_not_taken_for_this_ones(folder: Path) -> None:
    folder.mkdir(parents=True)
    for ending in ("-wal", "-shm", "-journal"):
        (folder / f"moons-20260301-120000.chainstep{ending}").write_bytes(b"rubbish" * 999)
    path = save(folder, {"a": b"1"})
    assert read(path).records == {"a": b"1"}
    assert list(folder.iterdir()) == [path]


def test_a_file_that_got_nothing_is_deleted(folder: Path) -> None:
    RunFile.create(folder, "moons", NOW).close()
    assert list(folder.iterdir()) == []


# --- owned


def test_a_run_that_is_open_is_nobody_elses(folder: Path) -> None:
    path = save(folder, {"a": b"1"})
    file = RunFile.own(path)
    with pytest.raises(OpenElsewhereError, match="is open elsewhere"):
        RunFile.own(path)
    file.close()
    RunFile.own(path).close()
    assert read(path).records == {"a": b"1"}


def test_a_run_keeps_when_it_was_created_and_that_it_is_pinned(folder: Path) -> None:
    path = save(folder, {"a": b"1"})
    for pinned in (True, False, True):
        file = RunFile.own(path)
        file.pin(pinned)
        file.close()
        assert read_header(path).pinned is pinned
    assert read_header(path).saved == NOW
    file = RunFile.own(path)
    file.write({"a": None, "b": b"2"}, SUMMARY, NOW + timedelta(days=1))
    file.close()
    header, records = read(path)
    assert (header.created, header.saved, header.pinned) == (NOW, NOW + timedelta(days=1), True)
    assert records == {"b": b"2"}


def test_nothing_can_be_pinned_before_it_is_saved(folder: Path, refused: Callable[..., str]) -> None:
    file = RunFile.create(folder, "moons", NOW)
    assert "nothing has been saved" in refused(file.pin, True)
    file.close()


def test_losses_that_are_not_numbers_are_saved_as_well(folder: Path) -> None:
    for loss in (float("nan"), float("inf"), float("-inf"), -0.0, 5e-324, None):
        path = save(folder, {}, summary=SUMMARY._replace(loss=loss))
        assert repr(read_header(path).loss) == repr(loss)


def test_a_stranger_among_the_runs_is_not_written(folder: Path, refused: Callable[..., str]) -> None:
    path = save(folder, {"a": b"1"})
    connection = sqlite3.connect(path)
    connection.execute("CREATE TRIGGER t AFTER DELETE ON record BEGIN DELETE FROM header; END")
    connection.close()
    before = path.read_bytes()
    file = RunFile.own(path)
    assert "other tables" in refused(file.write, {"a": b"2"}, SUMMARY, NOW)
    file.close()
    assert path.read_bytes() == before


# --- what fails


def test_after_a_full_disk_all_is_as_it_was_and_then_goes_on(folder: Path, refused: Callable[..., str]) -> None:
    file = RunFile.create(folder, "moons", NOW)
    file.write({"a": b"1"}, SUMMARY, NOW)
    assert file._connection is not None
    ((pages,),) = file._connection.execute("PRAGMA page_count")
    file._connection.execute(f"PRAGMA max_page_count={pages}")
    big = random.Random(1).randbytes(50_000)
    line = refused(file.write, {"a": b"2", "b": big}, SUMMARY, NOW)
    assert line == f"the run could not be saved in {folder}: the disk is full"
    assert read(file.path).records == {"a": b"1"}
    file._connection.execute("PRAGMA max_page_count=1000")
    file.write({"a": b"2", "b": big}, SUMMARY, NOW)
    file.close()
    assert read(file.path).records == {"a": b"2", "b": big}


def test_a_disk_that_is_full_at_the_first_write_leaves_no_file(folder: Path, refused: Callable[..., str]) -> None:
    file = RunFile.create(folder, "moons", NOW)
    connection = file._writable()
    connection.execute("PRAGMA max_page_count=2")
    assert refused(file.write, {"a": bytes(50)}, SUMMARY, NOW).endswith("the disk is full")
    file.close()
    assert list(folder.iterdir()) == []


def test_a_run_does_not_grow_past_what_is_read(
    folder: Path, refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_file, "MAX_TOTAL", 1000)
    monkeypatch.setattr(store_file, "MAX_RECORDS", 3)
    monkeypatch.setattr(store_file, "MAX_SOURCE", 100)
    file = RunFile.create(folder, "moons", NOW)
    file.write({"a": bytes(900)}, SUMMARY, NOW)
    assert "too large" in refused(file.write, {"b": bytes(101)}, SUMMARY, NOW)
    assert "too large" in refused(file.write, dict.fromkeys("bcd", b""), SUMMARY, NOW)
    assert "too large" in refused(file.write, {}, SUMMARY._replace(source="x" * 101), NOW)
    file.write({"a": None, "b": bytes(1000)}, SUMMARY, NOW)
    file.close()
    assert read(file.path).records == {"b": bytes(1000)}


@pytest.mark.parametrize("what", ["file", "folder"])
@pytest.mark.parametrize("logged", [True, False])
def test_what_is_deleted_while_it_is_open_is_written_anew(
    folder: Path, what: str, logged: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_file, "is_local", lambda _: logged)
    file = RunFile.create(folder, "moons", NOW)
    for step in range(3):
        file.write({"a": b"1", f"block/{step}": bytes(9_000)}, SUMMARY, NOW)
    name = file.path
    if what == "file":
        name.unlink()
    else:
        shutil.rmtree(folder.parent)
    file.write({"a": b"2"}, SUMMARY, NOW)
    assert file.path == name
    with pytest.raises(OpenElsewhereError):
        RunFile.own(name)
    file.write({"block/0": None}, SUMMARY, NOW)
    if what == "folder":
        shutil.rmtree(folder.parent)
    file.close()
    assert read(file.path).records == {"a": b"2", "block/1": bytes(9_000), "block/2": bytes(9_000)}
    assert [path.name for path in folder.iterdir()] == [file.path.name]


def test_a_run_whose_place_was_taken_gets_another_name(folder: Path) -> None:
    file = RunFile.create(folder, "moons", NOW)
    file.write({"a": b"1"}, SUMMARY, NOW)
    taken = file.path
    taken.unlink()
    taken.write_text("another's")
    file.write({"b": b"2"}, SUMMARY, NOW)
    file.close()
    assert taken.read_text() == "another's"
    assert file.path.stem == f"{taken.stem}-2"
    assert read(file.path).records == {"a": b"1", "b": b"2"}


def test_a_state_folder_that_is_a_file_is_said_to_be_one(tmp_path: Path, refused: Callable[..., str]) -> None:
    state = tmp_path / "state"
    state.write_text("mine")
    assert refused(RunFile.create, state / "runs", "moons", NOW).endswith("it is no folder")
    assert refused(RunFile.create, state, "moons", NOW).endswith("it is no folder")
    assert refused(RunFile.create, state / "deeper" / "runs", "moons", NOW).endswith("not a directory")
    assert state.read_text() == "mine"


def test_a_folder_that_cannot_be_written_is_said(
    folder: Path, refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    path = save(folder, {"a": b"1"})
    monkeypatch.setattr(store_file.RunLock, "take", denied)
    line = f"the run could not be saved in {folder}: permission denied"
    assert refused(RunFile.create, folder, "moons", NOW) == line
    assert refused(RunFile.own, path) == f"run {path.stem} cannot be written: permission denied"
    assert list(folder.iterdir()) == [path]


# --- with others


@pytest.mark.parametrize("logged", [True, False])
def test_the_log_is_kept_only_on_disks_of_this_machine(
    folder: Path, logged: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_file, "is_local", lambda _: logged)
    file = RunFile.create(folder, "moons", NOW)
    for _ in range(2):
        file.write({"a": bytes(9_000)}, SUMMARY, NOW)
    beside = {path.name.removeprefix(file.path.name) for path in folder.iterdir()}
    assert ("-wal" in beside, "-journal" in beside) == (logged, not logged)
    assert read(file.path).records == {"a": bytes(9_000)}
    file.close()
    assert list(folder.iterdir()) == [file.path]
    assert file.path.read_bytes()[18:20] == b"\x01\x01", "at rest it is a plain file, whatever has a log"


def test_who_reads_at_the_end_keeps_nobody_from_leaving(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chainstep.tui.files.store.connect.PATIENCE", 0.0)
    file = RunFile.create(folder, "moons", NOW)
    for number in range(3):
        file.write({"a": str(number).encode()}, SUMMARY, NOW)
    other = sqlite3.connect(f"{file.path.as_uri()}?mode=ro", uri=True, isolation_level=None)
    other.execute("BEGIN")
    assert other.execute("SELECT count(*) FROM record").fetchone() == (1,)
    file.close()
    assert read(file.path).records == {"a": b"2"}
    other.close()
    tidy(folder)
    assert list(folder.iterdir()) == [file.path]
    assert read(file.path).records == {"a": b"2"}


def test_the_run_saved_last_is_the_newest_though_the_clock_was_set_back(folder: Path) -> None:
    first = save(folder, {}, now=NOW)
    second = save(folder, {}, now=NOW - timedelta(days=3_000))
    third = save(folder, {}, now=NOW - timedelta(days=3_001))
    assert [run.path for run in list_runs(folder).runs] == [third, second, first]
    file = RunFile.own(first)
    file.write({}, SUMMARY, NOW - timedelta(days=3_000))
    file.close()
    later = save(folder, {}, now=NOW + timedelta(days=1))
    assert [run.path for run in list_runs(folder).runs] == [later, first, third, second]


def test_a_stamp_that_only_a_stranger_can_have_made_moves_nobodys(folder: Path) -> None:
    save(folder, {}, now=datetime(8000, 1, 1, tzinfo=UTC))
    high = RunFile.create(folder, "moons", NOW)
    high._writable()
    high._stamp = 2**62 - 1
    high.write({}, SUMMARY, NOW)
    high.write({}, SUMMARY, NOW)
    high.close()
    assert read_header(high.path).stamp == 2**62
    path = save(folder, {})
    assert read_header(path).stamp == int(datetime(8000, 1, 1, tzinfo=UTC).timestamp() * 1000) + 1
