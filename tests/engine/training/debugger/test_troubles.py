"""Troubles stop a run where they begin: numbers that are not finite, units that are stuck, a loss that rises; and their
searches may be left.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chainstep.engine.autograd.tape import Tape
from chainstep.engine.training.commands import SetParameter
from chainstep.engine.training.moves import finish
from chainstep.engine.training.run import twin
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula
from chainstep.engine.training.setup.settings import Settings
from support.cases import each
from support.sessions import Begin
from support.stops import backwards, debugger, onwards, positions, small


@each("activation", ["relu", "linear", "tanh"])
@each("optimizer", ["sgd", "momentum"])
def test_nan_stops_behind_the_first_op_that_goes_bad(activation: str, optimizer: str) -> None:
    def make() -> Session:
        return small(activation=activation, optimizer=optimizer, lr=1e60)

    expected = next((p for p, asked in positions(make, 8) if not asked["finite"]), None)
    session = make()
    made = debugger(session, "nan")
    stops = onwards(session, made, 8)
    assert stops[:1] == ([expected] if expected else [])
    again = make()
    finish(again.run.goto(8, 0))
    assert backwards(again, debugger(again, "nan"))[::-1][1:] == stops


def test_nan_behind_a_finite_loss_is_found() -> None:
    session = Session(Formula("tanh((a*b)*c)", {"a": 1e200, "b": 1e200, "c": 1.0}), Settings(lr=0.01))
    assert onwards(session, debugger(session, "nan"), 3)[0] == (0, 1)


def units(session: Session, names: tuple[str, ...], stuck: Callable[[float], bool]) -> list[set[int]]:
    """For each of eight steps the units that are stuck for all of its samples."""
    found = []
    for step in range(8):
        finish(session.run.goto(step, 0))
        program, memory = session.run.stepper.program, session.run.stepper.program.slots.memory()
        rows = zip(program.tape.ops[: program.forward], program.tape.program, strict=False)
        left = {row[3] for op, row in rows if op.name in names}
        memory.data[: len(session.parameters)] = session.parameters
        for index in session.run.stepper.batch(session.run.state):
            session.run.stepper.load(memory, index)
            program.tape.forward(memory)
            left = {slot for slot in left if stuck(memory.data[slot])}
        found.append(left)
    return found


@each(
    ("text", "activation", "names", "stuck"),
    [
        ("dead", "relu", ("relu",), lambda y: y == 0),
        ("saturated", "tanh", ("tanh",), lambda y: abs(y) > 0.99),
        ("saturated", "sigmoid", ("sigmoid",), lambda y: not 0.01 <= y <= 0.99),
    ],
)
def test_units_that_are_stuck_stop_it_once(
    text: str, activation: str, names: tuple[str, ...], stuck: Callable[[float], bool]
) -> None:
    def make() -> Session:
        return small(hidden=(4,), activation=activation, lr=30.0)

    each = units(make(), names, stuck)
    steps = [s for s in range(8) if each[s] - (each[s - 1] if s else set())]
    assert steps
    session = make()
    made = debugger(session, text)
    stops = onwards(session, made, 8)
    assert [step for step, _ in stops] == steps
    for step, op in stops:
        finish(session.run.goto(step, op))
        assert op == session.run.stepper.timeline(session.run.state).forward_end
    finish(session.run.goto(8, 0))
    assert [p for p in backwards(session, made) if p != (0, 0)] == stops[::-1]


@each("count", [1, 2, 3])
def test_rising(count: int) -> None:
    def make() -> Session:
        return small(lr=4.0, optimizer="adam")

    reference = make()
    finish(reference.run.goto(60, 0))
    losses = reference.losses
    runs, expected = 0, []
    for step in range(1, 60):
        runs = runs + 1 if losses[step] > losses[step - 1] else 0
        expected += [step] if runs == count else []
    session = make()
    made = debugger(session, f"rising {count}")
    assert [step for step, _ in onwards(session, made, 60)] == expected
    assert [step for step, _ in backwards(session, made)][:-1] == expected[::-1]


# --- searches


def exploding() -> Session:
    """Nothing is proven of its steps, and the fourth goes bad."""
    session = small(activation="relu", lr=1e60)
    session.apply(SetParameter(0, 1e8))
    return session


@pytest.mark.parametrize("text", ["nan", "dead", "saturated"])
@pytest.mark.parametrize("left", [1, 2, 50])
def test_a_search_that_is_left_goes_on_where_it_was(text: str, left: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def make() -> Session:
        return exploding() if text == "nan" else small(
            hidden=(4,), activation="relu" if text == "dead" else "tanh", lr=30.0
        )  # fmt: skip

    straight = make()
    expected = onwards(straight, debugger(straight, text), 6)
    assert expected
    monkeypatch.setattr(twin, "OPS_AT_ONCE", 1)
    session = make()
    session.run.quantum = 2
    made, stops = debugger(session, text), []
    for _ in range(20_000):
        if session.run.position >= (6, 0):
            break
        moves = made.resume(session.run, 6)
        for _ in range(left):
            next(moves, None)
        moves.close()
        if made.stopped:
            stops.append(session.run.position)
    assert stops == expected
    assert [p for p in backwards(session, made) if p != (0, 0)] == [p for p in expected[::-1] if p < (6, 0)]


@pytest.mark.parametrize(("text", "knobs"), [("nan", {}), ("dead", {"activation": "relu"})])
def test_a_search_is_made_in_short_pieces(
    text: str, knobs: dict[str, object], begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = begin("moons", **knobs)
    session.apply(SetParameter(0, 1e8))
    session.run.compiles_here = False
    made, ops, most = debugger(session, text), 0, 0
    forward, back = Tape.forward, Tape.backward

    def counted(run: Callable[..., None]) -> Callable[..., None]:
        def replay(tape: Tape, memory: object, start: int = 0, stop: int | None = None) -> None:
            nonlocal ops
            ops += (len(tape) if stop is None else stop) - start
            run(tape, memory, start, stop)

        return replay

    monkeypatch.setattr(Tape, "forward", counted(forward))
    monkeypatch.setattr(Tape, "backward", counted(back))
    session.run.quantum = 100_000
    for _ in made.resume(session.run, 2):
        most, ops = max(most, ops), 0
    assert 0 < most < 6 * twin.OPS_AT_ONCE


def test_what_was_found_is_kept_of_two_steps_only(begin: Begin) -> None:
    session = small(activation="relu", lr=1e-3)
    session.apply(SetParameter(0, 1e8))
    made = debugger(session, "nan", "dead")
    finish(made.resume(session.run, 40))
    assert made._found is not None
    found = made._found[2]
    assert {step for _, step, _ in (*found._known, *found._under_way)} <= {session.step - 1, session.step}
