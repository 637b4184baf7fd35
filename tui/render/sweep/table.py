"""The runs of a sweep, or its settings, as a table. Must not know widgets, or how runs are trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    found = best(board.outcomes)
    rows = [_of_group(row, names) if isinstance(row, Group) else _of_run(row, names) for row in shown_rows]
    head = [*(name.replace("_", "-") for name in names), *(_SETTINGS if board.settings else _RUNS)]
    kept, widths = _fitting(head, rows, len(names), board.by, width - _LEFT)
    marks = {board.by: f"{board.by}{_sorted(look)}"}
    head = [cut(marks.get(head[k], head[k]), widths[place], look.glyphs.ellipsis) for place, k in enumerate(kept)]
    rows = [[cells[k] for k in kept] for cells in rows]
    sheet, coloured = Sheet(width, height), hues(board, look.palette)
    sheet.put(_LEFT, 0, cut(_line(head, widths), width - _LEFT, look.glyphs.ellipsis), look.palette.quiet)
    for y, (row, cells) in enumerate(zip(shown_rows, rows, strict=True), 1):
        here, marked = first + y - 1 == board.selected, holds(row, found)
        _put(sheet, y, row, cells, widths, len(names), look, here=here, marked=marked)
        _colour(sheet, y, row, names, cells, widths, board.across, coloured)
    return sheet.strips()


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


def _put(
    sheet: Sheet,
    y: int,
    row: Row,
    cells: Sequence[str],
    widths: Sequence[int],
    knobs: int,
    look: Look,
    *,
    here: bool,
    marked: bool,
) -> None:
    palette, error = look.palette, row.error if isinstance(row, Outcome) else None
    style = palette.strong if here else palette.alarm if error else palette.text
    sheet.put(0, y, look.glyphs.pointed if here else " ", palette.accented)
    sheet.put(2, y, star(look) if marked else " ", palette.lit_line)
    text = _line(cells, widths) if error is None else f"{_line(cells[:knobs], widths)}  {error}"
    sheet.put(_LEFT, y, cut(text, sheet.width - _LEFT, look.glyphs.ellipsis), style)


def _colour(
    sheet: Sheet,
    y: int,
    row: Row,
    names: Sequence[str],
    cells: Sequence[str],
    widths: Sequence[int],
    across: str | None,
    coloured: Mapping[object, Style],
) -> None:
    """The value of the knob that the pictures are about, in the colour that its curves have."""
    style = coloured.get(row.knobs.get(across)) if across is not None else None
    if style is None or across not in names:
        return
    place = names.index(across)
    x = _LEFT + sum(widths[: place + 1]) + 2 * place - len(cells[place])
    if x + len(cells[place]) <= sheet.width:
        sheet.put(x, y, cells[place], style)


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
