"""A lesson's file is read as data, and knows its lines. Must not know what the data mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from chainstep.datasets import DataError
from chainstep.datasets.lessons.bundled import files
from chainstep.datasets.lessons.reading import of_bytes, read
from support.cases import each

TEXT = '''id = "a"  # 1
[let]
double = "2 * x"
[[beat]]
say = """Two
ask = 'no key'
lines"""
[[beat]]  # 8
ask = "What?"
"answer" = 2
[[beat.wrong]]
answer = 1
words = "one"
[[beat.wrong]]
answer = 3  # 15
[[beat]]
wrong = [{ answer = 1 }]
'''


def test_each_field_knows_its_line() -> None:
    text = of_bytes("a.toml", TEXT.encode())
    places = {
        ("id",): 1,
        ("let", "double"): 3,
        ("beat", 0): 4,
        ("beat", 0, "say"): 5,
        ("beat", 1, "answer"): 10,
        ("beat", 1, "wrong", 0): 11,
        ("beat", 1, "wrong", 1, "answer"): 15,
        ("beat", 1, "missing"): 8,
        ("beat", 2, "wrong", 0, "answer"): 17,
        ("nowhere",): 1,
    }

    assert {place: text.line(place) for place in places} == places


@each(
    ("content", "message"),
    [
        (b'id = "a"\ntitle = b\n', "a.toml:2: Invalid value (column 9)"),
        (b'id = "a\n', "a.toml:1: Illegal character"),
        (b"id = [1,\n\n", "a.toml:3: "),
        (b'id = "\xff"\n', "a.toml:1: this is not UTF-8"),
        (b'id = "a"\nid = "b"\n', "a.toml:2: Cannot overwrite a value"),
        (b"a = " + b"[" * 5000, "a.toml:1: nested too deeply"),
    ],
)
def test_what_is_no_toml_is_told_in_one_line_with_its_number(content: bytes, message: str) -> None:
    with pytest.raises(DataError) as error:
        of_bytes("a.toml", content)

    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there_or_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no such file"):
        read(tmp_path / "a.toml")
    with pytest.raises(DataError, match="this is a directory, not a lesson"):
        read(tmp_path)
    (tmp_path / "large.toml").write_bytes(b"#" * 1_000_001)
    with pytest.raises(DataError, match="may have 1,000,000 bytes"):
        read(tmp_path / "large.toml")


def test_the_bundled_lessons_have_ids_of_their_own_and_need_what_comes_before() -> None:
    known: list[object] = []
    for file in files():
        data = read(file).data
        needs = data.get("needs", [])
        assert isinstance(needs, list)
        assert set(needs) <= set(known), file.name
        known.append(data["id"])

    assert len(set(known)) == len(known)
