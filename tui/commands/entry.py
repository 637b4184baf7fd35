"""What a command is: id, keys, words, and the action that carries it out. Must not know any command."""

from __future__ import annotations

from typing import NamedTuple

TRAIN, TRACE = "train", "trace"

SCREENS = (TRAIN, TRACE)
"""The names of the screens that have commands."""


class Entry(NamedTuple):
    """One command."""

    id: str
    keys: str
    """Textual's names of its keys, separated by commas."""
    shown: str
    """The keys as the footer and the help print them."""
    label: str
    """The footer's word."""
    help: str
    """One sentence on what it does."""
    group: str
    action: str
    footer: int = 0
    """Its rank in the footer, the lowest first; 0 keeps it out."""
    screens: tuple[str, ...] = SCREENS
    """The screens that it belongs to."""
