"""A page of code with the line of the op at hand lit, and those that called it. Must not know what it does."""

from __future__ import annotations

from textual.strip import Strip

from chainstep.engine.training.snapshot.snapshot import Snapshot

from ..canvas.sheet import Sheet
from ..style.look import Look
from .program import at, written

_ROOMY = 52
"""Cells from which on a level is four wide."""

_MARGIN = 3
"""Cells before the code: what was done, what comes, and a blank."""


def listing(snapshot: Snapshot, width: int, height: int, look: Look) -> list[Strip]:
    """As many lines as there is room for, around the one of the next op or, where there is none, of the last."""
    view = snapshot.code
    if view is None:
        return [Strip.blank(width)] * height
    lines = written(view, snapshot)
    # An op whose line a mistake has taken away is nowhere.
    places = {line.key: number for number, line in enumerate(lines) if line.key}
    done, coming = ([places.get(key) for key in at(place, view)] for place in (view.done, view.coming))
    here = coming[0] if coming else done[0] if done else None
    palette, glyphs = look.palette, look.glyphs
    ahead = glyphs.coming(backward=view.coming is not None and view.coming.phase == "backward")
    behind = glyphs.done(backward=view.done is not None and view.done.phase == "backward")
    sheet, top = Sheet(width, height), _top(here, len(lines), height)
    for y, (number, line) in enumerate([*enumerate(lines)][top : top + height]):
        style = palette.alarm if line.wrong else palette.text if number in coming[1:] else palette.quiet
        if number in coming:
            sheet.put(1, y, ahead, palette.coming_line if number == here else palette.faint)
        if done and number == done[0]:
            sheet.put(0, y, behind, palette.lit_line)
            style = palette.lit_cell
        elif number == here:
            style = palette.coming_cell
        indent = line.level * (4 if width >= _ROOMY else 2)
        sheet.put(_MARGIN + indent, y, glyphs.say(line.text), style)
    return sheet.strips()


def _top(here: int | None, count: int, height: int) -> int:
    """The first line that is shown: that of the op at hand stands in the middle, if it can."""
    return max(0, min((here or 0) - height // 2, count - height))
