"""An activation's curve, the point on it where the neuron stands, and the slope there -> cells of a sheet. Must not
know widgets or the session.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from rich.style import Style

from chainstep.engine.training.snapshot.closeup import NeuronView

from ..canvas.braille import DOTS, Braille, Path
from ..canvas.numbers import plain
from ..canvas.sheet import Sheet
from ..plot.marks import marks
from ..style.look import Look


def plot(view: NeuronView, sheet: Sheet, area: tuple[int, int, int, int], look: Look) -> None:
    """The activation's curve, the point on it where the neuron stands, and the slope there."""
    palette, glyphs = look.palette, look.glyphs
    left, top, width, height = area
    if width < 8 or height < 3:
        return
    words = view.activation if view.slope is None else f"{view.activation}, slope {plain(view.slope)}"
    sheet.put(left + max(0, (width - len(words)) // 2), top + height - 1, words[:width], palette.quiet)
    height -= 1
    sums = [total for total, _ in view.curve]
    outputs = [output for _, output in view.curve]
    low, high = min(outputs), max(outputs)
    edge = 0.08 * (high - low) or 1.0
    box = sums[0], sums[-1], low - edge, high + edge
    canvas = Braille(sheet.width, sheet.height)

    def dots(points: list[tuple[float, float]], style: Style, period: int = 1) -> None:
        for place, (x, y) in enumerate(_way([_dot(point, box, width, height) for point in points])):
            if place % period == 0 and 0 <= x < 2 * width and 0 <= y < 4 * height:
                cell = (top + y // 4) * canvas.width + left + x // 2
                canvas.draw(Path((cell,), bytes([DOTS[x % 2][y % 4]])), style)

    dots([(box[0], 0.0), (box[1], 0.0)], palette.faint, 2)
    dots([(0.0, box[2]), (0.0, box[3])], palette.faint, 2)
    stands = _stands(view)
    if stands is not None and view.slope is not None and view.activation not in ("linear", "step"):
        reach = (box[1] - box[0]) / 5
        ends = [(stands[0] + way * reach, stands[1] + way * reach * view.slope) for way in (-1.0, 1.0)]
        dots(ends, palette.lit_line, 2)
    dots(list(view.curve), palette.accented)
    canvas.onto(sheet, glyphs)
    if stands is not None:
        x, y = _dot(stands, box, width, height)
        x, y = left + min(max(x // 2, 0), width - 1), top + min(max(y // 4, 0), height - 1)
        sheet.put(x, y, marks(look).here, palette.lit_line)


def _stands(view: NeuronView) -> tuple[float, float] | None:
    """The neuron's sum and output, once both are there and finite."""
    if view.sum is None or view.output is None:
        return None
    return (view.sum, view.output) if math.isfinite(view.sum) and math.isfinite(view.output) else None


def _dot(
    point: tuple[float, float], box: tuple[float, float, float, float], width: int, height: int
) -> tuple[int, int]:
    """Where a point of the curve lies, in dots."""
    left, right, low, high = box
    x = (point[0] - left) / (right - left) * (2 * width - 1)
    y = (high - point[1]) / (high - low) * (4 * height - 1)
    return round(x), round(y)


def _way(dots: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Every dot from each one to the next."""
    for (x, y), (to_x, to_y) in pairwise(dots):
        steps = max(abs(to_x - x), abs(to_y - y), 1)
        yield from ((x + (to_x - x) * k // steps, y + (to_y - y) * k // steps) for k in range(steps))
