"""The registry of commands: id, keys, words and action. Bindings, footer, help and palette all come from it.

Must not know how a command is carried out: an action is the name of a method of the Train screen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Entry:
    """One command of the screen."""

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
    """Its rank in the footer, 1 first; 0 keeps it out."""


_STEPPING, _KNOBS, _LOOKING, _PROGRAM = "Stepping", "Knobs", "Looking", "Program"

ENTRIES = (
    Entry(
        "play",
        "space",
        "space",
        "play",
        "Train on, at the speed and up to the step that are set; again to pause.",
        _STEPPING,
        "play",
        1,
    ),
    Entry(
        "forward",
        "right",
        "→",
        "step",
        "Go on to the next boundary of the granularity: one op, one neuron, one layer …",
        _STEPPING,
        "forward",
        2,
    ),
    Entry(
        "back",
        "left",
        "←",
        "back",
        "Go back to the previous boundary: every number is again what it was.",
        _STEPPING,
        "back",
        3,
    ),
    Entry(
        "phase",
        "enter",
        "enter",
        "phase",
        "Run to the next phase: forward, loss, zero_grad, backward, update.",
        _STEPPING,
        "phase",
        4,
    ),
    Entry(
        "finer",
        "left_square_bracket",
        "[",
        "finer",
        "Step by something smaller, down to one op.",
        _STEPPING,
        "granularity(-1)",
    ),
    Entry(
        "coarser",
        "right_square_bracket",
        "]",
        "step by",
        "Step by something larger, up to an epoch.",
        _STEPPING,
        "granularity(1)",
        5,
    ),
    Entry("goto", "g", "g", "go to", "Jump to any step, forwards or back.", _STEPPING, "goto"),
    Entry(
        "restart",
        "r",
        "r",
        "restart",
        "Back to step 0 with the same first weights; the curve stays as a ghost.",
        _STEPPING,
        "restart",
        10,
    ),
    Entry("reseed", "R", "R", "reseed", "Back to step 0 with other first weights.", _STEPPING, "reseed"),
    Entry(
        "slower",
        "less_than_sign,comma",
        "<",
        "slower",
        "Play more slowly, down to one unit of the granularity a second.",
        _STEPPING,
        "speed(-1)",
    ),
    Entry(
        "faster",
        "greater_than_sign,full_stop",
        ">",
        "speed",
        "Play faster, up to as fast as it goes.",
        _STEPPING,
        "speed(1)",
        9,
    ),
    Entry(
        "lr_up",
        "plus,equals_sign",
        "+",
        "lr up",
        "Raise the learning rate: 0.01, 0.03, 0.1, 0.3, 1 …",
        _KNOBS,
        "turn('lr', 1)",
        6,
    ),
    Entry("lr_down", "minus", "-", "lr down", "Lower the learning rate.", _KNOBS, "turn('lr', -1)"),
    Entry("knobs", "k", "k", "knobs", "Every hyperparameter, to be turned while it trains.", _KNOBS, "knobs", 8),
    Entry("edit", "e", "e", "edit", "Put another number into the selected parameter.", _KNOBS, "edit", 11),
    Entry("select_down", "down,j", "↓", "next", "Select the next parameter.", _LOOKING, "select(1)"),
    Entry("select_up", "up", "↑", "previous", "Select the previous parameter.", _LOOKING, "select(-1)"),
    Entry("page_down", "pagedown", "PgDn", "page", "Select ten parameters further on.", _LOOKING, "select(10)"),
    Entry("page_up", "pageup", "PgUp", "page", "Select ten parameters further back.", _LOOKING, "select(-10)"),
    Entry(
        "picture", "n", "n", "picture", "Show the network in another way: wires, grid, card.", _LOOKING, "picture", 13
    ),
    Entry(
        "gradients",
        "d",
        "d",
        "data/grad",
        "Show the network's gradients in place of its data, and back.",
        _LOOKING,
        "gradients",
        14,
    ),
    Entry("log", "l", "l", "log", "Draw the loss on a logarithmic axis, and back.", _LOOKING, "log", 15),
    Entry("predict", "i", "i", "input", "Type an input and see what the network makes of it.", _LOOKING, "predict", 12),
    Entry("toggle_1", "1", "1", "x1", "Turn the first answer of the card round.", _LOOKING, "answer(0)"),
    Entry("toggle_2", "2", "2", "x2", "Turn the second answer of the card round.", _LOOKING, "answer(1)"),
    Entry("toggle_3", "3", "3", "x3", "Turn the third answer of the card round.", _LOOKING, "answer(2)"),
    Entry(
        "next_pane",
        "tab",
        "tab",
        "pane",
        "Go to the next pane; where the terminal is small, show it.",
        _LOOKING,
        "pane(1)",
    ),
    Entry("previous_pane", "shift+tab", "shift+tab", "pane", "Go to the previous pane.", _LOOKING, "pane(-1)"),
    Entry(
        "source",
        "s",
        "s",
        "source",
        "Read the Python function that your network compiles to.",
        _LOOKING,
        "source",
    ),
    Entry("open", "o", "o", "open", "Choose another example.", _PROGRAM, "app.open", 16),
    Entry("theme", "t", "t", "theme", "Turn to the light theme, and back to the dark one.", _PROGRAM, "app.theme"),
    Entry("help", "question_mark", "?", "help", "This page.", _PROGRAM, "help", 7),
    Entry("palette", "ctrl+p", "ctrl+p", "commands", "Find a command by its name.", _PROGRAM, "app.command_palette"),
    Entry(
        "quit",
        "q,ctrl+q",
        "q",
        "quit",
        "Save where you are and leave; `chainstep resume` opens it again.",
        _PROGRAM,
        "app.quit",
        17,
    ),
)
"""Every command, in the order of the help page."""

GROUPS = (_STEPPING, _KNOBS, _LOOKING, _PROGRAM)
"""The help page's headings."""


def bindings() -> list[Binding]:
    """The Train screen's key bindings.

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
        for entry in ENTRIES
    ]


def footer() -> Iterator[Entry]:
    """What the line of keys shows, the most needed first."""
    return iter(sorted((entry for entry in ENTRIES if entry.footer), key=lambda entry: entry.footer))
