"""The scrubber: along the loss curve to any step that was. Must not know widgets."""

from __future__ import annotations

from chainstep.engine.training.commands import Continue, Goto
from chainstep.engine.training.session import Session
from support.screen.terminal import DOWN, ENTER, ESCAPE
from support.sessions import numbers_of

from .script import CLOSED, END, OPEN, Act, Acts, gone, loss, parameter, row, story


@story("Along the loss curve", "lecture", size=(120, 36))
def along_the_curve(twin: Session) -> Acts:
    twin.apply(Continue())
    losses, end = twin.losses, numbers_of(twin)

    def loss_of(step: int) -> str:
        return f"{losses[step]:#.4g}"

    yield Act("Twenty steps.", " ", [loss(twin)])
    yield Act(
        "Commas move a cursor back along the curve: what was there stands below.", ",,", [f"step 18  {loss_of(18)}"]
    )
    yield Act("Escape takes it away.", ESCAPE, [gone("step 18")])
    yield Act(
        "v shows the curve at full size.",
        "v",
        ["Move along the loss curve", "step 20 (here)   not measured yet", OPEN],
    )
    yield Act("A number is a step, and what was there is written below.", "7", [row("step 7 ", loss_of(7))])
    yield Act("The arrows move it: up and down by a step.", DOWN * 2, [row("step 5 ", loss_of(5))])
    twin.apply(Goto(5))
    yield Act("enter jumps there: the network is what it was.", ENTER, [CLOSED, parameter(twin, "L3.n1.b")])

    yield Act("The future is not lost. A step that was never reached is one clear line.", "v", ["step 5 (here)", OPEN])
    yield Act("", "99", ["step 99 is not recorded, only 0 to 20"])
    twin.apply(Goto(20))
    assert numbers_of(twin) == end
    yield Act("Forward again, to the same bits.", END + ENTER, [CLOSED, loss(twin)])
