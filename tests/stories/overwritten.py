"""What if backward said = where it should say +=? A value that is used twice shows it. Must not know widgets."""

from __future__ import annotations

from chainstep.engine.training.commands import Forward, SetKnob
from chainstep.engine.training.session import Session
from support.screen.terminal import DOWN, ENTER, ESCAPE

from .script import CLOSED, OPEN, Act, Acts, moves, parameter, story


@story("What if it were = in place of +=?", "expr", "a + a", "a=3")
def overwritten(twin: Session) -> Acts:
    yield Act("a is used twice, so it counts twice: its gradient is 2.")
    yield from moves(twin, ENTER, Forward("phase"), 3)
    assert twin.run.gradients == (2.0,)
    yield Act("", shows=[parameter(twin, "a")])
    twin.apply(Forward("phase"))
    yield Act("", ENTER)

    yield Act("Now with the mistake that everybody makes once: = in place of +=.", "m", ["○ = instead of +=", OPEN])
    twin.apply(SetKnob("mistakes", ("overwrite",)))
    yield Act("", DOWN + " ", ["● = instead of +="])
    yield Act("", ESCAPE, [CLOSED])
    yield Act("The second use overwrites the first: 1, which is wrong.")
    yield from moves(twin, ENTER, Forward("phase"), 3)
    assert twin.run.gradients == (1.0,)
    yield Act("", shows=[parameter(twin, "a"), "BROKEN"])
