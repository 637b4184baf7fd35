"""Statements of Python source, each under its guards, on lines of a readable length. Must not know tapes, networks or
training.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

COLUMNS = 116
"""Longer statements are wrapped."""

TRAIN = (
    "def train(numbers, work, knobs):",
    '    """Train by whole steps; `work` has the samples of a step in one piece or in several.',
    "",
)
"""The first lines of every function; the rest of its docstring follows."""

START = (
    "t, total, wrong, begun = numbers.t, numbers.total, numbers.wrong, numbers.begun",
    "previous = numbers.previous",
    "done, losses, rights = 0, [], []",
    "for rows, size, lr in work:",
)
"""From what is handed in to its loop."""

PIECE = ("done += 1", "begun = lr is None", "if begun:", "    continue")
"""Behind the samples of a piece: whether the step goes on with another one."""

STOP = (
    "numbers.t, numbers.total, numbers.wrong, numbers.begun = t, total, wrong, begun",
    "return done, losses, rights",
)
"""Its last lines."""

Guards = tuple[int, ...]
"""The conditions around a statement by their numbers, the outermost first."""


class Statements:
    """Statements, each under its guards. Neighbours share the `if`s that they have in common."""

    def __init__(self) -> None:
        self.items: list[tuple[Guards, str]] = []

    def add(self, guards: Guards, line: str) -> None:
        """One more statement, of one line or several."""
        self.items.append((guards, line))

    def comment(self, line: str) -> None:
        """A comment before the next statement."""
        if self.items and self.items[-1][1].startswith("# "):
            self.items.pop()
        self.items.append(((), f"# {line}"))

    def lines(self, conditions: Mapping[int, str], indent: int) -> Iterator[str]:
        """The statements as source; `conditions` are what the guards' numbers stand for."""
        open_: Guards = ()
        remark = ""
        for guards, text in self.items:
            if text.startswith("# "):
                remark = text
                continue
            common = 0
            while common < min(len(guards), len(open_)) and guards[common] == open_[common]:
                common += 1
            if remark:
                yield " " * (indent + 4 * common) + remark
                remark = ""
            for n in range(common, len(guards)):
                yield f"{' ' * (indent + 4 * n)}if {conditions[guards[n]]}:"
            open_ = guards
            for line in text.split("\n"):
                yield from wrapped(line, indent + 4 * len(guards))


def wrapped(line: str, indent: int, columns: int = COLUMNS) -> list[str]:
    """A statement on one line or, if it is too long, its right-hand side in brackets on several."""
    pad = " " * indent
    left, sign, right = line.partition(" = ")
    if indent + len(line) <= columns or not sign or " = " in right:
        return [pad + line]
    return [f"{pad}{left} = (", *_filled(re.split(r" (?=[+-] )", right), indent + 4, columns), f"{pad})"]


def zeroed(names: Sequence[str]) -> list[str]:
    """The statements that set variables to 0."""
    return [" = ".join((*names[start : start + 8], "0.0")) for start in range(0, len(names), 8)]


def batch_loss(*, mean: bool, penalties: Iterable[str]) -> Iterator[str]:
    """The loss of the batch from the sum of its samples', with the statements that add its penalties."""
    yield "# the batch's loss"
    yield "loss = total / size" if mean else "loss = total"
    yield from penalties
    yield "losses.append(loss)"
    yield "rights.append(size - wrong)"


def with_tuple(before: str, names: Sequence[str], after: str, indent: int) -> list[str]:
    """A statement with a tuple of names in it."""
    pad = " " * indent
    inner = ", ".join(names) if len(names) > 1 else f"({', '.join((*names, ''))[:-1]})" if names else "()"
    if len(pad + before + inner + after) <= COLUMNS:
        return [pad + before + inner + after]
    return [f"{pad}{before}(", *_filled([f"{name}," for name in names], indent + 4), f"{pad}){after}"]


def _filled(words: Iterable[str], indent: int, columns: int = COLUMNS) -> list[str]:
    """Words on as few lines as they need."""
    pad = " " * indent
    lines: list[str] = []
    line = ""
    for word in words:
        if line and len(line) + len(word) >= columns:
            lines.append(line)
            line = ""
        line = f"{line} {word}" if line else pad + word
    return [*lines, line]
