"""However a session moves, forwards, backwards, in slices, through an archive, the numbers are the same to the bit."""

from __future__ import annotations

import json
from itertools import repeat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainstep.datasets import EXAMPLES, Dataset
from chainstep.engine.nn.mlp import ACTIVATIONS
from chainstep.engine.training.commands import (
    Back,
    Command,
    CommandError,
    Forward,
    Goto,
    Reseed,
    Restart,
    SetGranularity,
    SetKnob,
    SetParameter,
    from_json,
    to_json,
)
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.step.timeline import GRANULARITIES
from support.archives import reopened
from support.sessions import Begin, Bits

FITTING = {0: ("sse", "mse"), 2: ("sse", "mse", "hinge", "bce", "softmax"), 3: ("sse", "hinge", "softmax")}
"""Losses by the number of classes."""

number = st.integers(-300, 300).map(lambda n: n / 100)
optimizers = st.sampled_from(["sgd", "momentum", "adam"])


@st.composite
def datasets(draw: st.DrawFn) -> Dataset:
    """One to five samples of one or two features."""
    n, features, classes = draw(st.integers(1, 5)), draw(st.integers(1, 2)), draw(st.sampled_from([0, 2, 3]))
    target = st.integers(0, classes - 1).map(float) if classes else number
    row = st.tuples(st.tuples(*[number] * features), target)
    rows = draw(st.lists(row, min_size=n, max_size=n))
    return Dataset.of("drawn", ("x0", "x1")[:features], "y", ("no", "yes", "maybe")[:classes], rows)


@st.composite
def subjects(draw: st.DrawFn) -> tuple[Dataset, Settings]:
    """Small data and knobs that fit it; now and then a learning rate that leaves the finite numbers."""
    data = draw(datasets())
    classes = len(data.classes)
    if classes and draw(st.integers(0, 5)) == 0:
        knobs: dict[str, object] = {"hidden": (), "activation": "step", "loss": "perceptron", "maximise": True}
    else:
        knobs = {
            "hidden": tuple(draw(st.lists(st.integers(1, 3), max_size=2))),
            "activation": draw(st.sampled_from(list(ACTIVATIONS))),
            "loss": draw(st.sampled_from(FITTING[classes])),
            "l1": draw(st.sampled_from([0.0, 0.1])),
            "l2": draw(st.sampled_from([0.0, 0.01])),
        }
    return data, Settings.of(
        {
            **knobs,
            "seed": draw(st.integers(0, 99)),
            "init": draw(st.sampled_from(["lecture", "demo", "zeros", "xavier", "kaiming"])),
            "optimizer": draw(optimizers),
            "schedule": draw(st.sampled_from(["constant", "linear", "cosine", "step"])),
            "horizon": 3,
            "lr": draw(st.sampled_from([0.01, 0.1, 1.0, 1e200])),
            "batch_size": draw(st.sampled_from([None, 1, 2, 3])),
        }
    )


Subject = tuple[Dataset, Settings]


@given(subject=subjects(), steps=st.integers(1, 3), slices=st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_every_stride_through_a_step_ends_in_the_same_bits(
    subject: Subject, steps: int, slices: list[int], bits: Bits
) -> None:
    whole = Session(*subject)
    while whole.train(1000, steps):
        pass
    assert (whole.step, whole.op) == (steps, 0)
    for granularity in GRANULARITIES[:6]:
        stepped = Session(*subject)
        while stepped.step < steps:
            stepped.apply(Forward(granularity))
        assert bits(stepped) == bits(whole), granularity
    sliced = Session(*subject)
    while sliced.train(slices[sliced.op % len(slices)], steps):
        pass
    assert bits(sliced) == bits(whole)


LARGE = ("moons", "spiral", "digits", "deep")
"""What they would add is only time."""


@pytest.mark.parametrize("name", [name for name, example in EXAMPLES.items() if name not in LARGE])
def test_examples_step_to_the_same_bits(name: str, begin: Begin, bits: Bits) -> None:
    whole, *others = (begin(name) for _ in range(4))
    whole.train(1, 1)
    while whole.train(10**6, 1):
        pass
    for session, granularity in zip(others, ("op", "neuron", "phase"), strict=True):
        # A walk of thousands of single ops is what takes long; the large examples take larger strides.
        large = granularity == "op" and session.snapshot(()).position.total > 30_000
        while session.step < 1:
            session.apply(Forward("layer" if large else granularity))
        assert bits(session) == bits(whole)


@given(
    subject=subjects(), granularity=st.sampled_from(GRANULARITIES), start=st.integers(0, 30), count=st.integers(1, 8)
)
def test_back_undoes_forward_from_a_boundary(
    subject: Subject, granularity: str, start: int, count: int, bits: Bits
) -> None:
    session = Session(*subject)
    for _ in range(start if granularity in GRANULARITIES[:5] else start % 4):
        session.apply(Forward(granularity))
    seen = [bits(session)]
    for _ in range(count):
        session.apply(Forward(granularity))
        seen.append(bits(session))
    for expected in seen[-2::-1]:
        session.apply(Back(granularity))
        assert bits(session) == expected
    session.apply(Forward(granularity, count))
    assert bits(session) == seen[-1]


@given(subject=subjects(), steps=st.integers(0, 3), op=st.integers(0, 10**6), other=st.integers(0, 10**6))
def test_a_position_has_its_bits_wherever_one_comes_from(
    subject: Subject, steps: int, op: int, other: int, bits: Bits
) -> None:
    straight, winding = Session(*subject), Session(*subject)
    straight.apply(Goto(steps))
    total = straight.snapshot(()).position.total
    straight.apply(Goto(steps, op % total))
    winding.apply(Goto(steps + 2))
    winding.apply(Goto(steps, other % total))
    winding.apply(Back("phase"))
    winding.apply(Goto(steps, op % total))
    assert bits(winding) == bits(straight)


# --- walks with every command

turns = st.one_of(
    st.tuples(st.just("lr"), st.sampled_from([0.01, 0.3, 2.0])),
    st.tuples(st.just("momentum"), st.sampled_from([0.0, 0.5])),
    st.tuples(st.just("optimizer"), optimizers),
    st.tuples(st.just("beta1"), st.sampled_from([0.0, 0.9])),
    st.tuples(st.just("beta2"), st.sampled_from([0.5, 0.999])),
    st.tuples(st.just("eps"), st.sampled_from([1e-8, 0.1])),
    st.tuples(st.just("schedule"), st.sampled_from(["constant", "linear"])),
    st.tuples(st.just("horizon"), st.sampled_from([1, 5])),
    st.tuples(st.just("l1"), st.sampled_from([0.0, 0.05])),
    st.tuples(st.just("l2"), st.sampled_from([0.0, 0.05])),
    st.tuples(st.just("batch_size"), st.sampled_from([None, 1, 2, 4])),
    st.tuples(st.just("activation"), st.sampled_from(["tanh", "relu", "sigmoid", "linear"])),
    st.tuples(st.just("loss"), st.sampled_from(["sse", "mse", "hinge"])),
    st.tuples(st.just("maximise"), st.booleans()),
    st.tuples(st.just("hidden"), st.sampled_from([(), (2,)])),
    st.tuples(st.just("init"), st.sampled_from(["demo", "xavier"])),
    st.tuples(st.just("seed"), st.integers(0, 9)),
)
moves = st.sampled_from(GRANULARITIES)
walks = st.lists(
    st.one_of(
        st.builds(Forward, moves, st.integers(1, 3)),
        st.builds(Back, moves, st.integers(1, 3)),
        st.builds(Goto, st.integers(0, 4), st.integers(0, 40)),
        turns.map(lambda turn: SetKnob(*turn)),
        turns.map(lambda turn: SetKnob(*turn)),
        st.builds(SetParameter, st.integers(0, 3), number),
        st.builds(SetGranularity, moves),
        st.just(Restart()),
        st.builds(Reseed, st.none() | st.integers(0, 9)),
        st.just("archive"),
    ),
    min_size=1,
    max_size=20,
)


def through_json(session: Session) -> Session:
    return reopened(session)


@settings(max_examples=10 * settings.default.max_examples // 3)
@given(data=datasets(), batch_size=st.sampled_from([None, 2]), walk=walks)
def test_a_walk_is_the_same_through_archives_and_from_its_log(
    data: Dataset, batch_size: int | None, walk: list[Command | str], bits: Bits
) -> None:
    """The session is compiled where it pays; its shadow, and the one from its log, are replayed op by op."""
    knobs = Settings(hidden=(2,), activation="tanh", loss="sse", lr=0.1, batch_size=batch_size)
    session, shadow, again = (Session(data, knobs) for _ in range(3))
    shadow.compiles_here = again.compiles_here = False
    before = bits(session)
    for item in walk:
        if isinstance(item, str):
            session = through_json(session)
        else:
            try:
                session.apply(item)
            except CommandError:
                assert bits(session) == before
                with pytest.raises(CommandError):
                    shadow.apply(item)
            else:
                shadow.apply(item)
        before = bits(session)
        assert before == bits(shadow)
        assert session.settings == shadow.settings
        assert session.granularity == shadow.granularity
    for record in json.loads(json.dumps([to_json(command) for command in session.log])):
        again.apply(from_json(record))
    assert bits(again) == bits(session)
    assert again.settings == session.settings
    for one in (again, shadow, session):
        one.apply(Forward("step", 2))
    assert bits(again) == bits(session) == bits(shadow)


@given(subject=subjects(), commands=st.lists(st.builds(SetParameter, st.just(0), number), min_size=3, max_size=3))
def test_edits_come_again_where_they_were_given(subject: Subject, commands: list[SetParameter], bits: Bits) -> None:
    session = Session(*subject)
    seen = {}
    for command in commands:
        session.apply(command)
        session.apply(Forward("phase", 2))
        session.apply(SetKnob("lr", 0.02))
        session.apply(Forward("op"))
        seen[session.step, session.op] = bits(session)
        session.apply(Forward("op"))
    for step, op in reversed(seen):
        session.apply(Goto(step, op))
        assert bits(session) == seen[step, op]
    session.apply(Goto(0))
    for (step, op), expected in seen.items():
        session.apply(Goto(step, op))
        assert bits(session) == expected


@given(
    subject=subjects(),
    movements=st.lists(
        st.tuples(
            st.builds(Goto, st.integers(0, 4)) | st.builds(Back, moves) | st.builds(Forward, moves),
            st.integers(1, 4),
            st.integers(1, 6),
        ),
        min_size=1,
        max_size=5,
    ),
)
def test_a_movement_may_be_left_at_any_piece(
    subject: Subject, movements: list[tuple[Goto | Back | Forward, int, int]], bits: Bits
) -> None:
    """The session then stands at some position: with that position's bits, and with a log that leads there."""
    session = Session(*subject)
    for command, quantum, pieces in movements:
        moves = session.move(command, repeat(quantum).__next__)
        for _ in zip(range(pieces), moves, strict=False):
            pass
        moves.close()
        straight, again = Session(*subject), Session(*subject)
        straight.compiles_here = False
        straight.apply(Goto(session.step, session.op))
        for recorded in session.log:
            again.apply(recorded)
        assert bits(session) == bits(straight) == bits(again)


def test_checkpoints_thin_out_and_still_lead_anywhere(begin: Begin, bits: Bits) -> None:
    session = begin("xor")
    seen = {}
    for step in range(700):
        if step % 97 == 0:
            seen[step] = bits(session)
        session.apply(Forward("step"))
    for step, expected in reversed(seen.items()):
        session.apply(Goto(step))
        assert bits(session) == expected
