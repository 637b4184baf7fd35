"""Where does this gradient come from? Through the trace as through source, with a breakpoint and a watch. Must not know
widgets.
"""

from __future__ import annotations

from chainstep.engine.training.commands import AddBreakpoint, Continue, Forward, SetWatch
from chainstep.engine.training.session import Session
from support.screen.terminal import ENTER

from .script import Act, Acts, Seen, gone, story


@story("Where does this gradient come from? Through the trace, as through source", "lecture", size=(120, 36))
def where_a_gradient_comes_from(twin: Session) -> Acts:
    yield Act(
        "The tape of the first sample, as source: one neuron after the other.",
        "x",
        ["Trace: forward, sample 1 of 4", "neuron 1  7 ops"],
    )
    twin.apply(Forward("neuron"))
    yield Act("n steps over a neuron that is folded.", "n")
    twin.apply(Forward("op"))
    yield Act("s steps into the next one.", "s", ["▷  9 "])

    yield Act("/ finds a line by what it computes.", "/", ["part of a name"])
    yield Act("", "tanh(L2" + ENTER, ["line 73/75"])
    name = twin.snapshot({"trace"}).trace.lines[72].name  # type: ignore[union-attr]
    twin.apply(SetWatch(name))
    twin.apply(AddBreakpoint("line 73"))
    yield Act("D pins it at the top, b stops there.", "Db", ["●"])

    twin.apply(Continue())
    yield Act("c runs on to the breakpoint.", "c", [stopped(twin)])
    twin.apply(Continue())
    yield Act("It stops there once for every sample ...", "c", [stopped(twin)])
    for _ in range(3):
        twin.apply(Continue())
        yield Act("", "c", [stopped(twin)])
    assert twin.snapshot(()).position.phase == "backward"
    yield Act("... and then on the way back.", shows=["◁ 73", stopped(twin)])

    twin.apply(Forward("op"))
    grad = twin.snapshot({"trace"}).trace.grad[71]  # type: ignore[union-attr]
    yield Act("The op is undone by the chain rule: here is the gradient.", "s", [f"{grad:+.5f}*"])
    yield Act("x leads home, where the network shows the same.", "x", ["Network", "Parameters", gone("Trace:")])


def stopped(twin: Session) -> Seen:
    """Why the session stands still."""
    return f"stopped: {twin.stopped}"
