"""The table of parameters as strips. Must not know widgets or the session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.style import Style
from textual.strip import Strip

from chainstep.engine.training.snapshot import ParametersView

from . import numbers
from .palette import Glyphs, Palette
from .sheet import Sheet
from .sparkline import sparkline

_NUMBER = 8


class Table:
    """Where things are on `width` x `height` cells: as many columns of rows as have room, filled downwards.

    A cell is `▸name  data  grad  Δ  sparkline`; the sparkline goes first where there is no room.
    """

    def __init__(self, view: ParametersView, width: int, height: int) -> None:
        self.names = max(4, min(12, max(map(len, view.labels))))
        narrow = 1 + self.names + 2 * (_NUMBER + 1) + 3
        wide = narrow + _NUMBER + 1 + 8
        self.rows = max(1, height - 1)
        count = len(view.labels)
        fitting = max(1, (width + 2) // (narrow + 2))
        self.columns = min(fitting, -(-count // self.rows))
        self.cell = width // self.columns
        self.spark = max(0, min(16, self.cell - wide + 6)) if self.cell >= wide else 0
        self.change = self.cell >= narrow + _NUMBER + 1
        self.shown = self.rows * self.columns

    def scrolled(self, first: int, index: int | None, count: int) -> int:
        """The first parameter to show, with the least scrolling from `first` that brings `index` into view."""
        if index is not None:
            first = max(index - self.shown + 1, min(first, index))
        return max(0, min(first, count - self.shown))

    def at(self, x: int, y: int, first: int, count: int) -> int | None:
        """The parameter at a cell."""
        if y < 1 or y > self.rows:
            return None
        index = first + min(x // self.cell, self.columns - 1) * self.rows + y - 1
        return index if index < count else None


def table(
    view: ParametersView,
    width: int,
    height: int,
    palette: Palette,
    glyphs: Glyphs,
    *,
    first: int,
    selected: int,
    trails: Mapping[int, Sequence[float]],
    changed: Sequence[bool],
) -> list[Strip]:
    """`height` strips of `width` cells: a heading, and a row a parameter from number `first` on.

    `trails` has the last values of the parameters, for the sparklines; `changed` says what differs from the last
    picture.
    """
    sheet = Sheet(width, height)
    plan = Table(view, width, height)
    count = len(view.labels)
    for column in range(plan.columns):
        x = column * plan.cell
        sheet.put(x, 0, _heading(plan), palette.quiet)
        for row in range(plan.rows):
            index = first + column * plan.rows + row
            if index < min(count, first + plan.shown):
                _row(sheet, x, row + 1, plan, view, index, palette, glyphs, index == selected, trails, changed)
    return sheet.strips()


def _heading(plan: Table) -> str:
    text = f" {'name':<{plan.names}} {'data':>{_NUMBER}} {'grad':>{_NUMBER}}"
    return text + (f" {'change':>{_NUMBER}}" if plan.change else "  Δ")


def _row(
    sheet: Sheet,
    x: int,
    y: int,
    plan: Table,
    view: ParametersView,
    index: int,
    palette: Palette,
    glyphs: Glyphs,
    selected: bool,
    trails: Mapping[int, Sequence[float]],
    changed: Sequence[bool],
) -> None:
    label, data, grad, change = view.labels[index], view.data[index], view.grad[index], view.change[index]
    lit = index == view.current
    name = palette.lit_cell if lit else palette.chosen if selected else palette.text
    if selected:
        sheet.put(x, y, glyphs.cursor, palette.chosen)
    sheet.put(x + 1, y, label[: plan.names].ljust(plan.names), name)
    x += 2 + plan.names
    bold = Style(bold=True)
    data_style = palette.number(data) + bold if changed[index] else palette.number(data)
    sheet.put(x, y, numbers.signed(data, _NUMBER), data_style)
    x += _NUMBER + 1
    sheet.put(x, y, numbers.signed(grad, _NUMBER), palette.number(grad))
    x += _NUMBER + 1
    if plan.change:
        sheet.put(x, y, numbers.signed(change, _NUMBER), palette.diverging(change, 0.0) if change else palette.quiet)
        x += _NUMBER + 1
    else:
        arrow = glyphs.up if change > 0 else glyphs.down if change < 0 else " "
        sheet.put(x + 1, y, arrow, palette.diverging(change, 0.0))
    if plan.spark:
        sheet.put(x, y, sparkline(trails.get(index, ()), plan.spark, glyphs), palette.quiet)
