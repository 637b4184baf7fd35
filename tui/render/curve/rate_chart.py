"""The losses of a learning-rate range test -> strips, by way of the loss curve's plan. Must not know widgets, tests or
the session.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from textual.strip import Strip

from ..style.look import Look
from .axis import LABEL, Scale, short
from .chart import drawn
from .plan import Plan

_SMALLEST = (24, 6)
"""Below this width and height there is no room for a curve."""


def rate_chart(
    tried: Sequence[tuple[float, float]],
    chosen: int | None,
    between: tuple[float, float],
    width: int,
    height: int,
    look: Look,
) -> list[Strip]:
    """(rate, loss) pairs, loss over the logarithm of the rate, with a mark at the chosen one.

    `between` are the lowest and the highest rate of the axis.
    """
    plan = _plan(tried, chosen, between, (width, height), unicode=look.glyphs.unicode)
    return drawn(plan, width, height, look)


def _plan(
    tried: Sequence[tuple[float, float]],
    chosen: int | None,
    between: tuple[float, float],
    size: tuple[int, int],
    *,
    unicode: bool,
) -> Plan:
    width, height = size
    columns, rows = max(1, width - LABEL - 1), max(1, height - 2)
    if width < _SMALLEST[0] or height < _SMALLEST[1]:
        return Plan(columns, rows, hint="no room for the curve")
    if not tried:
        return Plan(columns, rows, hint="no loss yet")
    across, up = (2 * columns, 4 * rows) if unicode else (columns, rows)
    low, high = map(math.log10, between)

    def place(rate: float, cells: int) -> int:
        return round(min(max((math.log10(rate) - low) / (high - low), 0.0), 1.0) * (cells - 1))

    losses = [loss for _, loss in tried]
    scale = Scale.fit(losses, (), log=False)
    clipped = tuple(dict.fromkeys(place(rate, columns) for rate, loss in tried if loss > scale.clip))
    return Plan(
        columns,
        rows,
        train=tuple((place(rate, across), scale.dot(loss, up)) for rate, loss in tried),
        clipped=clipped,
        yticks=scale.ticks(rows, up),
        xticks=_powers(low, high, columns),
        marks=() if chosen is None else ((place(tried[chosen][0], columns), f"lr {tried[chosen][0]:.2g}"),),
        remarks=(f"▲ clipped, max {short(max(losses))}",) if clipped else (),
    )


def _powers(low: float, high: float, columns: int) -> tuple[tuple[int, str], ...]:
    """(column, label) for the powers of ten, the ends first."""
    powers = range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1)
    ends = [powers[0], powers[-1]]
    ordered = [*ends, *(power for power in powers if power not in ends)]
    return tuple((round((power - low) / (high - low) * (columns - 1)), short(10.0**power)) for power in ordered)
