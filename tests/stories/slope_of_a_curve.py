"""The lecture's first picture: a curve, its slope by a nudge of h, and a step downhill. Must not know widgets."""

from __future__ import annotations

from chainstep.engine.training.commands import Forward, SetQuotient
from chainstep.engine.training.session import Session
from chainstep.tui.render.plot.quotient import formula, number, sum_of_numbers
from support.screen.terminal import ENTER

from .script import Act, Acts, Seen, moves, row, story


@story("The slope of a curve: nudge x by h, and see what f does", "parabola")
def slope_of_a_curve(twin: Session) -> Acts:
    yield Act("It opens on the curve of 3x² - 4x + 5, at x = 3. The slope there is 14.", shows=quotient(twin))
    twin.apply(SetQuotient(1e-4))
    yield Act("} takes an h a tenth as large: the quotient comes nearer.", "}", quotient(twin))
    twin.apply(SetQuotient(1e-4, central=True))
    yield Act("Q goes to both sides: of a parabola that is the slope itself.", "Q", quotient(twin))
    twin.apply(SetQuotient(1e-17))
    yield Act("With an h of 1e-17 it is 0, and the screen says why.", "Q" + "}" * 13, quotient(twin, "x + h is x"))
    yield Act("Now downhill, against the slope, to the hollow arrow's head.")
    yield from moves(twin, ENTER, Forward("phase"), 4)
    yield Act("", shows=quotient(twin, "x + h is x"))


def quotient(twin: Session, *why: str) -> list[Seen]:
    """The quotient in symbols and in numbers, and the slope, where the twin stands."""
    view = twin.snapshot({"slope"}).slope
    assert view is not None
    heading = row("Curve f(x)", f"slope {number(view.slope)} at x = {number(view.x)}")
    return [heading, formula(view), sum_of_numbers(view), row("backprop", number(view.slope)), *why]
