"""A function of one variable -> strips: its curve, the samples, and at one point its tangent and the secant of a
difference quotient. Must not know widgets, the session, or how the numbers were made.
"""

from __future__ import annotations

import math

from rich.style import Style
from textual.strip import Strip

from chainstep.engine.training.snapshot.plots.function import FunctionView, SlopeView

from ..canvas.sheet import Sheet
from ..canvas.text import in_lines
from ..style.look import Look
from . import quotient
from .axes import Axes, span
from .marks import Marks, fitting, marks

_LEAST = 5
"""Rows that the curve has before anything is said about it."""


def room(width: int, height: int) -> tuple[int, int]:
    """(columns, rows) of cells in which the curve can be drawn."""
    return max(1, width), max(1, height)


def headings(view: FunctionView, slope: SlopeView | None, width: int, look: Look) -> tuple[str, str]:
    """What is drawn, and the slope at the point, in `width` cells; what is there anyway gives way first."""
    own = view.measure == f"f({view.variable})"
    titles = [f"Curve {view.measure}" if own else f"Curve {view.measure} over {view.variable}"]
    if view.points:
        legend = marks(look).legend(tests=any(point.test for point in view.points))
        titles = [f"{titles[0]}  {legend}", f"{view.measure} over {view.variable}  {legend}", *titles]
    if slope is None:
        return titles[0], ""
    notes = [f"slope {slope.slope:.5g} at {slope.variable} = {slope.x:.5g}", f"slope {slope.slope:.4g}"]
    return fitting(titles, notes, width, look)


def footing(slope: SlopeView) -> str:
    """Which difference quotient is taken."""
    return f"h {quotient.distance(slope.h)} {'central' if slope.central else 'forward'}"


def function(view: FunctionView, slope: SlopeView | None, width: int, height: int, look: Look) -> list[Strip]:
    """The curve in `height` strips of `width` cells, and beneath it the quotient in numbers."""
    sheet = Sheet(width, height)
    said = _said(slope, width, max(0, height - _LEAST), look) if slope else []
    here = slope if slope is not None and slope.variable == view.variable else None
    _draw(view, here, sheet, height - len(said), look)
    for y, (text, style) in enumerate(said, start=height - len(said)):
        sheet.put(0, y, text, style)
    return sheet.strips()


def _said(slope: SlopeView, width: int, height: int, look: Look) -> list[tuple[str, Style]]:
    """The lines about the slope for which there is room."""
    palette = look.palette
    styles = {"quotient": palette.text, "slope": palette.strong, "update": palette.coming_line}
    said: list[tuple[str, Style]] = []
    for text, of in quotient.lines(slope, width, look.glyphs):
        lines = in_lines(text, width, max(0, height - len(said)))
        said += [(look.glyphs.in_place(line), styles[of]) for line in lines]
    return said


def _draw(view: FunctionView, slope: SlopeView | None, sheet: Sheet, height: int, look: Look) -> None:
    palette, shapes = look.palette, marks(look)
    heights = [point.y for point in view.points] + [y for _, y in view.trail]
    upwards = span(view.values, heights + ([slope.y] if slope else []))
    axes = Axes(sheet, (0, 0, sheet.width, height), (view.low, view.high), upwards, look)
    axes.zero()
    axes.curve(view.values, palette.accented)
    if slope is not None:
        if math.isfinite(slope.quotient):
            axes.line(slope.behind, slope.quotient, palette.text, dashed=True)
        if math.isfinite(slope.slope):
            axes.line((slope.x, slope.y), slope.slope, palette.strong)
    axes.finish_dots()
    axes.labels()
    for point in view.points:
        axes.put(point.x, point.y, shapes.test if point.test else shapes.train, palette.text)
    for x, y in view.trail:
        axes.put(x, y, shapes.trail, palette.quiet)
    if slope is not None:
        _point(axes, slope, sheet, shapes, look)


def _point(axes: Axes, slope: SlopeView, sheet: Sheet, shapes: Marks, look: Look) -> None:
    """Where it stands, the other points of the quotient, and an arrow to where the next update leads."""
    palette, glyphs = look.palette, look.glyphs
    start = axes.cell(slope.x, slope.y)
    if start is not None and slope.next is not None and math.isfinite(slope.next):
        end = axes.nearest_column(slope.next)
        way = 1 if end > start[0] else -1
        for column in range(start[0] + way, end, way):
            sheet.glyph(column, start[1], glyphs.lines[0], palette.coming_line)
        if end != start[0]:
            sheet.glyph(end, start[1], glyphs.coming(backward=way < 0), palette.coming_line)
    for x, y in (slope.behind, slope.ahead):
        axes.put(x, y, shapes.other, palette.strong)
    axes.put(slope.x, slope.y, shapes.here, palette.lit_cell)
