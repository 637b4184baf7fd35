"""Why topological order? An op is fired before its turn, and a nudge says which gradient is right. Knows no widget."""

from __future__ import annotations

from chainstep.engine.training.commands import Back, Forward, SetKnob
from chainstep.engine.training.session import Session
from support.screen.terminal import ENTER, ESCAPE

from .script import OPEN, Act, Acts, gone, moves, story

HOME, F2 = "\x1b[H", "\x1bOQ"


@story("Why topological order? Fire an op of backward before its turn", "expr", "x = 2*v; y = 3*x; L = x + y", "v=1")
def out_of_turn(twin: Session) -> Acts:
    yield Act("F2 shows what is trained as code, at the line of the op at hand.", F2, ["Code", "▷     x = 2*v"])
    yield Act("", F2, [gone("Code")])
    yield from moves(twin, ENTER, Forward("phase"), 2)
    twin.apply(Forward("op"))
    yield Act("L has told x and y its gradient; now y should tell x.", "xs", ["◁ 2 y = 3*x"])

    twin.apply(SetKnob("order", (2, 0)))
    twin.apply(Forward("op"))
    yield Act(
        "! fires x at once: what it passes on is not complete.",
        HOME + "!",
        ["BROKEN: backward out of order", "y had told it nothing yet", "✗"],
    )
    twin.apply(Forward("op"))
    yield Act("y comes too late: v.grad stays at 2, and 8 would be right.", "s", ["+2.00000✗ +8.00000"])

    yield Act(
        "K nudges v, which asks no backward at all: the value changes by 8·h.", "K", ["= 8", "backward is broken", OPEN]
    )
    yield Act("", ESCAPE, [gone("Nudge one parameter")])
    twin.apply(Back("op"))
    twin.apply(Back("op"))
    twin.apply(SetKnob("order", (2,)))
    yield Act("Two ops back, and @ has backward go on in turn.", "SS@", [gone("BROKEN")])
    twin.apply(Forward("op"))
    twin.apply(Forward("op"))
    assert twin.run.gradients == (8.0,)
    yield Act("Now v.grad is 8: a node fires after all that use it.", "ss", ["+8.00000", gone("✗")])
