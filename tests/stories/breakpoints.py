"""Stop where something happens: on a condition, at a place, and back again. Must not know widgets."""

from __future__ import annotations

from chainstep.engine.training.commands import AddBreakpoint, Continue, ReverseContinue
from chainstep.engine.training.session import Session
from support.screen.terminal import ENTER, ESCAPE
from support.sessions import numbers_of

from .script import CLEAR, CLOSED, OPEN, Act, Acts, gone, loss, row, story


@story("Stop where something happens", "lecture", size=(100, 30))
def breakpoints(twin: Session) -> Acts:
    yield Act("b lists the breakpoints, and takes new ones.", "b", ["Breakpoints", "none yet", OPEN])
    yield Act("Nonsense is one clear line, and nothing changes.", "loss < banana" + ENTER, ["there is no banana"])
    yield Act("", CLEAR, ["where or when to stop"])
    twin.apply(AddBreakpoint("loss < 0.1"))
    yield Act(
        "Stop as soon as the loss is below 0.1.",
        "loss < 0.1" + ENTER,
        [row("● ", "loss < 0.1", "0 hits"), gone("banana")],
    )
    yield Act("", ESCAPE, [CLOSED])

    twin.apply(Continue())
    hit = numbers_of(twin)
    assert twin.losses[-1] < 0.1 <= twin.losses[-2]
    yield Act(
        "Live training honours it: it stops at the first step at which it holds.",
        " ",
        [f"■ {twin.stopped}", loss(twin)],
    )

    yield Act(
        "Another, at a place: where neuron 1 of layer 2 is run backwards.", "b", [row("loss < 0.1", "1 hit "), OPEN]
    )
    twin.apply(AddBreakpoint("backward L2.n1"))
    yield Act("", "backward L2.n1" + ENTER, [row("2 ", "backward L2.n1", "0 hits")])
    yield Act("", ESCAPE, [CLOSED])
    twin.apply(Continue())
    yield Act("c continues: to the first sample's.", "c", [f"■ {twin.stopped}", "sample 1/4"])
    twin.apply(Continue())
    yield Act("And to the second sample's.", "c", [f"■ {twin.stopped}", "sample 2/4"])

    twin.apply(ReverseContinue())
    yield Act("C runs backwards, to what was hit before.", "C", ["sample 1/4"])
    twin.apply(ReverseContinue())
    assert numbers_of(twin) == hit
    yield Act("Back at the condition, and every bit is what it was.", "C", [f"■ {twin.stopped}", loss(twin)])

    counts = {item.text: item.hits for item in twin.snapshot(()).breakpoints}
    yield Act(
        "The list counts how often each was hit.",
        "b",
        [OPEN, *(row(text, f"{hits} hits") for text, hits in counts.items())],
    )
    yield Act("", ESCAPE, [CLOSED])
