"""What colours the terminal can show, decided once at the start, and the filters through which every cell goes that
keep to it. Must not know what is drawn.

Textual sends each colour's nearest: of sixteen, orange becomes red, and under NO_COLOR all turn to greys that are
colours still. Here every cell is given one of the sixteen by its hue, or none at all.
Knows what is private to Rich: the table of the sixteen that it compares with.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from rich._palettes import STANDARD_PALETTE
from rich.color import Color as Ink
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from ..render.style.inks import CUBE, NONE, SIXTEEN, TRUECOLOR

_DULL = 0.25
"""A chroma below which a colour is a grey."""

_FAINT, _QUIET = 0.36, 0.6
"""How far a grey is from the ground to the text, below which it is faint or quiet."""

_WEAK = 0.42
"""The same for a hue, below which it is the shade of a small number."""

_APART = 0.22
"""A difference in brightness by which a ground stands out from the one around it."""

_HUES = (15, 75, 160, 195, 260, 345)
"""Degrees at which red, yellow, green, cyan, blue and magenta end; orange is a yellow."""

_IN_DARK = (9, 3, 2, 6, 12, 13)
_IN_LIGHT = (1, 5, 2, 12, 4, 5)
"""Of the sixteen the ones for those hues; on white yellow and cyan are hardly seen, magenta and a light blue are."""


def _one(number: int) -> Ink:
    """One of the sixteen, as the colour for which Rich sends its number: what Textual blends must be one."""
    return Ink.from_triplet(STANDARD_PALETTE[number])


_BLACK, _GREY, _WHITE = _one(0), _one(8), _one(15)


def shown(found: ColorSystem | None, environment: Mapping[str, str]) -> ColorSystem | None:
    """Of the colours that Rich found in the environment, those that arrive.

    GNU screen hands on the COLORTERM of the terminal that it was started in, and reads true colours as other
    attributes; its own are 256. It names its terminals `screen` and what follows, as tmux may: STY is screen's alone,
    and so is a dot. Where tmux runs in it, or it in tmux, 256 are right as well.
    """
    terminal = environment.get("TERM", "")
    in_screen = terminal.startswith("screen.") or (terminal.startswith("screen") and bool(environment.get("STY")))
    return ColorSystem.EIGHT_BIT if in_screen and found is ColorSystem.TRUECOLOR else found


def depth(system: str | None) -> str:
    """What the terminal can show, of which Rich found `system`, and what its user wants."""
    if os.environ.get("NO_COLOR"):
        return NONE
    return system if system in (TRUECOLOR, CUBE) else SIXTEEN


def filters(depth: str) -> Sequence[LineFilter] | None:
    """What every cell goes through; None where Textual's own filters do."""
    change = {NONE: _colourless, SIXTEEN: _of_sixteen}.get(depth)
    return None if change is None else [_Filter(change)]


class _Filter(LineFilter):
    """Changes the style of every cell."""

    def __init__(self, change: Callable[[Style, Color], Style]) -> None:
        super().__init__()
        self._change = change

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        change = self._change
        return [
            Segment(text, None if style is None else change(style, background), control)
            for text, style, control in segments
        ]


@lru_cache(4096)
def _colourless(style: Style, background: Color) -> Style:
    """The style without its colours: a lit ground is reversed, and what is quiet is dim."""
    ground, ink = _colour(style.bgcolor) or background, _colour(style.color)
    lit = abs(ground.brightness - background.brightness) > _APART
    if lit:
        return style.without_color + Style(reverse=True, dim=False)
    enough = 0.0 if ink is None or style.reverse else _QUIET if _dull(ink) else _WEAK
    dim = ink is not None and _distance(ink, ground) < enough
    return style.without_color + Style(dim=True if dim else None)


@lru_cache(4096)
def _of_sixteen(style: Style, background: Color) -> Style:
    """The style in the sixteen colours, by hue and not by the nearest."""
    dark = background.brightness < 0.5
    around, ground, ink = background, _colour(style.bgcolor), _colour(style.color)
    if ground is None or (_dull(ground) and abs(ground.brightness - around.brightness) <= _APART):
        under = Ink.default() if dark else _WHITE
    elif _dull(ground):
        under = _GREY
    else:
        under = _hued(ground, dark)
    lit = under == _GREY or not (under.is_default or under == _WHITE)
    over, dim = _ink(style.color, ink, ground or around, dark, lit=lit)
    return style.without_color + Style(color=over, bgcolor=under, dim=False if lit else True if dim else None)


def _ink(known: Ink | None, ink: Color | None, ground: Color, dark: bool, *, lit: bool) -> tuple[Ink, bool]:
    """The colour of a text, and whether it is dim. On a lit ground it is black or white, which always can be read."""
    if lit:
        return (_BLACK if ground.brightness > 0.4 else _WHITE), False
    text = Ink.default() if dark else _BLACK
    if known is None or known.is_default or ink is None:
        return text, False
    if known.triplet is None:
        return _one(known.number or 0), False  # picked from the sixteen already
    if not _dull(ink):
        washed_out = max(ink.rgb) < 115 if dark else min(ink.rgb) > 140
        return (_GREY if washed_out else _hued(ink, dark)), False
    far = _distance(ink, ground)
    if far >= _QUIET:
        return text, False
    return (text, True) if dark and far >= _FAINT else (_GREY, False)


def _colour(ink: Ink | None) -> Color | None:
    return None if ink is None or ink.is_default else Color.from_rich_color(ink)


def _dull(colour: Color) -> bool:
    return max(colour.rgb) - min(colour.rgb) < 255 * _DULL


def _distance(ink: Color, ground: Color) -> float:
    """How far from its ground a text is, where black on white is 1."""
    return abs(ink.brightness - ground.brightness) / 0.85


def _hued(colour: Color, dark: bool) -> Ink:
    """The one of the sixteen for a hue."""
    degrees = colour.hsl.h * 360 % 360
    place = next((k for k, end in enumerate(_HUES) if degrees < end), 0)
    return _one((_IN_DARK if dark else _IN_LIGHT)[place])
