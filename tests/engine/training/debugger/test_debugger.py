"""Breakpoints stop a run where they are hit, however it moves: against a slow search that looks after every op."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.datasets import Dataset
from chainstep.engine.autograd.tape import Tape
from chainstep.engine.training.commands import CommandError, Goto, RunTo, SetKnob, SetParameter
from chainstep.engine.training.debugger.breakpoints import Breakpoints
from chainstep.engine.training.debugger.debugger import Debugger
from chainstep.engine.training.debugger.places import parse as parse_place
from chainstep.engine.training.moves import Moves
from chainstep.engine.training.run import twin
from chainstep.engine.training.run.run import Run
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.step.timeline import GRANULARITIES

Begin = Callable[..., Session]
Bits = Callable[[object], object]
Position = tuple[int, int]
Make = Callable[[], Session]

POINTS = Dataset.of(
    "points",
    ("x0", "x1"),
    "y",
    ("no", "yes"),
    [((0.5, -1.0), 0.0), ((1.5, 0.3), 1.0), ((-0.7, 0.2), 0.0), ((0.1, 0.9), 1.0), ((-1.2, -0.4), 0.0)],
)


def small(**knobs: object) -> Session:
    base: dict[str, object] = {"hidden": (2,), "loss": "mse", "lr": 0.7, "batch_size": 2, "seed": 3}
    return Session(POINTS, Settings.of({**base, **knobs}))


def debugger(session: Session, *texts: str) -> Debugger:
    breakpoints = Breakpoints()
    for text in texts:
        breakpoints.add(text, session.run.stepper.program)
    return Debugger(breakpoints)


def through(moves: Moves) -> None:
    for _ in moves:
        pass


def onwards(session: Session, made: Debugger, limit: int) -> list[Position]:
    """Every stop of continuing to a step."""
    stops = []
    while session.run.position < (limit, 0):
        through(made.resume(session.run, limit))
        if made.stopped:
            stops.append(session.run.position)
    return stops


def backwards(session: Session, made: Debugger) -> list[Position]:
    """Every stop of continuing backwards, the last at the start."""
    stops = []
    while session.run.position != (0, 0):
        through(made.reverse(session.run))
        stops.append(session.run.position)
    return stops


# --- the slow search


def positions(make: Make, limit: int) -> list[tuple[Position, dict[str, object]]]:
    """Every position up to the start of step `limit`, with what can be asked there."""
    session, found = make(), []
    while True:
        run, timeline = session.run, session.run.stepper.timeline(session.run.state)
        measured, op = run.measured(), run.state.op
        phase_ends = (timeline.forward_end, timeline.loss_end, timeline.zero_end, timeline.backward_end)
        memory = run.state.memory
        asked: dict[str, object] = {
            "loss": run.history.loss[measured - 1] if measured else math.nan,
            "accuracy": run.history.accuracy[measured - 1] if measured else math.nan,
            "lr": run.stepper.lr(run.state.step),
            "step": run.state.step,
            "epoch": run.state.epoch,
            "w": run.parameters[0],
            "g": run.gradients[0],
            "change": run.parameters[0] - run.state.previous[0],
            "end": op == 0 or op in phase_ends,
            "forward_end": op == timeline.forward_end,
            "loss_end": op == timeline.loss_end,
            "finite": all(map(math.isfinite, (*memory.data, *memory.grad))),
        }
        found.append((run.position, asked))
        if run.position >= (limit, 0):
            return found
        through(run.forward("op"))


def edges(make: Make, limit: int, holds: Callable[[dict[str, object]], bool]) -> list[Position]:
    """Where something begins to hold from one end of a phase to the next."""
    ends = [(position, asked) for position, asked in positions(make, limit) if asked["end"]]
    return [position for (_, was), (position, now) in pairwise(ends) if holds(now) and not holds(was)]


def at_places(make: Make, limit: int, text: str) -> list[Position]:
    place, session = parse_place(text), make()
    found = []
    while session.step < limit or session.op == 0:
        run = session.run
        ops = place.ops(run.stepper.timeline(run.state), run.stepper.program)
        if place.step in (None, session.step) and session.op in ops and session.run.position > (0, 0):
            found.append(run.position)
        if session.step >= limit:
            break
        through(run.forward("op"))
    return found


CONDITIONS: list[tuple[str, Callable[..., bool]]] = [
    ("loss < 0.8", lambda a: a["loss"] < 0.8),
    ("loss > 0.9 and accuracy < 1", lambda a: a["loss"] > 0.9 and a["accuracy"] < 1),
    ("step >= 3", lambda a: a["step"] >= 3),
    ("epoch == 1 or lr < 0.5", lambda a: a["epoch"] == 1 or a["lr"] < 0.5),
    ("L1.n1.w0.grad > 0", lambda a: a["g"] > 0),
    ("L1.n1.w0.grad == 0", lambda a: a["g"] == 0),
    ("abs(L1.n1.w0.change) > 0.01", lambda a: abs(a["change"]) > 0.01),
    ("L1.n1.w0 < 0.4 or loss > 1.2", lambda a: a["w"] < 0.4 or a["loss"] > 1.2),
    ("not loss < 0.8", lambda a: not a["loss"] < 0.8),
]

PLACES = ["layer 1", "sample 2", "backward L1.n2", "update", "step 3", "forward", "line 4", "batch line 1",
          "parameter L1.n1.w0", "op 37", "step 2 backward sample 1 layer 2"]  # fmt: skip

KNOBS: list[dict[str, object]] = [
    {},
    {"activation": "tanh", "optimizer": "adam"},
    {"batch_size": None, "schedule": "step", "horizon": 3},
    {"mistakes": ("no_zero_grad", "flipped"), "frozen": (1,)},
]


@pytest.mark.parametrize("knobs", KNOBS)
@pytest.mark.parametrize(("text", "holds"), CONDITIONS)
def test_a_condition_stops_where_it_begins_to_hold(
    text: str, holds: Callable[..., bool], knobs: dict[str, object]
) -> None:
    expected = edges(lambda: small(**knobs), 6, holds)
    session = small(**knobs)
    made = debugger(session, text)
    assert onwards(session, made, 6) == expected
    assert sum(b.hits for b in made.breakpoints) == len(expected)
    through(session.run.goto(6, 0))
    assert backwards(session, made) == [p for p in reversed(expected) if p < (6, 0)] + [(0, 0)]


@pytest.mark.parametrize("text", PLACES)
def test_a_place_stops_before_its_ops(text: str) -> None:
    expected = at_places(small, 5, text)
    assert expected
    session = small()
    made = debugger(session, text)
    assert onwards(session, made, 5) == expected
    through(session.run.goto(5, 0))
    behind = [p for p in reversed(expected) if p < (5, 0)]
    assert [p for p in backwards(session, made) if p != (0, 0)] == behind


def edited(**knobs: object) -> Session:
    """A run with a past that was edited, in the middle of steps and between them."""
    session = small(**knobs)
    for step, op, command in (
        (1, 7, SetParameter(0, 0.9)),
        (2, 0, SetParameter(3, -0.2)),
        (2, 20, SetKnob("lr", 0.3)),
        (3, 0, SetKnob("lr", 0.9)),
    ):
        session.apply(Goto(step, op))
        session.apply(command)
    session.apply(Goto(5))
    session.apply(Goto(0))
    return session


@pytest.mark.parametrize(("text", "holds"), CONDITIONS)
def test_edits_recorded_ahead_are_made_on_the_way(text: str, holds: Callable[..., bool]) -> None:
    expected = edges(edited, 5, holds)
    session = edited()
    made = debugger(session, text)
    recorded = list(session.run.history.edits)
    assert onwards(session, made, 5) == expected
    assert session.run.history.edits == recorded
    assert [p for p in backwards(session, made) if p != (0, 0)] == [p for p in reversed(expected) if p < (5, 0)]


SETS = st.lists(st.sampled_from([text for text, _ in CONDITIONS] + PLACES + ["nan", "dead", "rising 1"]),
                min_size=1, max_size=3, unique=True)  # fmt: skip


@given(
    texts=SETS,
    lr=st.sampled_from([0.7, 1e3]),
    levels=st.lists(st.sampled_from([*GRANULARITIES, "resume"]), min_size=1, max_size=6),
    quantum=st.integers(1, 40),
)
def test_every_way_of_moving_stops_at_the_same_points(
    texts: list[str], lr: float, levels: list[str], quantum: int, bits: Bits
) -> None:
    straight, mixed, plain = (small(lr=lr) for _ in range(3))
    expected = onwards(straight, debugger(straight, *texts), 3)
    made, stops, turn = debugger(mixed, *texts), [], 0
    mixed.run.quantum = quantum
    while mixed.run.position < (3, 0):
        level = levels[turn % len(levels)]
        turn += 1
        through(made.resume(mixed.run, 3) if level == "resume" else made.forward(mixed.run, level))
        if made.stopped:
            stops.append(mixed.run.position)
            if len(stops) % 7 == 1:
                plain.apply(Goto(*mixed.run.position))
                assert bits(mixed) == bits(plain)
    assert [p for p in stops if p <= (3, 0)] == expected


@given(texts=SETS, left=st.lists(st.integers(1, 4), min_size=1, max_size=4), quantum=st.integers(2, 9))
def test_a_movement_left_anywhere_has_passed_no_hit(texts: list[str], left: list[int], quantum: int) -> None:
    straight, session = small(), small()
    expected = onwards(straight, debugger(straight, *texts), 3)
    made, stops, turn = debugger(session, *texts), [], 0
    session.run.quantum = quantum
    while session.run.position < (3, 0):
        moves = made.resume(session.run, 3)
        for _ in range(left[turn % len(left)]):
            next(moves, None)
        moves.close()
        turn += 1
        if made.stopped:
            stops.append(session.run.position)
    assert stops == expected


# --- what goes wrong


@pytest.mark.parametrize("activation", ["relu", "linear", "tanh"])
@pytest.mark.parametrize("optimizer", ["sgd", "momentum"])
def test_nan_stops_behind_the_first_op_that_goes_bad(activation: str, optimizer: str) -> None:
    def make() -> Session:
        return small(activation=activation, optimizer=optimizer, lr=1e60)

    expected = next((p for p, asked in positions(make, 8) if not asked["finite"]), None)
    session = make()
    made = debugger(session, "nan")
    stops = onwards(session, made, 8)
    assert stops[:1] == ([expected] if expected else [])
    again = make()
    through(again.run.goto(8, 0))
    assert backwards(again, debugger(again, "nan"))[::-1][1:] == stops


def test_nan_behind_a_finite_loss_is_found() -> None:
    session = Session(Formula("tanh((a*b)*c)", {"a": 1e200, "b": 1e200, "c": 1.0}), Settings(lr=0.01))
    assert onwards(session, debugger(session, "nan"), 3)[0] == (0, 1)


def units(session: Session, names: tuple[str, ...], stuck: Callable[[float], bool]) -> list[set[int]]:
    """For each of eight steps the units that are stuck for all of its samples."""
    found = []
    for step in range(8):
        through(session.run.goto(step, 0))
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


@pytest.mark.parametrize(
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
        through(session.run.goto(step, op))
        assert op == session.run.stepper.timeline(session.run.state).forward_end
    through(session.run.goto(8, 0))
    assert [p for p in backwards(session, made) if p != (0, 0)] == stops[::-1]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_rising(count: int) -> None:
    def make() -> Session:
        return small(lr=4.0, optimizer="adam")

    reference = make()
    through(reference.run.goto(60, 0))
    losses = reference.losses
    runs, expected = 0, []
    for step in range(1, 60):
        runs = runs + 1 if losses[step] > losses[step - 1] else 0
        expected += [step] if runs == count else []
    session = make()
    made = debugger(session, f"rising {count}")
    assert [step for step, _ in onwards(session, made, 60)] == expected
    assert [step for step, _ in backwards(session, made)][:-1] == expected[::-1]


# --- the promises


def test_moons_stops_at_the_first_loss_below(begin: Begin, bits: Bits) -> None:
    reference = begin("moons")
    reference.apply(Goto(60))
    first = next(step for step, loss in enumerate(reference.losses) if loss < 0.1)
    live, stepped = begin("moons"), begin("moons")
    through(debugger(live, "loss < 0.1").resume(live.run))
    made = debugger(stepped, "loss < 0.1")
    while not made.stopped:
        through(made.forward(stepped.run, "step" if stepped.step < first - 1 else "phase"))
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
    through(made.resume(session.run))
    assert session.run.position == (10, 0)
    assert len(session.run.history.loss) == 10
    assert max(session.run.history.epochs) <= 10
    through(session.run.goto(500, 0))
    through(session.run.goto(0, 0))
    through(made.resume(session.run))
    assert session.run.position == (10, 0)
    assert len(session.run.history.loss) == 500


def test_a_backward_movement_that_is_left_stays(begin: Begin) -> None:
    session = begin("lecture")
    through(session.run.goto(300, 5))
    session.run.quantum = 1
    moves = debugger(session, "step == 3").reverse(session.run)
    next(moves)
    moves.close()
    assert session.run.position == (300, 5)


def test_backwards_without_a_hit_ends_at_the_start() -> None:
    session = small()
    through(session.run.goto(4, 3))
    made = debugger(session, "loss < 0")
    through(made.reverse(session.run))
    assert session.run.position == (0, 0)
    assert made.stopped is not None
    assert made.stopped.startswith("the start")
    assert [b.hits for b in made.breakpoints] == [0]


def test_run_to_a_place_and_back() -> None:
    session = small()
    made = debugger(session, "forward")
    through(made.run_to(session.run, "step 2 backward"))
    there = session.run.position
    assert there[0] == 2
    assert made.stopped is None
    through(made.run_to(session.run, "backward L1.n1", backwards=True))
    assert session.run.position < there
    assert session.run.position[0] == 1
    assert [b.hits for b in made.breakpoints] == [0]


@pytest.mark.parametrize(
    ("place", "back"),
    [("step 1", False), ("step 5", True), ("layer 9", False), ("loss < 1", False), ("step 3 forward", False)],
)
def test_a_place_that_is_not_there_changes_nothing(place: str, back: bool) -> None:
    session = small()
    through(session.run.goto(3, 60))
    recorded = len(session.run.history.loss)
    with pytest.raises(CommandError):
        through(debugger(session).run_to(session.run, place, back))
    assert session.run.position == (3, 60)
    assert len(session.run.history.loss) == recorded


def test_standing_on_a_hit_goes_on_to_the_next() -> None:
    session = small()
    made = debugger(session, "update")
    through(made.resume(session.run))
    first = session.run.position
    through(made.resume(session.run))
    assert session.run.position == (first[0] + 1, first[1])
    assert [b.hits for b in made.breakpoints] == [2]


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
    through(made.resume(session.run, 40))
    assert made._found is not None
    found = made._found[2]
    assert {step for _, step, _ in (*found._known, *found._under_way)} <= {session.step - 1, session.step}


# --- places that are no more


@pytest.mark.parametrize(
    ("knob", "value", "place"), [("mistakes", ("no_zero_grad",), "zero_grad"), ("batch_size", 1, "sample 2")]
)
@pytest.mark.parametrize("recorded", [False, True])
def test_a_place_that_an_edit_removes_is_not_run_to_for_ever(
    knob: str, value: object, place: str, recorded: bool
) -> None:
    session = small()
    session.apply(Goto(3))
    here = 3, session.run.stepper.timeline(session.run.state).backward_end
    session.apply(Goto(*here))
    session.apply(SetKnob(knob, value))
    if recorded:
        session.apply(Goto(6))
        session.apply(Goto(*here))
    known = len(session.run.history.loss)
    with pytest.raises(CommandError, match=f"nothing ahead is {place}") as caught:
        session.apply(RunTo(place))
    assert "\n" not in str(caught.value)
    assert session.run.position == here
    assert len(session.run.history.loss) == known
    session.apply(RunTo("backward"))
    assert session.step == 4


def test_a_place_before_the_edit_that_removes_it_is_run_to() -> None:
    session = small()
    session.apply(Goto(2, 5))
    session.apply(SetKnob("mistakes", ("no_zero_grad",)))
    session.apply(RunTo("zero_grad"))
    assert session.step == 2
