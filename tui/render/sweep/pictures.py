"""A sweep in pictures: its final losses over a knob, its curves over one another. Must not know widgets, or how runs
are trained.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from operator import attrgetter

from textual.strip import Strip

from ...sweeps.values import shown
from ..canvas.text import centred
from ..curve.axis import short
from ..style.look import Look
from .board import Board, Row, values
from .groups import Group, best, groups
from .hues import hues, star
from .plot import SMALLEST, Plot

_MOST_CURVES = 16
"""Curves over one another, the best ones: more are a blot."""

_MOST_LABEL = 14
"""Cells of what stands beside a line."""

Curve = Sequence[tuple[int, float]]


# --- the curves


def curves(board: Board, width: int, height: int, look: Look) -> list[Strip]:
    """The losses over the steps, of the best runs or, as medians over the seeds, of the best settings; the best of all
    and the selected one stand out. The others have the colours of their values of a knob.
    """
    found, top = _curves(board), best(board.outcomes)
    if _too_small(width, height) or not found:
        return centred("no curve yet" if not found else "no room", width, height, look)
    palette, coloured = look.palette, hues(board, look.palette)
    last = max(1, max(curve[-1][0] for _, curve in found))
    plot = Plot((width, height), [loss for _, curve in found for _, loss in curve], look)
    for row, curve in reversed(found):
        style, rank = coloured.get(row.knobs.get(board.across or ""), palette.faint), 0
        if row is board.row:
            style, rank = palette.pointed_line, 2
        elif row is found[0][0]:
            style, rank = palette.lit_line, 1
        plot.line([(step / last, loss) for step, loss in curve], style, rank)
    if top is not None and top.curve and not board.settings:
        plot.mark(top.curve[-1][0] / last, top.curve[-1][1], star(look), palette.lit_line)
    what = "median loss" if board.settings else "loss"
    count = f", the best {len(found)}" if len(found) < board.count else ""
    return plot.strips([(0.0, "0"), (1.0, str(last))], [f"{what} over steps{count}", f"{what} over steps"])


def _curves(board: Board) -> list[tuple[Row, Curve]]:
    """What is drawn, the best first; the selected one is among it."""
    rows: list[tuple[float, Row, Curve]]
    if board.settings:
        rows = [(group.spread[1], group, curve) for group in board.settings if (curve := group.curve)]
    else:
        rows = [(run.cost, run, run.curve) for run in board.outcomes if run.curve]
    rows.sort(key=lambda row: row[0])
    drawn = [row for row in rows if math.isfinite(row[0])][:_MOST_CURVES]
    also = [row for row in rows if row[1] is board.row and row not in drawn]
    return [(row, curve) for _, row, curve in (*drawn, *also)]


# --- the spread


def spread(board: Board, width: int, height: int, look: Look) -> list[Strip]:
    """The final loss over a knob: for each value the smallest, the median and the largest over the seeds; for the other
    settings, medians alone. Where seeds alone are swept, over these, the best first.
    """
    if _too_small(width, height) or not board.outcomes:
        return centred("no run yet" if not board.outcomes else "no room", width, height, look)
    name = board.across
    found = [group for group in groups(board.outcomes, board.swept) if name is not None and name in group.knobs]
    return (
        _over_knob(board, name, found, (width, height), look)
        if name and found
        else _over_seeds(board, width, height, look)
    )


def _over_seeds(board: Board, width: int, height: int, look: Look) -> list[Strip]:
    runs = sorted(board.outcomes, key=attrgetter("cost"))
    plot, last = Plot((width, height), [run.cost for run in runs], look), max(1, len(runs) - 1)
    points = [(place / last, run.cost) for place, run in enumerate(runs)]
    plot.line(points, look.palette.quiet)
    for (share, loss), run in zip(points, runs, strict=True):
        if run is board.chosen and run is not runs[0]:
            plot.mark(share, loss, _here(look), look.palette.pointed_line)
    if runs[0].finite:
        plot.mark(0.0, runs[0].cost, star(look), look.palette.lit_line)
    return plot.strips([(0.0, "best"), (1.0, "worst")], [f"final loss of {len(runs)} runs, in order", "final loss"])


def _over_knob(board: Board, name: str, found: Sequence[Group], size: tuple[int, int], look: Look) -> list[Strip]:
    places = _places(board, name)
    lines: dict[tuple[object, ...], list[Group]] = {}
    for group in sorted(found, key=lambda group: places[group.knobs[name]]):
        others = tuple(value for knob, value in group.knobs.items() if knob != name)
        lines.setdefault(others, []).append(group)
    reference = board.chosen or best(board.outcomes)
    own = () if reference is None else tuple(reference.knobs.get(knob) for knob in found[0].knobs if knob != name)
    labels = _labels(lines, size)
    margin = max(map(len, labels.values()), default=-1) + 1
    plot = Plot(size, [loss for group in found for loss in group.spread], look, margin)
    for others, some in lines.items():
        _line(plot, name, some, places, look, own=others == own, label=labels.get(others, ""))
    coloured, top, chosen = hues(board, look.palette), best(board.outcomes), board.chosen
    if chosen is not None and chosen is not top and name in chosen.knobs:
        plot.mark(places[chosen.knobs[name]], chosen.cost, _here(look), look.palette.pointed_line)
    if top is not None and name in top.knobs:
        plot.mark(places[top.knobs[name]], top.cost, star(look), look.palette.lit_line)
    ticks = [(place, short(value) if isinstance(value, float) else shown(value)) for value, place in places.items()]
    of = f"final loss over {name.replace('_', '-')}"
    return plot.strips(ticks, [f"{of}: min, median, max", of], [coloured.get(value) for value in places])


def _line(
    plot: Plot,
    name: str,
    some: Sequence[Group],
    places: Mapping[object, float],
    look: Look,
    *,
    own: bool,
    label: str,
) -> None:
    """The medians of a setting over the knob and, of the one that is looked at, all of the spread."""
    palette = look.palette
    style, rank = (palette.accented, 2) if own else (palette.quiet, 0)
    plot.line([(places[group.knobs[name]], group.spread[1]) for group in some], style, rank)
    for group in some if own else ():
        least, _, most = group.spread
        at = places[group.knobs[name]]
        plot.line([(at, least), (at, most)], palette.quiet, 1)
    if label:
        plot.beside(some[-1].spread[1], label, style)


def _labels(lines: Mapping[tuple[object, ...], object], size: tuple[int, int]) -> dict[tuple[object, ...], str]:
    """What tells the lines apart, where there are several, and room for it."""
    told = {others: " ".join(map(shown, others)) for others in lines}
    widest = max(map(len, told.values()), default=0)
    return told if 1 < len(told) <= size[1] // 2 and widest <= min(_MOST_LABEL, size[0] // 4) else {}


def _places(board: Board, name: str) -> dict[object, float]:
    """Where values stand across: numbers above 0 in their logarithm, others side by side."""
    found = values(board.outcomes, name)
    positive = [value for value in found if isinstance(value, int | float) and value > 0]
    if len(positive) < len(found) or len(found) < 2:
        return {value: (place + 0.5) / len(found) for place, value in enumerate(found)}
    low, high = math.log(positive[0]), math.log(positive[-1])
    return {value: 0.04 + 0.92 * (math.log(value) - low) / (high - low) for value in positive}


def _too_small(width: int, height: int) -> bool:
    return width < SMALLEST[0] or height < SMALLEST[1]


def _here(look: Look) -> str:
    return "●" if look.glyphs.unicode else "o"
