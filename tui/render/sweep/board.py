"""A sweep in pictures: its runs as a table, their final losses over a knob, their curves over one another. Must not
know widgets, or how runs are trained.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import attrgetter

from textual.strip import Strip

from chainstep.engine.records import record

from ...sweeps.outcome import Outcome
from ...sweeps.values import shown
from ..canvas import numbers
from ..canvas.sheet import Sheet
from ..canvas.text import centred, cut
from ..curve.axis import short
from ..style.look import Look
from .groups import Group, best, groups
from .plot import SMALLEST, Plot

_MOST_CURVES = 16
"""Curves over one another, the best ones: more are a blot."""

SORTS = ("loss", "test loss", "accuracy", "order")
"""By what the table can be sorted; at last as the runs ended."""


@record
class Board:
    """What is shown of a sweep."""

    outcomes: Sequence[Outcome]
    """In the order of the table."""
    swept: Sequence[str]
    selected: int
    """The row that the keys are on."""

    @property
    def chosen(self) -> Outcome | None:
        """The run of that row."""
        return self.outcomes[self.selected] if self.selected < len(self.outcomes) else None


def in_order(outcomes: Sequence[Outcome], by: str) -> list[Outcome]:
    """The runs, the best first."""
    if by == "order":
        return list(outcomes)
    if by == "accuracy":
        return sorted(outcomes, key=lambda run: -(run.accuracy if run.accuracy is not None else -1.0))
    if by == "test loss":
        return sorted(outcomes, key=lambda run: math.inf if _lacks(run.test_loss) else run.test_loss or 0.0)
    return sorted(outcomes, key=attrgetter("cost"))


def _lacks(number: float | None) -> bool:
    return number is None or math.isnan(number)


# --- the table


def table(board: Board, width: int, height: int, look: Look) -> list[Strip]:
    """Names of columns, and the runs around the selected one."""
    sheet, palette = Sheet(width, height), look.palette
    if height < 2 or not board.outcomes:
        return centred("no run has ended yet", width, height, look)
    found, names = best(board.outcomes), list(board.swept) or ["seed"]
    head = [*(name.replace("_", "-") for name in names), "loss", "accuracy", "test loss", "steps"]
    first = max(0, min(board.selected - (height - 1) // 2, len(board.outcomes) - height + 1))
    rows = [_cells(run, names) for run in board.outcomes[first : first + height - 1]]
    widths = [max(len(cell) for cell in column) for column in zip(head, *rows, strict=True)]
    sheet.put(4, 0, cut(_line(head, widths), width - 4, look.glyphs.ellipsis), palette.quiet)
    for y, cells in enumerate(rows, 1):
        run = board.outcomes[first + y - 1]
        here = first + y - 1 == board.selected
        style = palette.strong if here else palette.alarm if run.error else palette.text
        sheet.put(0, y, look.glyphs.pointed if here else " ", palette.accented)
        sheet.put(2, y, _star(look) if run is found else " ", palette.lit_line)
        text = _line(cells, widths) if run.error is None else f"{_line(cells[: len(names)], widths)}  {run.error}"
        sheet.put(4, y, cut(text, width - 4, look.glyphs.ellipsis), style)
    return sheet.strips()


def _cells(run: Outcome, names: Sequence[str]) -> list[str]:
    accuracy = "" if run.accuracy is None else f"{100 * run.accuracy:.4g} %"
    measured = ["" if number is None else numbers.loss(number) for number in (run.loss, run.test_loss)]
    values = [shown(run.knobs.get(name, run.settings.get(name, ""))) for name in names]
    return [*values, measured[0], accuracy, measured[1], str(run.steps)]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=False))


def _star(look: Look) -> str:
    return "◆" if look.glyphs.unicode else "*"


# --- the pictures


def curves(board: Board, width: int, height: int, look: Look) -> list[Strip]:
    """The losses over the steps, those of the best runs; the best of all and the selected one stand out."""
    runs = sorted((run for run in board.outcomes if run.finite and run.curve), key=attrgetter("cost"))[:_MOST_CURVES]
    if (width, height) < SMALLEST or height < SMALLEST[1] or not runs:
        return centred("no curve yet" if not runs else "no room", width, height, look)
    chosen = board.chosen
    if chosen is not None and chosen.curve and chosen not in runs:
        runs.append(chosen)
    palette, last = look.palette, max(1, max(run.curve[-1][0] for run in runs))
    plot = Plot((width, height), [loss for run in runs for _, loss in run.curve], look)
    for run in reversed(runs):
        style, rank = (palette.faint, 0) if run is not runs[0] else (palette.lit_line, 1)
        style, rank = (palette.accented, 2) if run is chosen else (style, rank)
        plot.line([(step / last, loss) for step, loss in run.curve], style, rank)
    top = runs[0].curve[-1]
    plot.mark(top[0] / last, top[1], _star(look), palette.lit_line)
    return plot.strips([(0.0, "0"), (1.0, str(last))], "loss over steps")


def spread(board: Board, width: int, height: int, look: Look) -> list[Strip]:
    """The final loss over a knob: for each value the smallest, the median and the largest over the seeds; for the other
    settings, medians alone.
    """
    name = across(board)
    found = [group for group in groups(board.outcomes, board.swept) if name in group.knobs]
    reference = board.chosen or best(board.outcomes)
    if width < SMALLEST[0] or height < SMALLEST[1] or not found or reference is None or name is None:
        hint = "no run yet" if not board.outcomes else "seeds alone are swept" if name is None else "no room"
        return centred(hint, width, height, look)
    values = _in_order({group.knobs[name] for group in found})
    places = dict(zip(values, _shares(values), strict=True))
    plot = Plot((width, height), [loss for group in found for loss in group.spread], look)
    lines: dict[tuple[object, ...], list[Group]] = {}
    for group in sorted(found, key=lambda group: places[group.knobs[name]]):
        others = tuple(value for knob, value in group.knobs.items() if knob != name)
        lines.setdefault(others, []).append(group)
    own = tuple(reference.knobs.get(knob) for knob in board.swept if knob not in (name, "seed"))
    palette = look.palette
    for others, some in lines.items():
        style, rank = (palette.accented, 2) if others == own else (palette.faint, 0)
        plot.line([(places[group.knobs[name]], group.spread[1]) for group in some], style, rank)
        for group in some if others == own else ():
            least, _, most = group.spread
            at = places[group.knobs[name]]
            plot.line([(at, least), (at, most)], palette.quiet, 1)
    top = best(board.outcomes)
    if top is not None:
        plot.mark(places[top.knobs[name]], top.cost, _star(look), palette.lit_line)
    ticks = [(places[value], short(value) if isinstance(value, float) else shown(value)) for value in values]
    return plot.strips(ticks, f"final loss over {name.replace('_', '-')}: min, median, max")


def across(board: Board) -> str | None:
    """The knob over which losses are shown: the rate, or the first other one that is swept; None for seeds alone."""
    names = [name for name in board.swept if name != "seed"]
    return "lr" if "lr" in names else next(iter(names), None)


def _in_order(values: set[object]) -> list[object]:
    numeric = sorted(value for value in values if isinstance(value, int | float))
    return [*numeric] if len(numeric) == len(values) else sorted(values, key=str)


def _shares(values: Sequence[object]) -> list[float]:
    """Where values stand across: numbers above 0 in their logarithm, others side by side."""
    positive = [value for value in values if isinstance(value, int | float) and value > 0]
    if len(positive) < len(values) or len(values) < 2:
        return [(place + 0.5) / len(values) for place in range(len(values))]
    low, high = math.log(positive[0]), math.log(positive[-1])
    return [0.04 + 0.92 * (math.log(value) - low) / (high - low) for value in positive]
