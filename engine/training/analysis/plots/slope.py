"""The slope of a function of one variable where a run stands, by backward and by a difference quotient, and why the two
differ. Reads a run; must not know commands, how snapshots are made, or the screen.
"""

from __future__ import annotations

import math

from ...run.run import Run
from ...snapshot.plots.function import Reason, SlopeView
from .functions import function_of

NEAR = 1e-6
"""A relative difference up to which a quotient is near the slope."""


def slope(run: Run, leaf: int, row: int | None, h: float, *, central: bool) -> SlopeView:
    """The slope at the point where a run with one variable stands: see `functions`.

    Forward it is (f(x+h) − f(x)) / h, else the central (f(x+h) − f(x−h)) / 2h.
    """
    function = function_of(run, leaf, row)
    x = function.x
    y, by_backward = function.value(x), function.slope()
    ahead = x + h, function.value(x + h)
    behind = (x - h, function.value(x - h)) if central else (x, y)
    apart = 2.0 * h if central else h
    quotient = (ahead[1] - behind[1]) / apart
    grain = math.ulp(max(abs(ahead[1]), abs(behind[1]))) / apart
    update = function.update(by_backward)
    return SlopeView(
        variable=function.variable,
        function=function.symbol,
        x=x,
        y=y,
        slope=by_backward,
        h=h,
        central=central,
        behind=behind,
        ahead=ahead,
        quotient=quotient,
        reason=_reason(by_backward, quotient, grain, ahead[0] - behind[0], apart),
        spacing=math.ulp(x),
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
