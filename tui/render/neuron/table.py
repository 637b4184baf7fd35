"""A neuron's ops as a table -> cells of a sheet: 1 multiply, 2 add, 3 bias, 4 activate, each as far as it has been
computed, with its gradients. Must not know widgets or the session.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import cell_len
from rich.style import Style

from chainstep.engine.training.snapshot.closeup import NeuronOp, NeuronView

from ..canvas.numbers import signed
from ..canvas.sheet import Sheet
from ..network.columns import largest
from ..style.light import Light
from ..style.look import Look
from ..style.palette import BOLD
from .entries import Entry, entries, in_window, name, widest
from .verdict import verdict

STEPS = 3
"""Rows below the inputs that have numbers: the sum, the bias, the activation."""

_BARE = 24
"""Cells of a row beside its name: `▸`, three numbers of six cells, and the signs between them."""

_GRAD = 8
"""Cells of a column of gradients."""

_LONGEST = 20
"""Cells of a name, where there is room."""

DATA, WEIGHT, PRODUCT = range(3)
_ORDER = (WEIGHT, PRODUCT, DATA)
"""Which gradients have a column first."""

_TITLES = ("∂x", "∂w", "∂x·w")

Mark = tuple[int, int, bool]
"""Row, column, and whether it is the gradient there."""


class Shape(NamedTuple):
    """How the table uses its width."""

    name: int
    """Cells of a name."""
    digits: int
    """Cells of a number."""
    grads: tuple[int, ...]
    """Whose gradients have a column of their own."""
    below: bool
    """Gradients stand below their numbers instead."""

    @property
    def lines(self) -> int:
        """Lines of a row."""
        return 2 if self.below else 1

    def starts(self) -> tuple[int, int, int]:
        """First columns of data, weights and products."""
        data = 2 + self.name
        weight = data + self.digits + 1
        return data, weight, weight + self.digits + 3


def shape(view: NeuronView, width: int, *, below: bool) -> Shape:
    """The most generous shape that fits: names are whole before gradients have columns, and numbers are long."""
    names = max(3, min(_LONGEST, widest(view)))
    digits = 6 if names + _BARE <= width else 5
    spare = width - names - _BARE + 3 * (6 - digits)
    wanted = 0 if below else 3 if spare >= 3 * _GRAD else 2 if spare >= 2 * _GRAD else 1
    if spare < wanted * _GRAD and not below:
        # The gradient of the weight is worth more than the last letters.
        digits = 5 if names > 4 else 6
        names = max(min(names, 4), min(names, width - _BARE + 3 * (6 - digits) - _GRAD))
        wanted = int(names + _BARE - 3 * (6 - digits) + _GRAD <= width)
    names = max(1, min(names, width - _BARE + 3 * (6 - digits) - wanted * _GRAD))
    return Shape(names, digits, tuple(sorted(_ORDER[:wanted])), below)


class _Line(NamedTuple):
    """What stands on a row: (number, gradient) of each column that it has; None for what is yet to come."""

    name: str
    numbers: dict[int, tuple[float | None, float | None]]


class Table:
    """One neuron's table on its way to a sheet."""

    def __init__(self, sheet: Sheet, view: NeuronView, look: Look, shape: Shape) -> None:
        self.sheet, self.view, self.shape = sheet, view, shape
        self.palette, self.glyphs = look.palette, look.glyphs
        self.columns = shape.starts()
        self.lines = list(self._lines())
        self.marks: dict[Mark, Style] = {}
        """Numbers that the last op wrote, that the next one will, and that are lit; the first of these counts."""
        self._point(look.light)
        self._mark(view.coming, self.palette.coming_cell)
        self._mark(view.done, self.palette.lit_cell)

    def draw(self, left: int, top: int, width: int, height: int, selected: int | None) -> None:
        """A row an input, as many as have room, round the op in hand or else round the `selected` row; then the steps
        that follow, and what comes of it.
        """
        tall = self.shape.lines
        room = max(1, (height - 2 - STEPS * tall) // tall)
        focus = next((op.row for op in (self.view.coming, self.view.done) if op is not None), selected)
        every = entries(self.view, room, focus)
        count, shown = len(every), min(len(every), room)
        at = next((place for place, entry in enumerate(every) if entry.holds(focus)), None if focus is None else count)
        first = 0 if at is None or shown == count else min(max(0, at - shown // 2), count - shown)
        self._headings(left, top, width)
        y, m = top + 1, len(self.view.inputs)
        for entry in in_window(every, first, shown, focus):
            self._entry(left, y, entry, selected)
            y += tall
        for row in range(m, m + STEPS):
            self._row(left, y, row, selected == m == row - 1)
            y += tall
        if shown < count:
            words = f"{first + 1}-{first + shown} of {count}"
            room = self.columns[PRODUCT] - self.columns[DATA] - 1
            self.sheet.put(left + self.columns[DATA] + 2, top + 1 + shown * tall, words[:room], self.palette.quiet)
        if y < top + height:
            self._verdict(left + 1, y, width - 1)

    # --- what stands where

    def _lines(self) -> Iterator[_Line]:
        view = self.view
        data = zip(view.inputs, view.input_grads, strict=True)
        weights = zip(view.weights, view.weight_grads, strict=True)
        products = zip(view.products, view.product_grads, strict=True)
        for numbers in zip(data, weights, products, strict=True):
            yield _Line("", dict(enumerate(numbers)))
        yield _Line("2 add", {PRODUCT: (view.running, view.running_grad)})
        bias = {WEIGHT: (view.bias, view.bias_grad)} if view.bias is not None else {}
        yield _Line("3 bias", {**bias, PRODUCT: (view.sum, view.sum_grad)})
        yield _Line("4 activate", {PRODUCT: (view.output, view.output_grad)})

    def _point(self, light: Light) -> None:
        """Note which numbers are lit."""
        neuron, m = f"L{self.view.layer + 1}.n{self.view.neuron + 1}", len(self.view.inputs)
        places = {f"{neuron}.w{row}": (row, WEIGHT) for row in range(m)}
        places |= {f"{neuron}.b": (m + 1, WEIGHT), neuron: (m + 2, PRODUCT)}
        for called, place in places.items():
            if called in light.names or light.number(called):
                self.marks[*place, False] = self.palette.pointed_cell
            if light.number(called, "grad"):
                self.marks[*place, True] = self.palette.pointed_cell

    def _mark(self, op: NeuronOp | None, style: Style) -> None:
        """Note which numbers an op writes."""
        if op is None:
            return
        m, row = len(self.view.inputs), op.row
        forward: dict[str, Mark] = {
            "multiply": (row, PRODUCT, False),
            "add": (m, PRODUCT, False),
            "bias": (m + 1, PRODUCT, False),
            "activate": (m + 2, PRODUCT, False),
        }
        backward: dict[str, tuple[Mark, ...]] = {
            "multiply": ((row, DATA, True), (row, WEIGHT, True)),
            "add": ((row, PRODUCT, True), *([(0, PRODUCT, True)] if row == 1 else [])),
            "bias": ((m, PRODUCT, True), (m + 1, WEIGHT, True)),
            "activate": ((m + 1, PRODUCT, True),),
        }
        if op.step == "parameter":
            written: tuple[Mark, ...] = ((m + 1 if row == m else row, WEIGHT, op.phase == "zero_grad"),)
        else:
            written = backward[op.step] if op.phase == "backward" else (forward[op.step],)
        self.marks |= dict.fromkeys(written, style)

    def _sign(self, row: int) -> tuple[str, Style]:
        """What stands before a row: the last op, the next one, or nothing."""
        for op, done in ((self.view.done, True), (self.view.coming, False)):
            if op is not None and self._row_of(op) == row:
                way = op.phase == "backward"
                if done:
                    return self.glyphs.done(backward=way), self.palette.lit_line
                return self.glyphs.coming(backward=way), self.palette.coming_line
        return " ", self.palette.text

    def _row_of(self, op: NeuronOp) -> int:
        """The row that an op stands on."""
        m = len(self.view.inputs)
        at = {"add": m, "bias": m + 1, "activate": m + 2, "parameter": m + 1 if op.row == m else op.row}
        return at.get(op.step, op.row)

    # --- onto the sheet

    def _headings(self, left: int, y: int, width: int) -> None:
        sheet, quiet, shape = self.sheet, self.palette.quiet, self.shape
        _, weight, product = self.columns
        sheet.put(left + 1, y, "1 multiply", self._step_style("multiply"))
        for column, word in ((weight, "weight"), (product - 1, "product")):
            if column + shape.digits >= 11 + len(word):
                sheet.put(left + column + shape.digits - len(word) + (column == product - 1), y, word, quiet)
        for place, column in enumerate(shape.grads):
            title = self.glyphs.say(_TITLES[column]).rjust(_GRAD)
            if product + shape.digits + (place + 1) * _GRAD <= width:
                sheet.put(left + product + shape.digits + place * _GRAD, y, title, quiet)

    def _step_style(self, step: str) -> Style:
        """The heading of a step that the last op or the next one belongs to."""
        view, palette = self.view, self.palette
        if view.done is not None and view.done.step == step:
            return palette.lit_line
        if view.coming is not None and view.coming.step == step:
            return palette.coming_line
        return palette.accented

    def _entry(self, left: int, y: int, entry: Entry, selected: int | None) -> None:
        """The row of an input or, with what all of its products come to, of a column of the table."""
        sheet, palette, view = self.sheet, self.palette, self.view
        chosen = selected == entry.row if entry.row is not None else entry.folded and entry.holds(selected)
        if entry.row is not None:
            self._row(left, y, entry.row, chosen)
        elif chosen and view.done is view.coming is None:
            sheet.put(left, y, self.glyphs.cursor, palette.chosen)
        room = self.shape.name
        if entry.row is None and widest(view) > room:
            room = min(widest(view), self.columns[PRODUCT] - 4)  # no numbers stand there
        text, said = name(view, entry, room, self.glyphs)
        style = palette.chosen if chosen else palette.text if entry.told else palette.quiet
        sheet.put(left + 1, y, text, style)
        sheet.put(left + 1 + room - cell_len(said), y, said, palette.quiet)
        if entry.row is None:
            known = [number for number in (view.products[k] for k in entry.inputs) if number is not None]
            sheet.put(left + self.columns[PRODUCT] - 2, y, self.glyphs.say("Σ"), palette.quiet)
            self._number(left, y, -1, PRODUCT, sum(known) if known else None)

    def _row(self, left: int, y: int, row: int, selected: bool) -> None:
        sheet, palette, glyphs, view = self.sheet, self.palette, self.glyphs, self.view
        line, m = self.lines[row], len(view.inputs)
        data, weight, product = (left + column for column in self.columns)
        sign, style = self._sign(row)
        if selected and view.done is view.coming is None:  # beside an op's sign it would be taken for one
            sign, style = glyphs.cursor, palette.chosen
        sheet.put(left, y, sign, style)
        named = palette.text if row < m else self._step_style(("add", "bias", "activate")[row - m])
        sheet.put(left + 1, y, line.name, palette.chosen if selected else named)
        digits = self.shape.digits
        if row < m:
            sheet.put(data + digits, y, "×" if glyphs.unicode else "*", palette.quiet)
            sheet.put(weight + digits + 1, y, "=", palette.quiet)
        elif row == m:
            what = glyphs.say("Σ")
            if 0 < view.added < m:
                what = f"{what} of {view.added}"
            sheet.put(product - 1 - len(what), y, what, palette.quiet)
        elif row == m + 1:
            sheet.put(weight + digits + 1, y, "=", palette.quiet)
            if view.bias is None:
                sheet.put(weight, y, "none".rjust(digits), palette.quiet)
        else:
            room = product - left - 1 - len(line.name) - 4
            if len(view.activation) <= room:
                sheet.put(product - 3 - len(view.activation), y, view.activation, palette.quiet)
            sheet.put(product - 2, y, glyphs.arrow, palette.quiet)
        for column, (number, grad) in line.numbers.items():
            self._number(left, y, row, column, number)
            self._grad(left, y, row, column, grad)

    def _number(self, left: int, y: int, row: int, column: int, number: float | None) -> None:
        view, palette, digits = self.view, self.palette, self.shape.digits
        x = left + self.columns[column]
        style = palette.faint if number is None else palette.number(number)
        if number is not None and column == WEIGHT:
            style = palette.diverging(number, largest((*view.weights, view.bias or 0.0)))
        elif number is not None and row >= len(view.inputs):
            style += BOLD
        text = self.glyphs.empty.rjust(digits) if number is None else signed(number, digits)
        self._put(x, y, text, self.marks.get((row, column, False)), style)

    def _grad(self, left: int, y: int, row: int, column: int, grad: float | None) -> None:
        palette, shape = self.palette, self.shape
        digits = 6 if not shape.below else shape.digits
        style = palette.faint if grad is None else palette.number(grad)
        text = self.glyphs.empty.rjust(digits) if grad is None else signed(grad, digits)
        if shape.below:
            if column == min(self.lines[row].numbers):
                self.sheet.put(left + 1, y + 1, self.glyphs.say("∂"), palette.faint)
            self._put(left + self.columns[column], y + 1, text, self.marks.get((row, column, True)), style)
        elif column in shape.grads:
            x = left + self.columns[PRODUCT] + shape.digits + shape.grads.index(column) * _GRAD + _GRAD - digits
            self._put(x, y, text, self.marks.get((row, column, True)), style)

    def _put(self, x: int, y: int, text: str, mark: Style | None, style: Style) -> None:
        """A number, whose digits alone are marked."""
        bare = text.lstrip()
        self.sheet.put(x + len(text) - len(bare), y, bare, mark or style)

    def _verdict(self, x: int, y: int, width: int) -> None:
        told = verdict(self.view)
        if told is None:
            return
        palette = self.palette
        text = told.written(width)
        style = palette.diverging(1.0, 1.0) if told.fires else palette.diverging(-1.0, 1.0)
        self.sheet.put(x, y, self.glyphs.say(text), palette.text)
        self.sheet.put(x, y, self.glyphs.say(told.word)[:width], style + BOLD)
