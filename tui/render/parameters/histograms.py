"""How the data and the gradients of each layer are spread: a histogram of each, layer below layer. Must not know
widgets or the session.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from rich.style import Style
from textual.strip import Strip

from chainstep.engine.training.snapshot.parameters import ParametersView

from ..canvas import numbers
from ..canvas.sheet import Sheet
from ..curve.axis import short
from ..style.glyphs import Glyphs
from ..style.palette import Palette
from .norms import Layer, judged, layers, rms, say

_MOST_DECADES = 12
"""Powers of ten on the axis of the gradients; what is smaller still counts in the first bin."""

_LEAST_DECADES = 2

_ENOUGH = 256
"""Gradients of a layer that say where the axis begins."""

_NARROWEST, _WIDEST = 9, 41
"""Bins of a histogram."""

_ZEROS, _NORM = 4, 7
"""Cells of the number of gradients that are exactly zero, and of the root mean square."""

_MOST = 5_000
"""Parameters that are counted in less time than a key may wait."""

_WIDE = 76
"""Cells from which on the table has columns of rows, so that it can spare a larger share of them."""

_TALLEST = 3
"""Rows of a histogram."""


def fitting(labels: tuple[str, ...], width: int, height: int) -> int:
    """Rows that the histograms have in a pane of `width` x `height` cells; 0 where there is no room for them, or where
    there are too many parameters to be counted for every picture.
    """
    if len(labels) > _MOST:
        return 0
    found = layers(labels)
    share = height // (3 if width >= _WIDE else 4)
    tall = max(0, min(_TALLEST, (share - 2) // len(found))) or int(len(found) + 2 <= height * 2 // 5)
    return tall * len(found) + 2 if tall > 0 and _bins(found, width) is not None else 0


def layer_histograms(
    view: ParametersView, width: int, rows: int, palette: Palette, glyphs: Glyphs, *, complete: bool
) -> list[Strip]:
    """`rows` strips, as many as `fitting` says: a heading, the layers, and the axes.

    The data has a linear axis with 0 in the middle, the gradients a logarithmic one, and each axis is the same for
    all layers: a heap that lies further to the left from layer to layer is a vanishing gradient. Each histogram has its
    own height. Beside them stand how many gradients are exactly zero, and the root mean square of all of them. Whether
    they vanish or explode is judged where they are `complete`: in the middle of backward the first layers have none.
    """
    found = layers(view.labels)
    bins = _bins(found, width)
    assert bins is not None
    across, deep = bins
    tall = (rows - 2) // len(found)
    sheet = Sheet(width, rows)
    first = max(len(layer.name) for layer in found) + 1
    second = first + across + 2
    zeros = second + deep + 1
    norm = zeros + _ZEROS + 1

    data = [_finite(view.data[start:stop]) for _, start, stop in found]
    grads = [view.grad[start:stop] for _, start, stop in found]
    logs = [list(map(math.log10, map(abs, filter(None, _finite(grad))))) for grad in grads]
    reach = max(map(_reach, data))
    low, high = _decades(logs)
    sizes = [rms(grad) for grad in grads]
    ratio, word = judged([layer.name for layer in found], sizes) if complete else ("", "")
    for x, what in ((first, "data"), (second, "|grad|")):
        sheet.put(x, 0, what, palette.quiet)
    sheet.put(zeros, 0, "=0".rjust(_ZEROS), palette.quiet)
    sheet.put(norm, 0, "rms".rjust(_NORM), palette.quiet)
    for place, (name, start, stop) in enumerate(found):
        y = 1 + place * tall
        base = y + tall - 1
        none = grads[place].count(0.0)
        sheet.put(0, base, name, palette.quiet)
        _bars(sheet, first, y, tall, _linear(data[place], reach, across), _signs(across, palette), glyphs)
        _bars(sheet, second, y, tall, _logarithmic(logs[place], low, high, deep), [palette.text] * deep, glyphs)
        for x, finite in ((first + across, len(data[place])), (second + deep, len(logs[place]) + none)):
            if finite < stop - start:
                sheet.put(x - 1, base, glyphs.bad, palette.alarm)
        sheet.put(zeros, base, (str(none) if none else "").rjust(_ZEROS), palette.quiet)
        style = palette.alarm if word and not place else palette.number(sizes[place])
        sheet.put(norm, base, numbers.brief(sizes[place]).rjust(_NORM), style)
    below = any(min(layer) < low for layer in logs if layer)
    _axes(sheet, rows - 1, (first, across, reach), (second, deep, low, high), palette, below=below)
    say(sheet, rows - 1, (zeros, norm + _NORM), ratio, word, palette, glyphs)
    return sheet.strips()


def _bins(found: Sequence[Layer], width: int) -> tuple[int, int] | None:
    """Bins of data and of gradients; those of the data are odd in number, for the one that has 0 in it."""
    left = width - max(len(layer.name) for layer in found) - _ZEROS - _NORM - 5
    across = min(_WIDEST, (left * 4 // 9) | 1)
    deep = min(_WIDEST, left - across)
    return (across, deep) if across >= _NARROWEST and deep >= _NARROWEST else None


# --- what is counted


def _finite(values: Sequence[float]) -> Sequence[float]:
    """Without what is not finite."""
    total = sum(values)
    if total - total == 0.0:  # then every term is finite, and the sum is made at C speed
        return values
    return [value for value in values if math.isfinite(value)]


def _reach(values: Sequence[float]) -> float:
    """The end of the data's axis: 1, 2 or 5 times a power of ten, so that it does not tremble in training."""
    largest = max(max(values), -min(values)) if values else 0.0
    if not 1e-300 < largest < 1e300:
        return max(largest, 1e-300)
    power = 10.0 ** math.floor(math.log10(largest))
    return next((m * power for m in (1, 2, 5) if m * power >= largest), 10 * power)


def _decades(logs: Sequence[Sequence[float]]) -> tuple[int, int]:
    """The ends of the gradients' axis, as powers of ten: the bulk of each layer lies between them. What is smaller,
    such as the 1e-17 that rounding leaves of a sum of zero, would squeeze all others into one bin.
    """
    logs = [layer for layer in logs if layer]
    if not logs:
        return -_LEAST_DECADES, 0
    low = math.floor(min(_bulk(layer) for layer in logs))
    high = math.ceil(max(map(max, logs)))
    return max(min(low, high - _LEAST_DECADES), high - _MOST_DECADES), high


def _bulk(logs: Sequence[float]) -> float:
    """Where the lowest eighth ends; of a large layer, of some of its parameters."""
    some = sorted(logs[:: -(-len(logs) // _ENOUGH)])
    return some[len(some) // 8]


def _linear(values: Sequence[float], reach: float, bins: int) -> Counter[int]:
    """How many values are in each bin from -reach to reach."""
    scale, middle = (bins // 2) / reach, bins // 2 + 0.5
    return Counter([int(value * scale + middle) for value in values])


def _logarithmic(logs: Sequence[float], low: int, high: int, bins: int) -> Counter[int]:
    """How many sizes are in each bin from 10^low to 10^high, by their logarithms; the ends take what lies outside."""
    scale, last = bins / (high - low), bins - 1
    counts = Counter([int((log - low) * scale) for log in logs])
    for place in [place for place in counts if not 0 <= place <= last]:
        counts[min(last, max(0, place))] += counts.pop(place)
    return counts


# --- what is drawn


def _bars(
    sheet: Sheet, x: int, y: int, tall: int, counts: Counter[int], styles: Sequence[Style], glyphs: Glyphs
) -> None:
    """Bars of the counts, the highest of them `tall` rows high."""
    steps = len(glyphs.bars)
    # Short of the top, so that the layer above does not stand on it.
    top, most = steps * tall - 1, max(counts.values(), default=1)
    for place, count in counts.items():
        # The least is still a bar: a bin with one weight in it is not an empty one.
        height = -(-count * top // most)
        for row in range(tall):
            level = min(steps, height - row * steps)
            if level > 0:
                sheet.glyph(x + place, y + tall - 1 - row, glyphs.bars[level - 1], styles[place])


@lru_cache(maxsize=16)
def _signs(bins: int, palette: Palette) -> tuple[Style, ...]:
    """Colours of the data's bins, by its sign."""
    middle = bins // 2
    return tuple(palette.diverging(place - middle, 1.0) for place in range(bins))


def _axes(
    sheet: Sheet,
    y: int,
    data: tuple[int, int, float],
    grad: tuple[int, int, int, int],
    palette: Palette,
    *,
    below: bool,
) -> None:
    """What the ends of the axes are, where 0 is, and whether the first bin has gradients `below` the axis."""
    x, bins, reach = data
    end = short(reach)
    sheet.put(x + bins - len(end), y, end, palette.quiet)
    if len(end) < bins // 2:
        sheet.put(x, y, f"-{end}", palette.quiet)
        sheet.put(x + bins // 2, y, "0", palette.quiet)
    x, bins, low, high = grad
    ends = ((f"{'<' * below}{ten}{low}", f"{ten}{high}") for ten in ("1e", "e"))
    start, end = next((pair for pair in ends if sum(map(len, pair)) < bins), (f"e{low}", ""))
    sheet.put(x, y, start, palette.quiet)
    sheet.put(x + bins - len(end), y, end, palette.quiet)
