"""A function of one variable, as the screen may see it: the curve, and how its slope is measured at one point. Must not
know Values or tapes.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from ....records import record

Reason = Literal["close", "bends", "rounded", "stuck", "cancels", "nonfinite", "broken", "asked"]
"""Why a difference quotient is what it is: near the slope; off because the curve bends between its points, because the
float x + h is a neighbour of the sum, or x itself, or because the values share nearly all of their digits; no number;
or what is off is the slope, of a backward that is broken on purpose; "asked" is said where the slope is not to be read.
"""


DISTANCES = tuple(float(f"1e-{power}") for power in range(18))
"""What h is offered and tried, from the coarsest on: at the end floats have no room for it."""


class PlotPoint(NamedTuple):
    """A sample on the plot."""

    x: float
    y: float
    test: bool


@record(eq=False)
class FunctionView:
    """f over `low` … `high`: an expression along one of its leaves, or what a network makes of its one input.

    All in the units of the data itself.
    """

    variable: str
    """What x is called."""
    measure: str
    """What f is called: `f(x)`, the target's name, `P(yes)`."""
    low: float
    high: float
    values: tuple[float, ...]
    """f in even steps from `low` to `high`, both included; at least two."""
    points: tuple[PlotPoint, ...]
    """Training samples, then test samples; of very many an even choice. None for an expression."""
    trail: tuple[tuple[float, float], ...]
    """(x, value) where the leaf stood at the start of its last steps, oldest first; empty for a network."""


@record
class SlopeView:
    """The slope of f at x, by backward and by a difference quotient over `h`."""

    variable: str
    """What x is called."""
    function: str
    """What f is called in a formula: `f`, `ŷ`, `P`."""
    x: float
    y: float
    slope: float
    """By backward, in a memory of its own."""
    h: float
    central: bool
    behind: tuple[float, float]
    """(x, f) of the quotient's first point: x itself, or x − h."""
    ahead: tuple[float, float]
    """That of its second point, x + h."""
    quotient: float
    reason: Reason
    spacing: float
    """From x to the next float."""
    grain: float
    """What the last digit of f is worth in the quotient."""
    rate: float | None
    """The learning rate by which x goes against the slope, below 0 where it goes along it; None where it stays."""
    next: float | None
    """x behind an update from here; None where it stays."""
