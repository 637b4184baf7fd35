"""One neuron close up -> strips: its table, the sum on the activation's curve, its map. Must not know widgets or the
session.
"""

from __future__ import annotations

from textual.strip import Strip

from chainstep.engine.training.snapshot.closeup import NeuronView
from chainstep.engine.training.snapshot.plots.map import MapView

from ..canvas.sheet import Sheet
from ..map.decisions import fired
from ..map.heat import heat, room
from ..style.look import Look
from .activation import plot
from .entries import count
from .table import STEPS, Shape, Table, shape

_FLAT = 14
"""Rows below which things stand side by side."""

_TABLE = 40
"""Fewest cells of the table where things stand side by side."""

_STACKED = 14
"""Rows from which on the curve stands above the map."""

_EDGES = 3
"""Rows of the table beside those with numbers: its headings, what comes of it, and a free one."""

_CURVE = 8
"""Rows that the curve keeps where gradients stand below their numbers."""

_Area = tuple[int, int, int, int]
"""Left, top, width, height."""


def map_room(inputs: int, width: int, height: int) -> tuple[int, int] | None:
    """(columns, rows) of samples of the map of a neuron with so many inputs; None where it has no room."""
    _, _, chart = _areas(inputs, width, height, planar=True, lines=1)
    return room(chart[2], chart[3]) if chart[2] > 7 and chart[3] > 2 else None


def neuron(
    view: NeuronView,
    surface: MapView | None,
    width: int,
    height: int,
    look: Look,
    *,
    planar: bool,
    selected: int | None,
) -> list[Strip]:
    """A neuron as `height` strips of `width` cells; `selected` is the row of the selected parameter, if it is one of
    its own.

    `planar` leaves room for a map, which may be yet to come.
    """
    sheet = Sheet(width, height)
    shaped = _shape(view, sheet.width, sheet.height, planar=planar)
    table, curve, chart = _areas(count(view), sheet.width, sheet.height, planar=planar, lines=shaped.lines)
    Table(sheet, view, look, shaped).draw(*table, selected)
    plot(view, sheet, curve, look)
    if surface is not None and chart[2] > 7 and chart[3] > 2:
        heat(fired(surface, view.activation, view.place), sheet, chart, look)
    return sheet.strips()


def _shape(view: NeuronView, width: int, height: int, *, planar: bool) -> Shape:
    """Gradients stand beside their numbers, or below them where not all have room there and there are rows enough."""
    if height < _FLAT:
        return shape(view, _flat_table(width, height, planar=planar), below=False)
    beside = shape(view, width, below=False)
    rows = 2 * (count(view) + STEPS) + _EDGES + _CURVE
    return beside if planar or len(beside.grads) == 3 or rows > height else shape(view, width, below=True)


def _flat_table(width: int, height: int, *, planar: bool) -> int:
    """Cells of the table where things stand side by side."""
    return min(width, _TABLE if planar else max(_TABLE, width - 2 - 4 * height))


def _areas(inputs: int, width: int, height: int, *, planar: bool, lines: int) -> tuple[_Area, _Area, _Area]:
    """Where the table, with so many lines a row, the activation's curve and the map go."""
    if height < _FLAT:
        left = _flat_table(width, height, planar=planar)
        rest = max(0, width - left - 2)
        half = (rest - 2) // 2 if planar else min(rest, 4 * height)
        curve = (left + 2, 0, half, height)
        return (0, 0, left, height), curve, (left + 4 + half, 0, rest - half - 2 if planar else 0, height)
    wanted = lines * (inputs + STEPS) + _EDGES
    band = max(height - wanted, height * 2 // 5 if lines == 1 else 0)
    top = height - band
    if planar and band > _STACKED and width > 8:
        upper = band * 2 // 5
        wide = min(width, 4 * upper)
        return (0, 0, width, top), ((width - wide) // 2, top, wide, upper), (0, top + upper, width, band - upper)
    band = min(band, width // 2)
    half = (width - 2) // 2 if planar else min(width, 4 * band)
    return (0, 0, width, top), (0, top, half, band), (half + 2, top, width - half - 2 if planar else 0, band)
