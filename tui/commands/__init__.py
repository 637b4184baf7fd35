"""The registry of commands: id, keys, words and action. Bindings, borders, footer, help and palette all come of it.

Knows names only; must not know how a command is carried out: an action is the name of a method of the screens that it
belongs to.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import NamedTuple

from textual.actions import parse
from textual.binding import Binding

from .classroom import CLASSROOM
from .debugging import DEBUGGING
from .entry import ALWAYS, EVERYTHING, FILES, OTHERS, SCREENS, SESSION, TRACE, TRAIN, Entry
from .knobs import KNOBS
from .lessons import LESSONS
from .listing import LISTING
from .looking import LOOKING
from .program import PROGRAM
from .stepping import STEPPING

__all__ = [
    "ALWAYS",
    "ENTRIES",
    "EVERYTHING",
    "FILES",
    "GROUPS",
    "OTHERS",
    "SCREENS",
    "SESSION",
    "TRACE",
    "TRAIN",
    "Entry",
    "bindings",
    "entries",
    "footer",
    "methods",
    "of_pane",
    "sections",
]

ENTRIES = (*STEPPING, *DEBUGGING, *KNOBS, *LOOKING, *LISTING, *LESSONS, *CLASSROOM, *PROGRAM)
"""Every command, in the order of the help page."""

GROUPS = tuple(dict.fromkeys(entry.group for entry in ENTRIES))
"""The help page's headings."""


def entries(screen: str, allowed: Collection[str] = EVERYTHING) -> list[Entry]:
    """The commands of a screen; of all only those that reach what is `allowed`, here and below."""
    return [entry for entry in ENTRIES if screen in entry.screens and entry.reaches in allowed]


def bindings(screen: str) -> list[Binding]:
    """A screen's key bindings.

    All have priority: a key that first went to the pane with the focus could be overtaken by one that did not.
    """
    return [
        Binding(
            entry.keys,
            entry.action,
            entry.label,
            show=False,
            key_display=entry.shown,
            priority=True,
            tooltip=entry.help,
            id=entry.id,
        )
        for entry in entries(screen)
    ]


class Methods(NamedTuple):
    """The names of the actions that carry out what is allowed, and of those that carry out what is not."""

    allowed: frozenset[str]
    forbidden: frozenset[str]


@cache
def methods(allowed: frozenset[str]) -> Methods:
    """The names of all commands' actions."""
    names = [(parse(entry.action)[1], entry.reaches in allowed) for entry in ENTRIES]
    return Methods(frozenset(name for name, may in names if may), frozenset(name for name, may in names if not may))


def of_pane(screen: str, pane: str, allowed: Collection[str] = EVERYTHING) -> list[Entry]:
    """The commands of a screen that belong to one pane of it, the most needed first."""
    return [entry for entry in entries(screen, allowed) if pane in entry.panes]


def sections(screen: str, pane: str = "", allowed: Collection[str] = EVERYTHING) -> list[tuple[str, list[Entry]]]:
    """All commands under headings: first those of the pane that one comes from, then its screen's, then the other's."""
    own = of_pane(screen, pane, allowed)
    here = [entry for entry in entries(screen, allowed) if entry not in own]
    there = [entry for entry in ENTRIES if screen not in entry.screens and entry.reaches in allowed]
    found = [(f"Here: {pane.replace('-', ' ').capitalize()}", own)] if own else []
    found += [(name, [entry for entry in here if entry.group == name]) for name in GROUPS]
    found.append(("On the other screen: x leads there", there))
    return [(name, some) for name, some in found if some]


def footer(
    screen: str, *, script: bool = False, led: bool = False, allowed: Collection[str] = EVERYTHING
) -> list[Entry]:
    """The keys that a screen's footer shows whichever pane has the focus, the most needed first; `script` says that
    what a user's script did is replayed, `led` that somebody else leads.
    """
    common = (
        entry
        for entry in entries(screen, allowed)
        if entry.footer and entry.scripts in (None, script) and not (led and entry.leading)
    )
    return sorted(common, key=lambda entry: entry.footer)
