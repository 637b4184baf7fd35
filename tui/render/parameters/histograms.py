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
from ..style.look import Look
from ..style.palette import Palette
from .norms import Layer, judged, layers, rms, say

_MOST_DECADES = 12
"""Powers of ten on the axis of the gradients; what is smaller still counts in the first bin."""

_LEAST_DECADES = 2

_MOST_COUNTED = 8_192
"""Parameters of a layer that are counted: a wide one has tens of thousands, and is drawn with each picture."""

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


def layer_histograms(view: ParametersView, width: int, rows: int, look: Look, *, complete: bool) -> list[Strip]:
    """`rows` strips, as many as `fitting` says: a heading, the layers, and the axes.

    The data has a linear axis with 0 in the middle, the gradients a logarithmic one, and each axis is the same for
    all layers: a heap that lies further to the left from layer to layer is a vanishing gradient. Each histogram has its
    own height. Beside them stand how many gradients are exactly zero, and the root mean square of all of them. Whether
    they vanish or explode is judged where they are `complete`: in the middle of backward the first layers have none.
    """
    found = layers(view.labels)
    bins = _bins(found, width)
    assert bins is not None
    counts = [_Counts(view, layer) for layer in found]
    data = _DataAxis([layer.data for layer in counts], bins[0])
    grads = _GradientAxis([layer.logs for layer in counts], bins[1])
    drawing = _Drawing(Sheet(width, rows), look, data, grads, left=max(len(layer.name) for layer in found) + 1)
    drawing.headings()
    tall = (rows - 2) // len(found)
    ratio, word = judged([layer.name for layer in counts], [layer.rms for layer in counts]) if complete else ("", "")
    for place, layer in enumerate(counts):
        drawing.layer(layer, 1 + place * tall, tall, alarming=bool(word) and not place)
    drawing.ends()
    say(drawing.sheet, rows - 1, (drawing.zeros, drawing.rms + _NORM), ratio, word, look)
    return drawing.sheet.strips()


def _bins(found: Sequence[Layer], width: int) -> tuple[int, int] | None:
    """Bins of data and of gradients; those of the data are odd in number, for the one that has 0 in it."""
    left = width - max(len(layer.name) for layer in found) - _ZEROS - _NORM - 5
    across = min(_WIDEST, (left * 4 // 9) | 1)
    deep = min(_WIDEST, left - across)
    return (across, deep) if across >= _NARROWEST and deep >= _NARROWEST else None


# --- what is counted


class _Counts:
    """The numbers of one layer."""

    def __init__(self, view: ParametersView, layer: Layer) -> None:
        self.name = layer.name
        own = slice(layer.start, layer.stop)
        grad = view.grad[own]
        data, grads = _finite(view.data[own]), _finite(grad)
        self.data = _some(data)
        self.logs = list(map(math.log10, map(abs, filter(None, _some(grads)))))
        """Of the gradients that are neither zero nor infinite."""
        self.zeros = grad.count(0.0)
        self.rms = rms(grad)
        self.wild_data = len(data) < layer.stop - layer.start
        """Some data are not finite."""
        self.wild_grad = len(grads) < layer.stop - layer.start


class _DataAxis:
    """From -reach to reach, with 0 in the middle of the middle bin."""

    def __init__(self, layers: Sequence[Sequence[float]], bins: int) -> None:
        self.bins = bins
        self.reach = max(map(_reach, layers))

    def histogram(self, values: Sequence[float]) -> Counter[int]:
        """How many values are in each bin."""
        scale, middle = (self.bins // 2) / self.reach, self.bins // 2 + 0.5
        return Counter([int(value * scale + middle) for value in values])


class _GradientAxis:
    """From 10^low to 10^high."""

    def __init__(self, layers: Sequence[Sequence[float]], bins: int) -> None:
        self.bins = bins
        self.low, self.high = _decades(layers)
        self.beyond = any(min(layer) < self.low for layer in layers if layer)
        """The first bin has gradients that lie below the axis."""

    def histogram(self, logs: Sequence[float]) -> Counter[int]:
        """How many gradients are in each bin, by their logarithms; the ends take what lies outside."""
        scale, low, last = self.bins / (self.high - self.low), self.low, self.bins - 1
        counts = Counter([int((log - low) * scale) for log in logs])
        for place in [place for place in counts if not 0 <= place <= last]:
            counts[min(last, max(0, place))] += counts.pop(place)
        return counts


def _finite(values: Sequence[float]) -> Sequence[float]:
    """Without what is not finite."""
    total = sum(values)
    if total - total == 0.0:  # then every term is finite, and the sum is made at C speed
        return values
    return [value for value in values if math.isfinite(value)]


def _some(values: Sequence[float]) -> Sequence[float]:
    """Of very many values so many, evenly chosen, as show how they spread."""
    return values[:: -(-len(values) // _MOST_COUNTED)] if len(values) > _MOST_COUNTED else values


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


# --- what is drawn


class _Drawing:
    """The layers on their way to a sheet, behind `left` cells for their names."""

    def __init__(self, sheet: Sheet, look: Look, data: _DataAxis, grads: _GradientAxis, *, left: int) -> None:
        self.sheet, self.data_axis, self.grad_axis = sheet, data, grads
        self.palette, self.glyphs = look.palette, look.glyphs
        self.data = left
        """Where the histograms of the data begin; likewise those of the gradients, and the columns behind them."""
        self.grads = self.data + data.bins + 2
        self.zeros = self.grads + grads.bins + 1
        self.rms = self.zeros + _ZEROS + 1

    def headings(self) -> None:
        """What stands in the columns."""
        texts = {self.data: "data", self.grads: "|grad|", self.zeros: "=0".rjust(_ZEROS), self.rms: "rms".rjust(_NORM)}
        for x, text in texts.items():
            self.sheet.put(x, 0, text, self.palette.quiet)

    def layer(self, layer: _Counts, y: int, tall: int, *, alarming: bool) -> None:
        """The histograms of a layer, `tall` rows from row y on, and its numbers beside their feet."""
        sheet, palette, data, grads = self.sheet, self.palette, self.data_axis, self.grad_axis
        base = y + tall - 1
        sheet.put(0, base, layer.name, palette.quiet)
        self._bars(self.data, y, tall, data.histogram(layer.data), _signs(data.bins, palette))
        self._bars(self.grads, y, tall, grads.histogram(layer.logs), [palette.text] * grads.bins)
        for behind, wild in ((self.data + data.bins, layer.wild_data), (self.grads + grads.bins, layer.wild_grad)):
            if wild:
                sheet.put(behind - 1, base, self.glyphs.bad, palette.alarm)
        sheet.put(self.zeros, base, str(layer.zeros or "").rjust(_ZEROS), palette.quiet)
        style = palette.alarm if alarming else palette.number(layer.rms)
        sheet.put(self.rms, base, numbers.brief(layer.rms).rjust(_NORM), style)

    def _bars(self, x: int, y: int, tall: int, counts: Counter[int], styles: Sequence[Style]) -> None:
        """Bars of the counts, the highest of them `tall` rows high."""
        bars = self.glyphs.bars
        steps = len(bars)
        # Short of the top, so that the layer above does not stand on it.
        top, most = steps * tall - 1, max(counts.values(), default=1)
        for place, count in counts.items():
            # The least is still a bar: a bin with one weight in it is not an empty one.
            height = -(-count * top // most)
            for row in range(tall):
                level = min(steps, height - row * steps)
                if level > 0:
                    self.sheet.glyph(x + place, y + tall - 1 - row, bars[level - 1], styles[place])

    def ends(self) -> None:
        """What the ends of the axes are, and where 0 is, in the last row."""
        sheet, y, quiet = self.sheet, self.sheet.height - 1, self.palette.quiet
        x, bins = self.data, self.data_axis.bins
        end = short(self.data_axis.reach)
        sheet.put(x + bins - len(end), y, end, quiet)
        if len(end) < bins // 2:
            sheet.put(x, y, f"-{end}", quiet)
            sheet.put(x + bins // 2, y, "0", quiet)
        x, axis = self.grads, self.grad_axis
        pairs = ((f"{'<' * axis.beyond}{ten}{axis.low}", f"{ten}{axis.high}") for ten in ("1e", "e"))
        start, end = next((pair for pair in pairs if sum(map(len, pair)) < axis.bins), (f"e{axis.low}", ""))
        sheet.put(x, y, start, quiet)
        sheet.put(x + axis.bins - len(end), y, end, quiet)


@lru_cache(maxsize=16)
def _signs(bins: int, palette: Palette) -> tuple[Style, ...]:
    """Colours of the data's bins, by its sign."""
    middle = bins // 2
    return tuple(palette.diverging(place - middle, 1.0) for place in range(bins))
