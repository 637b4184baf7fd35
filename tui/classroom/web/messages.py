"""What a page says, looked through before anything is made of it: it comes from outside. Must not know what is done
with it.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

MOST_BYTES = 2**20
"""Of a message; the longest is a paste."""

MOST_COLUMNS, MOST_ROWS = 1000, 400


class StrangeError(ValueError):
    """No page of ours says so."""


class Typed(NamedTuple):
    """Keys, the mouse and pastes, as a terminal sends them."""

    text: bytes


class Resized(NamedTuple):
    """The room that the page has, in cells."""

    columns: int
    rows: int


class Focused(NamedTuple):
    """Whether the page has the keyboard."""

    here: bool


class Ping(NamedTuple):
    """Asks for the same word back."""

    word: str


Message = Typed | Resized | Focused | Ping


def read(text: str) -> Message:
    """A message of a page.

    Raises:
        StrangeError: it is none.
    """
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise StrangeError("no JSON") from None
    match said:
        case ["stdin", str(typed)]:
            return Typed(typed.encode(errors="replace"))
        case ["resize", {"width": width, "height": height}]:
            return Resized(*size(width, height))
        case ["ping", str(word)] if len(word) <= 100:
            return Ping(word)
        case ["focus"]:
            return Focused(True)
        case ["blur"]:
            return Focused(False)
    raise StrangeError("no message of a page")


def size(width: Any, height: Any) -> tuple[int, int]:
    """Columns and rows within reason of what a page wants, as a number or in digits; 80 and 24 of what is none."""
    return _within(width, 80, MOST_COLUMNS), _within(height, 24, MOST_ROWS)


def _within(wanted: Any, usual: int, most: int) -> int:
    try:
        return min(max(int(wanted), 1), most)
    except (TypeError, ValueError, OverflowError):
        return usual
