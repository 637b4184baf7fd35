"""What the tests of the command line share: the program in a folder of its own. Must not know any command."""

from __future__ import annotations

from pathlib import Path

import pytest

from chainstep.tui.cli import main
from support.command_line import Run, runner


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """The program, in a folder of its own."""
    monkeypatch.setenv("CHAINSTEP_STATE", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    return runner(main, capfd)
