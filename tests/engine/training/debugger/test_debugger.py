"""What a debugger promises: it stops at the same points live and stepped, passes none, and leaves no trace of what it
overshot.
"""

from __future__ import annotations

import pytest

from chainstep.engine.training.commands import AddBreakpoint, Forward, Goto
from chainstep.engine.training.moves import finish
from chainstep.engine.training.run.run import Run
from support.cases import each
from support.sessions import Begin, Bits
from support.stops import debugger, small


def test_moons_stops_at_the_first_loss_below(begin: Begin, bits: Bits) -> None:
    reference = begin("moons")
    reference.apply(Goto(60))
    first = next(step for step, loss in enumerate(reference.losses) if loss < 0.1)
    live, stepped = begin("moons"), begin("moons")
    finish(debugger(live, "loss < 0.1").resume(live.run))
    made = debugger(stepped, "loss < 0.1")
    while not made.stopped:
        finish(made.forward(stepped.run, "step" if stepped.step < first - 1 else "phase"))
    assert made.stopped == "breakpoint 1: loss < 0.1"
    assert live.run.position == stepped.run.position
    assert live.step == first
    assert len(live.run.history.loss) == first + 1
    assert live.run.history.loss[first] < 0.1
    reference.apply(Goto(*live.run.position))
    assert bits(live) == bits(stepped) == bits(reference)


def test_no_breakpoint_is_no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    session = small()
    made = debugger(session, "loss < 0.1")
    made.breakpoints.toggle(1)
    calls = []
    monkeypatch.setattr(Run, "forward", lambda run, granularity: calls.append(granularity))
    monkeypatch.setattr(Run, "advance", lambda run, step, op: calls.append((step, op)))
    made.forward(session.run, "phase")
    made.resume(session.run, 7)
    assert calls == ["phase", (7, 0)]


def test_what_was_overshot_never_happened(begin: Begin) -> None:
    session = begin("lecture")
    session.run.quantum = 10_000
    made = debugger(session, "step == 10")
    finish(made.resume(session.run))
    assert session.run.position == (10, 0)
    assert len(session.run.history.loss) == 10
    assert max(session.run.history.epochs) <= 10
    finish(session.run.goto(500, 0))
    finish(session.run.goto(0, 0))
    finish(made.resume(session.run))
    assert session.run.position == (10, 0)
    assert len(session.run.history.loss) == 500


def test_a_backward_movement_that_is_left_stays(begin: Begin) -> None:
    session = begin("lecture")
    finish(session.run.goto(300, 5))
    session.run.quantum = 1
    moves = debugger(session, "step == 3").reverse(session.run)
    next(moves)
    moves.close()
    assert session.run.position == (300, 5)


def test_backwards_without_a_hit_ends_at_the_start() -> None:
    session = small()
    finish(session.run.goto(4, 3))
    made = debugger(session, "loss < 0")
    finish(made.reverse(session.run))
    assert session.run.position == (0, 0)
    assert made.stopped is not None
    assert made.stopped.startswith("the start")
    assert [b.hits for b in made.breakpoints] == [0]


def test_standing_on_a_hit_goes_on_to_the_next() -> None:
    session = small()
    made = debugger(session, "update")
    finish(made.resume(session.run))
    first = session.run.position
    finish(made.resume(session.run))
    assert session.run.position == (first[0] + 1, first[1])
    assert [b.hits for b in made.breakpoints] == [2]


DIVERGING: list[tuple[str, dict[str, object]]] = [
    ("lecture", {"activation": "linear", "lr": 100.0}),
    ("plane", {"lr": 1e160}),
    ("parabola", {"lr": 1e100}),
]


@each(("name", "knobs"), DIVERGING)
@each("watched", ["", "step 10000"])
def test_training_that_halts_stops_behind_the_op_that_went_bad(
    begin: Begin, bits: Bits, name: str, knobs: dict[str, object], watched: str
) -> None:
    plain, session = begin(name, **knobs), begin(name, **knobs)
    plain.apply(Forward("step", 200))
    fault = plain.snapshot(()).fault
    assert fault is not None
    if watched:
        session.apply(AddBreakpoint(watched))

    finish(session.training(200, lambda: 5000, halts=True))
    plain.apply(Goto(fault.step, fault.op + 1))
    assert bits(session) == bits(plain)
    assert session.snapshot(()).fault == fault
    assert session.stopped is not None
    assert session.stopped.startswith(f"{fault.result} at {fault.phase}")
    assert len(session.run.history.loss) == session.run.measured(), "what was overshot never happened"

    finish(session.training(200, lambda: 5000, halts=True))
    assert (session.step, session.stopped) == (200, None), "what is known halts nothing"
    session.apply(Goto(0))
    finish(session.training(200, lambda: 5000, halts=True))
    assert bits(session) == bits(plain), "going back and on it halts again"


def test_stepping_goes_over_what_went_bad(begin: Begin) -> None:
    session = begin("lecture", activation="linear", lr=100.0)
    session.apply(Forward("step", 200))
    assert (session.step, session.stopped) == (200, None)
    session.apply(Goto(0))
    session.train(10_000, 200)
    assert (session.step, session.stopped) == (200, None), "nor does training without a screen halt"


def test_a_breakpoint_before_the_fault_goes_first_and_one_behind_it_is_not_hit(begin: Begin) -> None:
    session = begin("lecture", activation="linear", lr=100.0)
    session.apply(AddBreakpoint("loss > 1e20"))
    session.apply(AddBreakpoint("step 180"))
    finish(session.training(200, lambda: 100_000, halts=True))
    assert session.stopped == "breakpoint 1: loss > 1e20"
    finish(session.training(200, lambda: 100_000, halts=True))
    assert session.stopped is not None
    assert " at " in session.stopped
    assert [b.hits for b in session.snapshot(()).breakpoints] == [1, 0]
