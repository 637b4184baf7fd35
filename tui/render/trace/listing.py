"""The listing of a tape, as a debugger shows source -> strips. Must not know widgets or the session."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from chainstep.engine.records import record
from chainstep.engine.training.snapshot.tape import TraceView, WatchView

from ..canvas import numbers
from ..canvas.sheet import Sheet
from ..canvas.text import cut
from ..style.look import Look
from .names import brief, short, statement
from .outline import Row, is_neuron

_NUMBER = 8
_COLUMN = _NUMBER + 2
_LEAST = 24
"""Cells of a line's text and numbers, before what is right is left out."""

_WORKED = 25
"""Cells of an op's inputs as numbers: `-0.8141 * +0.2355`."""


@record
class Marks:
    """What stands beside the rows."""

    cursor: int | None
    """The row under the cursor; None where nobody looks at it."""
    breakpoints: Mapping[int, bool]
    """Rows with a breakpoint, and whether it is enabled."""
    data: Container[int] = frozenset()
    """Lines whose data differ from the last picture's."""
    grad: Container[int] = frozenset()
    fault: int | None = None
    """The line that left the finite numbers."""


def listing(
    view: TraceView,
    rows: Sequence[Row],
    top: int,
    marks: Marks,
    watches: Sequence[WatchView],
    width: int,
    height: int,
    look: Look,
) -> list[Strip]:
    """`height` strips of `width` cells: the watches, and the rows from number `top` on.

    `●▶ 17  x0*w0   2.0 * -0.2   data   grad`: breakpoint, last or next op, line, what it computes, and the numbers.
    """
    sheet = Sheet(width, height)
    drawing = _Drawing(view, sheet, look)
    for y, watch in enumerate(watches[: _pinned(len(watches), height)]):
        drawing.watch(y, watch)
    head = head_rows(len(watches), height)
    drawing.headings(head - 1)
    for place, row in enumerate(rows[top : top + height - head], start=top):
        drawing.row(head + place - top, row, place, marks)
    strips = sheet.strips()
    if marks.cursor is not None and 0 <= marks.cursor - top < height - head:
        y = marks.cursor - top + head
        strips[y] = strips[y].apply_style(look.palette.cursor_row)
    return strips


def head_rows(watches: int, height: int) -> int:
    """Rows above the listing: the watches, and the columns' headings."""
    return _pinned(watches, height) + 1


def _pinned(watches: int, height: int) -> int:
    """How many watches are shown: the listing keeps some rows."""
    return min(watches, max(0, height - 6))


def _beside(view: TraceView, width: int) -> tuple[bool, bool]:
    """Whether there is anything to be put beside a script's own data, and beside its grads, and room for it."""
    if view.right is None:
        return False, False
    data, grad = view.right.differs
    return (data, grad) if width - (2 + data + grad) * _COLUMN >= _LEAST else (False, False)


class _Drawing:
    """One listing on its way to a sheet."""

    def __init__(self, view: TraceView, sheet: Sheet, look: Look) -> None:
        self.view, self.sheet = view, sheet
        self.look = look
        self.palette, self.glyphs, self.light = look
        self.places = view.places if sheet.width >= 44 else 0
        """Cells of the lines of a script."""
        self.digits = len(str(len(view.lines)))
        self.digits = max(4, self.digits + self.places + 1) if self.places else self.digits
        self.columns = 2 if sheet.width >= 44 else 1 if sheet.width >= 30 else 0
        self.beside = _beside(view, sheet.width)
        """Whether what is right stands beside a script's own data, and beside its grads."""
        self.numbers = sheet.width - (self.columns + sum(self.beside)) * _COLUMN
        worked = sheet.width >= 80 + sum(self.beside) * _COLUMN and view.section != "parameters"
        self.worked = self.numbers - _WORKED - 1 if worked else None

    def column(self, number: int) -> int:
        """Where a column begins: that of data, or that of grad."""
        return self.numbers + (number + sum(self.beside[:number])) * _COLUMN

    def headings(self, y: int) -> None:
        """What stands in the columns."""
        for column, word in enumerate(("data", "grad")[: self.columns]):
            x = self.column(column)
            if self.beside[column]:
                word = f"your {word}"
                self.sheet.put(x + _COLUMN, y, "right".rjust(_NUMBER), self.palette.quiet)
            self.sheet.put(x - 1, y, word.rjust(_NUMBER + 1), self.palette.quiet)
        if self.places:
            self.sheet.put(3, y, "line".rjust(self.digits), self.palette.quiet)
        if self.worked is not None:
            self.sheet.put(self.worked, y, "in numbers", self.palette.quiet)

    def watch(self, y: int, watch: WatchView) -> None:
        """A pinned value."""
        room = self.numbers - 3
        self.sheet.put(1, y, cut(self.glyphs.say(watch.name), room, self.glyphs.ellipsis), self.palette.accented)
        self._numbers(y, watch.data, watch.grad, right=(watch.right_data, watch.right_grad))

    def row(self, y: int, row: Row, place: int, marks: Marks) -> None:
        """A heading or a line, with its marks."""
        view, palette, glyphs = self.view, self.palette, self.glyphs
        shown = row.place is None or not row.open
        coming = shown and not view.ended and row.first <= view.current < row.stop
        done = shown and view.last is not None and row.first <= view.last < row.stop
        if place in marks.breakpoints:
            on = marks.breakpoints[place]
            self.sheet.put(0, y, glyphs.dot if on else glyphs.hollow, palette.alarm if on else palette.quiet)
        if coming:
            self.sheet.put(1, y, glyphs.coming(backward=view.backward), palette.coming_line)
        elif done:
            self.sheet.put(1, y, glyphs.done(backward=view.last_backward), palette.lit_line)
        lit = palette.coming_cell if coming else palette.lit_cell if done else None
        if self._pointed(row):
            self.sheet.put(2, y, glyphs.pointed, palette.pointed_line)
            lit = palette.pointed_cell
        if row.place is None:
            self._line(y, row, lit, marks)
        else:
            self._heading(y, row, lit, marks)

    def _pointed(self, row: Row) -> bool:
        """Whether a line is lit: its result, or where it is what a neuron is called, the neuron's heading."""
        if row.place is None:
            return self.light.on(self.view.lines[row.first].name)
        layer, neuron = row.place
        return neuron is not None and self.light.on(f"L{layer}.n{neuron}")

    def _heading(self, y: int, row: Row, lit: Style | None, marks: Marks) -> None:
        x = 4 + self.digits + 2 * row.depth
        name, count = self._named(row)
        opened, folded = ("▾", "▸") if self.glyphs.unicode else ("-", "+")
        self.sheet.put(x, y, opened if row.open else folded, self.palette.quiet)
        self.sheet.put(x + 2, y, name, lit or self.palette.strong)
        last = row.stop - 1
        valued = row.place is not None and is_neuron(row.place) and bool(self.view.lines[last].symbol)
        room = self.numbers if valued else self.sheet.width
        if not row.open and x + 4 + len(name) + len(count) < room:
            self.sheet.put(x + 4 + len(name), y, count, self.palette.quiet)
        if valued:
            self._values(y, last, marks)

    def _named(self, row: Row) -> tuple[str, str]:
        """What a heading says, and how much is under it."""
        assert row.place is not None
        layer, neuron = row.place
        count = row.stop - row.first
        what = "op" if self.view.lines[row.first].symbol else "parameter"
        counted = f"{count} {what}{'s' * (count != 1)}"
        if row.place in self.view.headings:
            return self.view.headings[row.place], counted
        if layer is None:
            return "loss", counted
        if neuron is None:
            inner = next(inner for _, first, _, inner in self.view.lines.layers if first == row.first)
            neurons = len({neuron for neuron, _, _ in inner})
            return f"layer {layer}", f"{neurons} neuron{'s' * (neurons != 1)}, {counted}"
        return f"neuron {neuron}", counted

    def _line(self, y: int, row: Row, lit: Style | None, marks: Marks) -> None:
        view, palette, k = self.view, self.palette, row.first
        line = view.lines[k]
        self.sheet.put(3, y, self._numbered(k).rjust(self.digits), palette.faint)
        x = 4 + self.digits + 2 * row.depth
        room = (self.worked or self.numbers) - x - 1
        text = self.glyphs.say(statement(line) if line.symbol else short(line.name, line))
        if len(text) > room and line.symbol:
            text = self.glyphs.say(brief(line))
        style = lit or (palette.text if k < view.computed else palette.quiet)
        if k == marks.fault or (view.right is not None and k == view.right.wrong):
            self.sheet.put(2, y, self.glyphs.wrong, palette.alarm)
            style = palette.alarm
        self.sheet.put(x, y, cut(text, room, self.glyphs.ellipsis), style)
        named = self.glyphs.spell(line.column)
        if named and len(text) + 2 + cell_len(named) <= room:
            self.sheet.put(x + len(text) + 2, y, named, palette.quiet)
        if self.worked is not None:
            self.sheet.put(self.worked, y, self._inputs(k), palette.quiet)
        self._values(y, k, marks)

    def _numbered(self, k: int) -> str:
        """The number of a line, and of that of a script which it is."""
        place = self.view.lines[k].place
        return f"{k + 1} {place.rjust(self.places)}" if self.places else str(k + 1)

    def _inputs(self, k: int) -> str:
        """The op in numbers, as far as these are there."""
        line, view = self.view.lines[k], self.view
        known = all(source is None or source < view.computed for source in line.inputs)
        if not known:
            return ""
        written = [numbers.plain(value) for value in view.leaf_data[k]]
        if len(written) == 1:
            return f"{line.symbol}{written[0]}" if line.symbol == "-" else f"{line.symbol}({written[0]})"
        return f"{written[0]} {line.symbol} {written[1]}"[:_WORKED]

    def _values(self, y: int, k: int, marks: Marks) -> None:
        known = k < self.view.computed
        data, grad = (self.view.data[k], self.view.grad[k]) if known else (None, None)
        old = self.view.section == "parameters" and k in self.view.old_grads
        better = self.view.right if known else None
        right = (None, None) if better is None else (better.data.get(k), better.grad.get(k))
        changed = k in marks.data, k in marks.grad
        self._numbers(y, data, grad, changed=changed, old=(False, old), right=right, name=self.view.lines[k].name)

    def _numbers(
        self,
        y: int,
        data: float | None,
        grad: float | None,
        *,
        changed: tuple[bool, bool] = (False, False),
        old: tuple[bool, bool] = (False, False),
        right: tuple[float | None, float | None] = (None, None),
        name: str = "",
    ) -> None:
        """Data and grad at the right edge; what has just changed is bold and has a star, what is of before the last
        update is quiet and has a sign before it. What is not `right` is in alarm, with what is right beside it. By
        their `name` they may be lit.
        """
        for column, value in enumerate((data, grad)[: self.columns]):
            x, new, better = self.column(column), changed[column], right[column]
            if value is None:
                self.sheet.put(x, y, self.glyphs.empty.rjust(_NUMBER), self.palette.faint)
                continue
            style = self.palette.quiet if old[column] else self.palette.number(value, changed=new)
            style = self.look.number(style, name, ("data", "grad")[column]) if name else style
            self.sheet.put(x, y, numbers.signed(value, _NUMBER), style if better is None else self.palette.alarm)
            if better is not None:
                self.sheet.put(x + _NUMBER, y, self.glyphs.wrong, self.palette.alarm)
                if self.beside[column]:
                    self.sheet.put(x + _COLUMN, y, numbers.signed(better, _NUMBER), self.palette.number(better))
            elif new:
                self.sheet.put(x + _NUMBER, y, "*", self.palette.lit_line)
            if old[column]:
                self.sheet.put(x - 1, y, self.glyphs.old, self.palette.quiet)
