"""Names that stand in a column, in fewer cells and still apart from one another. Must not know what they name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache, partial

from rich.cells import cell_len, set_cell_size

from ..style.glyphs import UNICODE, Glyphs

_WORDS = re.compile(r"[^_ .-]+")

_LETTERS = ((99, 3), (99, 2), (3, 3), (2, 3), (1, 3), (2, 2), (1, 2))
"""How many letters the first word of a name keeps, and how many each of the others."""

DAY, _SHORT_YEAR = 10, 8
"""Cells that a day takes, and those that it takes without its century; in fewer its year goes."""

_Way = Callable[[str], str]


@lru_cache(maxsize=64)
def shortened(names: tuple[str, ...], width: int, glyphs: Glyphs = UNICODE) -> tuple[str, ...]:
    """The names in at most `width` cells each, in characters that the terminal has; distinct ones stay distinct
    wherever `width` has room for their number.

    Those that fit stay as they are. Of the others the words are cut to a few letters, `sepal len`, or the end goes,
    `frie…`, or where that makes two the same the middle, `temp…ture_2`. Where nothing else tells them apart, they all
    are numbered.
    """
    apart = len(set(names))
    written = tuple(map(glyphs.spell, names))
    ways = tuple(_ways(width, glyphs.ellipsis))
    for least in range(len(ways)):
        tried = tuple(_first_that_fits(name, width, ways[least:]) for name in written)
        if len(set(tried)) == apart:
            return tried
    return _numbered(names, written, width)


def said(words: str, choices: tuple[str, ...], width: int, glyphs: Glyphs) -> str:
    """What a row of a table says in words, in at most `width` cells: one of its column's `choices`, or a day."""
    if words in choices:
        return shortened(choices, width, glyphs)[choices.index(words)]
    return words if width >= DAY else words[2 if width >= _SHORT_YEAR else 5 :][:width]


def _ways(width: int, ellipsis: str) -> Iterator[_Way]:
    """All ways to write a name shorter, the best first; the last ones always fit."""
    for first, others in _LETTERS:
        yield partial(_in_few_letters, first=first, others=others)
    yield partial(_without_middle, width=width, tail=0, ellipsis=ellipsis)
    for tail in sorted(range(1, width - 1), key=lambda tail: abs(width - 1 - 2 * tail)):
        yield partial(_without_middle, width=width, tail=tail, ellipsis=ellipsis)


def _first_that_fits(name: str, width: int, ways: tuple[_Way, ...]) -> str:
    if cell_len(name) <= width:
        return name
    return next((short for way in ways if cell_len(short := way(name)) <= width), "")


def _in_few_letters(name: str, first: int, others: int) -> str:
    if len(_WORDS.findall(name)) < 2:
        return name  # the end of a lone word is not to go unseen
    words = iter((first,))
    return _WORDS.sub(lambda match: match[0][: next(words, others)], name)


def _without_middle(name: str, width: int, tail: int, ellipsis: str) -> str:
    """The start and the last `tail` cells of a name."""
    if width < 1:
        return ""
    end = name
    while cell_len(end) > tail:
        end = end[1:]
    return set_cell_size(name, width - 1 - cell_len(end)).rstrip() + ellipsis + end


def _numbered(names: tuple[str, ...], written: tuple[str, ...], width: int) -> tuple[str, ...]:
    """The start of each, and its place among the names: of one length, so that no two are the same."""
    place = {name: k for k, name in enumerate(dict.fromkeys(names), start=1)}
    digits = len(str(len(place)))
    if width < digits:
        return tuple(set_cell_size(text, max(0, width)) for text in written)
    return tuple(
        set_cell_size(text, min(cell_len(text), width - digits)).rstrip() + f"{place[name]:0{digits}}"
        for name, text in zip(names, written, strict=True)
    )
