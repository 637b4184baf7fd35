"""Whether the first record has the columns' names, and what they are called. Must not know what a column means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..printable import printable
from .cells import Column, plain_number
from .spellings import is_missing, written_number


class Header(NamedTuple):
    """The names of m columns, all different."""

    names: tuple[str, ...]
    named: bool
    """The file has names; else they are x0, x1 and so on."""
    named_by_first: bool
    """The first record has the names; else it is the first row of data."""
    why: str
    """How that was found out, in words."""
    unnamed: tuple[int, ...]
    """Columns, from 0, whose name is empty in the file."""
    notes: tuple[str, ...]
    """What was changed in the names."""


def header_of(
    first: Sequence[str], columns: Sequence[Column], claimed: bool | None, above: Sequence[str] | None
) -> Header:
    """Decide on the first record; `columns` hold the cells below it. `claimed` overrules what is found out, and `above`
    is the comment right above the first record, where that is as wide.

    The first record is a header if text stands over numbers in some column, or if all of it is text, but for the first
    cell, and none comes again below it in its column.
    """
    first = [cell.strip() for cell in first]
    if claimed is not None:
        named, why = claimed, "as you say"
    elif above is not None and not _over_numbers(first, columns):
        cells = [cell.strip() for cell in above]
        return _named(cells, named_by_first=False, why="a comment above the first row names the columns")
    else:
        named, why = _found(first, columns)
    if named:
        return _named(first, named_by_first=True, why=why)
    names = tuple(f"x{k}" for k in range(len(columns)))
    return Header(names, False, False, why, (), ())


def _found(first: Sequence[str], columns: Sequence[Column]) -> tuple[bool, str]:
    over = _over_numbers(first, columns)
    if over:
        return True, f"'{printable(over)}' stands over numbers"
    # Names of the rows often have no name themselves.
    named = first[1:] if len(first) > 1 and not first[0] else first
    decimal = columns[0].decimal
    odd = next((cell for cell in named if not _is_text(cell, decimal)), None)
    if odd is not None:
        return False, f"'{printable(odd)}' is no name" if odd else "a cell of it is empty"
    for cell, column in zip(first, columns, strict=True):
        if cell and cell in column.texts:
            return False, f"'{printable(cell)}' comes again below it"
    return True, "all of it is text, and none comes again below it"


def _over_numbers(first: Sequence[str], columns: Sequence[Column]) -> str:
    """A text that stands over numbers; none where there is no such."""
    pairs = zip(first, columns, strict=True)
    return next((cell for cell, column in pairs if _is_text(cell, column.decimal) and _is_number_column(column)), "")


def _is_text(cell: str, decimal: str) -> bool:
    return not is_missing(cell) and written_number(cell, decimal) is None and plain_number(cell, decimal) is None


def _is_number_column(column: Column) -> bool:
    """All of its cells are numbers, or missing, and some are numbers."""
    if all(is_missing(text) for text in column.texts):
        return column.plain() > 0
    return all(is_missing(text) or written_number(text, column.decimal) is not None for text in column.texts)


def _named(cells: Sequence[str], *, named_by_first: bool, why: str) -> Header:
    """The names that cells give, each made different from those before it."""
    names: list[str] = []
    notes: list[str] = []
    unnamed = tuple(index for index, cell in enumerate(cells) if not cell)
    taken = set(cells)
    for index, cell in enumerate(cells):
        name = cell or f"column {index + 1}"
        number = 2
        while name in names or (name != cell and name in taken):
            name = f"{cell or 'column'} {number}"
            number += 1
        if cell and name != cell:
            notes.append(f"column {index + 1} is called '{printable(name)}': '{printable(cell)}' is there already")
        names.append(name)
    return Header(tuple(names), True, named_by_first, why, unnamed, tuple(notes))
