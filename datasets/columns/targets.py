"""What a table's target column is: classes, or a quantity. Must not know the features."""

from __future__ import annotations

import math
from array import array
from itertools import repeat
from typing import NamedTuple

from ..blocks import blocks, in_blocks
from ..dataset import DataError
from ..printable import distinct, printable
from ..reading.cells import Column, shortest
from .choices import Task
from .dates import ORDERS
from .encoders import Encoder
from .kinds import folded, is_absent, kind_of, values

MAX_INTEGER_CLASSES = 10
MAX_TEXT_CLASSES = 50

_COUNTED = 1000
"""Different numbers up to which they are counted."""


class Target(NamedTuple):
    """n values to predict."""

    classes: tuple[str, ...]
    """Names of the classes, in the order of their texts or numbers; empty for a quantity."""
    numbers: array[float]
    """The class's index, or the quantity; NaN where it is missing."""
    missing: int
    why: str
    """Why it is taken so, in a few words."""


def target_of(column: Column, where: str, task: Task | None, names: tuple[str, ...] = ()) -> Target:
    """What the cells of a target mean.

    Text, or at most ten different whole numbers, means classes; `task` overrules that. Text that says yes or no says it
    in any case of letters. `names` are those of classes that are numbered from 0. `where` names the column in messages.

    Raises:
        DataError: all of it is the same, it is free text, or a quantity is wanted of text.
    """
    kind = kind_of(column, "", unnamed=False).kind
    if kind in ("number", "index"):
        numbers = values(column)
    elif kind == "date" and task != "classes":
        encoder = Encoder.of(column, "", "date")
        numbers = encoder.encode(column)[0]
        return _quantity(numbers, where, f"dates: {ORDERS[encoder.order].words}")
    elif task == "quantity":
        odd = next(text for text in column.texts if not is_absent(text))
        raise DataError(f"{where} has texts such as '{printable(odd)}': it is no quantity")
    else:
        return _classes(column, where)
    different = _different(numbers)
    whole = all(map(float.is_integer, different))
    if task == "quantity" or (task is None and not (whole and len(different) <= MAX_INTEGER_CLASSES)):
        return _quantity(numbers, where, f"{_count(different)} different numbers")
    _check(different, where, MAX_TEXT_CLASSES, shortest(different[0]) if different else "")
    index = {number: float(k) for k, number in enumerate(different)}
    numbered = names and different == [float(k) for k in range(len(names))]
    classes = names if numbered else tuple(map(shortest, different))
    coded = array("d", map(index.get, in_blocks(numbers), repeat(math.nan)))
    return Target(classes, coded, _gaps(coded), f"{len(different)} different whole numbers" if whole else "as you say")


def _quantity(numbers: array[float], where: str, why: str) -> Target:
    missing = _gaps(numbers)
    there = array("d", [number for number in numbers if number == number]) if missing else numbers
    ends = sorted({min(in_blocks(there)), max(in_blocks(there))}) if there else []
    _check(ends, where, 2, shortest(there[0]) if there else "")
    return Target((), numbers, missing, why)


def _different(numbers: array[float]) -> list[float]:
    """The different numbers, in their order; of very many only some more than are counted."""
    found: set[float] = set()
    for some in blocks(numbers):
        found.update([number for number in some if number == number])
        if len(found) > _COUNTED:
            break
    return sorted(found)


def _count(different: list[float] | list[str]) -> str:
    return f"{len(different)}" if len(different) <= _COUNTED else f"more than {_COUNTED}"


def _classes(column: Column, where: str) -> Target:
    said = folded(column)
    told = [None if is_absent(text) else said.get(text, text) for text in column.texts]
    cells = [
        told[code] if code >= 0 else shortest(number) for code, number in zip(column.codes, column.numbers, strict=True)
    ]
    different = sorted({cell for cell in cells if cell is not None})
    if len(different) > MAX_TEXT_CLASSES:
        raise DataError(
            f"{where} has {len(different)} different texts, such as '{printable(different[0])}', which looks like free"
            f" text; at most {MAX_TEXT_CLASSES} classes are possible"
        )
    _check(different, where, MAX_TEXT_CLASSES, different[0] if different else "")
    index = {cell: float(k) for k, cell in enumerate(different)}
    coded = array("d", (math.nan if cell is None else index[cell] for cell in cells))
    return Target(distinct(different), coded, _gaps(coded), f"{len(different)} different texts")


def _check(different: list[float] | list[str], where: str, most: int, first: str) -> None:
    if not different:
        raise DataError(f"{where} is empty in every row; there is nothing to learn")
    if len(different) == 1:
        raise DataError(f"{where} is '{printable(first)}' in every row; there is nothing to learn")
    if len(different) > most:
        raise DataError(f"{where} has {_count(different)} different numbers; at most {most} classes are possible")


def _gaps(numbers: array[float]) -> int:
    # A sum that is a number has none.
    return sum(number != number for number in numbers) if math.isnan(sum(in_blocks(numbers))) else 0
