"""Predictions over what they should be -> strips: a point a sample, and the diagonal on which they should lie. Must not
know widgets or the session.
"""

from __future__ import annotations

from textual.strip import Strip

from chainstep.engine.training.snapshot.plots.fit import FitView

from ..canvas.sheet import Sheet
from ..style.look import Look
from .axes import Axes, span
from .marks import fitting, marks


def headings(view: FitView, width: int, look: Look) -> tuple[str, str]:
    """What is drawn, and R² of it in `width` cells."""
    legend = marks(look).legend(tests=any(point.test for point in view.points))
    train, test = (None if r2 is None else f"{r2:.3f}" for r2 in (view.train_r2, view.test_r2))
    notes = [f"R² {train}  test {test}"] if train and test else []
    notes += [f"R² {train}" if train else ""]
    short = f"ŷ over {view.target}"
    titles = [f"Predicted ŷ over actual {view.target}  {legend}", f"{short}  {legend}", short]
    return fitting(titles, notes, width, look)


def footing(view: FitView) -> str:
    """How many of the samples are shown, where that is not all."""
    shown, tests = view.shown
    if (shown, tests) == (view.train_size, view.test_size):
        return ""
    return f"{shown + tests} of {view.train_size + view.test_size} samples"


def fit(view: FitView, width: int, height: int, look: Look) -> list[Strip]:
    """The points in `height` strips of `width` cells."""
    sheet, palette, shapes = Sheet(width, height), look.palette, marks(look)
    actual = span([], [point.actual for point in view.points])
    upwards = span([point.predicted for point in view.points], actual)
    axes = Axes(sheet, (0, 0, width, height), actual, upwards, look)
    axes.line((0.0, 0.0), 1.0, palette.accented)
    axes.finish_dots()
    axes.labels()
    for point in sorted(view.points, key=lambda point: not point.test):
        axes.put(point.actual, point.predicted, shapes.test if point.test else shapes.train, palette.text)
    return sheet.strips()
