"""The lessons that come with the package, in their order. Must not know what is in them."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent


def files() -> list[Path]:
    """A file a lesson, in the order of their names: `01-a-node-decides.toml` …"""
    return sorted(FOLDER.glob("[0-9][0-9]-*.toml"))
