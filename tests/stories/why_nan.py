"""Why is it NaN? Stop where it begins, read what fed it, and go there. Must not know widgets."""

from __future__ import annotations

from chainstep.engine.training.commands import AddBreakpoint, Back, Continue, Goto, SetKnob
from chainstep.engine.training.session import Session
from support.screen.terminal import ENTER, ESCAPE

from .script import CLOSED, OPEN, Act, Acts, row, story


@story("Why is it NaN?", "expr", "-log(p) - log(1 - p)", "p=0.9", size=(100, 30))
def why_nan(twin: Session) -> Acts:
    yield Act("A probability of 0.9, and nothing is NaN yet.", "N", ["every number of this run is finite", OPEN])
    yield Act("", ESCAPE, [CLOSED])
    yield Act("b, and then nan: stop as soon as a number is no longer finite.", "b", ["none yet", OPEN])
    twin.apply(AddBreakpoint("nan"))
    yield Act("", "nan" + ENTER, [row("●", "nan", "0 hits")])
    yield Act("", ESCAPE, [CLOSED])

    for lr in (0.03, 0.1):
        twin.apply(SetKnob("lr", lr))
    twin.apply(Continue())
    begun = twin.step, twin.op
    yield Act(
        "With too bold a rate that does not take long.",
        "++ ",
        ["lr 0.1 ", f"■ {twin.stopped}", "first not finite at step"],
    )
    fault = twin.snapshot(()).fault
    assert fault is not None
    yield Act(
        "N says why: the op, its inputs, and what fed it, down to the leaf.",
        "N",
        [f"{fault.expression} = nan", *(row(link.expression, link.words) for link in fault.chain), OPEN],
    )
    twin.apply(Goto(fault.step, fault.op + 1))
    assert (twin.step, twin.op) == begun
    yield Act("enter goes there, in the trace.", ENTER, ["Trace: ", row(fault.expression, "nan")])
    twin.apply(Back("op"))
    yield Act("The op before: every number was finite still.", "S", [row("▷", fault.expression, "·")])
