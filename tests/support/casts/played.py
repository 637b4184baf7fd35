"""Recordings of a terminal (asciicast v2) as a player shows them. Must not know who records."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from support.screen.emulator import Emulator


class Cast(NamedTuple):
    """What a file has: the header, and events of (seconds, kind, data)."""

    header: dict[str, Any]
    events: list[tuple[float, str, str]]

    def data(self, kind: str) -> list[str]:
        """The data of all events of a kind."""
        return [data for _, found, data in self.events if found == kind]

    def played(self) -> Emulator:
        """A terminal that has been shown all of it."""
        shown = Emulator(self.header["width"], self.header["height"])
        for _, kind, data in self.events:
            if kind == "o":
                shown.take_in(data.encode())
            elif kind == "r":
                shown.resize(*map(int, data.split("x")))
        return shown


def read(path: Path) -> Cast:
    """Read a recording; every line of it is whole."""
    header, *events = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    assert header["version"] == 2
    times = [seconds for seconds, _, _ in events]
    assert times == sorted(times)
    return Cast(header, [(seconds, kind, data) for seconds, kind, data in events])
