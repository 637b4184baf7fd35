"""Axes of the loss curve: which losses are shown, where, and their ticks. Must not know colours or plotext."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Self

from chainstep.engine.records import record

from .window import column_of

LABEL = 5
"""Cells of a y label. Always the same, so that the curve does not jump sideways when a label grows."""

_HUGE = 1e99
"""Beyond this a label would not fit; such losses are drawn as clipped."""

_TINY = 1e-99
"""Differences below this are none."""

_EXPLODED = 10.0
"""How far the largest loss may stand out before it is cut off, as a multiple of what is usual."""


@record
class Scale:
    """The y axis: `low` at the lowest dot, `high` at the highest, both logarithms to the base of ten in log."""

    low: float
    high: float
    clip: float
    """Losses above this lie outside."""
    log: bool

    @classmethod
    def fit(cls, train: Sequence[float], others: Sequence[float], log: bool) -> Self:
        """The scale that shows these losses (finite, and positive in log) best; at least one of them is there.

        A linear axis follows the bulk of the losses: after an explosion to 1e6 the part at 0.3 must stay visible. It
        is cut off where the largest is over ten times both the first loss and what nine of ten columns stay below.
        """
        losses = [*train, *others]
        lowest, highest = (min(max(loss, -_HUGE), _HUGE) for loss in (min(losses), max(losses)))
        if log:
            lowest, highest = max(lowest, _TINY), max(highest, _TINY)
            low, high = math.log10(lowest), math.log10(highest)
            if high - low < 0.02:
                low, high = low - 0.05, high + 0.05
            return cls(low, high, _HUGE, True)
        ordered = sorted(losses)
        usual = max(losses[0], ordered[(len(ordered) - 1) * 9 // 10])
        if len(losses) > 2 and 0.0 < usual < highest / _EXPLODED:
            highest = 1.25 * usual
        clip = highest
        if 0.0 <= lowest < highest / 2 or (lowest == highest > 0.0):
            lowest = 0.0
        size = max(abs(lowest), abs(highest))
        if highest - lowest < max(0.02 * size, _TINY):
            margin = 0.01 * size if size > _TINY else 1.0
            return cls(0.0 if lowest == 0.0 else lowest - margin, highest + margin, clip, False)
        return cls(lowest, highest, clip, False)

    def dot(self, loss: float, dots: int) -> int:
        """The dot of `dots`, from 0 at the bottom; what lies outside goes to the edge."""
        low, high = self.low, self.high
        at = ((math.log10(loss) if self.log else loss) - low) / (high - low)
        return round((dots - 1) * (0.0 if at < 0.0 else min(at, 1.0)))

    def ticks(self, rows: int, dots: int) -> tuple[tuple[int, str], ...]:
        """(row, label) for round losses, about one every three rows; rows count from 0 at the bottom."""
        wanted = max(2, rows // 3)
        ticks = self._powers(wanted) if self.log else round_numbers(self.low, self.high, wanted)
        placed = {self.dot(tick, dots) * rows // dots: _label(tick) for tick in ticks}
        return tuple((row, label.rjust(LABEL)) for row, label in sorted(placed.items()) if len(label) <= LABEL)

    def _powers(self, wanted: int) -> list[float]:
        """Powers of ten, every so many; where there are too few, 2 and 5 times them too, or round numbers."""
        first, last = math.ceil(self.low - 1e-9), math.floor(self.high + 1e-9)
        if last - first >= 1:
            every = max(1, math.ceil((last - first + 1) / (wanted + 1)))
            return [10.0**power for power in range(first, last + 1, every)]
        lowest, highest = 10.0**self.low, 10.0**self.high
        ticks = [m * 10.0**power for power in range(first - 1, last + 1) for m in (1, 2, 5)]
        inside = [tick for tick in ticks if lowest <= tick <= highest]
        return inside if len(inside) > 1 else round_numbers(lowest, highest, wanted)


def short(x: float) -> str:
    """A round number in few cells: `0`, `0.25`, `1000`, `2e4`, `1.5e6`, `1e-3`."""
    if x == 0.0:
        return "0"
    if 1e-3 <= abs(x) < 1e4:
        return f"{x:.4g}"
    mantissa, _, power = f"{x:.2e}".partition("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(power)}"


def _label(x: float) -> str:
    """A round number in the cells of a label, where it has few digits: `0.0025` is `25e-4`."""
    text = short(x)
    if len(text) <= LABEL:
        return text
    digits, _, power = f"{x:.3e}".partition("e")
    digits = digits.rstrip("0").rstrip(".")
    whole, _, part = digits.partition(".")
    return f"{whole}{part}e{int(power) - len(part)}"


def step_ticks(span: int, columns: int, first: int = 0) -> tuple[tuple[int, str], ...]:
    """(column, label) for `span` steps from `first` on: the ends, then round steps between, as far as they fit."""
    last = first + span - 1
    if span == 1:
        return ((0, str(first)),)
    ticks = [first, last]
    every = int(_round_step((span - 1) / max(1.0, columns / (len(str(last)) + 8)))) or 1
    # The label of a tick is centred: next to the ends it would touch theirs.
    room = (len(str(last)) * 2 + 2) * (span - 1) / columns
    ticks += [step for step in range(first - first % every, last, every) if first + room < step < last - room]
    return tuple((column_of(step - first, columns, span), str(step)) for step in ticks)


def _round_step(at_least: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not below `at_least` (positive)."""
    power = 10.0 ** math.floor(math.log10(at_least))
    return next((m * power for m in (1, 2, 5) if m * power >= at_least * (1 - 1e-9)), 10 * power)


def round_numbers(low: float, high: float, wanted: int) -> list[float]:
    """Multiples of a round step in `low … high`, at least one."""
    step = _round_step((high - low) / wanted)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    # Rounding keeps 0.3 from becoming 0.30000000000000004.
    decimals = 12 - math.floor(math.log10(step))
    return [round(k * step, decimals) if step < 1 else k * step for k in range(first, last + 1)]
