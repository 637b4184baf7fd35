"""An expression's graph, drawn from its leaves at the left to its value at the right -> strips. Knows no tape.

Every value that is still needed has a lane, a row of its own, so two wires can cross but never lie on one another.
An op takes over the lane of an input that nobody needs after it. Its inputs meet on a vertical wire of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from chainstep.engine.training.snapshot.tape import GraphView, NodeView

from ..canvas import numbers
from ..canvas.sheet import Sheet
from ..style.glyphs import Glyphs
from ..style.palette import Palette
from .expression_listing import expression_listing

_LARGEST = 40
"""Nodes of the largest expression that is drawn: beyond this the eye follows a listing more easily."""

_LEFT, _RIGHT, _UP, _DOWN = 1, 2, 4, 8
_GLYPH = {_UP: 1, _DOWN: 1, _UP | _DOWN: 1, _DOWN | _RIGHT: 2, _DOWN | _LEFT: 3, _UP | _RIGHT: 4, _UP | _LEFT: 5}
_GLYPH |= {_UP | _DOWN | _RIGHT: 6, _UP | _DOWN | _LEFT: 7, _LEFT | _RIGHT | _DOWN: 8, _LEFT | _RIGHT | _UP: 9, 15: 10}
"""Where in `Glyphs.lines` the shape is that leads in these directions; what is missing is a horizontal."""

_PASSES = 4
"""Times that all lanes are moved towards their neighbours; small graphs settle in two or three."""


class _Form(NamedTuple):
    """How much room a drawing takes."""

    digits: int
    """Cells of a number."""
    lines: int
    """Lines of a lane: with two, the grad stands below the data."""
    gap: int
    """Cells between two layers beside the vertical wires: a blank, a stub at either side, and maybe another blank."""


_FORMS = (_Form(7, 1, 4), _Form(7, 2, 4), _Form(5, 1, 3), _Form(5, 2, 3))
"""The first that fits is drawn."""

_Shape = tuple[tuple[int, ...], ...]
"""The inputs of each node: all that the layout depends on."""


def graph(
    view: GraphView, width: int, height: int, palette: Palette, glyphs: Glyphs, *, offset: tuple[int, int] = (0, 0)
) -> list[Strip]:
    """`height` strips of `width` cells: the graph, or where it does not fit a listing of the nodes.

    A node shows its op's symbol or its name, its data and its grad: side by side where there is width, else with the
    grad below. The lit node and its wires stand out, with an arrow that points the way the numbers went. `offset`
    (columns, lines) moves the listing.
    """
    for form in _FORMS:
        size = _size(view, form)
        if size is not None and size[0] <= width and size[1] <= height:
            sheet = Sheet(width, height)
            _Drawing(view, form, palette, glyphs, (height - size[1]) // 2).on(sheet)
            return sheet.strips()
    return expression_listing(view, width, height, palette, glyphs, offset=offset)


def graph_fits(view: GraphView, width: int, height: int) -> bool:
    """Whether `graph` draws wires in this room."""
    sizes = (_size(view, form) for form in _FORMS)
    return any(size is not None and size[0] <= width and size[1] <= height for size in sizes)


def graph_size(view: GraphView) -> tuple[int, int]:
    """The least (width, height) in which `graph` draws wires; of the listing, where it never does."""
    return _size(view, _FORMS[-1]) or (36, len(view.nodes))


def _size(view: GraphView, form: _Form) -> tuple[int, int] | None:
    """Cells that the drawing takes in this form; None for what is not drawn."""
    if not 0 < len(view.nodes) <= _LARGEST:
        return None
    layout = _layout(tuple(node.inputs for node in view.nodes))
    return layout.starts(_label_widths(view, form), form.gap)[-1], layout.rows * form.lines


# --- layout: whole numbers only ---


@dataclass(slots=True)
class _Layout:
    """Where everything lies, counted in lanes (rows), layers and tracks (vertical wires left of a layer)."""

    layer: list[int]
    lane: list[int]
    """Row of each node."""
    track: list[int | None] = field(default_factory=list)
    """Vertical wire of each node, counted within the gap before its layer; None where a straight wire does."""
    loop: list[int | None] = field(default_factory=list)
    """Row of the second wire of `a + a`."""
    tracks: list[int] = field(default_factory=list)
    """Vertical wires before each layer."""
    rows: int = 0

    def starts(self, widths: list[int], gap: int) -> list[int]:
        """First column of each layer's labels, and behind the last its end. `widths`: cells of each node's label."""
        starts = []
        x = 0
        for layer, tracks in enumerate(self.tracks):
            x += tracks + gap if layer else 0
            starts.append(x)
            x += max(width for node, width in enumerate(widths) if self.layer[node] == layer)
        return [*starts, x]


@lru_cache(maxsize=16)
def _layout(shape: _Shape) -> _Layout:
    """Layers by the longest path, lanes by the shortest wires."""
    layers: list[int] = []
    for inputs in shape:
        layers.append(1 + max((layers[k] for k in inputs), default=-1))
    # Drawing order: an op is drawn after the ops of earlier layers, and so it may end the lanes of its inputs.
    order = sorted((node for node, inputs in enumerate(shape) if inputs), key=lambda node: (layers[node], node))
    last = {k: node for node in order for k in shape[node]}
    root = len(shape) - 1
    lane_of: dict[int, int] = {}
    lanes: list[list[int]] = []
    ties: list[tuple[int, ...]] = []

    def open_lane(node: int, near: int | None) -> None:
        lane_of[node] = len(lanes)
        lanes.append([] if near is None else [near])

    for leaf in _leaves(shape, root):
        open_lane(leaf, None)
    loops: dict[int, int] = {}
    for node in order:
        inputs = shape[node]
        free = [k for k in inputs if last[k] == node]
        if free:
            lane_of[node] = lane_of[free[-1]]
        else:
            open_lane(node, lane_of[inputs[0]])
        if len(inputs) == 2 and inputs[0] == inputs[1]:
            loops[node] = len(lanes)
            lanes.append([lane_of[inputs[0]]])
            ties.append((loops[node], lane_of[inputs[0]], lane_of[inputs[0]]))
        ties.append((lane_of[node], *(lane_of[k] for k in inputs)))
    rows = _rows(lanes, ties)

    layout = _Layout(layers, [rows[lane_of[node]] for node in range(len(shape))], tracks=[0] * (max(layers) + 1))
    layout.rows = len(lanes)
    for node, inputs in enumerate(shape):
        loop = rows[loops[node]] if node in loops else None
        straight = not inputs or (loop is None and {layout.lane[k] for k in inputs} == {layout.lane[node]})
        layout.loop.append(loop)
        layout.track.append(None if straight else layout.tracks[layers[node]])
        if not straight:
            layout.tracks[layers[node]] += 1 if loop is None else 3
    return layout


def _leaves(shape: _Shape, root: int) -> Iterator[int]:
    """The leaves in the order in which the expression names them, which keeps the wires of a tree from crossing."""
    seen: set[int] = set()
    stack = [*range(root), root]
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if shape[node]:
            stack += reversed(shape[node])
        else:
            yield node


def _rows(lanes: list[list[int]], ties: list[tuple[int, ...]]) -> list[int]:
    """The row of each lane: as they were opened, new ones beside the lane they came from, then improved by moving
    single lanes to wherever the vertical wires become shortest; short wires cross the least."""
    order: list[int] = []
    for lane, near in enumerate(lanes):
        order.insert(order.index(near[0]) + 1 if near else len(order), lane)

    def cost(order: list[int]) -> int:
        row = {lane: k for k, lane in enumerate(order)}
        return sum(max(places) - min(places) for places in ([row[lane] for lane in tie] for tie in ties))

    best = cost(order)
    for _ in range(_PASSES):
        before = best
        for lane in list(order):
            rest = [other for other in order if other != lane]
            for k in range(len(order)):
                tried = [*rest[:k], lane, *rest[k:]]
                if (now := cost(tried)) < best:
                    best, order = now, tried
        if best == before:
            break
    return [order.index(lane) for lane in range(len(order))]


# --- drawing: cells ---


def _head(node: NodeView) -> str:
    """What a node is called in the picture: a leaf by its name, a result by its op, and by its name if it has one."""
    if not node.op:
        return node.name
    return f"{node.op} {node.name}" if node.name.isidentifier() else node.op


def _label_widths(view: GraphView, form: _Form) -> list[int]:
    """Cells of each node's label, and of those of its layer: numbers stand below one another."""
    numbers_width = form.digits if form.lines == 2 else 2 * form.digits + 1
    layers = _layout(tuple(node.inputs for node in view.nodes)).layer
    heads = [cell_len(_head(node)) for node in view.nodes]
    widest: dict[int, int] = {}
    for width, layer in zip(heads, layers, strict=True):
        widest[layer] = max(width, widest.get(layer, 0))
    return [widest[layer] + 1 + numbers_width for layer in layers]


class _Drawing:
    """One graph in one form, on its way to a sheet."""

    def __init__(self, view: GraphView, form: _Form, palette: Palette, glyphs: Glyphs, top: int) -> None:
        self.view, self.form, self.palette, self.glyphs, self.top = view, form, palette, glyphs, top
        self.layout = _layout(tuple(node.inputs for node in view.nodes))
        self.widths = _label_widths(view, form)
        self.starts = self.layout.starts(self.widths, form.gap)
        self.directions: dict[tuple[int, int], int] = {}
        self.lit: set[tuple[int, int]] = set()
        """Cells of the lit node's wires."""
        self.bridges: set[tuple[int, int]] = set()
        """Cells where a vertical wire passes over a horizontal one that it has nothing to do with."""

    def on(self, sheet: Sheet) -> None:
        """Draw everything: wires first, labels and arrow over them."""
        for node in range(len(self.view.nodes)):
            self._wires(node)
        lines = self.glyphs.lines
        for (x, y), directions in self.directions.items():
            glyph = lines[1] if (x, y) in self.bridges else lines[_GLYPH.get(directions, 0)]
            sheet.put(x, y, glyph, self.palette.lit_line if (x, y) in self.lit else self.palette.quiet)
        for node in range(len(self.view.nodes)):
            self._label(sheet, node)

    def _row(self, lane: int) -> int:
        """The sheet's row of a lane."""
        return self.top + lane * self.form.lines

    def _wires(self, node: int) -> None:
        """The wires that lead into a node."""
        layout, inputs = self.layout, self.view.nodes[node].inputs
        if not inputs:
            return
        row, start = self._row(layout.lane[node]), self.starts[layout.layer[node]]
        end = start - (2 if self.form.gap > 3 else 1)
        lit = node == self.view.lit
        track, loop = layout.track[node], layout.loop[node]
        if track is None:
            self._across(row, self._exit(inputs[0]), end, lit)
            return
        x = start - self.form.gap // 2 - layout.tracks[layout.layer[node]] + track
        if loop is not None:
            source, below = self._row(layout.lane[inputs[0]]), self._row(loop)
            self._down(x, {source, below}, lit)
            self._across(below, x, x + 2, lit)
            x += 2
            joined = {source, below, row}
        else:
            joined = {row, *(self._row(layout.lane[k]) for k in inputs)}
        for k in inputs:
            self._across(self._row(layout.lane[k]), self._exit(k), x, lit)
        self._down(x, joined, lit)
        self._across(row, x, end, lit)

    def _exit(self, node: int) -> int:
        """The first column of the wire that leaves a node."""
        return self.starts[self.layout.layer[node]] + self.widths[node] + 1

    def _across(self, y: int, left: int, right: int, lit: bool) -> None:
        """A horizontal wire from column `left` to column `right`."""
        for x in range(left, right + 1):
            ways = (_LEFT if x > left else 0) | (_RIGHT if x < right else 0)
            self._paint(x, y, ways or _LEFT, lit)

    def _down(self, x: int, joined: set[int], lit: bool) -> None:
        """A vertical wire that joins these rows and bridges those between."""
        top, bottom = min(joined), max(joined)
        for y in range(top, bottom + 1):
            self._paint(x, y, (_UP if y > top else 0) | (_DOWN if y < bottom else 0), lit)
            if y not in joined:
                self.bridges.add((x, y))

    def _paint(self, x: int, y: int, directions: int, lit: bool) -> None:
        """Add directions to a cell."""
        self.directions[x, y] = self.directions.get((x, y), 0) | directions
        if lit:
            self.lit.add((x, y))

    def _label(self, sheet: Sheet, node: int) -> None:
        """Name or op, data and grad of a node, and the arrow if it is lit."""
        item, form, palette = self.view.nodes[node], self.form, self.palette
        lit = node == self.view.lit
        x, y = self.starts[self.layout.layer[node]], self._row(self.layout.lane[node])
        head = _head(item)
        plain = Style(color=(palette.accent if item.op else palette.foreground).rich_color, bold=True)
        sheet.put(x, y, head, palette.lit_cell if lit else plain)
        if lit and item.inputs:
            arrow = self.glyphs.backward if self.view.backward else self.glyphs.forward
            sheet.put(x - (2 if form.gap > 3 else 1), y, arrow, palette.lit_line)
        right = x + self.widths[node]
        at = right - form.digits if form.lines == 2 else right - 2 * form.digits - 1
        self._number(sheet, at, y, item.data, item.computed, self.palette.number(item.data))
        if form.lines == 2:
            sheet.put(x, y + 1, "∂" if self.glyphs.unicode else "d", palette.faint)
        else:
            sheet.put(right - form.digits - 1, y, self.glyphs.lines[1], palette.faint)
        grad = palette.diverging(item.grad, 0.0) if item.grad else palette.quiet
        self._number(sheet, right - form.digits, y + form.lines - 1, item.grad, item.computed, grad)

    def _number(self, sheet: Sheet, x: int, y: int, value: float, known: bool, style: Style) -> None:
        """A number, or the place where it will be."""
        text = numbers.signed(value, self.form.digits) if known else self.glyphs.empty.rjust(self.form.digits)
        sheet.put(x, y, text, style if known else self.palette.faint)
