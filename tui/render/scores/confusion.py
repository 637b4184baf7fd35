"""A confusion matrix -> strips: a row a true class, a column a decision, what is right marked. Must not know widgets or
how it was counted.
"""

from __future__ import annotations

from rich.style import Style
from textual.strip import Strip

from chainstep.engine.training.snapshot.samples.scores import Scores

from ..canvas.sheet import Sheet
from ..canvas.shortened import shortened
from ..style.look import Look

_LONGEST = 14
"""Cells of a class's name."""

_NARROWEST = 4
"""Cells of a column: a precision is no shorter."""

_SHARE = 10
"""Cells of `precision`, and a blank before it."""


def confusion(scores: Scores, classes: tuple[str, ...], width: int, height: int, look: Look) -> list[Strip]:
    """`height` strips of `width` cells: the whole matrix or, where that has no room, a row a class, the least found
    first, with what it is taken for most often.
    """
    matrix = scores.confusion or ()
    digits = max((len(str(count)) for row in matrix for count in row), default=1)
    names = min(_LONGEST, max(map(len, classes), default=0))
    least = max(_NARROWEST, digits + 2)
    cells = min(max(names, least), (width - names - 4 - _SHARE) // max(1, len(classes)) - 1)
    if cells < least or height < len(classes) + 3:
        return _worst(scores, classes, width, height, look)
    return _Matrix(scores, classes, Sheet(width, height), look, names, cells).drawn()


class _Matrix:
    """The whole of it, on its way to a sheet."""

    def __init__(
        self, scores: Scores, classes: tuple[str, ...], sheet: Sheet, look: Look, names: int, cells: int
    ) -> None:
        self.scores, self.sheet, self.look = scores, sheet, look
        self.rows, self.columns = shortened(classes, names, look.glyphs), shortened(classes, cells, look.glyphs)
        self.left, self.cells = max(names, len("precision")) + 2, cells

    def drawn(self) -> list[Strip]:
        """All of it."""
        sheet, say, palette = self.sheet, self.look.glyphs.say, self.look.palette
        sheet.put(0, 0, say("true ↓"), palette.quiet)
        sheet.put(self.left, 0, say("decided →"), palette.quiet)
        end = self._x(len(self.columns))
        sheet.put(end, 1, "recall".rjust(_SHARE - 1), palette.quiet)
        for k, name in enumerate(self.columns):
            self._put(k, 1, name, palette.quiet)
        for true, row in enumerate(self.scores.confusion or ()):
            sheet.put(0, true + 2, self.rows[true], palette.text)
            for k, count in enumerate(row):
                text, style = _count(count, right=k == true, look=self.look)
                self._put(k, true + 2, text, style)
            sheet.put(end, true + 2, share(self.scores.recall[true]).rjust(_SHARE - 1), palette.strong)
        last = len(self.rows) + 2
        sheet.put(0, last, "precision", palette.quiet)
        for k, number in enumerate(self.scores.precision):
            self._put(k, last, f"{share(number)}  ", palette.strong)
        return sheet.strips()

    def _x(self, column: int) -> int:
        return self.left + column * (self.cells + 1)

    def _put(self, column: int, y: int, text: str, style: Style) -> None:
        self.sheet.put(self._x(column), y, text.rjust(self.cells), style)


def _count(count: int, *, right: bool, look: Look) -> tuple[str, Style]:
    """How often a class was decided for, with a mark whether that is right."""
    palette, glyphs = look.palette, look.glyphs
    if not count:
        return f"{glyphs.empty}  ", palette.faint
    return (f"{count} {glyphs.right}", palette.key) if right else (f"{count} {glyphs.wrong}", palette.alarm)


def share(number: float | None) -> str:
    """A share of all, or a dash where it is of none."""
    return "-" if number is None else f"{number:.2f}"


def _worst(scores: Scores, classes: tuple[str, ...], width: int, height: int, look: Look) -> list[Strip]:
    """A row a class: its samples, its recall and precision, and which other it is taken for most often."""
    matrix = scores.confusion or ()
    sheet, palette, say = Sheet(width, height), look.palette, look.glyphs.say
    names = shortened(classes, _LONGEST, look.glyphs)
    sheet.put(0, 0, f"{'true':<{_LONGEST}}  samples  recall  precision  mostly taken for", palette.quiet)
    order = sorted(range(len(classes)), key=lambda k: (1.0 if (own := scores.recall[k]) is None else own, k))
    rows = max(0, height - 1 if len(order) < height else height - 2)
    for y, k in enumerate(order[:rows], start=1):
        others = [(count, other) for other, count in enumerate(matrix[k]) if count and other != k]
        told = f"{names[k]:<{_LONGEST}}  {sum(matrix[k]):>7}  {share(scores.recall[k]):>6}"
        sheet.put(0, y, f"{told}  {share(scores.precision[k]):>9}", palette.text)
        if others:
            count, other = max(others, key=lambda each: (each[0], -each[1]))
            sheet.put(_LONGEST + 30, y, f"{count} {look.glyphs.wrong} {names[other]}", palette.alarm)
        elif matrix[k][k]:
            sheet.put(_LONGEST + 30, y, look.glyphs.right, palette.key)
    if len(order) > rows:
        sheet.put(0, rows + 1, say(f"… {len(order) - rows} more, found at least as often"), palette.quiet)
    return sheet.strips()
