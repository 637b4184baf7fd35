"""How pictures are kept: each in a text file of its own; and on what they are drawn. Must not know what is drawn."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode


class TextFile(SingleFileSnapshotExtension):
    """A text, and the line break that a text file ends with."""

    file_extension = "txt"
    _write_mode = WriteMode.TEXT

    def serialize(self, data: str, **_: object) -> str:
        return f"{data}\n"


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(TextFile)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of all colours, on which all that is to be seen is there at once and stays."""
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setattr("chainstep.tui.playback.plotter.APART", 0.0)
    monkeypatch.setattr("textual.widgets.Input._toggle_cursor", lambda _: None)  # it does not blink
