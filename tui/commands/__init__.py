"""The registry of commands: id, keys, words and action. Bindings, borders, footer, help and palette all come of it.

Knows names only; must not know how a command is carried out: an action is the name of a method of the screens that it
belongs to.
"""

from __future__ import annotations

from textual.binding import Binding

from .debugging import DEBUGGING
from .entry import ALWAYS, SCREENS, TRACE, TRAIN, Entry
from .knobs import KNOBS
from .lessons import LESSONS
from .listing import LISTING
from .looking import LOOKING
from .program import PROGRAM
from .stepping import STEPPING

__all__ = [
    "ALWAYS",
    "ENTRIES",
    "GROUPS",
    "SCREENS",
    "TRACE",
    "TRAIN",
    "Entry",
    "bindings",
    "entries",
    "footer",
    "of_pane",
    "sections",
]

ENTRIES = (*STEPPING, *DEBUGGING, *KNOBS, *LOOKING, *LISTING, *LESSONS, *PROGRAM)
"""Every command, in the order of the help page."""

GROUPS = tuple(dict.fromkeys(entry.group for entry in ENTRIES))
"""The help page's headings."""


def entries(screen: str) -> list[Entry]:
    """The commands of a screen."""
    return [entry for entry in ENTRIES if screen in entry.screens]


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


def of_pane(screen: str, pane: str) -> list[Entry]:
    """The commands of a screen that belong to one pane of it, the most needed first."""
    return [entry for entry in entries(screen) if pane in entry.panes]


def sections(screen: str, pane: str = "") -> list[tuple[str, list[Entry]]]:
    """All commands under headings: first those of the pane that one comes from, then its screen's, then the other's."""
    own = of_pane(screen, pane)
    here = [entry for entry in entries(screen) if entry not in own]
    found = [(f"Here: {pane.replace('-', ' ').capitalize()}", own)] if own else []
    found += [(name, [entry for entry in here if entry.group == name]) for name in GROUPS]
    found.append(("On the other screen: x leads there", [entry for entry in ENTRIES if screen not in entry.screens]))
    return [(name, some) for name, some in found if some]


def footer(screen: str, *, script: bool = False) -> list[Entry]:
    """The keys that a screen's footer shows whichever pane has the focus, the most needed first; `script` says that
    what a user's script did is replayed.
    """
    common = (entry for entry in entries(screen) if entry.footer and entry.scripts in (None, script))
    return sorted(common, key=lambda entry: entry.footer)
