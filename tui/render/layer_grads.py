"""How large the gradients of each layer are, in one line. Must not know widgets or the session."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby

from rich.style import Style
from textual.strip import Strip

from chainstep.engine.training.snapshot import ParametersView

from .palette import Glyphs, Palette
from .sheet import Sheet

_BARS_PER_DECADE = 3
"""A bar is a little more than a factor of two: eight of them reach from the largest layer to 1/200 of it."""

_TITLE = "|grad|"


def norms(view: ParametersView) -> list[tuple[str, float]]:
    """Each layer's name, and the root mean square of its gradients."""
    pairs = zip((label.partition(".")[0] for label in view.labels), view.grad, strict=True)
    found = []
    for name, group in groupby(pairs, key=lambda pair: pair[0]):
        grads = [grad for _, grad in group]
        # Squares would overflow long before the gradients do.
        found.append((name, math.hypot(*grads) / math.sqrt(len(grads))))
    return found


def layer_grads(view: ParametersView, width: int, palette: Palette, glyphs: Glyphs) -> Strip:
    """`|grad| L1 0.31 ▆  L2 0.042 ▄  L3 1.2 █` in `width` cells: where room is short, without blanks, then without
    numbers, then without names. The bars are logarithmic.
    """
    layers = norms(view)
    top = max((norm for _, norm in layers if math.isfinite(norm)), default=0.0)
    parts = [(name, _short(norm), _bar(norm, top, glyphs), palette.number(norm)) for name, norm in layers]
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


def _short(norm: float) -> str:
    """Two significant digits: `0.042`, `1.2e-7`."""
    if not math.isfinite(norm):
        return "nan" if math.isnan(norm) else "inf"
    mantissa, _, power = f"{norm:.2g}".partition("e")
    return f"{mantissa}e{int(power)}" if power else mantissa


def _bar(norm: float, top: float, glyphs: Glyphs) -> str:
    if not math.isfinite(norm):
        return glyphs.bad
    if not norm:
        return glyphs.empty
    last = len(glyphs.bars) - 1
    return glyphs.bars[max(0, last - round(_BARS_PER_DECADE * (math.log10(top) - math.log10(norm))))]
