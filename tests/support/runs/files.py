"""Runs' files for tests, made in a line. Must not know what is in a session."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from chainstep.tui.files.store.file import RunFile
from chainstep.tui.files.store.format import Summary

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SUMMARY = Summary("moons", '{"kind": "example"}', 7, 0.25)


def save(
    folder: Path, records: Mapping[str, bytes], *, what: str = "moons", now: datetime = NOW, summary: Summary = SUMMARY
) -> Path:
    """A run that was saved and left."""
    file = RunFile.create(folder, what, now)
    file.write(records, summary, now)
    file.close()
    return file.path
