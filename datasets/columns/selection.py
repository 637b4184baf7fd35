"""Which columns of a table are learnt from, and what each is taken for. Must not know what is made of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from ..dataset import DataError
from ..printable import printable
from ..reading.cells import Column
from ..reading.table import Table
from .choices import Choices
from .encoders import USED, Encoder
from .kinds import Found, Kind, kind_of
from .targets import Target

_MOSTLY_MISSING = 0.6

_IN_TURN: tuple[Kind, ...] = ("number", "category", "ordinal", "yesno", "date")
"""The kinds that can be learnt from, in the order in which they are offered."""

_MOST_TRIED = 100
"""Different things from which on a table gets too wide to try them as categories; who names the kind gets it."""


class ColumnReport(NamedTuple):
    """What became of a column."""

    column: str
    kind: str
    """A `Kind`, or `target`."""
    used: bool
    """It is learnt from, or predicted."""
    missing: int
    """Rows in which it says nothing that can be read."""
    why: str


def named(table: Table, target: int) -> tuple[str, ...]:
    """The names of the columns; without a header x0, x1 and so on, and y for the target."""
    if table.header.named:
        return table.header.names
    others = [k for k in range(len(table.columns)) if k != target]
    return tuple("y" if k == target else f"x{others.index(k)}" for k in range(len(table.columns)))


def target_column(table: Table, target: str | None) -> int:
    """Index of the target column; a name goes before a number from 1, and None means the last one.

    Raises:
        DataError: there is no such column.
    """
    width = len(table.columns)
    if target is None:
        return width - 1
    target = target.strip()
    if table.header.named and target in table.header.names:
        return table.header.names.index(target)
    # int() refuses thousands of digits, and takes digits of other scripts.
    if re.fullmatch("[0-9]{1,9}", target):
        if 1 <= int(target) <= width:
            return int(target) - 1
        raise DataError(f"there is no column {int(target)}; columns are numbered from 1 to {width}")
    if not table.header.named:
        raise DataError(
            f"there is no column '{printable(target)}': without a header, the target is a number from 1 to {width}"
        )
    raise _unknown(target, table.header.names)


def selected(
    table: Table, names: Sequence[str], target: int, goal: Target, choices: Choices
) -> tuple[tuple[ColumnReport, ...], tuple[Encoder, ...]]:
    """What becomes of each column, and what is made of those that are learnt from.

    Raises:
        DataError: a chosen column is not there or cannot be taken for what is wanted, or none is left.
    """
    for name in (*choices.drop, *choices.only, *choices.kinds):
        if name not in names:
            raise _unknown(name, names)
    if names[target] in choices.drop:
        raise DataError(f"column {printable(names[target])} is the target: it cannot be left out")
    reports, encoders = [], []
    for k, (name, column) in enumerate(zip(names, table.columns, strict=True)):
        if k == target:
            why = f"{len(goal.classes)} classes: {goal.why}" if goal.classes else f"a quantity: {goal.why}"
            reports.append(ColumnReport(name, "target", True, goal.missing, why))
            continue
        found = kind_of(column, name, unnamed=k in table.header.unnamed)
        chosen = name in choices.kinds
        if chosen:
            found = found._replace(kind=choices.kinds[name], why="as you say")
        left_out = _left_out(name, found, len(column), choices, chosen=chosen)
        if not left_out:
            try:
                encoders.append(Encoder.of(column, name, found.kind))
            except ValueError as error:
                raise DataError(f"column {printable(name)} {error}") from None
        why = f"{found.why}; {left_out}" if left_out else found.why
        reports.append(ColumnReport(name, found.kind, not left_out, found.missing, why))
    if not encoders:
        others = len(names) > 1
        raise DataError(
            "no column but the target can be learnt from"
            if others
            else "the target is the only column; there is none to learn from"
        )
    return tuple(reports), tuple(encoders)


def possible_kinds(column: Column) -> tuple[Kind, ...]:
    """What a column can be taken for and learnt from, as somebody may want to try; one of many different things is no
    category.
    """
    many = len(column.texts) + len(column.different(_MOST_TRIED)) > _MOST_TRIED
    possible: list[Kind] = []
    for kind in _IN_TURN:
        if many and kind in ("category", "ordinal"):
            continue
        try:
            Encoder.of(column, "", kind)
        except ValueError:
            continue
        possible.append(kind)
    return tuple(possible)


def _left_out(name: str, found: Found, rows: int, choices: Choices, *, chosen: bool) -> str:
    """Why a column is not learnt from; empty where it is."""
    if name in choices.drop:
        return "left out, as you say"
    if choices.only and name not in choices.only:
        return "left out, as you say"
    if found.kind not in USED:
        return "left out"
    if chosen or name in choices.only:
        return ""
    if found.constant:
        return "left out: it is the same in every row"
    if found.missing > _MOSTLY_MISSING * rows:
        return "left out: it is mostly missing"
    return ""


def _unknown(name: str, names: Collection[str]) -> DataError:
    shown = ", ".join(printable(other) for other in list(names)[:12]) + (", …" if len(names) > 12 else "")
    return DataError(f"there is no column '{printable(name)}'; the columns are {shown}")
