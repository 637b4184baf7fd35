"""Residuals over predictions -> strips: a point a sample, and the line on which nothing is left over. Must not know
widgets or the session.
"""

from __future__ import annotations

from textual.strip import Strip

from chainstep.engine.training.snapshot.samples.scores import ScoresView

from ..canvas.sheet import Sheet
from ..canvas.text import fitted
from ..plot.axes import Axes, span
from ..plot.marks import marks
from ..style.look import Look


def residuals(view: ScoresView, width: int, height: int, look: Look) -> list[Strip]:
    """`height` strips of `width` cells: a caption, and the points below it."""
    sheet, palette, shapes = Sheet(width, height), look.palette, marks(look)
    points, target = view.residuals, fitted(view.target, 24, look.glyphs)
    legend = shapes.legend(tests=any(point.test for point in points))
    caption = look.glyphs.say(f"residual y − ŷ over ŷ, in {target}  {legend}")
    sheet.put(0, 0, caption, palette.quiet)
    across = span([point.predicted for point in points])
    upwards = span([point.left for point in points], [0.0])
    axes = Axes(sheet, (0, 1, width, height - 1), across, upwards, look)
    axes.line((0.0, 0.0), 0.0, palette.accented)
    axes.finish_dots()
    axes.labels()
    for point in sorted(points, key=lambda point: point.test):
        axes.put(point.predicted, point.left, shapes.test if point.test else shapes.train, palette.text)
    shown, every = len(points), sum(view.sizes)
    if shown < every and width > len(caption) + 30:
        sheet.put(len(caption) + 3, 0, f"{shown} of {every} samples", palette.quiet)
    return sheet.strips()
