"""Reads a lesson's file as plain data, and knows in which line what of it stands. Must not know what the data mean."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ..dataset import DataError
from ..printable import printable

_LARGEST = 1_000_000
"""Bytes of a file; a lesson has a few thousand."""

_HEADER = re.compile(r"\s*\[(\[)?\s*([\w-]+(?:\s*\.\s*[\w-]+)*)\s*\]")
_KEY = re.compile(r"""\s*("[^"]*"|'[^']*'|[\w-]+)\s*[.=]""")
_QUOTES = re.compile(r"\"\"\"|\'\'\'")

Where = Sequence[str | int]
"""A path through the data: `("beat", 2, "answer")`; tables of a list count from 0."""


class LessonText(NamedTuple):
    """A file that has been read."""

    name: str
    """What to call it."""
    text: str
    data: dict[str, object]

    def line(self, where: Where) -> int:
        """The line, from 1, in which something stands; where it is not found, what it lies in."""
        best, found = 0, 1
        for number, path in _paths(self.text):
            same = 0
            while same < min(len(path), len(where)) and path[same] == where[same]:
                same += 1
            if same == len(path) and same > best:
                best, found = same, number
        return found


def read(path: Path) -> LessonText:
    """A lesson's file.

    Raises:
        DataError: it cannot be read, or is no TOML; the message is one line, with the line where it is no TOML.
    """
    name = printable(str(path), 200)
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except IsADirectoryError:
        raise DataError(f"{name}: this is a directory, not a lesson") from None
    except FileNotFoundError:
        raise DataError(f"{name}: there is no such file") from None
    except OSError as error:
        raise DataError(f"{name}: {error.strerror or error}") from None
    if len(content) > _LARGEST:
        raise DataError(f"{name}: a lesson may have {_LARGEST:,} bytes, this file has more")
    return of_bytes(name, content)


def of_bytes(name: str, content: bytes) -> LessonText:
    """The lesson of a file's bytes.

    Raises:
        DataError: they are no TOML.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DataError(f"{name}:{line}: this is not UTF-8") from None
    try:
        return LessonText(name, text, tomllib.loads(text.replace("\r\n", "\n")))
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{name}:{_placed(str(error), text)}") from None
    except RecursionError:
        raise DataError(f"{name}:1: nested too deeply") from None


def _placed(message: str, text: str) -> str:
    """`12: what is wrong (column 4)`, of what tomllib says."""
    said = re.fullmatch(r"(.*?) \(at (?:line (\d+), column (\d+)|end of document)\)", message, re.DOTALL)
    if said is None:
        return f"1: {printable(message, 200)}"
    what = printable(said[1], 200)
    return f"{said[2]}: {what} (column {said[3]})" if said[2] else f"{text.count(chr(10)) + 1}: {what}"


def _paths(text: str) -> Iterator[tuple[int, tuple[str | int, ...]]]:
    """The paths that lines of a file begin, with those lines' numbers."""
    table: tuple[str | int, ...] = ()
    counts: dict[tuple[str | int, ...], int] = {}
    inside = ""
    for number, line in enumerate(text.splitlines(), 1):
        if not inside:
            header, key = _HEADER.match(line), _KEY.match(line)
            if header:
                table = _table(header, counts)
                yield number, table
            elif key:
                yield number, (*table, key[1].strip("\"'"))
        for quotes in _QUOTES.findall(line):
            inside = "" if inside == quotes else inside or quotes


def _table(header: re.Match[str], counts: dict[tuple[str | int, ...], int]) -> tuple[str | int, ...]:
    """The path of a table: of each list on the way to it the newest one."""
    path: tuple[str | int, ...] = ()
    names = [name.strip() for name in header[2].split(".")]
    for place, name in enumerate(names):
        path = (*path, name)
        if header[1] and place == len(names) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path
