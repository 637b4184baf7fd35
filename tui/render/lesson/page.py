"""A lesson's page -> strips: what is said, asked and answered, what to press next, what a click does. Must not
know widgets, nor what a key does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from textual.strip import Strip

from chainstep.engine.lessons.view import LessonView

from ..canvas.pieces import Piece, cells
from ..canvas.sheet import Sheet
from ..canvas.text import in_lines
from ..style.look import Look
from .parts import GAP, Part, parts
from .standing import Standing

_MARGIN = 1
"""Cells at either side."""

_END = re.compile(r"[.?!](?= )")
"""The end of a sentence that another one follows."""

_ROOMY = 16
"""Rows from which on a bar shows how far the lesson is, and blank rows part what belongs to different things."""


class Hit(NamedTuple):
    """Cells of a row on which a click carries something out."""

    y: int
    left: int
    right: int
    """The first cell behind them."""
    action: str


class Page(NamedTuple):
    """What is drawn, and what is where in it."""

    strips: list[Strip]
    hits: tuple[Hit, ...]
    answer: tuple[int, int, int] | None
    """Column, row and width of the line in which an answer is typed; None where none is."""


class _Row(NamedTuple):
    """A row of a part."""

    part: Part
    text: str
    first: bool


def page(view: LessonView, standing: Standing, width: int, height: int, look: Look) -> Page:
    """`height` strips of `width` cells. Where that is too few, what is needed least is left out or cut: what to do next
    and what is asked stay longest.
    """
    sheet, hits = Sheet(width, height), list[Hit]()
    answer: tuple[int, int, int] | None = None
    room = width - 2 * _MARGIN
    roomy = height >= _ROOMY
    top = 0
    if roomy and view.beats:
        _bar(sheet, view, room, look)
        top = 2
    rows = _laid_out(list(parts(view, standing, look, 0 if roomy else room)), room, height - top)
    for y, (part, text, first) in enumerate(rows, start=top):
        x = _MARGIN
        for one, words in ((part, text), *((other, other.text) for other in part.beside)):
            start = x
            x += _put(sheet, x, y, one.mark if first else _blanks(one.mark))
            if one.typed:
                answer = x, y, width - _MARGIN - x
            x += _put(sheet, x, y, [(look.glyphs.in_place(words), one.style or look.palette.text)])
            if one.action:
                hits.append(Hit(y, start, x, one.action))
            x += GAP
    return Page(sheet.strips(), tuple(hits), answer)


def _bar(sheet: Sheet, view: LessonView, room: int, look: Look) -> None:
    """How far the lesson is."""
    done = view.beat if view.stage in ("answered", "done", "end") else view.beat - 1
    filled = room * done // view.beats
    sheet.put(_MARGIN, 0, look.glyphs.heavy[0] * filled, look.palette.accented)
    sheet.put(_MARGIN + filled, 0, look.glyphs.lines[0] * (room - filled), look.palette.faint)


def _laid_out(parts: list[Part], room: int, height: int) -> Iterator[_Row]:
    """The rows of the parts, in their order. Each has as many as it needs, the most needed first."""
    left, lines = height, dict[int, Sequence[str]]()
    for place in sorted(range(len(parts)), key=lambda place: parts[place].need):
        lines[place] = _lines(parts[place], room, left)
        left -= len(lines[place])
    parted = height >= _ROOMY
    for place, part in enumerate(parts):
        for k, text in enumerate(lines[place]):
            yield _Row(part, text, not k)
        if parted and lines[place] and part.parted and left > 0:
            left -= 1
            yield _Row(Part(""), "", first=True)


def _lines(part: Part, room: int, most: int) -> Sequence[str]:
    if part.typed:
        return [""][:most]
    width = max(8, room - cells(part.mark))
    text = _sentences(part.text, width, most) if part.whole else part.text
    return in_lines(text, width, most) or [""][: most * bool(part.mark)]


def _sentences(text: str, width: int, most: int) -> str:
    """The sentences from the first on that fit in `most` rows, none of them cut."""
    ends = [*(end.end() for end in _END.finditer(text)), len(text)]
    fitting = (text[:end] for end in reversed(ends) if len(in_lines(text[:end], width, most + 1)) <= most)
    return next(fitting, "")


def _put(sheet: Sheet, x: int, y: int, pieces: Sequence[Piece]) -> int:
    """Write pieces from a cell on; how many cells they take."""
    start = x
    for text, style in pieces:
        sheet.put(x, y, text, style)
        x += cell_len(text)
    return x - start


def _blanks(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """As many blanks."""
    return [(" " * cells(pieces), pieces[0][1])] if pieces else ()
