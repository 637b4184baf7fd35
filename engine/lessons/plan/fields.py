"""Fields of plain data, each read as what it has to be. Must not know what a lesson is made of."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import TypeVar

from ..errors import LessonError

T = TypeVar("T")

_LONGEST = 1000
"""Characters of a text."""

_MOST = 200
"""Items of a list."""


class Table:
    """A table of data, of which each field is taken once: what is left then is not known."""

    def __init__(self, data: object) -> None:
        if not isinstance(data, Mapping):
            raise LessonError("has to be a table")
        self._data = dict(data)
        self._known: list[str] = []

    def __contains__(self, key: str) -> bool:
        return key in self._data

    def take(self, key: str, read: Callable[[object], T], missing: T | None = None) -> T:
        """A field as `read` reads it; `missing` where it is not there and need not be.

        Raises:
            LessonError: it is not there and has to be, or is not what it should be.
        """
        self._known.append(key)
        if key not in self._data:
            if missing is None:
                raise LessonError(f"{key} is missing")
            return missing
        try:
            return read(self._data.pop(key))
        except LessonError as error:
            raise error.inside(key) from None

    def maybe(self, key: str, read: Callable[[object], T]) -> T | None:
        """A field that need not be there."""
        if key in self._data:
            return self.take(key, read)
        self._known.append(key)
        return None

    def end(self, *others: str) -> None:
        """See that nothing is left; `others` are keys that go with what is not there.

        Raises:
            LessonError: there is a field that is not known.
        """
        for key in self._data:
            known = list(dict.fromkeys((*self._known, *others)))
            near = get_close_matches(str(key), known, n=1, cutoff=0.6)
            hint = f": did you mean {near[0]}?" if near else f": there are {', '.join(known)}"
            raise LessonError(f"there is no key {key}{hint}", (str(key),))


def text(data: object) -> str:
    """A text that can be shown; line breaks and runs of blanks are one blank."""
    if not isinstance(data, str):
        raise LessonError("has to be a text in quotation marks")
    plain = " ".join(data.split())
    if not plain or len(plain) > _LONGEST:
        raise LessonError(f"a text has 1 to {_LONGEST} characters, this one has {len(plain)}")
    if not plain.isprintable():
        raise LessonError("a text may have no control characters")
    return plain


def number(data: object) -> float:
    """A finite number."""
    if isinstance(data, bool) or not isinstance(data, int | float) or not abs(data) <= sys.float_info.max:
        raise LessonError("has to be a number")
    return float(data)


def positive(data: object) -> float:
    """A number above 0."""
    found = number(data)
    if found <= 0.0:
        raise LessonError(f"has to be above 0, not {found:g}")
    return found


def items(data: object) -> Iterator[tuple[int, object]]:
    """What a list has, each with its place."""
    if not isinstance(data, list):
        raise LessonError("has to be a list in square brackets")
    if len(data) > _MOST:
        raise LessonError(f"a list may have {_MOST} items, this one has {len(data)}")
    return enumerate(data)


def listed(read: Callable[[object], T]) -> Callable[[object], tuple[T, ...]]:
    """What reads a list of which each item is read by `read`."""

    def all_of(data: object) -> tuple[T, ...]:
        found = []
        for place, item in items(data):
            try:
                found.append(read(item))
            except LessonError as error:
                raise error.inside(place) from None
        return tuple(found)

    return all_of
