"""Which colour a run has in all pictures of a sweep, and the sign of the best one. Must not know what is drawn."""

from __future__ import annotations

from rich.style import Style

from ..style.levels import LEVELS
from ..style.look import Look
from ..style.palette import Palette
from .board import Board, values


def hues(board: Board, palette: Palette) -> dict[object, Style]:
    """Each value of the knob that the pictures are about, from orange for the smallest to blue for the largest; none
    where there is one value alone.
    """
    name = board.across
    found = values(board.outcomes, name) if name is not None else []
    last = len(found) - 1
    return {value: _hue(place / last, palette) for place, value in enumerate(found)} if last > 0 else {}


def _hue(share: float, palette: Palette) -> Style:
    """A share from 0 to 1 as a colour. In the middle it is that of text: the ladder's own is all but the ground's."""
    strength = abs(2 * share - 1)
    if strength < _MIDDLE:
        return palette.text
    step = round(LEVELS * (_WEAKEST + (1 - _WEAKEST) * strength))
    return palette.shade(step if share > 0.5 else -step)


_MIDDLE, _WEAKEST = 0.2, 0.4


def star(look: Look) -> str:
    """Marks the best run."""
    return "◆" if look.glyphs.unicode else "*"
