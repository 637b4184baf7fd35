"""An expression's graph, from its leaves at the left to its value at the right, or as much of it as there is room for
-> strips. Knows no tape.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from textual.strip import Strip

from chainstep.engine.training.snapshot.tape import GraphView

from ..canvas.sheet import Sheet
from ..style.light import DARK, Light
from ..style.look import Look
from .expression_listing import expression_listing
from .graph_drawing import Drawing, Form

LARGEST = 40
"""Nodes of the largest expression that is drawn: beyond this the eye follows a listing more easily."""

_SMALLEST = 24, 3
"""Columns and rows below which a listing says more than a piece of a graph."""

_FULL = (Form(7, 1, 4), Form(7, 2, 4), Form(5, 1, 3), Form(5, 2, 3))
_COMPACT = (Form(7, 1, 4, grads=False), Form(5, 1, 3, grads=False))
"""The first that fits is drawn; where none does, the one of which the most is seen."""

_MARGIN = 2
"""Cells that stay in view beside the op in hand."""


Cell = tuple[int, int]
"""Column and row."""


class Window(NamedTuple):
    """What is seen of a drawing."""

    form: Form
    left: int
    top: int
    """The first column and the first row that are seen."""
    width: int
    height: int
    """Columns and rows of the whole drawing."""


def window(
    view: GraphView,
    width: int,
    height: int,
    *,
    compact: bool = False,
    at: tuple[int, int] = (0, 0),
    follow: bool = True,
    light: Light = DARK,
) -> Window | None:
    """What is seen of a graph in `width` x `height` cells: all of it where that fits; else from column and row `at` on,
    moved as far as the op in hand asks for, and what is lit, where it is to `follow` those. None where it is not drawn.

    `compact` leaves the gradients out.
    """
    if not 0 < len(view.nodes) <= LARGEST:
        return None
    drawings = [Drawing(view, form) for form in (_COMPACT if compact else _FULL)]
    best = min(drawings, key=lambda drawing: _times(drawing.width, width) * _times(drawing.height, height))
    fits = best.width <= width and best.height <= height
    if not fits and (width < _SMALLEST[0] or height < _SMALLEST[1]):
        return None
    left, top = at
    in_hand = next((node for node in (view.coming, view.lit) if node is not None), None)
    lit = next((place for place, node in enumerate(view.nodes) if light.on(node.name)), None)
    for node in (in_hand, lit) if follow and not fits else ():
        if node is None:
            continue
        first, last, upper, lower = best.box(node)
        left = _moved(left, first, last, width)
        top = _moved(top, upper, lower, height)
    left, top = max(0, min(left, best.width - width)), max(0, min(top, best.height - height))
    return Window(best.form, left, top, best.width, best.height)


def _times(size: int, room: int) -> float:
    """How many times the room something needs, if more than once."""
    return max(1.0, size / max(1, room))


def _moved(start: int, first: int, last: int, room: int) -> int:
    """The start of what is seen, with the least movement that has `first` … `last` and a margin in it; of what is too
    long the end.
    """
    return max(last + _MARGIN - room + 1, min(start, first - _MARGIN))


def graph(view: GraphView, width: int, height: int, look: Look, seen: Window | None = None) -> list[Strip]:
    """`height` strips of `width` cells: what is `seen` of the graph, or a listing of the nodes where none is drawn.

    A node shows its op's symbol or its name, its data and its grad: side by side where there is width, else with the
    grad below. The node whose op was just done and that of the next one stand out with their wires, each with an arrow
    that points the way the numbers go. At an edge behind which there is more stands an arrow, too.
    """
    seen = seen or window(view, width, height)
    if seen is None:
        return expression_listing(view, width, height, look)
    sheet = Sheet(max(width, seen.width), max(height, seen.height))
    drawing = Drawing(view, seen.form)
    drawing.onto(sheet, look, range(seen.left, seen.left + width))
    for arrow, x, y in _edges(seen, width, height, drawing.texts):
        sheet.put(x, y, arrow[0 if look.glyphs.unicode else 1], look.palette.key)
    return [strip.crop(seen.left, seen.left + width) for strip in sheet.strips()[seen.top : seen.top + height]]


def _edges(seen: Window, width: int, height: int, texts: Collection[Cell]) -> Iterator[tuple[str, int, int]]:
    """An arrow for each edge behind which there is more, and the cell nearest to its middle that has no text."""
    left, top, right, bottom = seen.left, seen.top, seen.left + width - 1, seen.top + height - 1
    rows, columns = range(top, bottom + 1), range(left, right + 1)
    edges: tuple[tuple[str, bool, list[Cell]], ...] = (
        ("←<", left > 0, [(left, y) for y in rows]),
        ("→>", right + 1 < seen.width, [(right, y) for y in rows]),
        ("↑^", top > 0, [(x, top) for x in columns]),
        ("↓v", bottom + 1 < seen.height, [(x, bottom) for x in columns]),
    )
    for arrow, more, cells in edges:
        middle = len(cells) // 2
        free = (k for k in range(len(cells)) if cells[k] not in texts)
        if more:
            yield arrow, *cells[min(free, key=lambda k: abs(k - middle), default=middle)]


def overtaken(view: GraphView, look: Look) -> str:
    """What the sign before old numbers means; empty where there are none."""
    old = any(node.computed and (node.old or node.old_grad) for node in view.nodes)
    return f"{look.glyphs.old} before the update" if old else ""
