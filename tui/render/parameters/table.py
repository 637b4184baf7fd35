"""The table of parameters as strips. Must not know widgets or the session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from rich.style import Style
from textual.strip import Strip

from chainstep.engine.records import record
from chainstep.engine.training.snapshot.parameters import ParametersView

from ..canvas import numbers
from ..canvas.sheet import Sheet
from ..style.covered import ASKED, Covered
from ..style.look import Look

_NUMBER = 8
_NARROWEST = 6
"""Cells of a number, and those that it has where the gradient check's need room."""

_HEADED = 4
"""Rows from which on the first one is a heading."""

TOLERANCE = 1e-5
"""A relative error above this says that a gradient is wrong."""

_ERROR = 5
"""Cells of a relative error: `3e-10`."""


@record
class TableOptions:
    """Which parameters the user wants to see, and how."""

    order: Sequence[int]
    """The parameters, a row each."""
    first: int = 0
    """The row at the top."""
    selected: int = 0
    """The parameter that is marked."""
    checked: bool = False
    """With numeric gradients and their errors."""


class Table:
    """Where `count` rows are on `width` x `height` cells: as many columns of rows as have room, filled downwards.

    A cell is `▶name❆ data  grad  numeric  ✓ error  Δ  sparkline`, with the numeric gradient and the error where
    gradients are `checked`. Where there is no room the sparkline goes first, and the mark of the error last.
    """

    def __init__(self, view: ParametersView, count: int, width: int, height: int, *, checked: bool = False) -> None:
        self.right = bool(view.right) and not checked
        """In the place of the numeric gradients is what is right of a script's own ones."""
        self.checked = checked = checked or self.right
        self.names = max(4, min(12, _longest(view.labels)))
        self.head = int(height >= _HEADED)
        """Rows of the heading."""
        self.rows = max(1, height - self.head)
        fitting = max(1, (width + 2) // (self._narrow(_NUMBER - 1 if checked else _NUMBER) + 2))
        self.columns = max(1, min(fitting, -(-count // self.rows)))
        self.cell = width // self.columns
        self.number = _NUMBER
        while checked and self.number > _NARROWEST and self._narrow(self.number) > self.cell:
            self.number -= 1
        left = self.cell - self._narrow(self.number)
        self.error = checked and left > _ERROR and not self.right
        left -= self.error * (1 + _ERROR)
        self.arrow = not checked or left >= 2
        left -= 2 * (checked and self.arrow)
        # In place of the arrow, its number.
        self.change = self.arrow and left > self.number
        left -= self.number + 1 if self.change else 0
        self.spark = max(0, min(16, left - 2)) if self.change and left >= 8 else 0
        self.shown = self.rows * self.columns

    def _narrow(self, number: int) -> int:
        """Cells that a row cannot do without, with numbers of so many."""
        if self.checked:
            return 1 + self.names + 3 * (number + 1) + 2
        return 1 + self.names + 2 * (number + 1) + 3

    def scrolled(self, first: int, row: int | None, count: int) -> int:
        """The first row to show, with the least scrolling from `first` that brings `row` into view."""
        if row is not None:
            first = max(row - self.shown + 1, min(first, row))
        return max(0, min(first, count - self.shown))

    def at(self, x: int, y: int, first: int, count: int) -> int | None:
        """The row at a cell; none outside of the table."""
        if x < 0 or not 0 <= y - self.head < self.rows:
            return None
        row = first + min(x // self.cell, self.columns - 1) * self.rows + y - self.head
        return row if row < count else None


def table(
    view: ParametersView,
    width: int,
    height: int,
    look: Look,
    options: TableOptions,
    *,
    trails: Mapping[int, Sequence[float]],
    changed: Sequence[bool] | Mapping[int, bool],
) -> list[Strip]:
    """`height` strips of `width` cells: a heading where there are rows enough, and a row a parameter.

    `trails` has the last values of the parameters, for the sparklines; `changed` says what of the rows that are
    seen differs from the last picture.
    """
    sheet = Sheet(width, height)
    plan = Table(view, len(options.order), width, height, checked=options.checked)
    drawing = _Drawing(sheet, plan, view, look)
    for column in range(plan.columns):
        x = column * plan.cell
        if plan.head:
            sheet.put(x, 0, look.glyphs.say(heading(plan)), look.palette.quiet)
        start = options.first + column * plan.rows
        for row, index in enumerate(options.order[start : start + plan.rows]):
            drawing.row(x, plan.head + row, index, index == options.selected, trails.get(index, ()), changed[index])
    return sheet.strips()


@lru_cache(maxsize=8)
def _longest(labels: tuple[str, ...]) -> int:
    """Letters of the longest one: they stay, and a wide network has tens of thousands."""
    return max(map(len, labels))


def failed(error: float | None) -> bool:
    """Whether a relative error says that a gradient is wrong; one that is no number does."""
    return error is not None and not error <= TOLERANCE


def heading(plan: Table) -> str:
    """What stands in the columns."""
    text = f" {'name':<{plan.names}} {'data':>{plan.number}} {'grad':>{plan.number}}"
    if plan.checked:
        numeric = "right" if plan.right else "numeric" if plan.number > _NARROWEST else "numer"
        text += f" {numeric:>{plan.number}}"
        text += f"   {'error':<{_ERROR}}" if plan.error else "  "
    if plan.change:
        return text + f" {'change':>{plan.number}}" + (f" {'trend':>{plan.spark}}" if plan.spark else "")
    return text + ("  Δ" if not plan.checked else " Δ" if plan.arrow else "")


class _Drawing:
    """Draws the rows of one table."""

    def __init__(self, sheet: Sheet, plan: Table, view: ParametersView, look: Look) -> None:
        self._sheet, self._plan, self._view = sheet, plan, view
        self._look = look
        self._palette, self._glyphs, self._light = look

    def row(self, x: int, y: int, index: int, selected: bool, trail: Sequence[float], changed: bool) -> None:
        """The row of one parameter."""
        sheet, plan, view, palette, glyphs = self._sheet, self._plan, self._view, self._palette, self._glyphs
        data, grad, change = view.data[index], view.grad[index], view.change[index]
        frozen, label = index in view.frozen, view.labels[index]
        sheet.put(x + 1, y, label[: plan.names].ljust(plan.names), self._marked(x, y, index, selected))
        x += 1 + plan.names
        if frozen or index in view.edited:
            sheet.put(x, y, glyphs.frozen if frozen else glyphs.edited, palette.accented)
        elif self._light.on(label) and index in (view.current, view.coming):  # the sign before it is of the op
            sheet.put(x, y, glyphs.pointed_back, palette.pointed_line)
        style = palette.number(data, changed=changed)
        style = palette.quiet if frozen and style is not palette.alarm else style
        x = self._number(x, y, data, self._look.number(style, label, "data"))
        style = palette.alarm if index in view.right else palette.number(grad)
        x = self._number(x, y, grad, self._look.number(style, label, "grad"))
        if plan.right:
            x = self._right(x, y, index)
        elif plan.checked:
            x = self._check(x, y, index)
        if plan.change:
            style = palette.diverging(change, 0.0) if change else palette.quiet
            x = self._number(x, y, change, self._look.number(style, label, "change"))
        elif plan.arrow:
            arrow = ASKED if isinstance(change, Covered) else (" ", glyphs.up, glyphs.down)[(change > 0) - (change < 0)]
            sheet.put(x + (1 if plan.checked else 2), y, arrow, palette.diverging(change, 0.0))
        if plan.spark and len(trail) > 1:
            from ..canvas.sparkline import sparkline  # the first frame has no trails

            sheet.put(x + 1, y, sparkline(trail, plan.spark, glyphs), palette.quiet)

    def _marked(self, x: int, y: int, index: int, selected: bool) -> Style:
        """Mark the row of a parameter; the style of its name, which what is lit has. The sign of what happens comes
        before that, and all of it before what is selected, which the pane's frame names as well.
        """
        view, palette, glyphs = self._view, self._palette, self._glyphs
        lit = palette.pointed_cell if self._light.on(view.labels[index]) else None
        if index == view.current:
            self._sheet.put(x, y, glyphs.done(backward=view.backward), palette.lit_line)
            return lit or palette.lit_cell
        if index == view.coming:
            self._sheet.put(x, y, glyphs.coming(backward=view.coming_backward), palette.coming_line)
            return lit or palette.coming_cell
        if lit is not None:
            self._sheet.put(x, y, glyphs.pointed, palette.pointed_line)
            return lit
        if selected:
            self._sheet.put(x, y, glyphs.cursor, palette.chosen)
        return palette.chosen if selected else palette.text

    def _number(self, x: int, y: int, number: float, style: Style) -> int:
        """A number behind a blank; the cell behind it."""
        self._sheet.put(x + 1, y, numbers.signed(number, self._plan.number), style)
        return x + 1 + self._plan.number

    def _right(self, x: int, y: int, index: int) -> int:
        """What is right of a script's own gradient, where that is another number."""
        right, end = self._view.right.get(index), x + 1 + self._plan.number
        if right is not None:
            self._number(x, y, right, self._palette.number(right))
            self._sheet.put(end + 1, y, self._glyphs.wrong, self._palette.alarm)
        return end + 2

    def _check(self, x: int, y: int, index: int) -> int:
        """The numeric gradient, and how far the other is from it, as far as both are known."""
        view, plan, palette, glyphs = self._view, self._plan, self._palette, self._glyphs
        numeric = view.numeric[index] if view.numeric else None
        error = view.errors[index] if view.errors else None
        wrong = failed(error)
        if numeric is None:
            self._sheet.put(x + 1, y, glyphs.empty.rjust(plan.number), palette.quiet)
        else:
            self._number(x, y, numeric, palette.alarm if wrong else palette.number(numeric))
        x += 1 + plan.number
        if error is not None:
            self._sheet.put(x + 1, y, glyphs.wrong if wrong else glyphs.right, palette.alarm if wrong else palette.key)
        if plan.error:
            text = "" if numeric is None else "-" if error is None else f"{error:.0e}"
            self._sheet.put(x + 3, y, text or glyphs.empty, palette.alarm if wrong else palette.quiet)
        return x + 2 + plan.error * (1 + _ERROR)
