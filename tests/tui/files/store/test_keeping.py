"""What is due, what is told and what is deleted, by dates alone. Must not know how runs are stored."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.tui.files.store import keeping
from chainstep.tui.files.store.file import RunFile
from chainstep.tui.files.store.folder import pin
from chainstep.tui.files.store.format import Header
from chainstep.tui.files.store.keeping import KEPT, automatic, deletable, due, keep, notice, tell
from chainstep.tui.files.store.reading import Run, list_runs
from chainstep.tui.files.store.told import TOLD, Told, read_told
from support.cases import each
from support.runs.files import NOW, save

DAY = timedelta(days=1)


def run(number: int, age: timedelta = 40 * DAY, *, name: str = "", pinned: bool = False) -> Run:
    """The run that comes at this place in the list."""
    saved = NOW - age
    path = Path(f"{name or f'moons-20260101-{number:06}'}.chainstep")
    return Run(path, Header("moons", "{}", 1, 0.5, saved, saved, 10_000 - number, pinned, 0))


def told(runs: list[Run], at: datetime) -> dict[str, Told]:
    return {each.path.stem: Told(each.header.saved, at) for each in runs}


@each(
    ("name", "ours"),
    [
        ("moons-20260301-120000", True),
        ("my-data-20260301-120000-12", True),
        ("mine", False),
        ("moons-20260301", False),
        ("moons-20260301-120000-before-the-change", False),
        ("-20260301-120000", False),
        ("20260301-120000", False),
    ],
)
def test_a_name_of_the_users_is_told_from_one_of_ours(name: str, ours: bool) -> None:
    assert automatic(name) is ours


def test_what_is_old_and_behind_the_newest_is_due() -> None:
    runs = [run(number) for number in range(KEPT + 3)]
    assert due(runs[:KEPT], NOW) == []
    assert due(runs, NOW) == runs[KEPT:]
    assert due([run(number, 30 * DAY) for number in range(KEPT + 3)], NOW) == [], "not older than 30 days"
    assert due([*runs[:KEPT], run(91, pinned=True), run(92, name="mine"), run(93)], NOW) == [run(93)]
    named = [run(number, name=f"mine{number}") for number in range(KEPT)]
    assert due([*named, *runs[:KEPT]], NOW) == [], "names of the user's take nobody's place"


def test_nothing_goes_before_it_was_told_a_day_ago() -> None:
    runs = [run(number) for number in range(KEPT + 2)]
    late = runs[KEPT:]
    assert deletable(runs, {}, NOW) == []
    assert deletable(runs, told(late, NOW - DAY), NOW) == late
    assert deletable(runs, told(late, NOW - DAY + timedelta(seconds=1)), NOW) == []
    assert deletable(runs, told(late[:1], NOW - 5 * DAY), NOW) == late[:1]
    assert deletable(runs, told(runs, NOW - 5 * DAY), NOW) == late, "to be told is not enough"


def test_a_run_that_was_saved_again_was_not_told() -> None:
    runs = [run(number) for number in range(KEPT + 1)]
    before = told([run(KEPT, 60 * DAY)], NOW - 50 * DAY)
    assert deletable(runs, before, NOW) == []


def test_a_clock_that_is_or_was_wrong_deletes_nothing() -> None:
    runs = [run(number) for number in range(KEPT + 2)]
    late = runs[KEPT:]
    assert deletable(runs, told(late, NOW + DAY), NOW) == [], "told in the future"
    assert deletable(runs, told(late, late[0].header.saved), NOW) == [], "told before it was saved"
    assert due([*runs[:KEPT], run(KEPT, -5 * DAY)], NOW) == [], "saved in the future"
    assert due(runs, NOW - 39 * DAY) == []


@given(
    st.lists(st.tuples(st.integers(-100, 100), st.booleans(), st.booleans()), max_size=80),
    st.dictionaries(st.integers(0, 79), st.tuples(st.integers(-100, 100), st.integers(-100, 100))),
)
def test_what_goes_is_what_the_rules_say(rows: list[tuple[int, bool, bool]], notes: dict[int, tuple[int, int]]) -> None:
    runs = [
        run(number, age * DAY, name=f"mine{number}" if named else "", pinned=pinned)
        for number, (age, named, pinned) in enumerate(rows)
    ]
    said = {f"moons-20260101-{n:06}": Told(NOW - saved * DAY, NOW - at * DAY) for n, (saved, at) in notes.items()}
    gone = deletable(runs, said, NOW)

    assert set(gone) <= set(due(runs, NOW))
    for one in gone:
        note = said[one.path.stem]
        assert one.header.saved == note.saved < note.told <= NOW - DAY
        assert NOW - one.header.saved > 30 * DAY
        assert not one.header.pinned
        assert sum(automatic(other.path.stem) for other in runs[: runs.index(one)]) >= KEPT


def test_the_notice_says_how_many_from_when_and_how_to_keep_one() -> None:
    assert notice([]) == ""
    assert notice([run(1)]) == (
        "1 run from before 2026-01-21 will be deleted at a next start; chainstep resume --pin NAME keeps one"
    )
    assert notice([run(1, 60 * DAY), run(2, 50 * DAY)]).startswith("2 runs from before 2026-01-11 ")


def test_runs_come_and_go_as_starts_pass(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "KEPT", 2)
    paths = [save(folder, {"a": b"1"}, now=NOW + timedelta(hours=hour)) for hour in range(6)]
    later = NOW + 40 * DAY
    open_elsewhere = RunFile.own(paths[0])

    assert keep(folder, NOW + 2 * DAY) == []
    late = keep(folder, later)
    assert [each.path for each in late] == paths[3::-1]
    assert keep(folder, later + 9 * DAY) == late, "nobody was told"
    tell(folder, late, later)
    assert keep(folder, later) == late
    pin(paths[1])
    save(folder, {}, now=later)  # the next one is due now, too
    after = keep(folder, later + DAY)
    assert [each.path for each in after] == [paths[4], paths[0]]
    left = [paths[0], paths[1], paths[4], paths[5]]
    assert [path for path in paths if path.exists()] == left

    # What was told stays told, and its day is the first one.
    tell(folder, after, later + DAY)
    open_elsewhere.close()
    assert [each.path for each in keep(folder, later + DAY)] == [paths[4]]
    assert [path for path in paths if path.exists()] == left[1:]
    assert keep(folder, later + 2 * DAY) == []
    assert [path for path in paths if path.exists()] == [paths[1], paths[5]]
    assert {path.suffix for path in folder.iterdir()} == {".chainstep", ".json"}


def test_what_is_damaged_or_not_ours_is_never_deleted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "KEPT", 0)
    torn = save(folder, {"a": b"1"})
    torn.write_bytes(torn.read_bytes()[:4_000])
    letter = folder / "letter-20200101-120000.chainstep"
    letter.write_text("a letter")
    old = folder / "moons-20200101-120000.json"
    old.write_text("{}")
    whole = save(folder, {"a": b"1"})
    for day in (40, 50, 60):
        tell(folder, keep(folder, NOW + day * DAY), NOW + day * DAY)
    assert not whole.exists()
    assert {torn, letter, old} <= set(folder.iterdir())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "7",
        "[" * 100_000,
        '{"a": 7}',
        '{"a": ["2026-01-01T00:00:00+00:00"]}',
        '{"a": ["yesterday", "today"]}',
        '{"a": ["2026-01-01", "2026-01-02"]}',
        '{"a": [null, null]}',
        "\udcff",
    ],
    ids=range(10),
)
def test_a_note_that_is_not_what_was_written_says_nothing(folder: Path, text: str) -> None:
    folder.mkdir(parents=True)
    (folder / TOLD).write_text(text, errors="surrogateescape")
    assert read_told(folder) == {}


def test_a_note_that_is_no_file_keeps_nobody(folder: Path) -> None:
    folder.mkdir(parents=True)
    os.mkfifo(folder / TOLD)
    assert read_told(folder) == {}
    (folder / TOLD).unlink()
    with (folder / TOLD).open("wb") as file:
        file.truncate(2**30)
    assert read_told(folder) == {}


def test_a_note_that_cannot_be_written_is_none(tmp_path: Path) -> None:
    tell(tmp_path / "nowhere", [run(1)], NOW)
    (tmp_path / TOLD).mkdir()
    tell(tmp_path, [run(1)], NOW)
    assert [path.name for path in tmp_path.iterdir()] == [TOLD]


def test_the_note_is_one_that_can_be_read(folder: Path) -> None:
    folder.mkdir(parents=True)
    tell(folder, [run(1), run(2)], NOW)
    assert json.loads((folder / TOLD).read_text()) == {
        f"moons-20260101-00000{number}": ["2026-01-20T12:00:00+00:00", "2026-03-01T12:00:00+00:00"] for number in (1, 2)
    }
    assert read_told(folder) == told([run(1), run(2)], datetime(2026, 3, 1, 12, tzinfo=UTC))
    assert list_runs(folder) == ((), ())
