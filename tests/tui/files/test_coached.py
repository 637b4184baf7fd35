"""Whether the coach is remembered: a file that is whole or nothing. Must not know the coach."""

from __future__ import annotations

from pathlib import Path

import pytest

from chainstep.tui.files.coached import coached, remember


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.undo()  # those that use the app are taken for somebody who knows it
    monkeypatch.setenv("CHAINSTEP_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


def test_it_is_remembered_beside_the_runs_and_for_nobody_elses_eyes(folder: Path) -> None:
    assert not coached()
    remember()
    assert coached()
    assert [(file.name, file.stat().st_mode & 0o777) for file in folder.iterdir()] == [("coach", 0o600)]
    remember()
    assert coached()


@pytest.mark.parametrize("text", [b"", b"coach: do", b"\xff\xfe\x00", b"coach: done\nand more", b"x" * 100_000])
def test_a_broken_memory_is_none_and_is_written_anew(folder: Path, text: bytes) -> None:
    folder.mkdir()
    (folder / "coach").write_bytes(text)
    assert not coached()
    remember()
    assert coached()


def test_where_nothing_can_be_written_nothing_is_remembered_or_said(folder: Path) -> None:
    folder.write_text("a file", encoding="utf-8")
    remember()
    assert not coached()
    folder.unlink()
    (folder / "coach").mkdir(parents=True)
    remember()
    assert not coached()
    assert [each.name for each in folder.iterdir()] == ["coach"], "no draft is left behind"
