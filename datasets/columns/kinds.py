"""What a column is taken for, and why. Must not know what is learnt from it.

A column is told by its cells first, and by its name only where they leave it open: numbers that go up by one may be
years.
"""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from ..blocks import in_blocks
from ..printable import printable
from ..reading.cells import NUMBER, Column
from ..reading.spellings import is_missing, written_number
from .dates import order_of

Kind = Literal["number", "yesno", "category", "ordinal", "date", "text", "identifier", "index"]

MAX_CATEGORIES = 50
"""More make a column free text, or names."""

_MOSTLY = 0.9
"""Of the cells that are there, those that have to be numbers for the others to be slips."""
_ENOUGH = 20
"""Rows from which on that can be said."""
_FEW = 10
"""Rows below which each may well have a text of its own."""
_LONG = 25.0
"""Letters from which on a text is a sentence, in the mean."""

_YES_NO = (("no", "yes"), ("false", "true"), ("n", "y"), ("f", "t"), ("off", "on"))
_COUNTERS = frozenset(
    {"index", "row", "rownames", "rowname", "row.names", "row names", "row_id", "rowid", "nr", "no", "no.", "#"}
)
_IDENTIFIERS = re.compile(r"(?i:(?:.*[ _.-])?(?:id|uid|uuid|guid|identifier|key))|.*[a-z](?:Id|ID)|Unnamed: 0")
"""Pandas calls a column so that had no name."""


class Found(NamedTuple):
    """What a column is taken for."""

    kind: Kind
    why: str
    """In a few words."""
    missing: int
    """Rows in which it says nothing, or nothing that can be read."""
    constant: bool
    """All that it says is the same."""


def kind_of(column: Column, name: str, *, unnamed: bool) -> Found:
    """What a column is taken for; `unnamed` says that the file gives it no name."""
    plain, counts = column.plain(), column.counts()
    numbers = plain + sum(count for text, count in zip(column.texts, counts, strict=True) if _is_written(text, column))
    gaps = sum(count for text, count in zip(column.texts, counts, strict=True) if is_missing(text))
    present = len(column) - gaps
    if present == 0:
        return Found("text", "every cell is empty", gaps, constant=True)
    if numbers == present or (numbers >= _MOSTLY * present and present >= _ENOUGH):
        return _of_numbers(column, name, len(column) - numbers, present - numbers, unnamed=unnamed)
    return _of_texts(column, counts, unnamed=unnamed)


def values(column: Column) -> array[float]:
    """The numbers of a column, NaN where it says none: its own array where all of them are plain."""
    written = [written_number(text, column.decimal) for text in column.texts]
    if not any(number is not None for number in written):
        return column.numbers
    told = [math.nan if number is None else number for number in written]
    rows = zip(column.codes, column.numbers, strict=True)
    return array("d", (number if code == NUMBER else told[code] for code, number in rows))


def folded(column: Column) -> Mapping[str, str]:
    """What the texts of a column of yes and no say, `yes` or `no` in their own words; empty where it is none."""
    texts = [text for text in column.texts if not is_absent(text)]
    said = {text.casefold() for text in texts}
    pair = next((pair for pair in _YES_NO if said and said <= set(pair)), None)
    return {text: text.casefold() for text in texts} if pair and not column.plain() else {}


def is_absent(text: str) -> bool:
    """Whether a text among texts says that there is nothing: `none` may be one of several categories."""
    return is_missing(text) and text.lower() not in ("none", "nil", "missing")


def _is_written(text: str, column: Column) -> bool:
    return not is_missing(text) and written_number(text, column.decimal) is not None


def _of_numbers(column: Column, name: str, missing: int, slips: int, *, unnamed: bool) -> Found:
    numbers: Sequence[float] = values(column)
    if missing:
        numbers = [number for number in numbers if number == number]
    constant = all(map(numbers[0].__eq__, in_blocks(numbers)))
    if not missing and (unnamed or _counter(name)) and _counts(numbers):
        return Found("index", "it counts the rows", 0, constant=False)
    if unnamed and not missing and len(numbers) > 1 and _own_numbers(numbers):
        return Found("index", "each row has its own number", 0, constant=False)
    if _counter(name) and len(numbers) > _FEW and _own_numbers(numbers):
        return Found("identifier", "each row has its own number", missing, constant=False)
    why = "numbers"
    if slips:
        texts = (text for text in column.texts if not is_missing(text) and not _is_written(text, column))
        why = f"numbers, but for {slips} cell{'s' * (slips > 1)} such as '{printable(next(texts), 20)}'"
    return Found("number", why, missing, constant)


def _counter(name: str) -> bool:
    """Whether a column by this name usually numbers the rows."""
    return name.lower() in _COUNTERS or _IDENTIFIERS.fullmatch(name) is not None


def _own_numbers(numbers: Sequence[float]) -> bool:
    """Whether all of them are whole, and none comes twice."""
    return all(map(float.is_integer, in_blocks(numbers))) and len(set(in_blocks(numbers))) == len(numbers)


def _counts(numbers: Sequence[float]) -> bool:
    start = numbers[0]
    return start in (0.0, 1.0) and all(number == start + k for k, number in enumerate(numbers))


def _of_texts(column: Column, counts: Sequence[int], *, unnamed: bool) -> Found:
    """Numbers among texts are texts, too."""
    there = {text: count for text, count in zip(column.texts, counts, strict=True) if not is_absent(text)}
    present = sum(there.values()) + column.plain()
    missing = len(column) - present
    if folded(column):
        said = sorted({text.casefold() for text in there})
        return Found("yesno", " or ".join(said), missing, constant=len(said) == 1)
    order = None if column.plain() else order_of(there)
    if order is not None:
        return Found("date", f"dates: {order.words}", missing, constant=len(there) == 1)
    different = len(there) + len(column.different())
    if different == present and unnamed:
        return Found("index", "names of the rows", missing, constant=False)
    if different == present and present > _FEW and _length(there) < _LONG:
        return Found("identifier", "each row has its own", missing, constant=False)
    if different > 1 and _length(there) >= _LONG and different > present / 2 and present > _FEW:
        return Found("text", "free text", missing, constant=False)
    if different > MAX_CATEGORIES or (different > present / 2 and present >= _ENOUGH):
        return Found("identifier", f"{different} different texts in {present} rows", missing, constant=False)
    return Found("category", f"{different} categor{'y' if different == 1 else 'ies'}", missing, different == 1)


def _length(texts: Mapping[str, int]) -> float:
    return sum(map(len, texts)) / max(1, len(texts))
