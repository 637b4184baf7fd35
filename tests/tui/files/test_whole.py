"""A file is there whole or not at all. Must not know whose."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chainstep.tui.files.whole import write_whole


def test_it_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_whole(path, b"one\r\n", 0o600)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"one\r\n", 0o600)
    write_whole(path, b"two")
    assert (path.read_bytes(), [*tmp_path.iterdir()]) == (b"two", [path])


def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"one")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"two")
    assert (path.read_bytes(), [*tmp_path.iterdir()]) == (b"one", [path])


def test_a_draft_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    draft = tmp_path / f".file.{os.getpid()}"
    draft.write_bytes(b"theirs")
    with pytest.raises(FileExistsError):
        write_whole(tmp_path / "file", b"ours")
    assert [*tmp_path.iterdir()] == [draft]
