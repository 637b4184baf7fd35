"""The slope of a function of one variable where a run stands, by backward and by a difference quotient. Reads a run;
must not know commands, how snapshots are made, or the screen.
"""

from __future__ import annotations

from ...run.run import Run
from ...snapshot.plots.function import SlopeView
from ..quotient import Point, slope_view
from .functions import function_of


def slope(run: Run, leaf: int, row: int | None, h: float, *, central: bool) -> SlopeView:
    """The slope at the point where a run with one variable stands: see `functions`.

    Forward it is (f(x+h) − f(x)) / h, else the central (f(x+h) − f(x−h)) / 2h.
    """
    function = function_of(run, leaf, row)
    x = function.x
    here, by_backward = Point(x, function.value(x)), function.slope()
    return slope_view(
        (function.variable, function.symbol),
        here,
        by_backward,
        h,
        behind=Point(x - h, function.value(x - h)) if central else here,
        ahead=Point(x + h, function.value(x + h)),
        central=central,
        update=function.update(by_backward),
    )
