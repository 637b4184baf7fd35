"""Forks beside one another, as rows of text: results, and the settings in which they differ. Must not know widgets or
how a fork comes about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from itertools import compress
from typing import NamedTuple

from chainstep.engine.training.setup.mistakes import MISTAKES
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.snapshot.curve import ForkView

from ...render.canvas import numbers
from ..knobs.knob_table import shown

_GAP = 2
_LONGEST_NAME = 24

_HEADINGS = {"optimizer": "optimiser", "batch_size": "batch"}
"""Settings that the screen calls otherwise."""


class Column(NamedTuple):
    """A heading, and a cell for each fork."""

    heading: str
    cells: list[str]
    right: bool
    """Whether it is aligned at the right, as numbers are."""

    @property
    def width(self) -> int:
        """Its widest cell."""
        return max(map(len, (self.heading, *self.cells)))

    def row(self, cell: str) -> str:
        """A cell as wide as the column."""
        return cell.rjust(self.width) if self.right else cell.ljust(self.width)


class Table(NamedTuple):
    """What fits."""

    heading: str
    rows: list[str]
    hidden: list[str]
    """For each fork, what had no room."""


def table(forks: Sequence[ForkView], width: int, mark: str, labels: Sequence[str] = ()) -> Table:
    """The forks in lines of at most `width` cells, `mark` before the current one; `labels` name the
    parameters.

    Name, step and losses always stand there. The settings in which the forks differ come next, then the accuracy, and
    last where a fork left its parent: what has no room is named in `hidden`.
    """
    always = [
        Column("", [mark if fork.current else " " for fork in forks], False),
        Column("fork", [fork.name for fork in forks], False),
        Column("step", [str(fork.step) for fork in forks], True),
        Column("loss", [_loss(fork.loss) for fork in forks], True),
        Column("best", [_loss(fork.best) for fork in forks], True),
    ]
    accuracy = Column("accuracy", ["" if fork.accuracy is None else f"{fork.accuracy:.0%}" for fork in forks], True)
    left = Column("left", [_left(fork) for fork in forks], False)
    settings = [
        Column(_HEADINGS.get(name, name), [_shown(fork.settings, name, labels) for fork in forks], False)
        for name in differing(forks)
    ]
    room = width - sum(column.width + _GAP for column in always) + _GAP
    fitting: list[Column] = []
    hidden: list[Column] = []
    for column in (*settings, accuracy, left):
        fits = any(column.cells) and column.width + _GAP <= room
        room -= fits * (column.width + _GAP)
        (fitting if fits else hidden).append(column)
    results = [column for column in (accuracy, left) if column in fitting]
    columns = [*always, *results, *(column for column in settings if column in fitting)]
    lines = zip(*(column.cells for column in columns), strict=True)
    return Table(
        _line(columns, [column.heading for column in columns]),
        [_line(columns, cells) for cells in lines],
        [
            "   ".join(f"{column.heading} {column.cells[k]}" for column in hidden if column.cells[k])
            for k in range(len(forks))
        ],
    )


def differing(forks: Sequence[ForkView]) -> list[str]:
    """The settings that are not the same in all forks."""
    names = [field.name for field in fields(Settings)]
    return list(compress(names, (len({getattr(fork.settings, name) for fork in forks}) > 1 for name in names)))


def _line(columns: Sequence[Column], cells: Sequence[str]) -> str:
    return (" " * _GAP).join(column.row(cell) for column, cell in zip(columns, cells, strict=True)).rstrip()


def _loss(loss: float | None) -> str:
    return "" if loss is None else numbers.loss(loss)


def _left(fork: ForkView) -> str:
    if fork.parent is None:
        return ""
    return f"{fork.parent} at {fork.since}{', anew from 0' * fork.restarted}"


def _shown(settings: Settings, name: str, labels: Sequence[str]) -> str:
    if name == "mistakes":
        return ", ".join(MISTAKES[mistake].label for mistake in settings.mistakes) or "none"
    if name == "order":
        return "own" if settings.order else "right"
    if name == "frozen":
        # A fork with fewer layers does not have the labels of one with more.
        return ",".join(labels[k] if k < len(labels) else str(k) for k in settings.frozen) or "none"
    return shown(settings, name)
