"""The scores of both parts of the data -> strips: a row a part beside what is reached without learning, and below them
the confusion of one part, or the residuals of both. Must not know widgets or the session.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.strip import Strip

from chainstep.engine.training.snapshot.samples.scores import Scores, ScoresView

from ..canvas.numbers import loss
from ..canvas.sheet import Sheet
from ..canvas.text import fitted
from ..style.look import Look
from .confusion import confusion
from .residuals import residuals

_GAP = 3
_LONGEST = 16
"""Cells of the name of what is always said."""


def page(view: ScoresView, part: int, width: int, height: int, look: Look) -> list[Strip]:
    """`height` strips of `width` cells; of classes with the confusion of `parts[part]`."""
    table = _table(view, part, width, look)
    below = max(0, height - len(table) - 1)
    if view.classes:
        picture = confusion(view.parts[part], view.classes, width, below, look)
    else:
        picture = residuals(view, width, below, look)
    return [*table, Strip.blank(width), *picture][:height]


def _table(view: ScoresView, part: int, width: int, look: Look) -> list[Strip]:
    """A heading, and a row a part; what has no room is left out from the right."""
    rows = _of_classes(view, look) if view.classes else _of_quantity(view, look)
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    sheet, palette = Sheet(width, len(rows)), look.palette
    for y, row in enumerate(rows):
        chosen = bool(view.classes) and len(view.parts) > 1 and y == part + 1
        if chosen:
            sheet.put(0, y, look.glyphs.cursor, palette.chosen)
        style = palette.quiet if not y else palette.chosen if chosen else palette.text
        sheet.put(2, y, row[0], style)
        x = 2 + widths[0]
        for text, cells in zip(row[1:], widths[1:], strict=True):
            x += _GAP
            if x + cells > width:
                break
            sheet.put(x + cells - cell_len(text), y, text, style)
            x += cells
    return sheet.strips()


def _of_classes(view: ScoresView, look: Look) -> Sequence[Sequence[str]]:
    usual = fitted(view.usual, _LONGEST, look.glyphs)
    rows = [("", "samples", "right", "accuracy", f"always {usual}")]
    for scores, size in zip(view.parts, view.sizes, strict=True):
        assert scores.accuracy is not None
        right = str(round(scores.accuracy * scores.samples))
        rows.append((*_of(scores, size), right, f"{scores.accuracy:.3f}", f"{scores.baseline:.3f}"))
    return rows


def _of_quantity(view: ScoresView, look: Look) -> Sequence[Sequence[str]]:
    target = fitted(view.target, _LONGEST, look.glyphs)
    rows = [("", "samples", look.glyphs.say("R²"), f"RMSE in {target}", f"always {view.usual}")]
    for scores, size in zip(view.parts, view.sizes, strict=True):
        assert scores.rmse is not None
        r2 = "-" if scores.r2 is None else f"{scores.r2:.3f}"
        rows.append((*_of(scores, size), r2, loss(scores.rmse), loss(scores.baseline)))
    return rows


def _of(scores: Scores, size: int) -> tuple[str, str]:
    """The part's name, and how many of its samples were measured."""
    of = "" if scores.samples == size else f" of {size}"
    return "test" if scores.test else "train", f"{scores.samples}{of}"
