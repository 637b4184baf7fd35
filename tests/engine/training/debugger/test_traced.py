"""Where machine code trains, breakpoints on parameters stop where they do without it, though many steps go by at once.
Takes llvmlite.
"""

from __future__ import annotations

import pytest

from chainstep.engine.training.commands import AddBreakpoint, Back, Goto, ReverseContinue, SetKnob
from chainstep.engine.training.session import Session
from support.stops import edited, small

pytest.importorskip("llvmlite")

from chainstep.tui import native

CONDITIONS = (
    "L1.n1.w0 > 0.05",
    "L1.n2.w1.grad < 0",
    "abs(L2.n1.b.change) > 0.02 or L1.n1.b.grad > 0.1",
    "L1.n1.w0.grad == 0",
    "L1.n2.b > 0 and loss < 0.2 and epoch > 3",
    "L1.n1.w1.grad > 0.01 and lr < 0.6 and not step < 9",
)


def stops(session: Session, *texts: str) -> list[object]:
    """Everywhere it stops on its way to step 60 and back."""
    for text in texts:
        session.apply(AddBreakpoint(text))
    seen: list[object] = []
    for _ in range(12):
        for _ in session.training(60, lambda: 70):
            pass
        seen.append((session.run.position, session.stopped))
    for _ in range(5):
        session.apply(ReverseContinue())
        seen.append((session.run.position, session.stopped))
    session.apply(Back("step", 2))
    return [*seen, *(b.hits for b in session.debugger.breakpoints), session.run.history.loss[:].tobytes()]


@pytest.mark.parametrize("batch", [2, None])
def test_each_stops_where_it_did(batch: int | None) -> None:
    texts = [(text,) for text in CONDITIONS] + [CONDITIONS[:3], (*CONDITIONS[3:], "loss < 0.1", "rising 2")]
    made = small(batch_size=batch)
    assert native.make(made) == ""
    for each in texts:
        session = small(batch_size=batch)
        session.compilation.native = made.compilation.native
        assert stops(session, *each) == stops(small(batch_size=batch), *each), each


def test_edits_on_the_way_are_made() -> None:
    def way(session: Session) -> list[object]:
        session.apply(Goto(30))
        session.apply(SetKnob("lr", 0.4))
        session.apply(Goto(0))
        return stops(session, "L1.n1.w0 > 0.5", "L2.n1.w0.change > 0.01")

    session = edited()
    assert native.make(session) == ""
    assert way(session) == way(edited())


def test_many_steps_are_taken_at_once() -> None:
    session = small()
    assert native.make(session) == ""
    session.apply(AddBreakpoint("L1.n1.w0 > 1e9"))
    pieces = sum(1 for _ in session.training(500, lambda: 200))
    assert session.step == 500
    assert pieces < 20
