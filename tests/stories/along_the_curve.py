"""The scrubber: along the loss curve to any step that was. Must not know widgets."""

from __future__ import annotations

from chainstep.engine.training.commands import Continue, Goto
from chainstep.engine.training.session import Session
from support.terminal import DOWN, ENTER

from .script import CLOSED, END, OPEN, Act, Acts, loss, parameter, row, story


@story("Along the loss curve", "lecture", size=(120, 36))
def along_the_curve(twin: Session) -> Acts:
    twin.apply(Continue())
    losses, end = twin.losses, twin.bits()
    yield Act("Twenty steps.", " ", [loss(twin)])
    yield Act(
        "v puts a cursor on the curve.", "v", ["Move along the loss curve", "step 20 (here)   not measured yet", OPEN]
    )
    yield Act("A number is a step, and what was there is written below.", "7", [row("step 7 ", f"{losses[7]:#.4g}")])
    yield Act("The arrows move it: up and down by a step.", DOWN * 2, [row("step 5 ", f"{losses[5]:#.4g}")])
    twin.apply(Goto(5))
    yield Act("enter jumps there: the network is what it was.", ENTER, [CLOSED, parameter(twin, "L3.n1.b")])

    yield Act("The future is not lost. A step that was never reached is one clear line.", "v", ["step 5 (here)", OPEN])
    yield Act("", "99", ["step 99 is not recorded, only 0 to 20"])
    twin.apply(Goto(20))
    assert twin.bits() == end
    yield Act("Forward again, to the same bits.", END + ENTER, [CLOSED, loss(twin)])
