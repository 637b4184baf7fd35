"""Axes for losses, and dots within them. Must not know what is plotted."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from rich.style import Style
from textual.strip import Strip

from ..canvas.braille import Braille, gathered
from ..canvas.sheet import Sheet
from ..curve.axis import LABEL, Scale
from ..style.look import Look

SMALLEST = (LABEL + 12, 5)
"""Below this width and height there is no room for axes."""

_FAR_APART = 100.0
"""The largest loss over the smallest, from which on the axis is logarithmic by itself."""


class Plot:
    """A picture of so many cells; across goes a share from 0 to 1, up a loss. A loss that is not finite, or too large
    to be shown beside the others, is at the upper edge.
    """

    def __init__(self, size: tuple[int, int], losses: Iterable[float], look: Look, margin: int = 0) -> None:
        """`margin` cells at the right are for what stands beside lines."""
        self._width, self._height = size
        self._look = look
        self.columns, self.rows = self._width - LABEL - 1 - margin, self._height - 2
        finite = [loss for loss in losses if math.isfinite(loss)] or [0.0, 1.0]
        log = min(finite) > 0 and max(finite) > _FAR_APART * min(finite)
        self.scale = Scale.fit(finite, (), log=log)
        self._sheet = Sheet(*size)
        self._dots = Braille(*size)
        self._marks: list[tuple[int, int, str, Style]] = []
        self._beside: list[tuple[float, str, Style]] = []

    def dot(self, share: float, loss: float) -> tuple[int, int]:
        """(x, y) of a point, in dots from the upper left corner."""
        up = 4 * self.rows
        height = self.scale.dot(loss, up) if math.isfinite(loss) else up - 1
        return 2 * (LABEL + 1) + round(share * (2 * self.columns - 1)), up - 1 - height

    def line(self, points: Sequence[tuple[float, float]], style: Style, rank: int = 0) -> None:
        """Join points by straight lines."""
        dots = [self.dot(*point) for point in points]
        joined = dots[:1] + [dot for pair in pairwise(dots) for dot in _between(*pair)]
        self._dots.draw(gathered((self._width, self._height), joined), style, rank)

    def mark(self, share: float, loss: float, sign: str, style: Style) -> None:
        """Put a sign over what is there."""
        x, y = self.dot(share, loss)
        self._marks.append((x // 2, y // 4, sign, style))

    def beside(self, loss: float, label: str, style: Style) -> None:
        """Put words at the right of a line that ends at a loss, or as near to that as there is room."""
        self._beside.append((loss, label, style))

    def strips(
        self, xticks: Sequence[tuple[float, str]], titles: Sequence[str], styles: Sequence[Style | None] = ()
    ) -> list[Strip]:
        """The picture, with labels at shares of its width, in `styles` of their own if these are given, and in its
        upper right corner the first title that has room.
        """
        unicode, quiet = self._look.glyphs.unicode, self._look.palette.quiet
        sheet = self._sheet
        for y in range(self.rows):
            sheet.put(LABEL, y, "│" if unicode else "|", quiet)
        sheet.put(LABEL, self.rows, ("└" + "─" * self.columns) if unicode else "+" + "-" * self.columns, quiet)
        for row, label in self.scale.ticks(self.rows, 4 * self.rows):
            sheet.put(0, self.rows - 1 - row, label, quiet)
        self._label(xticks, styles)
        self._dots.onto(sheet, self._look.glyphs)
        for x, y, sign, style in self._marks:
            sheet.put(x, y, sign, style)
        title = next((title for title in titles if len(title) <= self.columns), "")
        sheet.put(LABEL + 1 + self.columns - len(title), 0, title, quiet)
        self._put_beside()
        return sheet.strips()

    def _label(self, xticks: Sequence[tuple[float, str]], styles: Sequence[Style | None]) -> None:
        """Labels below, as many as have room."""
        taken = -1
        for place, (share, label) in enumerate(xticks):
            at = LABEL + 1 + round(share * (self.columns - 1)) - len(label) // 2
            at = max(0, min(at, self._width - len(label)))
            if at > taken:
                style = styles[place] if place < len(styles) else None
                self._sheet.put(at, self.rows + 1, label, style or self._look.palette.quiet)
                taken = at + len(label)

    def _put_beside(self) -> None:
        """Words at the right, none over another: from the top down, each as high as its line ends or below the last."""
        rows = sorted((self.dot(0.0, loss)[1] // 4, label, style) for loss, label, style in self._beside)
        lowest = -1
        for count, (row, label, style) in enumerate(rows):
            lowest = max(lowest + 1, min(row, self.rows - (len(rows) - count)))
            self._sheet.put(LABEL + 2 + self.columns, lowest, label, style)


def _between(start: tuple[int, int], end: tuple[int, int]) -> list[tuple[int, int]]:
    """The dots of a straight line, without the first one."""
    (x0, y0), (x1, y1) = start, end
    count = max(abs(x1 - x0), abs(y1 - y0))
    return [(round(x0 + (x1 - x0) * k / count), round(y0 + (y1 - y0) * k / count)) for k in range(1, count + 1)]
