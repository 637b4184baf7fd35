"""What happened in lessons is kept line by line: nothing is lost but a line that was torn. Must not know texts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chainstep.engine.lessons.events import Answered, Ended, Event, Reached
from chainstep.tui.files.lessons.kept import Keeper, forget, told

ANSWERED = Answered("a", 2, "What?", 0, 1, float("nan"), 2.0, False, False, False)
EVENTS: list[Event] = [Reached("a", 1), ANSWERED, Ended("a"), Reached("b", 1)]


def keep(path: Path, *events: Event) -> list[str]:
    """What was said to be wrong while these were kept."""
    wrong: list[str] = []
    keeper = Keeper(lambda: path, wrong.append)
    for event in events:
        keeper.add(event)
    keeper.close()
    return wrong


def test_what_happens_is_there_again_with_its_time(tmp_path: Path) -> None:
    path = tmp_path / "state" / "lessons.jsonl"
    assert list(told(path)) == []
    assert keep(path, *EVENTS) == []

    found = list(told(path))
    assert [repr(event).replace("'nan'", "nan") for _, event in found] == list(map(repr, EVENTS))
    assert all(time.endswith("+00:00") for time, _ in found)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("torn", [b'{"event": "reached", "les', b"\xff\xfe\x00", b"[" * 3000, b'{"event": "ended"}'])
def test_a_torn_line_is_passed_over_and_the_next_begins_behind_it(tmp_path: Path, torn: bytes) -> None:
    path = tmp_path / "lessons.jsonl"
    keep(path, EVENTS[0])
    with path.open("ab") as file:
        file.write(torn)
    keep(path, EVENTS[2])

    assert [event for _, event in told(path)] == [EVENTS[0], EVENTS[2]]


def test_a_stranger_s_line_is_looked_at_field_by_field(tmp_path: Path) -> None:
    path, sound = tmp_path / "lessons.jsonl", {"event": "reached", "lesson": "a", "beat": 1}
    spoilt = [{"lesson": "\x1b[2J"}, {"lesson": 7}, {"beat": True}, {"beat": "1"}, {"event": "x"}, {"time": "\x1b"}]
    path.write_text("\n".join(json.dumps({**sound, **fields}) for fields in spoilt))

    assert list(told(path)) == [("", Reached("a", 1))]


def test_one_lesson_is_forgotten_or_all(tmp_path: Path) -> None:
    path = tmp_path / "lessons.jsonl"
    keep(path, *EVENTS)

    mode = path.stat().st_mode
    assert forget(path, "c") == 0
    assert forget(path, "a") == 3
    assert path.stat().st_mode == mode, "others may read no more of it than before"
    assert [event for _, event in told(path)] == [EVENTS[3]]
    assert forget(path) == 1
    assert list(tmp_path.iterdir()) == []
    assert forget(path) == 0


def test_where_nothing_can_be_kept_that_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    assert keep(tmp_path / "file" / "lessons.jsonl", *EVENTS) == ["what you learn is not kept: file exists"]
