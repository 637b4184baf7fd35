"""Where the stories' runs are saved. Must not know what happens in them."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of the story's own."""
    monkeypatch.setenv("CHAINSTEP_STATE", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
