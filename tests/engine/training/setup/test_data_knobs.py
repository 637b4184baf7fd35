"""Noise, split and input features as knobs: other samples, and everything else as ever. Knows sessions of examples."""

from __future__ import annotations

import math
import random
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chainstep.datasets import EXAMPLES, Dataset, Row
from chainstep.datasets.recipe import parted
from chainstep.engine.training.commands import (
    Back,
    Command,
    CommandError,
    Fork,
    Forward,
    Goto,
    Redo,
    Restart,
    SetKnob,
    SetParameter,
    SetProbe,
    SetSample,
    SwitchFork,
    Undo,
)
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.features import FEATURES, as_set, expanded, toggled
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.snapshot.parts import DEFAULT_PARTS
from support.archives import reopened
from support.cases import each
from support.sessions import Begin, Bits, numbers_of


def few() -> Dataset:
    """Eight points of two classes."""

    def points(noise: float | None) -> list[Row]:
        rng, spread = random.Random("few"), 0.5 if noise is None else noise
        return [((k % 3 + rng.gauss(0, spread), k + rng.gauss(0, spread)), float(k % 2)) for k in range(8)]

    return parted("few", ("a", "b"), "y", ("no", "yes"), points, noise=0.5, fraction=0.25, seed="few/split")


def small(**knobs: object) -> Session:
    return Session(few(), Settings.of({"hidden": (2,), "activation": "tanh", "loss": "mse", **knobs}))


# --- what they do


@each(("name", "value"), [("noise", 0.3), ("split", 0.5), ("features", ("x1", "x1^2"))])
def test_a_data_knob_restarts_as_if_the_session_had_begun_with_it(
    name: str, value: object, begin: Begin, bits: Bits
) -> None:
    session = begin("circles")
    session.apply(Goto(3))
    losses = session.losses
    session.apply(SetKnob(name, value))
    assert session.run.ghost is not None
    assert (session.step, session.run.ghost.losses[:]) == (0, losses[:])
    session.apply(Goto(3))
    fresh = begin("circles", **{name: value})
    fresh.apply(Goto(3))
    assert bits(session) == bits(fresh)
    assert session.losses[:] != losses[:]


def test_none_is_the_data_as_it_is(begin: Begin, bits: Bits) -> None:
    session, plain = begin("moons"), begin("moons")
    for name, value in (("noise", 0.3), ("split", 0.2), ("features", ("sin x1",))):
        session.apply(SetKnob(name, value))
    for name, none in (("noise", None), ("split", None), ("features", ())):
        session.apply(SetKnob(name, none))
    for moved in (session, plain):
        moved.apply(Goto(2))
    assert bits(session) == bits(plain)
    assert session.test() == plain.test()
    facts = session.snapshot(()).subject
    assert (facts.train_size, facts.test_size, facts.noise, facts.split) == (100, 100, 0.1, 0.5)


def test_the_facts_follow(begin: Begin) -> None:
    session = begin("circles", noise=0.3, split=0.5, features=("x1^2", "x2^2"))
    facts = session.snapshot(()).subject
    assert (facts.train_size, facts.test_size, facts.noise, facts.split) == (60, 60, 0.3, 0.5)
    assert (facts.features, facts.inputs, facts.columns) == (("x0²", "x1²"), ("x0", "x1"), ("x0", "x1"))
    assert facts.architecture == "MLP 2-8-8-1 tanh"
    network = session.snapshot(DEFAULT_PARTS).network
    assert network is not None
    assert network.input_names == ("x0²", "x1²")


def test_what_was_changed_in_a_sample_by_hand_goes_with_the_samples() -> None:
    session = small()
    session.apply(SetSample(0, 1, 7.0))
    session.apply(SetKnob("seed", 3))
    assert session.run.stepper.program.samples[0][0][1] == 7.0
    session.apply(SetKnob("noise", 0.1))
    assert session.run.stepper.program.samples == small(seed=3, noise=0.1).run.stepper.program.samples


NO_DATA = "an expression has no data: noise, split and input features are for networks"


@each(
    ("example", "name", "value", "complaint"),
    [
        ("lecture", "noise", 0.1, "lecture is given row by row: there is neither noise nor a split to set"),
        ("wonderland", "split", 0.1, "wonderland is given row by row: there is neither noise nor a split to set"),
        ("iris", "noise", 0.1, "iris was measured, not made: there is no noise to set"),
        ("iris", "features", ("x1",), "input features are made of two numbers, and this data has 4"),
        ("expression", "noise", 0.1, NO_DATA),
        ("expression", "features", ("x1",), NO_DATA),
        ("moons", "features", ("x1", "x3"), f"there is no input feature 'x3': it is one of {', '.join(FEATURES)}"),
    ],
)  # fmt: skip
def test_what_cannot_be_varied_says_so(example: str, name: str, value: object, complaint: str, begin: Begin) -> None:
    session = begin(example)
    before = numbers_of(session)
    with pytest.raises(CommandError) as caught:
        session.apply(SetKnob(name, value))
    assert str(caught.value) == complaint
    assert (numbers_of(session), list(session.log)) == (before, [])


# --- features


@given(
    row=st.tuples(st.floats(-50, 50), st.floats(-50, 50)), names=st.sets(st.sampled_from(list(FEATURES)), min_size=1)
)
def test_features_are_made_of_the_two_numbers(row: tuple[float, float], names: set[str]) -> None:
    x1, x2 = row
    by_hand = {"x1": x1, "x2": x2, "x1^2": x1**2, "x2^2": x2**2, "x1*x2": x1 * x2} | {
        "sin x1": math.sin(x1),
        "sin x2": math.sin(x2),
    }
    selected = as_set(names)
    made = expanded(row, selected)
    assert made == pytest.approx(tuple(by_hand[name] for name in selected or ("x1", "x2")))


def test_sines_of_what_is_not_finite_do_not_raise() -> None:
    assert all(map(math.isnan, expanded((math.inf, math.nan), ("sin x1", "sin x2"))))


def test_the_two_alone_are_no_selection() -> None:
    assert toggled((), "x1^2") == ("x1", "x2", "x1^2")
    assert toggled(("x1", "x2", "x1^2"), "x1^2") == ()
    assert toggled(("x1",), "x1") == ()
    assert Settings(features=("x2", "x1")).features == ()
    assert Settings(features=("x1*x2", "x1", "x1")).features == ("x1", "x1*x2")


def test_an_input_is_typed_as_the_data_is_and_seen_as_the_network_does(begin: Begin) -> None:
    session = begin("circles", hidden=(), features=("x1^2", "x2^2"))
    session.apply(SetProbe((3.0, -2.0)))
    w0, w1, b = session.parameters
    probe = session.snapshot(()).probe
    assert probe is not None
    assert probe.inputs == (3.0, -2.0)
    assert probe.sums[0] == w0 * 9.0 + w1 * 4.0 + b
    with pytest.raises(CommandError, match="an input has 2 numbers, not 3"):
        session.apply(SetProbe((1.0, 2.0, 3.0)))


def test_two_squares_make_circles_a_matter_of_one_line(begin: Begin) -> None:
    session = begin("circles", hidden=(), features=("x1^2", "x2^2"))
    session.apply(Goto(100))
    assert (session.final_loss()[1] or 0.0) > 0.95


def test_an_input_made_of_two_can_be_changed_by_hand() -> None:
    session = small(features=("x1", "x2", "x1*x2"))
    session.apply(SetSample(1, 2, 4.5))
    assert session.run.stepper.program.samples[1][0][2] == 4.5
    snapshot = session.snapshot({"curve"})
    assert snapshot.curve is not None
    assert snapshot.curve.marks == ((0, "sample #2 x0·x1"),)
    with pytest.raises(CommandError, match="there is no input 4: there are 3"):
        session.apply(SetSample(1, 3, 4.5))


# --- undo, forks, archive

step = st.one_of(
    st.builds(SetKnob, st.just("noise"), st.sampled_from([None, 0.0, 0.7])),
    st.builds(SetKnob, st.just("split"), st.sampled_from([None, 0.0, 0.5])),
    st.builds(SetKnob, st.just("features"), st.sampled_from([(), ("x1",), ("x1^2", "sin x2", "x2")])),
    st.builds(SetKnob, st.just("batch_size"), st.sampled_from([None, 3])),
    st.builds(Forward, st.sampled_from(["op", "sample", "phase", "step"]), st.integers(1, 3)),
    st.builds(Back, st.sampled_from(["op", "phase", "step"]), st.integers(1, 2)),
    st.builds(SetParameter, st.integers(0, 3), st.sampled_from([0.5, -1.0])),
    st.builds(SetSample, st.integers(0, 3), st.just(0), st.sampled_from([0.5, -1.0])),
    st.sampled_from([Fork(), Undo(), Redo(), Restart(), SwitchFork("main"), SwitchFork("fork 1")]),
)


@example(walk=[SetKnob("batch_size", 3), Forward("step"), Undo(), SetKnob("features", ("x1",))], then=[])
@given(walk=st.lists(step, min_size=1, max_size=9), then=st.lists(step, max_size=3))
def test_the_log_and_the_archive_lead_to_the_same_bits(walk: list[Command], then: list[Command], bits: Bits) -> None:
    session = small()
    for command in walk:
        told(session, command)
    logged, archived = small(), reopened(session, few())
    for command in session.log:
        logged.apply(command)
    assert bits(logged) == bits(archived) == bits(session)
    assert archived.settings == session.settings
    for command in then:
        for walked in (session, logged):
            told(walked, command)
    assert bits(logged) == bits(session)


def told(session: Session, command: Command) -> None:
    with suppress(CommandError):
        session.apply(command)


def test_undo_brings_the_other_data_back_where_it_stood(begin: Begin, bits: Bits) -> None:
    session = begin("circles")
    session.apply(Goto(4, 100))
    before = bits(session)
    session.apply(SetKnob("noise", 0.4))
    session.apply(Forward("step"))
    session.apply(Undo())
    assert bits(session) == before
    session.apply(Redo())
    assert (session.step, session.settings.noise) == (1, 0.4)


@each("name", [name for name, example in EXAMPLES.items() if example.load])
def test_every_example_with_two_inputs_takes_every_feature(name: str, begin: Begin) -> None:
    session = begin(name)
    if len(session.snapshot(()).subject.columns) != 2:
        return
    session.apply(SetKnob("features", tuple(FEATURES)))
    session.apply(Goto(2))
    session.apply(Goto(1, 50))
    assert len(session.snapshot(()).subject.features) == 7
