"""An expression's graph, drawn from its leaves at the left to its value at the right -> strips. Knows no tape."""

from __future__ import annotations

from typing import NamedTuple

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from chainstep.engine.training.snapshot.tape import GraphView, NodeView

from ..canvas import numbers
from ..canvas.sheet import Sheet
from ..style.look import Look
from .expression_listing import expression_listing
from .graph_layout import layout

_LARGEST = 40
"""Nodes of the largest expression that is drawn: beyond this the eye follows a listing more easily."""

_LEFT, _RIGHT, _UP, _DOWN = 1, 2, 4, 8
_GLYPH = {_UP: 1, _DOWN: 1, _UP | _DOWN: 1, _DOWN | _RIGHT: 2, _DOWN | _LEFT: 3, _UP | _RIGHT: 4, _UP | _LEFT: 5}
_GLYPH |= {_UP | _DOWN | _RIGHT: 6, _UP | _DOWN | _LEFT: 7, _LEFT | _RIGHT | _DOWN: 8, _LEFT | _RIGHT | _UP: 9, 15: 10}
"""Where in `Glyphs.lines` the shape is that leads in these directions; what is missing is a horizontal."""


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


def graph(view: GraphView, width: int, height: int, look: Look) -> list[Strip]:
    """`height` strips of `width` cells: the graph, or where it does not fit a listing of the nodes.

    A node shows its op's symbol or its name, its data and its grad: side by side where there is width, else with the
    grad below. The node whose op was just done and that of the next one stand out with
    their wires, each with an arrow that points the way the numbers go.
    """
    for form in _FORMS:
        size = _size(view, form)
        if size is not None and size[0] <= width and size[1] <= height:
            sheet = Sheet(width, height)
            _Drawing(view, form, look, (height - size[1]) // 2).on(sheet)
            return sheet.strips()
    return expression_listing(view, width, height, look)


def graph_fits(view: GraphView, width: int, height: int) -> bool:
    """Whether `graph` draws wires in this room."""
    sizes = (_size(view, form) for form in _FORMS)
    return any(size is not None and size[0] <= width and size[1] <= height for size in sizes)


def _size(view: GraphView, form: _Form) -> tuple[int, int] | None:
    """Cells that the drawing takes in this form; None for what is not drawn."""
    if not 0 < len(view.nodes) <= _LARGEST:
        return None
    lying = layout(tuple(node.inputs for node in view.nodes))
    return lying.starts(_label_widths(view, form), form.gap)[-1], lying.rows * form.lines


def _head(node: NodeView) -> str:
    """What a node is called in the picture: a leaf by its name, a result by its op, and by its name if it has one."""
    if not node.op:
        return node.name
    return f"{node.op} {node.name}" if node.name.isidentifier() else node.op


def _label_widths(view: GraphView, form: _Form) -> list[int]:
    """Cells of each node's label, and of those of its layer: numbers stand below one another."""
    numbers_width = form.digits if form.lines == 2 else 2 * form.digits + 1
    layers = layout(tuple(node.inputs for node in view.nodes)).layer
    heads = [cell_len(_head(node)) for node in view.nodes]
    widest: dict[int, int] = {}
    for width, layer in zip(heads, layers, strict=True):
        widest[layer] = max(width, widest.get(layer, 0))
    return [widest[layer] + 1 + numbers_width for layer in layers]


class _Drawing:
    """One graph in one form, on its way to a sheet."""

    def __init__(self, view: GraphView, form: _Form, look: Look, top: int) -> None:
        self.view, self.form, self.top = view, form, top
        self.palette, self.glyphs = look
        self.layout = layout(tuple(node.inputs for node in view.nodes))
        self.widths = _label_widths(view, form)
        self.starts = self.layout.starts(self.widths, form.gap)
        self.directions: dict[tuple[int, int], int] = {}
        self.lit: dict[tuple[int, int], Style] = {}
        """Cells of the wires into the nodes whose op was just done, and comes next."""
        self.bridges: set[tuple[int, int]] = set()
        """Cells where a vertical wire passes over a horizontal one that it has nothing to do with."""

    def on(self, sheet: Sheet) -> None:
        """Draw everything: wires first, labels and arrow over them."""
        for node in range(len(self.view.nodes)):
            self._wires(node)
        lines = self.glyphs.lines
        for (x, y), directions in self.directions.items():
            glyph = lines[1] if (x, y) in self.bridges else lines[_GLYPH.get(directions, 0)]
            sheet.put(x, y, glyph, self.lit.get((x, y), self.palette.quiet))
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
        palette, view = self.palette, self.view
        lit = palette.lit_line if node == view.lit else palette.coming_line if node == view.coming else None
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

    def _across(self, y: int, left: int, right: int, lit: Style | None) -> None:
        """A horizontal wire from column `left` to column `right`."""
        for x in range(left, right + 1):
            ways = (_LEFT if x > left else 0) | (_RIGHT if x < right else 0)
            self._paint(x, y, ways or _LEFT, lit)

    def _down(self, x: int, joined: set[int], lit: Style | None) -> None:
        """A vertical wire that joins these rows and bridges those between."""
        top, bottom = min(joined), max(joined)
        for y in range(top, bottom + 1):
            self._paint(x, y, (_UP if y > top else 0) | (_DOWN if y < bottom else 0), lit)
            if y not in joined:
                self.bridges.add((x, y))

    def _paint(self, x: int, y: int, directions: int, lit: Style | None) -> None:
        """Add directions to a cell."""
        self.directions[x, y] = self.directions.get((x, y), 0) | directions
        if lit is not None and self.lit.get((x, y)) is not self.palette.lit_line:
            self.lit[x, y] = lit

    def _label(self, sheet: Sheet, node: int) -> None:
        """Name or op, data and grad of a node, and the arrow if its op was just done or comes next."""
        item, form, palette, glyphs = self.view.nodes[node], self.form, self.palette, self.glyphs
        x, y = self.starts[self.layout.layer[node]], self._row(self.layout.lane[node])
        head = _head(item)
        plain = Style(color=(palette.accent if item.op else palette.foreground).rich_color, bold=True)
        arrow, line = "", plain
        if node == self.view.lit:
            plain, line, arrow = palette.lit_cell, palette.lit_line, glyphs.done(backward=self.view.backward)
        elif node == self.view.coming:
            plain, line = palette.coming_cell, palette.coming_line
            arrow = glyphs.coming(backward=self.view.coming_backward)
        sheet.put(x, y, head, plain)
        if arrow and item.inputs:
            sheet.put(x - (2 if form.gap > 3 else 1), y, arrow, line)
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
