"""The coach's page -> strips: the aim, the keys that were pressed with what came of them, and the next one. Must not
know when a beat is over.
"""

from __future__ import annotations

from typing import NamedTuple

from rich.style import Style
from textual.strip import Strip

from chainstep.engine.training.snapshot.snapshot import Snapshot

from ..canvas.sheet import Sheet
from ..canvas.text import cut
from ..style.look import Look
from .aim import lines, scale
from .beats import Coach, course

_KEY, _TEXT = 2, 8
"""Where a key's name begins, and the words behind it."""

_MOST_AIM = 4
"""Lines of the aim."""


class _Line(NamedTuple):
    """A line of the page."""

    mark: str
    key: str
    text: str
    ink: Style
    needed: int
    """The lines that are needed most have the smallest number: the key that comes next has 0."""


def page(coach: Coach, snapshot: Snapshot, width: int, height: int, look: Look) -> list[Strip]:
    """`height` strips of `width` cells. Where that is too few, the lines that are needed least are left out: the aim
    and what came of the last key stay longest beside the next one.
    """
    sheet = Sheet(width, height)
    palette = look.palette
    for y, line in enumerate(_kept(coach, snapshot, width, height, look)):
        if not line.key:
            sheet.put(0, y, line.text, line.ink)
            continue
        lit = not line.needed
        sheet.put(0, y, line.mark, palette.coming_line if lit else palette.quiet)
        sheet.put(_KEY, y, line.key, palette.key if lit else palette.quiet)
        sheet.put(_TEXT, y, line.text, line.ink)
    return sheet.strips()


def _kept(coach: Coach, snapshot: Snapshot, width: int, height: int, look: Look) -> list[_Line]:
    """The lines that there is room for. An aim of which lines are left out ends in an ellipsis."""
    kept: list[_Line] = []
    for most in range(_MOST_AIM, 0, -1):
        aims = [look.glyphs.in_place(line) for line in lines(look.glyphs.say(coach.aim), width, most)]
        rows = _lines(aims, coach, snapshot, width, look)
        places = sorted(sorted(range(len(rows)), key=lambda place: rows[place].needed)[:height])
        kept = [rows[place] for place in places]
        if set(range(len(aims))) <= set(places):
            break
    return kept


def _lines(aims: list[str], coach: Coach, snapshot: Snapshot, width: int, look: Look) -> list[_Line]:
    palette, glyphs = look.palette, look.glyphs
    beats, now = course(snapshot), len(coach.told)
    blank = _Line("", "", "", palette.text, 99)
    rows = [_Line("", "", text, palette.text, 2 + place) for place, text in enumerate(aims)]
    rows.append(blank)
    for place, beat in enumerate(beats):
        done = place < now
        said = coach.told[place] if done else (beat.asked(snapshot) if place == now else beat.words,)
        ink = palette.text if done else palette.strong if place == now else palette.quiet
        needed = 0 if place == now else 1 if place == now - 1 else 10 + abs(place - now)
        mark = glyphs.right if done else glyphs.coming_forward if place == now else " "
        key, words = glyphs.say(beat.key), [glyphs.say(text) for text in said]
        rows.append(_Line(mark, key, _fitting(words, width - _TEXT, look), ink, needed))
    if now == len(beats) - 1:
        closing = lines(glyphs.say(scale(snapshot)), width, 3)
        rows.append(blank)
        rows += [_Line("", "", text, palette.text, 2) for text in closing]
    return rows


def _fitting(said: list[str], width: int, look: Look) -> str:
    """The fullest words that fit."""
    return next((text for text in said if len(text) <= width), cut(said[-1], width, look.glyphs.ellipsis))
