"""Lines between the regions of a grid, as dots: 2 x 4 to a cell. Must not know networks, colours or widgets."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from ..canvas.braille import DOTS

_Point = tuple[float, float]


def contour(
    labels: Sequence[int], sizes: Sequence[float], columns: int, *, dashed: bool = False
) -> dict[tuple[int, int], int]:
    """The line between samples of different labels: (x, y) of each cell that it crosses -> the bits of its dots.

    `labels` are row by row, `columns` to a row; a cell holds one sample across and two upwards. `sizes` say how far
    each sample is from the line: between two of them it runs where their share puts it.
    """
    masks: dict[tuple[int, int], int] = {}
    for start, end in _segments(labels, sizes, columns):
        for step, (x, y) in enumerate(_dots(start, end)):
            if dashed and (x + step + y // 2) % 3 == 0:
                continue
            cell = x // 2, y // 4
            masks[cell] = masks.get(cell, 0) | DOTS[x % 2][y % 4]
    return masks


def _segments(labels: Sequence[int], sizes: Sequence[float], columns: int) -> Iterator[tuple[_Point, _Point]]:
    """The line square by square, each with four samples at its corners, in dots."""
    for top in range(0, len(labels) - columns, columns):
        row = top // columns
        upper, lower = labels[top : top + columns], labels[top + columns : top + 2 * columns]
        if upper.count(upper[0]) == columns == lower.count(upper[0]):
            continue
        for column, (a, b, c, d) in enumerate(zip(upper, upper[1:], lower, lower[1:], strict=False)):
            if a == b == c == d:
                continue
            # Corner numbers, and where they lie.
            corners = (top + column, top + column + 1, top + columns + column + 1, top + columns + column)
            places = ((column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1))
            crossed = [
                _between(places[k], places[(k + 1) % 4], sizes[corners[k]], sizes[corners[(k + 1) % 4]])
                for k in range(4)
                if labels[corners[k]] != labels[corners[(k + 1) % 4]]
            ]
            if len(crossed) == 2:
                yield crossed[0], crossed[1]
            else:
                middle = (2.0 * column + 2.0, 2.0 * row + 2.0)
                yield from ((point, middle) for point in crossed)


def _between(start: tuple[int, int], end: tuple[int, int], near: float, far: float) -> _Point:
    """Where the line crosses from one sample to the next, in dots."""
    reach = near + far
    way = 2.0 * (near / reach if 0.0 < reach < math.inf else 0.5)
    (x, y), (to_x, to_y) = start, end
    return 2.0 * x + 1.0 + (to_x - x) * way, 2.0 * y + 1.0 + (to_y - y) * way


def _dots(start: _Point, end: _Point) -> Iterator[tuple[int, int]]:
    """The dots of a straight line."""
    x, y = start
    across, along = end[0] - x, end[1] - y
    steps = int(1.5 * max(abs(across), abs(along))) + 1
    return ((int(x + across * k / steps), int(y + along * k / steps)) for k in range(steps + 1))
