"""Files from somebody who means harm: one line, at once, and nothing of them is run or believed. Must not know what a
record means.
"""

from __future__ import annotations

import os
import random
import socket
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from chainstep.tui.files.store import format as store_format
from chainstep.tui.files.store.folder import tidy
from chainstep.tui.files.store.format import APPLICATION_ID, FORMAT, MAX_FILE, SCHEMA, Header
from chainstep.tui.files.store.reading import list_runs, read, read_header
from support.runs.files import save

HEADER = "INSERT INTO header SELECT * FROM old.header"
RECORD = "INSERT INTO record SELECT * FROM old.record"
MANY = """
    INSERT INTO sqlite_master WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 9999)
    SELECT 'table', 't' || i, 't' || i, 2, 'CREATE TABLE t' || i || '(a)' FROM n
"""
OURS = (*SCHEMA.values(), HEADER, RECORD)


@pytest.fixture
def crafted(tmp_path: Path) -> Callable[..., Path]:
    """Makes a file by SQL; the tables of a sound one are at hand as `old`."""
    sound = save(tmp_path / "sound", {"a": b"1", "b": bytes(99), "c": bytes(9_999)})

    def craft(*statements: str, application: int = APPLICATION_ID, version: int = FORMAT) -> Path:
        path = tmp_path / "crafted.chainstep"
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("ATTACH ? AS old", (str(sound),))
        connection.execute(f"PRAGMA main.application_id={application}")
        connection.execute(f"PRAGMA main.user_version={version}")
        for statement in statements:
            connection.execute(statement)
        connection.close()
        return path

    return craft


def test_a_file_made_by_hand_as_ours_are_is_one_of_ours(crafted: Callable[..., Path]) -> None:
    assert list(read(crafted(*OURS)).records) == ["a", "b", "c"]


@pytest.mark.parametrize(
    "more",
    [
        ["CREATE TABLE another(a)"],
        ["CREATE INDEX i ON record(size)"],
        ["CREATE VIEW v AS SELECT 1"],
        ["CREATE TRIGGER t AFTER INSERT ON record BEGIN DELETE FROM header; END"],
        ["CREATE VIRTUAL TABLE f USING fts4(a)"],
        ["ANALYZE"],
        ["ALTER TABLE record ADD COLUMN more"],
        ["ALTER TABLE header RENAME COLUMN step TO steps"],
        ["DROP TABLE record"],
        ["DROP TABLE header", "CREATE VIEW header AS SELECT * FROM record"],
        [
            "DROP TABLE header",
            "CREATE VIEW header AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
        ],
        ["DROP TABLE record", "CREATE TABLE record(key TEXT, size INTEGER, crc INTEGER, data BLOB)"],
        ["DROP TABLE record", SCHEMA["record"].replace(" WITHOUT ROWID", "")],
        ["DROP TABLE record", SCHEMA["record"].replace("data BLOB", "data BLOB DEFAULT (random())")],
        ["PRAGMA writable_schema=ON", "UPDATE sqlite_master SET sql = sql || ' ' WHERE name = 'record'"],
        ["PRAGMA writable_schema=ON", "UPDATE sqlite_master SET type = 'x' WHERE name = 'record'"],
        ["PRAGMA writable_schema=ON", "UPDATE sqlite_master SET sql = 'CREATE TABLE ' WHERE name = 'record'"],
        ["PRAGMA writable_schema=ON", "UPDATE sqlite_master SET rootpage = 1 WHERE name = 'record'"],
        ["PRAGMA writable_schema=ON", "UPDATE sqlite_master SET rootpage = 99 WHERE name = 'record'"],
        [
            "PRAGMA writable_schema=ON",
            "UPDATE sqlite_master SET rootpage = (SELECT max(rootpage) FROM sqlite_master)",
        ],
        ["PRAGMA writable_schema=ON", "UPDATE sqlite_master SET type = hex(zeroblob(1000000))"],
        [
            "PRAGMA writable_schema=ON",
            MANY,
        ],
    ],
    ids=lambda more: more[-1][:60],
)
def test_other_tables_than_ours_are_refused(
    crafted: Callable[..., Path], refused: Callable[..., str], more: list[str]
) -> None:
    path = crafted(*OURS, *more)
    for function in (read, read_header):
        assert refused(function, path).startswith("run crafted cannot be opened: ")


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("DELETE FROM header", "it has no header, or several"),
        (HEADER, "it has no header, or several"),
        ("UPDATE header SET step = 8", "its header is not what was written"),
        ("UPDATE header SET what = CAST(x'ff1b' AS TEXT)", ""),
        ("UPDATE header SET source = CAST(zeroblob(200000) AS TEXT)", "it is damaged"),
        ("UPDATE record SET key = 'z' WHERE key = 'a'", "record z is not what was written"),
        ("UPDATE record SET key = char(27) || '[2J' WHERE key = 'a'", "a record has an impossible name"),
        ("UPDATE record SET key = CAST(x'ff' AS TEXT) WHERE key = 'a'", ""),
        ("UPDATE record SET data = zeroblob(200000) WHERE key = 'a'", "it is damaged"),
        ("UPDATE record SET data = zeroblob(100000) WHERE key = 'a'", "record a is not what was written"),
        ("UPDATE record SET size = 1 << 40 WHERE key = 'b'", "record b is too large"),
        ("UPDATE record SET data = 7, crc = 'x'", "record a is not what was written"),
        ("DELETE FROM record", "some of its records are missing"),
    ],
)
def test_rows_that_are_not_ours_are_refused(
    crafted: Callable[..., Path],
    refused: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    statement: str,
    why: str,
) -> None:
    monkeypatch.setattr("chainstep.tui.files.store.connect._LENGTH", 150_000)
    assert refused(read, crafted(*OURS, statement)).endswith(why)


def test_files_of_others_and_of_other_versions_are_refused(
    crafted: Callable[..., Path], refused: Callable[..., str]
) -> None:
    assert refused(read, crafted(*OURS, application=7)).endswith("it is no saved run")
    path = crafted(version=4)
    assert refused(read, path).endswith("it was saved in format 4, this version reads 3")


def test_records_are_no_more_than_they_may_be(
    crafted: Callable[..., Path], refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = crafted(*OURS)
    monkeypatch.setattr("chainstep.tui.files.store.reading.MAX_RECORDS", 2)
    assert refused(read, path).endswith("its records are not in order")
    monkeypatch.setattr("chainstep.tui.files.store.reading.MAX_TOTAL", 9_999)
    assert refused(read, path).endswith("record c is too large")


@pytest.mark.parametrize(
    "content",
    [b"", b"\0", b"\0" * 100_000, b"SQLite format 3\0", b"{}", b"[" * 100_000, b"\xff\xd8\xff", b"a,b\n1,2\n"],
    ids=range(8),
)
def test_files_that_are_something_else_are_refused(tmp_path: Path, refused: Callable[..., str], content: bytes) -> None:
    path = tmp_path / "a.chainstep"
    path.write_bytes(content)
    assert refused(read, path) == "run a cannot be opened: it is no saved run"
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_but_a_regular_file_is_opened(tmp_path: Path, refused: Callable[..., str]) -> None:
    os.mkfifo(tmp_path / "fifo.chainstep")
    (tmp_path / "folder.chainstep").mkdir()
    (tmp_path / "device.chainstep").symlink_to("/dev/zero")
    (tmp_path / "link.chainstep").symlink_to("fifo.chainstep")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(tmp_path / "door.chainstep"))
    for path in sorted(tmp_path.iterdir()):
        for function in (read, read_header):
            assert refused(function, path) == f"run {path.stem} cannot be opened: it is no regular file"
    assert len(list_runs(tmp_path).damaged) == 5
    tidy(tmp_path)

    sound = save(tmp_path / "sound", {"a": b"1"})
    os.mkfifo(f"{sound}-wal")
    assert refused(read, sound).endswith("what is beside it is no regular file")
    tidy(sound.parent)
    assert len(list(sound.parent.iterdir())) == 2


@pytest.mark.parametrize("ending", ["", "-wal", "-journal"])
def test_what_is_too_large_is_not_opened(tmp_path: Path, refused: Callable[..., str], ending: str) -> None:
    path = save(tmp_path, {"a": b"1"})
    with Path(f"{path}{ending}").open("ab") as file:
        file.truncate(MAX_FILE + 1)  # a hole, not a gigabyte
    assert refused(read, path).endswith("it is larger than 1024 MB")


def test_pages_that_lead_in_a_circle_are_left(tmp_path: Path, refused: Callable[..., str]) -> None:
    path = save(tmp_path, {f"block/{number:04}": random.Random(number).randbytes(900) for number in range(500)})
    pages = bytearray(path.read_bytes())
    inner = [start for start in range(4096, len(pages), 4096) if pages[start] == 2]
    assert inner
    (*_, some) = (start for start in range(4096, len(pages), 4096) if pages[start] == 10)
    for target in (some // 4096 + 1, inner[0] // 4096 + 1):
        for start in inner:
            for cell in range(int.from_bytes(pages[start + 3 : start + 5])):
                place = start + int.from_bytes(pages[start + 12 + 2 * cell : start + 14 + 2 * cell])
                pages[place : place + 4] = target.to_bytes(4)
        path.write_bytes(pages)
        began = time.process_time()
        refused(read, path)
        assert time.process_time() - began < 2


def test_a_query_that_never_ends_is_ended(
    crafted: Callable[..., Path], refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chainstep.tui.files.store.connect._MOST_INSTRUCTIONS", 1)
    assert refused(read, crafted(*OURS)) == "run crafted cannot be opened: it is damaged"


def test_names_from_outside_do_nothing_to_a_terminal(tmp_path: Path, refused: Callable[..., str]) -> None:
    for name in ("\x1b]0;title\x07", "a\nb", "\u202eevil", "%41?mode=rwc#", os.fsdecode(b"\xff\xfe")):
        path = tmp_path / f"{name}.chainstep"
        refused(read, path)
        path.write_bytes(save(tmp_path / "sound", {"a": b"1"}).read_bytes())
        assert read(path).records == {"a": b"1"}, "the name is no reason to refuse it"
    listing = list_runs(tmp_path)
    assert len(listing.runs) == 5
    assert all(run.name.isprintable() for run in listing.runs)
    assert len(list(tmp_path.iterdir())) == 6


def test_a_header_from_outside_does_nothing_to_a_terminal(crafted: Callable[..., Path]) -> None:
    path = crafted(*OURS)
    connection = sqlite3.connect(path)
    (row,) = connection.execute("SELECT * FROM header")
    fields = ("\x1b]0;title\x07", *row[1:-1])
    with connection:
        connection.execute("UPDATE header SET what = ?, crc = ?", (fields[0], store_format._check(fields)))
    connection.close()
    assert read_header(path).what == r"\x1b]0;title\x07"
    assert Header.of((*fields, store_format._check(fields))).what.isprintable()
