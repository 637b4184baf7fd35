"""A table by standard input: kept once, beside the runs, and opened again from there."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from chainstep.datasets.dataset import DataError
from chainstep.tui.files.tables.piped import keep_piped


def pipe(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_what_is_piped_is_kept_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAINSTEP_STATE", str(tmp_path))
    kept = []
    for data in (b"a\n", b"a\n", b"b\n"):
        pipe(monkeypatch, data)
        kept.append(Path(keep_piped()))
    assert kept[0] == kept[1] != kept[2]
    assert sorted(tmp_path.glob("tables/*")) == sorted(set(kept))
    assert kept[2].read_bytes() == b"b\n"


def test_a_terminal_is_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, b"")
    with pytest.raises(DataError, match="- is standard input, and it is empty"):
        keep_piped()
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(DataError, match="- is standard input, and no table comes by it"):
        keep_piped()
