"""A loss curve -> strips, by way of plotext. Must not know the app, widgets or the session.

The plan says where the dots are; here plotext joins them, and they get their colours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from chainstep.engine.records import replace
from chainstep.engine.training.snapshot.curve import Curve

from ..canvas.text import centred
from ..style.look import Look
from ..style.palette import Palette
from .axis import LABEL
from .plan import SMALLEST, Plan, plan_curve
from .window import CurveOptions

_TRAIN, _GHOST, _TEST = 1, 2, 3
"""Colour numbers handed to plotext; what they look like is for the palette to say."""
_AXIS, _WARNING, _MARK = 0, 4, 5
_FORK, _FAR_FORK = 6, 7

_FORK_MARKERS = "+×○□"
_FORK_MARKERS_ASCII = "+x%="
"""Forks differ in shape; beyond these shapes come again, fainter."""

_ESCAPE = re.compile(r"\x1b\[([0-9;]*)m")
_BARS = "▁▂▃▄▅▆▇█"
_ASCII_BARS = "_.-=+*#@"
_AXES_ASCII = str.maketrans("│┤└─┬┊◆■▲●…→", "|++-+:^#^o~>")


def chart(curve: Curve, width: int, height: int, look: Look, *, log: bool) -> list[Strip]:
    """The loss over the steps: `height` strips of `width` cells.

    Train loss as a line, test loss as points, the run before the restart as a dotted ghost, a vertical mark where a
    knob was turned (◆) or a breakpoint hit (■). Losses that cannot be drawn (not finite, clipped, no logarithm) are
    counted in the picture.
    """
    plan = plan_curve(curve, width, height, CurveOptions(log=log), unicode=look.glyphs.unicode)
    return drawn(plan, width, height, look)


def pair(curve: Curve, names: tuple[str, str], width: int, height: int, look: Look, *, log: bool) -> list[Strip]:
    """A run and its ghost under names of their own: that one in signs as forks have them, for it is no less worth."""
    plan = plan_curve(curve, width, height, CurveOptions(log=log), unicode=look.glyphs.unicode)
    across, up = (2, 4) if look.glyphs.unicode else (1, 1)
    beside = tuple(dict.fromkeys((x // across, y // up) for x, y in plan.ghost))
    return drawn(replace(plan, names=names, ghost=(), forks=(beside,)), width, height, look)


def drawn(plan: Plan, width: int, height: int, look: Look) -> list[Strip]:
    """The picture that was planned for this size."""
    if width <= 0 or height <= 0:
        return [Strip.blank(max(width, 0)) for _ in range(max(height, 0))]
    unicode, styles = look.glyphs.unicode, _styles(look.palette)
    if plan.hint:
        return centred(plan.hint, width, height, look)
    if width < SMALLEST[0] or height < SMALLEST[1]:
        cells = _bars(plan, width, height, unicode)
    else:
        cells = _plot(plan, width, height, unicode)
        _annotate(cells, plan, unicode)
    if not unicode:
        cells = [[(character.translate(_AXES_ASCII), colour) for character, colour in row] for row in cells]
    return [_strip(row, styles) for row in cells]


def _styles(palette: Palette) -> dict[int, Style]:
    """What each colour number looks like."""
    return {
        _AXIS: palette.quiet,
        _TRAIN: palette.accented,
        _GHOST: palette.quiet,
        _TEST: Style(color=palette.negative.rich_color, bold=True),
        _WARNING: palette.alarm,
        _MARK: Style(color=palette.lit.rich_color),
        _FORK: palette.quiet,
        _FAR_FORK: palette.faint,
    }


_Cell = tuple[str, int]
"""A character and its colour number."""


def _plot(plan: Plan, width: int, height: int, unicode: bool) -> list[list[_Cell]]:
    """The curves and their axes, as plotext draws them: `height` rows of `width` cells, from the top.

    Every coordinate is a dot already, so limits of 0 and dots−1 make plotext's own rounding the identity.
    """
    import plotext  # loads slowly: the first frame, which has no curve yet, does without

    across = 2 * plan.columns if unicode else plan.columns
    up = 4 * plan.rows if unicode else plan.rows
    plotext.clear_figure()
    plotext.limit_size(False, False)
    plotext.plot_size(width, height)
    plotext.theme("clear")
    plotext.xaxes(True, False)
    plotext.yaxes(True, False)
    plotext.xlim(0, across - 1)
    plotext.ylim(0, up - 1)
    if plan.ghost:
        plotext.scatter(*_unzip(plan.ghost), marker="braille" if unicode else ".", color=_GHOST)
    for k, fork in enumerate(plan.forks):
        marker, colour = _fork_look(k, unicode)
        x = [_centre(column, plan.columns, across) for column, _ in fork]
        plotext.scatter(x, [_centre(row, plan.rows, up) for _, row in fork], marker=marker, color=colour)
    if len(set(plan.train)) > 1:
        plotext.plot(*_unzip(corners(plan.train)), marker="braille" if unicode else "*", color=_TRAIN)
    elif plan.train:  # a single braille dot would go unseen
        column, row = plan.train[0][0] * plan.columns // across, plan.train[0][1] * plan.rows // up
        x, y = [_centre(column, plan.columns, across)], [_centre(row, plan.rows, up)]
        plotext.scatter(x, y, marker="◆" if unicode else "*", color=_TRAIN)
    if plan.test:
        x = [_centre(column, plan.columns, across) for column, _ in plan.test]
        y = [_centre(row, plan.rows, up) for _, row in plan.test]
        plotext.scatter(x, y, marker=_test_marker(unicode), color=_TEST)
    # It would choose among crowded labels by their hashes, in each run others: it gets blanks, for the marks alone.
    columns, labels = _labels(plan.xticks, width)
    plotext.xticks([_centre(column, plan.columns, across) for column in columns], [" "] * len(columns))
    plotext.yticks([_centre(row, plan.rows, up) for row, _ in plan.yticks], [label for _, label in plan.yticks])
    return [*(_cells(row, width) for row in plotext.build().split("\n")[: height - 1]), labels]


def _labels(ticks: Sequence[tuple[int, str]], width: int) -> tuple[list[int], list[_Cell]]:
    """The columns whose labels have room, the first ones before others, and the row of these labels. Each is centred
    below its tick as far as what stands there allows.
    """
    columns, row = [], [" "] * width
    for column, label in ticks:
        at, size = LABEL + 1 + column, len(label)
        free = [x for x in range(max(at - size + 1, 0), min(at + size, width - 1)) if row[x] == " "]
        start = (min(free, default=at - size + 1) + max(free, default=at + size) + 1 - size) // 2
        if 0 <= start <= width - size and not "".join(row[max(start - 1, 0) : start + size + 1]).strip():
            row[start : start + size] = label
            columns.append(column)
    return columns, [(character, _AXIS) for character in row]


def _test_marker(unicode: bool) -> str:
    """A test loss: another shape than the line of the train losses, not just another colour."""
    return "●" if unicode else "o"


def _fork_look(number: int, unicode: bool) -> tuple[str, int]:
    """Shape and colour of a fork that is not the current one."""
    markers = _FORK_MARKERS if unicode else _FORK_MARKERS_ASCII
    return markers[number % len(markers)], _FORK if number < len(markers) else _FAR_FORK


def corners(points: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """Points without those that lie on a straight way along a row or a column: the line is the same without them, and
    each costs plotext time.
    """
    kept: list[tuple[int, int]] = []
    for point in points:
        if len(kept) > 1 and _between(kept[-2], kept[-1], point):
            kept.pop()
        if point not in kept[-1:]:
            kept.append(point)
    return tuple(kept)


def _between(start: tuple[int, int], point: tuple[int, int], end: tuple[int, int]) -> bool:
    """Whether a point lies between two others, in their row or in their column."""
    (x0, y0), (x, y), (x1, y1) = start, point, end
    return (y0 == y == y1 and x0 <= x <= x1) or (x0 == x == x1 and (y0 <= y <= y1 or y0 >= y >= y1))


def _unzip(points: tuple[tuple[int, int], ...]) -> tuple[list[int], list[int]]:
    """Points as plotext wants them: all x, all y."""
    return [x for x, _ in points], [y for _, y in points]


def _centre(cell: int, cells: int, dots: int) -> float:
    """The coordinate, on an axis of `dots`, that plotext rounds to this cell of `cells`."""
    return cell * (dots - 1) / (cells - 1)


def _cells(text: str, width: int) -> list[_Cell]:
    """A row of plotext's, of which colour numbers are all that is kept: exactly `width` cells."""
    cells: list[_Cell] = []
    colour = _AXIS
    for k, part in enumerate(_ESCAPE.split(text)):
        if k % 2:
            colour = int(part.removeprefix("38;5;")) if part.startswith("38;5;") else _AXIS
        else:
            cells += [(character, colour) for character in part]
    return (cells + [(" ", _AXIS)] * width)[:width]


def _annotate(cells: list[list[_Cell]], plan: Plan, unicode: bool) -> None:
    """Write remarks, legend and marks over the picture, as far as they hide no curve; remarks always."""
    left = LABEL + 1
    for column in plan.clipped:
        cells[0][left + column] = ("▲", _WARNING)
    busy = 1 if plan.clipped else 0
    for remark in plan.remarks:
        _write_right(cells, [(remark, _WARNING)], left, busy, plan.rows, must=True)
    _write_legend(cells, plan, left, busy, unicode)
    crowded = 3 * (len(plan.marks) + len(plan.stops)) > plan.columns
    # A knob's mark last: where both are in one column, what was turned is what bends the curve.
    marks = [("■", column, f"■ {what}") for column, what in reversed(plan.stops)]
    marks += [("◆", column, what) for column, what in reversed(plan.marks)]
    for sign, column, what in marks:
        cells[plan.rows][left + column] = (sign, _MARK)
        if crowded:
            continue
        for row in range(plan.rows):
            if cells[row][left + column] == (" ", _AXIS):
                cells[row][left + column] = ("┊", _AXIS)
        _label_mark(cells, left + column, what, left, plan.rows)


def _write_legend(cells: list[list[_Cell]], plan: Plan, left: int, top: int, unicode: bool) -> None:
    """Which curve is which, in one line or, where that is too long, a line each."""
    own = plan.names[0] if plan.names else "train"
    legend = [(own, _TRAIN)]
    legend += [(f"{_test_marker(unicode)} test", _TEST)] if plan.test else []
    legend += [("· before" if unicode else ". before", _GHOST)] if plan.ghost else []
    for k, (name, points) in enumerate(zip(plan.names[1:], plan.forks, strict=True)):
        marker, colour = _fork_look(k, unicode)
        legend += [(f"{marker} {name}", colour)] if points else []
    if not plan.train or (len(legend) < 2 and not plan.names):
        return
    # The blanks are the legend's own: no mark goes through them.
    line = [part for text, colour in legend for part in ((" ", colour), (text, colour))][1:]
    if sum(len(text) for text, _ in line) <= len(cells[0]) - left - 1:
        _write_right(cells, line, left, top, plan.rows, must=False)
        return
    for part in legend:
        _write_right(cells, [part], left, top, plan.rows, must=False)


def _write_right(
    cells: list[list[_Cell]], parts: list[tuple[str, int]], left: int, top: int, rows: int, *, must: bool
) -> None:
    """Write at the right of the highest row that is blank there; `must` writes over the curve if none is."""
    room = len(cells[0]) - left
    characters = [(character, colour) for text, colour in parts for character in text]
    if len(characters) > room:
        if not must:
            return
        characters = [*characters[: room - 1], ("…", characters[0][1])]
    start = len(cells[0]) - len(characters)
    blank = (row for row in range(top, rows) if all(cell[0] == " " for cell in cells[row][start - 1 :]))
    row = next(blank, top if must else None)
    if row is not None:
        cells[row][start:] = characters


def _label_mark(cells: list[list[_Cell]], column: int, what: str, left: int, rows: int) -> None:
    """Say beside a mark what was turned, right or left of it, in the highest row where that hides nothing."""
    for row in range(rows):
        for start in (column + 1, column - len(what)):
            place = cells[row][start - 1 : start + len(what) + 1]
            inside = start > left and start + len(what) <= len(cells[row])
            if inside and all(cell[0] in " ┊" for cell in place):
                cells[row][start : start + len(what)] = [(character, _MARK) for character in what]
                return


def _bars(plan: Plan, width: int, height: int, unicode: bool) -> list[list[_Cell]]:
    """Where there is no room for axes: a bar a column along the bottom."""
    bars = _BARS if unicode else _ASCII_BARS
    cells = [[(" ", _AXIS)] * width for _ in range(height)]
    for column, level in plan.train:
        cells[-1][column] = (bars[level], _TRAIN)
    for column in plan.clipped:
        cells[-1][column] = ("▲", _WARNING)
    for row, remark in zip(range(height - 1), plan.remarks, strict=False):
        text = remark if len(remark) <= width else remark[: width - 1] + "…"
        cells[row][: len(text)] = [(character, _WARNING) for character in text]
    return cells


def _strip(row: list[_Cell], styles: dict[int, Style]) -> Strip:
    """Cells with neighbours of one colour merged."""
    runs = ((colour, "".join(cell[0] for cell in run)) for colour, run in groupby(row, key=lambda cell: cell[1]))
    return Strip([Segment(text, styles[colour]) for colour, text in runs], len(row))
