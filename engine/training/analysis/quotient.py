"""A difference quotient beside the slope that backward gives, and why they differ. Must not know runs."""

from __future__ import annotations

import math
from typing import NamedTuple

from ..snapshot.plots.function import Reason, SlopeView

NEAR = 1e-6
"""A relative difference up to which a quotient is near the slope."""


class Point(NamedTuple):
    """A place on a curve."""

    x: float
    y: float


def slope_view(
    names: tuple[str, str],
    here: Point,
    slope: float,
    h: float,
    *,
    behind: Point,
    ahead: Point,
    central: bool,
    update: tuple[float, float] | None = None,
) -> SlopeView:
    """The slope at a point, beside the quotient between two others: `behind` is the point itself or, where the quotient
    is `central`, lies h before it, as `ahead` lies h behind. `names` are those of the variable and of the function,
    `update` the rate and where it leads.
    """
    apart = 2.0 * h if central else h
    quotient = (ahead.y - behind.y) / apart
    grain = math.ulp(max(abs(ahead.y), abs(behind.y))) / apart
    return SlopeView(
        variable=names[0],
        function=names[1],
        x=here.x,
        y=here.y,
        slope=slope,
        h=h,
        central=central,
        behind=behind,
        ahead=ahead,
        quotient=quotient,
        reason=_reason(slope, quotient, grain, ahead.x - behind.x, apart),
        spacing=math.ulp(here.x),
        grain=grain,
        rate=update[0] if update else None,
        next=update[1] if update else None,
    )


def _reason(by_backward: float, quotient: float, grain: float, moved: float, apart: float) -> Reason:
    """Why a quotient is what it is: `moved` is how far its points really lie apart, which is to be `apart`."""
    if not (math.isfinite(by_backward) and math.isfinite(quotient)):
        return "nonfinite"
    if not moved:
        return "stuck"
    off = abs(quotient - by_backward)
    if off <= NEAR * max(1.0, abs(by_backward)):
        return "close"
    if abs(moved / apart - 1.0) * abs(by_backward) > off / 4.0:
        return "rounded"
    return "cancels" if grain > off / 8.0 else "bends"
