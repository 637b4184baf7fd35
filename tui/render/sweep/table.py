"""The runs of a sweep, or its settings, as a table. Must not know widgets, or how runs are trained."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style
from textual.strip import Strip

from ...sweeps.outcome import Outcome
from ...sweeps.values import shown
from ..canvas import numbers
from ..canvas.sheet import Sheet
from ..canvas.text import centred, cut
from ..style.look import Look
from .board import Board, Row, holds
from .groups import Group, best
from .hues import hues, star

_LEFT = 4
"""Cells before the first column: what is selected, and what is best."""


def table(board: Board, width: int, height: int, look: Look) -> list[Strip]:
    """Names of columns, and the rows around the selected one."""
    if height < 2 or not board.outcomes:
        return centred("no run has ended yet", width, height, look)
    names = [name for name in board.swept if name != "seed"] if board.settings else list(board.swept) or ["seed"]
    first = first_row(board, height)
    shown_rows = board.rows[first : first + height - 1]
    rows = [_of_group(row, names) if isinstance(row, Group) else _of_run(row, names) for row in shown_rows]
    head = [*(name.replace("_", "-") for name in names), *(_SETTINGS if board.settings else _RUNS)]
    kept, widths = _fitting(head, rows, len(names), board.by, width - _LEFT)
    marks = {board.by: f"{board.by}{_sorted(look)}"}
    head = [cut(marks.get(head[k], head[k]), widths[place], look.glyphs.ellipsis) for place, k in enumerate(kept)]
    rows = [[cells[k] for k in kept] for cells in rows]
    drawing = _Drawing(Sheet(width, height), board, names, widths, look)
    drawing.head(head)
    for y, (row, cells) in enumerate(zip(shown_rows, rows, strict=True), 1):
        drawing.row(y, row, cells)
    return drawing.sheet.strips()


def first_row(board: Board, height: int) -> int:
    """The first row in sight, so that the selected one is in the middle."""
    return max(0, min(board.selected - (height - 1) // 2, board.count - height + 1))


def _fitting(
    head: Sequence[str], rows: Sequence[Sequence[str]], knobs: int, by: str, room: int
) -> tuple[list[int], list[int]]:
    """The columns that have room, and their widths. What is missed least goes first, then the ends of knobs' names."""
    values = [max(map(len, column)) for column in zip(*rows, strict=True)]
    widths = [max(len(name) + (name == by), wide) for name, wide in zip(head, values, strict=True)]
    kept = [k for k in range(len(head)) if k < knobs or values[k]]  # not every subject has test samples
    for name in _LEAST_MISSED:
        if _wide(widths, kept) > room and name in head[knobs:] and name != by:
            kept.remove(head.index(name, knobs))
    if _wide(widths, kept) > room:
        widths[:knobs] = [max(wide, _SHORTEST) for wide in values[:knobs]]
    return kept, [widths[k] for k in kept]


def _wide(widths: Sequence[int], kept: Sequence[int]) -> int:
    return sum(widths[k] + 2 for k in kept) - 2


_LEAST_MISSED = ("steps", "largest", "smallest", "accuracy", "runs", "test loss")
_SHORTEST = 4
"""Cells of a column of a knob whose name is cut."""

_RUNS = ("loss", "accuracy", "test loss", "steps")
_SETTINGS = ("runs", "loss", "smallest", "largest", "accuracy", "test loss")


class _Drawing:
    """Puts rows onto a sheet, in columns of which those of `names` are the first ones."""

    def __init__(self, sheet: Sheet, board: Board, names: Sequence[str], widths: Sequence[int], look: Look) -> None:
        self.sheet, self._board = sheet, board
        self._names, self._widths, self._look = names, widths, look
        self._best, self._hues = best(board.outcomes), hues(board, look.palette)

    def head(self, cells: Sequence[str]) -> None:
        """Names of columns."""
        self._put(0, _line(cells, self._widths), self._look.palette.quiet)

    def row(self, y: int, row: Row, cells: Sequence[str]) -> None:
        """A row, marked where it is the selected one, or the best."""
        palette, error = self._look.palette, row.error if isinstance(row, Outcome) else None
        here = row is self._board.row
        self.sheet.put(0, y, self._look.glyphs.pointed if here else " ", palette.accented)
        self.sheet.put(2, y, star(self._look) if holds(row, self._best) else " ", palette.lit_line)
        text = _line(cells, self._widths)
        if error is not None:
            text = f"{_line(cells[: len(self._names)], self._widths)}  {error}"
        self._put(y, text, palette.strong if here else palette.alarm if error else palette.text)
        self._colour(y, row, cells)

    def _put(self, y: int, text: str, style: Style) -> None:
        self.sheet.put(_LEFT, y, cut(text, self.sheet.width - _LEFT, self._look.glyphs.ellipsis), style)

    def _colour(self, y: int, row: Row, cells: Sequence[str]) -> None:
        """The value of the knob that the pictures are about, in the colour that its curves have."""
        across = self._board.across
        if across is None or (style := self._hues.get(row.knobs.get(across))) is None:
            return
        place = self._names.index(across)
        x = _LEFT + sum(self._widths[: place + 1]) + 2 * place - len(cells[place])
        if x + len(cells[place]) <= self.sheet.width:
            self.sheet.put(x, y, cells[place], style)


def _of_run(run: Outcome, names: Sequence[str]) -> list[str]:
    values = [shown(run.knobs.get(name, run.settings.get(name, ""))) for name in names]
    return [*values, _loss(run.loss), _percent(run.accuracy), _loss(run.test_loss), str(run.steps)]


def _of_group(group: Group, names: Sequence[str]) -> list[str]:
    least, middle, most = group.spread
    losses = [str(len(group.outcomes)), *map(numbers.loss, (middle, least, most))]
    return [*(shown(group.knobs[name]) for name in names), *losses, _percent(group.accuracy), _loss(group.test)]


def _loss(number: float | None) -> str:
    return "" if number is None else numbers.loss(number)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.4g} %"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=False))


def _sorted(look: Look) -> str:
    return "▾" if look.glyphs.unicode else "<"
