"""Places and conditions stop a run where they are hit, however it moves: beside a search that looks after each op."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.training.commands import Goto
from chainstep.engine.training.moves import finish
from chainstep.engine.training.step.timeline import GRANULARITIES
from support.cases import each
from support.sessions import Bits
from support.stops import Asked, Make, at_places, backwards, debugger, edges, edited, onwards, small

Holds = Callable[[Asked], bool]

CONDITIONS: list[tuple[str, Holds]] = [
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

MAKES: list[Make] = [
    small,
    partial(small, activation="tanh", optimizer="adam"),
    partial(small, batch_size=None, schedule="step", horizon=3),
    partial(small, mistakes=("no_zero_grad", "flipped"), frozen=(1,)),
]


@each("make", MAKES)
@each(("text", "holds"), CONDITIONS)
def test_a_condition_stops_where_it_begins_to_hold(text: str, holds: Holds, make: Make) -> None:
    expected = edges(make, 6, holds)
    session = make()
    made = debugger(session, text)
    assert onwards(session, made, 6) == expected
    assert sum(b.hits for b in made.breakpoints) == len(expected)
    finish(session.run.goto(6, 0))
    assert backwards(session, made) == [p for p in reversed(expected) if p < (6, 0)] + [(0, 0)]


@each("text", PLACES)
def test_a_place_stops_before_its_ops(text: str) -> None:
    expected = at_places(small, 5, text)
    assert expected
    session = small()
    made = debugger(session, text)
    assert onwards(session, made, 5) == expected
    finish(session.run.goto(5, 0))
    behind = [p for p in reversed(expected) if p < (5, 0)]
    assert [p for p in backwards(session, made) if p != (0, 0)] == behind


@each(("text", "holds"), CONDITIONS)
def test_edits_recorded_ahead_are_made_on_the_way(text: str, holds: Holds) -> None:
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
        finish(made.resume(mixed.run, 3) if level == "resume" else made.forward(mixed.run, level))
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
