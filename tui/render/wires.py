"""The Wires picture: units left to right, joined by curves. Must not know widgets, sessions or Grid."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from rich.style import Style
from textual.strip import Strip

from chainstep.engine.training.snapshot import Lit, NetworkView

from .braille import Braille, curve
from .network import BINS, Column, Slot, Unit, columns, fitted
from .numbers import signed
from .palette import LEVELS, Glyphs, Palette, level
from .sheet import Sheet
from .sparkline import histogram
from .wires_layout import Place, layout

PERIODS = (0, 8, 6, 4, 3, 2, 2, 1, 1, 1)
"""By level of |weight|: one dot in so many is drawn. A weight of zero has no wire."""
CROWDED = 64
"""From so many wires between two layers on, all are drawn `THINNER` levels sparser, so that the strong ones show."""
THINNER = 3
BLANK_FROM = 6
"""The least gap, in cells, in which a wire keeps a blank's distance from the number that it leaves."""


def wires(
    view: NetworkView,
    width: int,
    height: int,
    palette: Palette,
    glyphs: Glyphs,
    *,
    gradients: bool = False,
    selected: Unit | None = None,
) -> list[Strip]:
    """The network as `height` strips of `width` cells.

    `gradients` shows the gradients of units and weights in place of their values; `selected` unfolds its layer
    and brings that neuron's wires to the front.
    """
    sheet = Sheet(width, height)
    table = columns(view, gradients)
    places = layout(view, sheet.width, sheet.height, selected)
    canvas = Braille(sheet.width, sheet.height)
    for column, before, after in zip(table[1:], places, places[1:], strict=False):
        _draw(canvas, column, before, after, palette, selected, view.lit)
    canvas.onto(sheet, glyphs)
    for column, place in zip(table, places, strict=True):
        for slot in place.slots:
            if slot.neuron is None:
                _note(sheet, column, place, slot, view.lit, palette, glyphs)
            else:
                _unit(sheet, column, place, slot.neuron, slot.row, view.lit, palette, glyphs, selected)
    if view.lit is not None:
        _direction(sheet, view.lit, places, palette, glyphs)
    return sheet.strips()


def _draw(
    canvas: Braille,
    column: Column,
    before: Place,
    after: Place,
    palette: Palette,
    selected: Unit | None,
    lit: Lit | None,
) -> None:
    """The wires into one column, the strongest last."""
    blank = 1 if after.dot - before.leave >= BLANK_FROM and not before.shape.below else 0
    start, end = 2 * (before.leave + blank), 2 * after.dot - 1
    strands = sorted(_strands(column, before, after, selected, lit), key=lambda strand: strand[:2])
    crowded = len(strands) >= CROWDED
    for rank, _, source, target, weight in strands:
        style, period = _look(rank, weight, column.weight_scale, palette, crowded, selected is not None)
        if period:
            # Both ends in the middle of their cells, level with the glyphs.
            path = curve((canvas.width, canvas.height), (start, 4 * source + 2), (end, 4 * target + 2), period)
            canvas.draw(path, style)


def _strands(
    column: Column, before: Place, after: Place, selected: Unit | None, lit: Lit | None
) -> Iterator[tuple[int, float, int, int, float | None]]:
    """(rank, |weight|, source row, target row, weight) of every wire into `column`; rank 2 is lit, 1 selected.

    A wire at a folded row stands for many, and has no weight.
    """
    layer = column.layer
    into = selected[1] if selected is not None and selected[0] == layer else None
    out_of = selected[1] if selected is not None and selected[0] == layer - 1 else None
    lit_wire = (lit.neuron, lit.weight) if lit is not None and lit.layer == layer and lit.weight is not None else None
    sources = before.ends()
    for neuron, target in after.ends():
        for source, start in sources:
            rank = 0
            if (into is not None and into == neuron) or (out_of is not None and out_of == source):
                rank = 1
            if lit_wire is not None and neuron in (None, lit_wire[0]) and source in (None, lit_wire[1]):
                rank = 2
            if neuron is None or source is None:
                yield rank, 0.0, start, target, None
            else:
                weight = column.weights[neuron][source]
                yield rank, abs(weight) if math.isfinite(weight) else math.inf, start, target, weight


def _look(
    rank: int, weight: float | None, scale: float, palette: Palette, crowded: bool, dimmed: bool
) -> tuple[Style, int]:
    """Style and period of a wire; period 0 for none. `dimmed` is for wires that stand behind selected ones."""
    if rank == 2:
        return palette.lit_line, 1
    if weight is None:
        return palette.faint, 4
    if not math.isfinite(weight):
        return palette.alarm, 1
    step = level(weight, scale)
    if rank == 1:
        return palette.ladder[step + LEVELS], min(2, PERIODS[abs(step)])
    period = PERIODS[max(min(1, abs(step)), abs(step) - THINNER)] if crowded else PERIODS[abs(step)]
    return (palette.faint, 2 * period) if dimmed else (palette.ladder[step + LEVELS], period)


def _unit(
    sheet: Sheet,
    column: Column,
    place: Place,
    neuron: int,
    row: int,
    lit: Lit | None,
    palette: Palette,
    glyphs: Glyphs,
    selected: Unit | None,
) -> None:
    """A unit's glyph, its number and its name."""
    shape = place.shape
    if neuron >= column.known:
        glyph, style, text, number = glyphs.hollow, palette.faint, glyphs.empty.center(5), palette.faint
    else:
        value = column.units[neuron]
        glyph, style = glyphs.unit(value), palette.diverging(value, column.unit_scale)
        text, number = signed(value, shape.digits or 5), palette.number(value)
    if (column.layer, neuron) == selected:
        style = number = palette.chosen
    if lit is not None and (lit.layer, lit.neuron) == (column.layer, neuron):
        style = palette.lit_line if shape.digits else palette.lit_cell
        number = palette.lit_cell if lit.weight is None else number
    sheet.put(place.dot, row, glyph, style)
    name = fitted(column.names[neuron], shape.name, glyphs) if shape.name and neuron < len(column.names) else ""
    inputs = column.layer < 0
    if shape.below:
        # Blanks keep wires off the digits: in ASCII a wire beside them would read as a sign.
        left = place.dot - shape.digits // 2
        sheet.put(left - 1, row + 1, " " * (shape.digits + 2), None)
        sheet.put(left, row + 1, text, number)
        sheet.put(place.dot - 1 - shape.name if inputs else place.dot + 2, row, name, palette.quiet)
    elif inputs:
        sheet.put(place.left, row, name, palette.quiet)
        sheet.put(place.dot - 1 - shape.digits, row, text.rjust(shape.digits)[: shape.digits], number)
    else:
        sheet.put(place.dot + 2, row, text.rjust(shape.digits)[: shape.digits], number)
        sheet.put(place.dot + 3 + shape.digits, row, name, palette.quiet)


def _note(
    sheet: Sheet, column: Column, place: Place, slot: Slot, lit: Lit | None, palette: Palette, glyphs: Glyphs
) -> None:
    """A folded layer with the spread of its values, or a count of what a page hides."""
    if not place.folded:
        counted = place.shape.digits and column.layer >= 0
        sheet.put(place.dot, slot.row, glyphs.more, palette.quiet)
        if place.shape.digits:
            text = f"+{slot.hidden}"
            sheet.put(place.dot + 2 if counted else place.dot - 1 - len(text), slot.row, text, palette.quiet)
        return
    bars = glyphs.empty * BINS if column.known < column.count else histogram(column.units, BINS, glyphs)
    here = lit is not None and lit.layer == column.layer
    text = f"{glyphs.dot} x{slot.hidden} {bars}"[: place.shape.cells]
    sheet.put(place.left, slot.row, text, palette.lit_line if here else palette.quiet)


def _direction(sheet: Sheet, lit: Lit, places: Sequence[Place], palette: Palette, glyphs: Glyphs) -> None:
    """An arrow head where the number arrives: at the unit going forward, at what fed it going back."""
    before, after = places[lit.layer], places[lit.layer + 1]
    row = after.row(lit.neuron)
    x = after.dot - 1
    if lit.backward and lit.weight is not None:
        x, row = before.leave, before.row(lit.weight)
    elif lit.backward and after.leave < sheet.width:
        x = after.leave
    if row is not None:
        sheet.put(x, row, glyphs.backward if lit.backward else glyphs.forward, palette.lit_line)
