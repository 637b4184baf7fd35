"""Handing over never waits, nothing is lost on the way, and whether all is on disk is told. Must not know sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainstep.tui.files.store import writer as store_writer
from chainstep.tui.files.store.errors import OpenElsewhereError, RunError
from chainstep.tui.files.store.file import Changes, RunFile
from chainstep.tui.files.store.format import Summary
from chainstep.tui.files.store.reading import read
from chainstep.tui.files.store.writer import Writer
from support.runs.files import SUMMARY, save

LONG = 60.0
"""Seconds that nothing takes here: whoever waits is woken."""


class Disk:
    """Stands between the writer and the file: holds writes up, or fails them, and remembers what they were."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.writes: list[Mapping[str, bytes | None]] = []
        self.free = Event()
        self.free.set()
        self.reached = Event()
        self.failing: list[Exception | None] = []
        """What comes of the next writes; None is nothing."""
        write = RunFile.write

        def held(file: RunFile, changes: Changes, summary: Summary, saved: datetime) -> None:
            self.reached.set()
            assert self.free.wait(LONG)
            self.writes.append(dict(changes))
            failure = self.failing.pop(0) if self.failing else None
            if failure is not None:
                raise failure
            write(file, changes, summary, saved)

        monkeypatch.setattr(RunFile, "write", held)

    def stop(self) -> None:
        """The next write stays in the system's hands."""
        self.free.clear()
        self.reached.clear()


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    disk = Disk(monkeypatch)
    yield disk
    disk.free.set()


def test_what_is_handed_over_is_in_the_file(folder: Path) -> None:
    writer = Writer(folder)
    assert (writer.path, writer.name, writer.error) == (None, None, None)
    assert not folder.exists(), "nothing is made before there is something to save"
    for step in range(3):
        writer.put({"a": str(step).encode(), f"b/{step}": b""}, ("b/1",), summary=SUMMARY._replace(step=step))
        assert writer.flush(LONG)
        assert writer.path is not None
        assert read(writer.path).header.step == step
    assert writer.close(LONG)
    assert writer.path is not None
    assert writer.name == writer.path.stem
    assert read(writer.path).records == {"a": b"2", "b/0": b"", "b/2": b""}
    assert list(folder.iterdir()) == [writer.path]
    assert writer.close(LONG), "a second time says the same"


def test_nobody_waits_for_the_disk_and_what_waits_is_written_at_once(folder: Path, disk: Disk) -> None:
    writer = Writer(folder)
    disk.stop()
    writer.put({"a": b"0"}, summary=SUMMARY)
    assert disk.reached.wait(LONG)
    for number in range(1, 100):
        writer.put({"a": str(number).encode(), f"b/{number}": b"x"}, (f"b/{number - 1}", "c"), summary=SUMMARY)
    writer.put({"c": b"3"}, ("c",), summary=SUMMARY._replace(step=99))
    assert not writer.flush(0), "it says that it is not done"
    disk.free.set()
    assert writer.flush(LONG)
    assert disk.writes == [
        {"a": b"0"},
        {"a": b"99", **dict.fromkeys(f"b/{n}" for n in range(99)), "b/99": b"x", "c": b"3"},
    ]
    assert writer.close(LONG)
    assert writer.path is not None
    header, records = read(writer.path)
    assert (header.step, records) == (99, {"a": b"99", "b/99": b"x", "c": b"3"})


def test_what_failed_is_tried_again_with_what_comes_next(folder: Path, disk: Disk) -> None:
    writer = Writer(folder)
    full = RunError("the disk is full")
    writer.put({"a": b"1", "b": b"1", "c": b"1"}, summary=SUMMARY)
    assert writer.flush(LONG)
    disk.failing = [full, full]
    writer.put({"a": b"2", "b": b"2"}, summary=SUMMARY)
    assert not writer.flush(LONG)
    writer.put({"d": b"3"}, ("a",), summary=SUMMARY._replace(step=3))
    assert writer.flush(LONG) is (disk.failing == [] and writer.error is None)
    writer.put({}, summary=SUMMARY._replace(step=4))
    assert writer.close(LONG)
    assert writer.path is not None
    header, records = read(writer.path)
    assert (header.step, records) == (4, {"b": b"2", "c": b"1", "d": b"3"})


def test_what_cannot_be_saved_is_said_and_the_old_stays(folder: Path, disk: Disk) -> None:
    path = save(folder, {"a": b"1"})
    disk.failing = [RunError("the disk is full")] * 9
    writer = Writer(folder, RunFile.own(path))
    writer.put({"a": b"2"}, summary=SUMMARY)
    assert not writer.flush(LONG)
    assert writer.error == "the disk is full"
    assert not writer.flush(LONG), "it was tried again, in vain"
    assert not writer.close(LONG)
    assert writer.error == "the disk is full"
    assert read(path).records == {"a": b"1"}
    assert list(folder.iterdir()) == [path]


def test_a_failure_that_nobody_thought_of_is_told_and_the_thread_lives(folder: Path, disk: Disk) -> None:
    writer = Writer(folder)
    disk.failing = [ZeroDivisionError("oops")]
    writer.put({"a": b"1"}, summary=SUMMARY)
    assert disk.reached.wait(LONG)
    writer.flush(LONG)
    writer.put({"b": b"2"}, summary=SUMMARY)
    assert writer.flush(LONG)
    assert writer.close(LONG)
    assert writer.path is not None
    assert read(writer.path).records == {"a": b"1", "b": b"2"}


def test_who_leaves_does_not_wait_longer_than_he_wants(folder: Path, disk: Disk) -> None:
    writer = Writer(folder)
    disk.stop()
    writer.put({"a": b"1"}, summary=SUMMARY)
    assert not writer.close(0)
    assert writer.error == "the run is not saved after 0 seconds"
    disk.free.set()
    assert writer.close(LONG)
    assert writer.error is None
    assert writer.path is not None
    assert read(writer.path).records == {"a": b"1"}


def test_a_closed_writer_takes_nothing(folder: Path) -> None:
    writer = Writer(folder)
    assert writer.close(LONG)
    assert not folder.exists()
    with pytest.raises(ValueError, match="closed"):
        writer.put({"a": b"1"}, summary=SUMMARY)


@pytest.mark.parametrize("key", ["", "a b", "ä", "a\n", "a" * 121])
def test_what_is_no_record_is_not_taken(folder: Path, key: str) -> None:
    writer = Writer(folder)
    with pytest.raises(ValueError, match="no record"):
        writer.put({"a": b"1", key: b"1"}, summary=SUMMARY)
    assert writer.close(LONG)
    assert not folder.exists()


def test_a_record_that_no_reader_would_take_is_not_taken(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_writer, "MAX_RECORD", 9)
    writer = Writer(folder)
    writer.put({"a": bytes(9)}, summary=SUMMARY)
    with pytest.raises(ValueError, match="no record"):
        writer.put({"a": bytes(10)}, summary=SUMMARY)
    assert writer.close(LONG)


def test_a_run_that_goes_on_is_let_go_of_though_nothing_was_saved(folder: Path) -> None:
    path = save(folder, {"a": b"1"})
    before = path.read_bytes()
    writer = Writer(folder, RunFile.own(path))
    assert writer.path == path
    with pytest.raises(OpenElsewhereError):
        RunFile.own(path)
    assert writer.close(LONG)
    RunFile.own(path).close()
    assert path.read_bytes() == before


def test_a_run_that_goes_on_stays_in_its_file(folder: Path) -> None:
    path = save(folder, {"a": b"1", "b": b"1"})
    for number in range(3):
        writer = Writer(folder, RunFile.own(path))
        writer.put({"b": str(number).encode()}, summary=SUMMARY)
        assert writer.close(LONG)
        assert list(folder.iterdir()) == [path]
        assert read(path).records == {"a": b"1", "b": str(number).encode()}


def test_a_folder_that_is_a_file_is_said_until_it_is_none(tmp_path: Path, refused: Callable[..., str]) -> None:
    state = tmp_path / "state"
    state.write_text("mine")
    writer = Writer(state / "runs")
    writer.put({"a": b"1"}, summary=SUMMARY)
    assert not writer.flush(LONG)
    assert writer.error == f"the run could not be saved in {state / 'runs'}: it is no folder"
    state.unlink()
    writer.put({"b": b"2"}, summary=SUMMARY)
    assert writer.close(LONG)
    assert writer.path is not None
    assert read(writer.path).records == {"a": b"1", "b": b"2"}


HANDS = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from("abcd"), st.binary(max_size=20)),
        st.sets(st.sampled_from("abcd")),
        st.booleans(),  # whether somebody waits for it
    ),
    max_size=12,
)


@settings(max_examples=settings.default.max_examples // 3 or 1)
@given(HANDS, st.lists(st.booleans(), max_size=12))
def test_in_the_end_the_file_holds_what_a_dictionary_would(
    tmp_path_factory: pytest.TempPathFactory, hands: list[tuple[dict[str, bytes], set[str], bool]], failing: list[bool]
) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        disk = Disk(monkeypatch)
        disk.failing = [RunError("the disk is full") if fails else None for fails in failing]
        writer = Writer(tmp_path_factory.mktemp("state") / "runs")
        model: dict[str, bytes] = {}
        for step, (records, drop, wait) in enumerate(hands):
            writer.put(records, drop, summary=SUMMARY._replace(step=step))
            model = {key: record for key, record in model.items() if key not in drop} | records
            if wait and writer.flush(LONG):
                assert writer.path is not None
                header, found = read(writer.path)
                assert (header.step, found) == (step, model)
        disk.failing = []
        assert writer.close(LONG)
        assert (writer.path is None) == (not hands)
        if writer.path is not None:
            assert read(writer.path).records == model
