"""What a command is: id, keys, words, and the action that carries it out. Must not know any command."""

from __future__ import annotations

from chainstep.engine.records import record, replace

TRAIN, TRACE = "train", "trace"

ALWAYS = 900
"""The rank in the footer from which on a command has room always."""

SCREENS = (TRAIN, TRACE)
"""The names of the screens that have commands."""

REACHES = ("session", "files", "processes", "shell", "others", "sharing")
SESSION, FILES, PROCESSES, SHELL, OTHERS, SHARING = REACHES
"""What a command may reach: the session, its screen and the run store alone; or other files, other processes, the shell
behind the app, what others do, what others get to see.
"""

EVERYTHING = frozenset(REACHES)
"""Where nothing is forbidden."""


@record
class Entry:
    """One command."""

    id: str
    keys: str
    """Textual's names of its keys, separated by commas."""
    label: str
    """The footer's word."""
    help: str
    """One sentence on what it does."""
    action: str = ""
    """What carries it out: a method `action_…` of its screens or, as `app.…`, of the app; as its id says, if empty."""
    shown: str = ""
    """The keys as the footer and the help print them, if otherwise than Textual names them."""
    footer: int = 0
    """Its rank among the footer's common keys, the lowest first; 0 keeps it out of them."""
    scripts: bool | None = None
    """Whether it is common where a user's script is replayed, and there alone; False where it is there of no use."""
    screens: tuple[str, ...] = SCREENS
    """The screens that it belongs to."""
    panes: tuple[str, ...] = ()
    """The panes in whose borders it stands, by their ids."""
    opens: bool = False
    """It only opens something to look at, and by itself leaves the session as it is."""
    tells: str = ""
    """What of it would tell what a lesson asks, with its verb; empty where nothing would."""
    leading: bool = False
    """It is for whoever leads a session, and of no use to who looks on."""
    reaches: str = ""
    """The most that it reaches, be it by a dialog that it opens; as its group says, if empty."""
    group: str = ""
    """The help page's heading."""

    def found(self, wanted: str) -> int | None:
        """How well it is what somebody looks for who types `wanted`, the best first; None where it is not.

        A single character is a key or the beginning of a label; all else is looked for word by word.
        """
        wanted = wanted.strip()
        folded, label = wanted.casefold(), self.label.casefold()
        keys = (self.shown, *self.shown.split())
        if wanted in keys:
            return 0
        if folded in (label, *(key.casefold() for key in keys)):
            return 1
        if label.startswith(folded):
            return 2
        text = f"{label} {self.shown} {self.help} {self.group}".casefold()
        if len(wanted) == 1 or not all(word in text for word in folded.split()):
            return None
        return 3 if all(word in label for word in folded.split()) else 4


def group(
    name: str, *entries: Entry, reaches: str, screens: tuple[str, ...] | None = None, leading: bool = False
) -> tuple[Entry, ...]:
    """A group of commands, with what they leave unsaid; `screens` where all belong to the same, `leading` where all are
    for whoever leads.
    """
    return tuple(
        replace(
            entry,
            group=name,
            action=entry.action or entry.id,
            shown=entry.shown or entry.keys,
            leading=entry.leading or leading,
            reaches=entry.reaches or reaches,
            screens=screens or entry.screens,
        )
        for entry in entries
    )
