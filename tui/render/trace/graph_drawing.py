"""An expression's graph in one form -> cells of a sheet: labels from the leaves at the left to the value at the right,
and the wires between them. Must not know how much of it is seen.
"""

from __future__ import annotations

from typing import NamedTuple

from rich.cells import cell_len
from rich.style import Style

from chainstep.engine.training.snapshot.tape import GraphView, NodeView

from ..canvas import numbers
from ..canvas.sheet import Sheet
from ..style.look import Look
from .graph_layout import layout

_LEFT, _RIGHT, _UP, _DOWN = 1, 2, 4, 8
_GLYPH = {_UP: 1, _DOWN: 1, _UP | _DOWN: 1, _DOWN | _RIGHT: 2, _DOWN | _LEFT: 3, _UP | _RIGHT: 4, _UP | _LEFT: 5}
_GLYPH |= {_UP | _DOWN | _RIGHT: 6, _UP | _DOWN | _LEFT: 7, _LEFT | _RIGHT | _DOWN: 8, _LEFT | _RIGHT | _UP: 9, 15: 10}
"""Where in `Glyphs.lines` the shape is that leads in these directions; what is missing is a horizontal."""


class Form(NamedTuple):
    """How much room a drawing takes."""

    digits: int
    """Cells of a number."""
    lines: int
    """Lines of a lane: with two, the grad stands below the data."""
    gap: int
    """Cells between two layers beside the vertical wires: a blank, a stub at either side, and maybe another blank."""
    grads: bool = True
    """Whether gradients are shown."""

    @property
    def numbers(self) -> int:
        """Cells of a node's numbers."""
        return 2 * self.digits + 1 if self.grads and self.lines == 1 else self.digits


def _head(node: NodeView) -> str:
    """What a node is called in the picture: a leaf by its name, a result by its op, and by its name if it has one."""
    if not node.op:
        return node.name
    return f"{node.op} {node.name}" if node.name.isidentifier() else node.op


def _label_widths(view: GraphView, form: Form) -> list[int]:
    """Cells of each node's label, and of those of its layer: numbers stand below one another."""
    layers = layout(tuple(node.inputs for node in view.nodes)).layer
    heads = [cell_len(_head(node)) for node in view.nodes]
    widest: dict[int, int] = {}
    for width, layer in zip(heads, layers, strict=True):
        widest[layer] = max(width, widest.get(layer, 0))
    return [widest[layer] + 1 + form.numbers for layer in layers]


class Drawing:
    """One graph in one form, on its way to a sheet."""

    def __init__(self, view: GraphView, form: Form) -> None:
        self.view, self.form, self.top = view, form, 0
        self.layout = layout(tuple(node.inputs for node in view.nodes))
        self.widths = _label_widths(view, form)
        self.starts = self.layout.starts(self.widths, form.gap)
        self.width, self.height = self.starts[-1], self.layout.rows * form.lines
        self.directions: dict[tuple[int, int], int] = {}
        self.lit: dict[tuple[int, int], Style] = {}
        """Cells of the wires into the nodes whose op was just done, and comes next."""
        self.bridges: set[tuple[int, int]] = set()
        """Cells where a vertical wire passes over a horizontal one that it has nothing to do with."""
        self.texts: set[tuple[int, int]] = set()
        """Cells of names and numbers."""

    def box(self, node: int) -> tuple[int, int, int, int]:
        """Where a node is with the ends of the wires into it: its first and last column, its first and last row."""
        x, y = self.starts[self.layout.layer[node]], self.layout.lane[node] * self.form.lines
        rows = [self.layout.lane[k] * self.form.lines for k in self.view.nodes[node].inputs]
        left = max(0, x - self.form.gap - self.layout.tracks[self.layout.layer[node]])
        return left, x + self.widths[node] - 1, min((y, *rows)), max((y, *rows)) + self.form.lines - 1

    def onto(self, sheet: Sheet, look: Look, seen: range) -> None:
        """Draw everything, in the middle of the rows that there are: wires first, labels and arrows over them. Of what
        stands across an edge of the columns that are `seen`, dots are: a number that loses a digit is another one.
        """
        self.look, self.palette, self.glyphs, self.seen = look, look.palette, look.glyphs, seen
        self.top = max(0, sheet.height - self.height) // 2
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
        wires = self.look.light.wires
        pointed = {k for k in inputs if (view.nodes[k].name, view.nodes[node].name) in wires} if wires else set[int]()
        if pointed == {*inputs}:
            lit = lit or palette.pointed_line
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
            self._across(
                self._row(layout.lane[k]), self._exit(k), x, lit or (palette.pointed_line if k in pointed else None)
            )
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
        if self.look.light.on(item.name):
            plain = palette.pointed_cell
            sheet.put(x + cell_len(head), y, glyphs.pointed_back, palette.pointed_line)
        self._text(sheet, x, y, head, plain)
        if arrow and item.inputs:
            sheet.put(x - (2 if form.gap > 3 else 1), y, arrow, line)
        right = x + self.widths[node]
        self._number(
            sheet,
            right - form.numbers,
            y,
            item.data if item.computed else None,
            self.look.number(palette.number(item.data), item.name),
            sign=self._sign(old=item.old, wrong=item.wrong),
        )
        if item.kind == "constant" or not form.grads:
            return
        if form.lines == 2:
            sheet.put(x, y + 1, glyphs.say("∂"), palette.faint)
        else:
            sheet.put(right - form.digits - 1, y, glyphs.lines[1], palette.faint)
        style = palette.diverging(item.grad, 0.0) if item.grad else palette.quiet
        grad = item.grad if item.computed else None
        sign = self._sign(old=item.old_grad, wrong=item.wrong_grad)
        style = self.look.number(style, item.name, "grad")
        self._number(sheet, right - form.digits, y + form.lines - 1, grad, style, sign=sign)

    def _number(
        self, sheet: Sheet, x: int, y: int, value: float | None, style: Style, *, sign: tuple[str, Style] | None
    ) -> None:
        """A number, or the place where it will be; one of before the last update is quiet, one of a script's own class
        that is not right in alarm, and each has a sign before it.
        """
        if value is None:
            self._text(sheet, x, y, self.glyphs.empty.rjust(self.form.digits), self.palette.faint)
            return
        self._text(sheet, x, y, numbers.signed(value, self.form.digits), style if sign is None else sign[1])
        if sign is not None:
            sheet.put(x - 1, y, *sign)

    def _sign(self, *, old: bool, wrong: bool) -> tuple[str, Style] | None:
        """What stands before a number that is of before the last update, or not right, and the style of both."""
        if wrong:
            return self.glyphs.wrong, self.palette.alarm
        return (self.glyphs.old, self.palette.quiet) if old else None

    def _text(self, sheet: Sheet, x: int, y: int, text: str, style: Style) -> None:
        """A name or a number, where all of it is in sight."""
        end = x + cell_len(text)
        if x < self.seen.start < end:
            sheet.put(self.seen.start, y, self.glyphs.ellipsis, self.palette.quiet)
        elif x < self.seen.stop < end:
            sheet.put(self.seen.stop - 1, y, self.glyphs.ellipsis, self.palette.quiet)
        else:
            sheet.put(x, y, text, style)
            self.texts.update((cell, y) for cell in range(x, end))
