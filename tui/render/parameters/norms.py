"""How large the gradients of each layer are, in one line, and whether they vanish or explode. Must not know widgets or
the session.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby

from rich.style import Style
from textual.strip import Strip

from chainstep.engine.records import record
from chainstep.engine.training.snapshot.parameters import ParametersView

from ..canvas import numbers
from ..canvas.sheet import Sheet
from ..style.glyphs import Glyphs
from ..style.look import Look

_BARS_PER_DECADE = 3
"""A bar is a little more than a factor of two: eight of them reach from the largest layer to 1/200 of it."""

FAR_APART = 100.0
"""Gradients vanish where those of the first layer are smaller than the last layer's by more than this, and explode
where they are larger by more: one learning rate then does not suit both.
"""

_VERDICT = 14
"""Cells for the judgement, blanks included: `L1/L12 0.0012`, `▼ vanishing`."""

_TITLE = "|grad|"


@record
class Layer:
    """Where the parameters of a layer are: from `start`, as far as before `stop`."""

    name: str
    start: int
    stop: int


@lru_cache(maxsize=8)
def layers(labels: tuple[str, ...]) -> tuple[Layer, ...]:
    """The layers that labels such as `L1.n1.w0` name."""
    found, start = [], 0
    for name, group in groupby(labels, key=lambda label: label.partition(".")[0]):
        stop = start + sum(1 for _ in group)
        found.append(Layer(name, start, stop))
        start = stop
    return tuple(found)


def norms(view: ParametersView) -> list[tuple[str, float]]:
    """Each layer's name, and the root mean square of its gradients."""
    return [(layer.name, rms(view.grad[layer.start : layer.stop])) for layer in layers(view.labels)]


def rms(grads: Sequence[float]) -> float:
    """The root mean square."""
    # Squares would overflow long before the gradients do.
    return math.hypot(*grads) / math.sqrt(len(grads))


def judged(names: Sequence[str], sizes: Sequence[float]) -> tuple[str, str]:
    """The first layer's gradients against the last one's, and a word where they are `FAR_APART`; empty where there
    is nothing to compare.
    """
    first, last = sizes[0], sizes[-1]
    if len(names) < 2 or not last or not (math.isfinite(first) and math.isfinite(last)):
        return "", ""
    ratio = first / last
    word = "vanishing" if ratio * FAR_APART < 1.0 else "exploding" if ratio > FAR_APART else ""
    return f"{names[0]}/{names[-1]} {numbers.brief(ratio)}", word


def say(sheet: Sheet, y: int, place: tuple[int, int], ratio: str, word: str, look: Look) -> None:
    """The verdict, with its number where that has room, flush with the end of its place."""
    (start, end), palette, glyphs = place, look.palette, look.glyphs
    if not word:
        sheet.put(end - len(ratio), y, ratio, palette.quiet)
        return
    text = f"{glyphs.down if word == 'vanishing' else glyphs.up} {word}"
    if len(text) + len(ratio) + 1 <= end - start:
        text += f" {ratio}"
    sheet.put(end - len(text), y, text, palette.alarm)


def gradient_norms(view: ParametersView, width: int, look: Look, *, complete: bool) -> Strip:
    """`|grad| L1 0.31 ▆  L2 0.042 ▄  L3 1.2 █` in `width` cells: where room is short, without blanks, then without
    numbers, then without names. The bars are logarithmic. At the end, if there is room, a judgement of what is
    `complete`: in the middle of backward the first layers have no gradients.
    """
    palette, glyphs = look.palette, look.glyphs
    found = norms(view)
    top = max((norm for _, norm in found if math.isfinite(norm)), default=0.0)
    parts = [(name, numbers.brief(norm), _bar(norm, top, glyphs), palette.number(norm)) for name, norm in found]
    cells = next(
        (cells for cells in _ways(parts) if len(_TITLE) + sum(len(text) for text, _ in cells) <= width),
        [(" ", None), *((bar, style) for _, _, bar, style in parts)],
    )
    sheet = Sheet(width, 1)
    sheet.put(0, 0, _TITLE, palette.quiet)
    x = len(_TITLE)
    for text, style in cells:
        sheet.put(x, 0, text, style or palette.quiet)
        x += len(text)
    ratio, word = judged([name for name, _ in found], [norm for _, norm in found]) if complete else ("", "")
    if x + _VERDICT <= width:
        say(sheet, 0, (x + 2, width), ratio, word, look)
    return sheet.strips()[0]


def _ways(parts: Sequence[tuple[str, str, str, Style]]) -> list[list[tuple[str, Style | None]]]:
    """The layers as words with their styles, None for names: from the roomiest way to the tightest with names."""
    roomy: list[tuple[str, Style | None]] = []
    tight: list[tuple[str, Style | None]] = []
    named: list[tuple[str, Style | None]] = []
    for k, (name, number, bar, style) in enumerate(parts):
        roomy += [(f"{'  ' if k else ' '}{name} ", None), (f"{number} {bar}", style)]
        tight += [(f" {name} ", None), (f"{number}{bar}", style)]
        named += [(f" {name}", None), (bar, style)]
    return [roomy, tight, named]


def _bar(norm: float, top: float, glyphs: Glyphs) -> str:
    if not math.isfinite(norm):
        return glyphs.bad
    if not norm:
        return glyphs.empty
    last = len(glyphs.bars) - 1
    return glyphs.bars[max(0, last - round(_BARS_PER_DECADE * (math.log10(top) - math.log10(norm))))]
