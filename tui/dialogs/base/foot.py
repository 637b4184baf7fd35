"""Foot: what is being said, at the foot of the screen, while a dialog lies over it. Must not know what for."""

from __future__ import annotations

from textual.widgets import Static

from ...theme import glyphs


class Foot(Static):
    """One message."""

    def __init__(self, text: str, *, wrong: bool) -> None:
        super().__init__(glyphs().say(text), markup=False, classes="error" if wrong else "")
