"""Gradient check: numeric slopes beside the analytic ones. Knows functions of a list of numbers; must not know
networks or training.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator, Sequence

from ..records import record

Evaluation = tuple[float, Hashable]
"""A function's value, and on which side of its kinks each of its ops was."""

TOLERANCE = 1e-5
"""A relative error above this means that a gradient is wrong."""


@record
class Check:
    """One parameter's gradient, analytic and numeric."""

    index: int
    analytic: float
    numeric: float
    error: float
    """Relative error; nan where either gradient is not finite."""
    kink: bool
    """The points of the quotient lie on different sides of a kink (a ReLU at 0): it then proves nothing."""

    @property
    def failed(self) -> bool:
        """The error is too large, or no number, and no kink excuses it."""
        return not self.kink and not self.error <= TOLERANCE


def gradcheck(
    function: Callable[[Sequence[float]], Evaluation],
    point: Sequence[float],
    analytic: Sequence[float],
    *,
    h: float | None = None,
    central: bool = True,
) -> Iterator[Check]:
    """Compare `analytic` with difference quotients of `function` at `point`, a parameter at a time.

    `h` is the absolute distance; left out, it is 1e-6 by the parameter's size. A central difference is
    (f(p+h) − f(p−h)) / 2h, a forward one (f(p+h) − f(p)) / h. With h = 1e-17, p + h equals p, and the quotient is 0.
    """
    moved = list(point)
    here, here_sides = function(moved)
    for index, middle in enumerate(point):
        distance = default_h(middle) if h is None else h
        moved[index] = middle + distance
        above, above_sides = function(moved)
        below, below_sides = here, here_sides
        if central:
            moved[index] = middle - distance
            below, below_sides = function(moved)
        moved[index] = middle
        numeric = (above - below) / (2.0 * distance if central else distance)
        kink = not (above_sides == below_sides == here_sides)
        yield Check(index, analytic[index], numeric, relative_error(analytic[index], numeric, here, distance), kink)


def default_h(parameter: float) -> float:
    """A good h for a difference quotient at a parameter: small, yet far above what rounding does to it."""
    return 1e-6 * max(1.0, abs(parameter))


def relative_error(analytic: float, numeric: float, loss: float, h: float) -> float:
    """|a − n| / max(|a|, |n|, floor); nan where a gradient is not finite.

    The floor is what rounding alone can do: a loss is known to about 1e-16 of its size, and so the quotient to that
    over h. Slopes that small cannot be told from 0. A tiny h excuses no more than 1e-6 does: it is what goes wrong.
    """
    if not (math.isfinite(analytic) and math.isfinite(numeric)):
        return math.nan
    floor = max(1e-12, 1e-15 * max(1.0, abs(loss)) / max(h, 1e-6) / TOLERANCE)
    return abs(analytic - numeric) / max(abs(analytic), abs(numeric), floor)
