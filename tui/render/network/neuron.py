"""One neuron close up -> strips: inputs, weights and products, the sum on the activation's curve, gradients, its map.
Must not know widgets or the session.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from rich.style import Style
from textual.strip import Strip

from chainstep.engine.training.snapshot.closeup import MapView, NeuronView

from ..canvas.braille import DOTS, Braille, Path
from ..canvas.numbers import plain, signed
from ..canvas.sheet import Sheet
from ..canvas.shortened import shortened
from ..map.decisions import fired
from ..map.heat import heat, room
from ..style.look import Look
from ..style.palette import BOLD
from .columns import largest, name_width

_FLAT = 14
"""Rows below which things stand side by side."""

_TABLE = 40
"""Cells of the table where things stand side by side."""

_STACKED = 14
"""Rows from which on the curve stands above the map."""

_SUMMARY = 4
"""Rows below the inputs: bias, sum, output, gradient."""

_NUMBERS = 31
"""Cells of a row beside its name."""

_Area = tuple[int, int, int, int]
"""Left, top, width, height."""


def map_room(inputs: int, width: int, height: int) -> tuple[int, int] | None:
    """(columns, rows) of samples of the map of a neuron with so many inputs; None where it has no room."""
    _, _, chart = _areas(inputs, width, height, planar=True)
    return room(chart[2], chart[3]) if chart[2] > 7 and chart[3] > 2 else None


def neuron(
    view: NeuronView,
    surface: MapView | None,
    width: int,
    height: int,
    look: Look,
    *,
    planar: bool,
    selected: int,
) -> list[Strip]:
    """A neuron as `height` strips of `width` cells; `selected` is the place of the selected parameter among its own.

    `planar` leaves room for a map, which may be yet to come.
    """
    sheet = Sheet(width, height)
    table, plot, chart = _areas(len(view.inputs), sheet.width, sheet.height, planar=planar)
    drawing = _Drawing(sheet, view, look)
    drawing.table(table, selected)
    drawing.plot(plot)
    if surface is not None and chart[2] > 7 and chart[3] > 2:
        heat(fired(surface, view.activation, view.place), sheet, chart, look)
    return sheet.strips()


def _areas(inputs: int, width: int, height: int, *, planar: bool) -> tuple[_Area, _Area, _Area]:
    """Where the table, the activation's curve and the map go."""
    if height < _FLAT:
        left = min(width, _TABLE)
        rest = max(0, width - left - 2)
        half = (rest - 2) // 2 if planar else min(rest, 4 * height)
        plot = (left + 2, 0, half, height)
        return (0, 0, left, height), plot, (left + 4 + half, 0, rest - half - 2 if planar else 0, height)
    wanted = inputs + _SUMMARY + 2
    band = max(height - wanted, height * 2 // 5)
    top = height - band
    if planar and band > _STACKED and width > 2 * _SUMMARY:
        upper = band * 2 // 5
        wide = min(width, 4 * upper)
        return (0, 0, width, top), ((width - wide) // 2, top, wide, upper), (0, top + upper, width, band - upper)
    band = min(band, width // 2)
    half = (width - 2) // 2 if planar else min(width, 4 * band)
    return (0, 0, width, top), (0, top, half, band), (half + 2, top, width - half - 2 if planar else 0, band)


class _Drawing:
    """One neuron on its way to a sheet."""

    def __init__(self, sheet: Sheet, view: NeuronView, look: Look) -> None:
        self.sheet, self.view = sheet, view
        self.palette, self.glyphs = look

    # --- the table

    def table(self, area: _Area, selected: int) -> None:
        """A row an input, as many as have room, round the selected one; below them bias, sum, output, gradients."""
        sheet, view, palette, glyphs = self.sheet, self.view, self.palette, self.glyphs
        _, top, width, height = area
        count = len(view.inputs)
        rows = max(1, min(count, height - _SUMMARY - 1))
        first = min(max(0, selected - rows // 2), count - rows) if selected < count else count - rows
        # All come from one layer, whose number the title says.
        names = tuple(name.rpartition(".")[2] for name in view.names) if view.layer else view.names
        name = min(max(4, name_width(names)), max(4, width - _NUMBERS))
        names = shortened(names, name, glyphs)
        # Blanks round the signs where there is room for them.
        gap = int(width >= name + _NUMBERS + 3)
        x = 2 + name
        weights, products, grads = x + 8 + gap, x + 16 + 2 * gap, x + 23 + 3 * gap
        columns = {1: "input", x + 2: "data", weights: "weight", products - 1: "product"}
        if grads + 6 <= width:
            columns[grads + 2] = "grad"
        for left, heading in columns.items():
            sheet.put(left, top, heading, palette.quiet)
        scale = largest((*view.weights, view.bias))
        for y, index in enumerate(range(first, first + rows), start=top + 1):
            number, weight = view.inputs[index], view.weights[index]
            self._lead(y, names[index], index == selected)
            self._number(x, y, number)
            sheet.put(x + 7, y, "×" if glyphs.unicode else "*", palette.quiet)
            sheet.put(weights, y, signed(weight, 6), palette.diverging(weight, scale))
            sheet.put(products - 1 - gap, y, "=", palette.quiet)
            self._number(products, y, number * weight)
            if grads + 6 <= width:
                self._number(grads, y, view.weight_grads[index])
        y = top + 1 + rows
        self._lead(y, "bias", selected >= count)
        if rows < count:
            sheet.put(x, y, f"{first + 1}-{first + rows} of {count}"[: products - x - 1], palette.quiet)
        sheet.put(products, y, signed(view.bias, 6), palette.diverging(view.bias, scale))
        if grads + 6 <= width:
            self._number(grads, y, view.bias_grad)
        self._summary(y + 1, products)

    def _lead(self, y: int, name: str, selected: bool) -> None:
        self.sheet.put(0, y, self.glyphs.cursor if selected else " ", self.palette.chosen)
        self.sheet.put(1, y, name, self.palette.chosen if selected else self.palette.text)

    def _number(self, x: int, y: int, number: float) -> None:
        """A number, or the place where it will be."""
        known = self.view.computed
        text = signed(number, 6) if known else self.glyphs.empty.rjust(6)
        self.sheet.put(x, y, text, self.palette.number(number) if known else self.palette.faint)

    def _summary(self, y: int, x: int) -> None:
        """Sum, output and gradient."""
        sheet, view, palette, glyphs = self.sheet, self.view, self.palette, self.glyphs
        sigma = "Σ" if glyphs.unicode else "sum"
        lines = [
            (f"{sigma} sum" if glyphs.unicode else "sum", view.sum, palette.accented),
            (f"{view.activation}({sigma})" if view.activation != "linear" else "output", view.output, palette.strong),
            (glyphs.say("∂loss/∂output"), view.grad, palette.text),
        ]
        for row, (words, number, style) in enumerate(lines, start=y):
            sheet.put(1, row, words, style)
            if view.computed:
                sheet.put(x, row, signed(number, 6), palette.number(number) + BOLD)
            else:
                sheet.put(x, row, glyphs.empty.rjust(6), palette.faint)

    # --- the curve

    def plot(self, area: _Area) -> None:
        """The activation's curve, the point on it where the neuron stands, and the slope there."""
        sheet, view, palette, glyphs = self.sheet, self.view, self.palette, self.glyphs
        left, top, width, height = area
        if width < 8 or height < 3:
            return
        words = f"slope {plain(view.slope)}" if view.computed else view.activation
        sheet.put(left + max(0, (width - len(words)) // 2), top + height - 1, words[:width], palette.quiet)
        height -= 1
        sums = [total for total, _ in view.curve]
        outputs = [output for _, output in view.curve]
        low, high = min(outputs), max(outputs)
        edge = 0.08 * (high - low) or 1.0
        box = sums[0], sums[-1], low - edge, high + edge
        canvas = Braille(sheet.width, sheet.height)

        def dots(points: list[tuple[float, float]], style: Style, period: int = 1) -> None:
            for place, (x, y) in enumerate(_way([_dot(point, box, width, height) for point in points])):
                if place % period == 0 and 0 <= x < 2 * width and 0 <= y < 4 * height:
                    cell = (top + y // 4) * canvas.width + left + x // 2
                    canvas.draw(Path((cell,), bytes([DOTS[x % 2][y % 4]])), style)

        dots([(box[0], 0.0), (box[1], 0.0)], palette.faint, 2)
        dots([(0.0, box[2]), (0.0, box[3])], palette.faint, 2)
        known = view.computed and math.isfinite(view.sum) and math.isfinite(view.output)
        if known and view.activation not in ("linear", "step"):
            reach = (box[1] - box[0]) / 5
            ends = [(view.sum + way * reach, view.output + way * reach * view.slope) for way in (-1.0, 1.0)]
            dots(ends, palette.lit_line, 2)
        dots(list(view.curve), palette.accented)
        canvas.onto(sheet, glyphs)
        if known:
            x, y = _dot((view.sum, view.output), box, width, height)
            glyph = "◉" if glyphs.unicode else "@"
            x, y = left + min(max(x // 2, 0), width - 1), top + min(max(y // 4, 0), height - 1)
            sheet.put(x, y, glyph, palette.lit_line)


def _dot(
    point: tuple[float, float], box: tuple[float, float, float, float], width: int, height: int
) -> tuple[int, int]:
    """Where a point of the curve lies, in dots."""
    left, right, low, high = box
    x = (point[0] - left) / (right - left) * (2 * width - 1)
    y = (high - point[1]) / (high - low) * (4 * height - 1)
    return round(x), round(y)


def _way(dots: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Every dot from each one to the next."""
    for (x, y), (to_x, to_y) in pairwise(dots):
        steps = max(abs(to_x - x), abs(to_y - y), 1)
        yield from ((x + (to_x - x) * k // steps, y + (to_y - y) * k // steps) for k in range(steps))
