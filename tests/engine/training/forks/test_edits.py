"""Frozen parameters and edited samples: a position has its bits wherever one comes from, stepped or compiled."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainstep.datasets import Dataset
from chainstep.engine.training.commands import (
    Back,
    CommandError,
    Forward,
    Goto,
    SetKnob,
    SetParameter,
    SetSample,
    Undo,
    from_json,
    to_json,
)
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.settings import Settings, SettingsError
from chainstep.engine.training.step.timeline import GRANULARITIES
from support.archives import reopened
from support.cases import each
from support.sessions import Bits

Edit = SetKnob | SetParameter | SetSample

ROWS = [((0.5, -1.0), 1.0), ((2.0, 0.25), 0.0), ((-0.75, 1.5), 1.0), ((1.0, 1.0), 0.0)]
REPLAYED = ("no_zero_grad", "overwrite", "unordered")


def small(**knobs: object) -> Session:
    """Four samples, two classes, a 2-3-1 network of 13 parameters."""
    data = Dataset.of("drawn", ("x0", "x1"), "y", ("no", "yes"), ROWS)
    return Session(data, Settings.of({"hidden": (3,), "activation": "tanh", "loss": "sse", "lr": 0.1, **knobs}))


def edit(session: Session, command: Edit) -> None:
    session.run.edit(command, now=not isinstance(command, SetKnob) or command.name in ("lr", "frozen"))


number = st.integers(-300, 300).map(lambda n: n / 100)
turns = st.one_of(
    st.tuples(st.just("frozen"), st.lists(st.integers(0, 12), max_size=4).map(tuple)),
    st.tuples(st.just("mistakes"), st.sets(st.sampled_from([*REPLAYED, "flipped", "no_nonlinearity"])).map(tuple)),
    st.tuples(st.just("optimizer"), st.sampled_from(["sgd", "momentum", "adam"])),
    st.tuples(st.just("beta1"), st.sampled_from([0.0, 0.9])),
    st.tuples(st.just("beta2"), st.sampled_from([0.5, 0.999])),
    st.tuples(st.just("eps"), st.sampled_from([1e-8, 0.1])),
    st.tuples(st.just("batch_size"), st.sampled_from([None, 1, 3])),
    st.tuples(st.just("activation"), st.sampled_from(["tanh", "relu", "sigmoid"])),
    st.tuples(st.just("loss"), st.sampled_from(["sse", "hinge", "bce"])),
    st.tuples(st.just("lr"), st.sampled_from([0.01, 0.3])),
)
samples = st.one_of(
    st.builds(SetSample, st.integers(0, 3), st.integers(0, 1), number),
    st.builds(SetSample, st.integers(0, 3), st.none(), st.sampled_from([0.0, 1.0])),
)
edits = st.one_of(turns.map(lambda turn: SetKnob(*turn)), samples, samples, st.builds(SetParameter, st.just(4), number))
moves = st.sampled_from(GRANULARITIES)
walks = st.lists(
    st.one_of(
        edits,
        st.builds(Forward, moves, st.integers(1, 3)),
        st.builds(Back, moves, st.integers(1, 2)),
        st.builds(Goto, st.integers(0, 5), st.integers(0, 40)),
    ),
    min_size=1,
    max_size=15,
)


@settings(max_examples=10 * settings.default.max_examples // 3)
@given(walk=walks, batch_size=st.sampled_from([None, 2]))
def test_a_position_has_its_bits_whatever_was_edited(
    walk: list[Edit | Forward | Back | Goto], batch_size: int | None, bits: Bits
) -> None:
    winding = small(batch_size=batch_size)
    for command in walk:
        if isinstance(command, Forward | Back | Goto):
            winding.apply(command)
        else:
            edit(winding, command)
    straight, stepped = small(batch_size=batch_size), small(batch_size=batch_size)
    stepped.compiles_here = False
    for session in (straight, stepped):
        for made in sorted(winding.run.history.edits, key=lambda made: made.order):
            session.apply(Goto(*made.issued_at))
            edit(session, made.command)
        session.apply(Goto(winding.step, winding.op))
    assert bits(winding) == bits(straight) == bits(stepped)
    assert winding.settings == straight.settings
    for session in (winding, straight, stepped):
        session.apply(Forward("step", 2))
    assert bits(winding) == bits(straight) == bits(stepped)


# --- frozen


@each("optimizer", ["sgd", "momentum", "adam"])
@each("compiles", [True, False])
def test_a_frozen_parameter_stays_and_has_a_gradient(optimizer: str, compiles: bool) -> None:
    session = small(optimizer=optimizer)
    session.compiles_here = compiles
    session.apply(Forward("step", 2))
    moments = [moment[4] for moment in session.run.state.moments]
    before = session.parameters
    session.apply(SetKnob("frozen", (5, 4, 5)))
    assert session.settings.frozen == (4, 5)
    session.apply(Forward("step", 3))
    after = session.parameters
    assert [index for index in range(13) if after[index] == before[index]] == [4, 5]
    assert session.run.gradients[4]
    assert session.run.state.previous[4] == after[4]
    assert [moment[4] for moment in session.run.state.moments] == moments
    session.apply(SetKnob("frozen", ()))
    session.apply(Forward("step"))
    assert session.parameters[4] != after[4]


def test_freezing_acts_at_once_in_the_middle_of_the_update() -> None:
    session = small()
    session.apply(Goto(0, session.run.stepper.timeline(session.run.state).backward_end + 2))
    before = session.parameters
    session.apply(SetKnob("frozen", (1, 2)))
    session.apply(Forward("phase"))
    # The second parameter had been updated already.
    assert session.parameters[:2] == before[:2]
    assert session.run.state.previous[1] != before[1]
    assert session.parameters[2] == before[2]
    assert session.parameters[3] != before[3]


def test_the_update_of_a_frozen_parameter_is_told() -> None:
    session = small(frozen=(0,))
    session.apply(Goto(0, session.run.stepper.timeline(session.run.state).backward_end + 1))
    event = session.snapshot({"event"}).event
    assert event is not None
    (line,) = event.assignments
    assert (line.target, line.before, line.after) == ("L1.n1.w0", session.parameters[0], session.parameters[0])
    assert "frozen" in event.words


@each("value", [(-1,), (True,), ("w",), [1], 3])
def test_nonsense_cannot_be_frozen(value: object) -> None:
    with pytest.raises(SettingsError, match="frozen"):
        Settings().replace(frozen=value)


# --- samples


def test_an_edited_sample_is_there_in_every_epoch_and_gone_before_the_edit(bits: Bits) -> None:
    session, untouched = small(batch_size=1), small(batch_size=1)
    for one in (session, untouched):
        one.apply(Forward("step", 2))
    edit(session, SetSample(0, 1, 7.0))
    assert session.run.stepper.program.samples[0][0] == (0.5, 7.0)
    session.apply(Forward("epoch", 3))
    assert session.run.stepper.program.samples[0][0] == (0.5, 7.0)
    session.apply(Goto(1))
    untouched.apply(Goto(1))
    assert session.run.stepper.program.samples[0][0] == (0.5, -1.0)
    assert bits(session) == bits(untouched)


def test_inputs_that_are_set_together_are_taken_back_together(bits: Bits) -> None:
    session, untouched = small(), small()
    session.apply(SetSample(0, 1, 7.0, ((0, 3.0),)))
    assert session.run.stepper.program.samples[0][0] == (3.0, 7.0)
    kept = to_json(SetSample(0, 1, 7.0, ((0, 3.0),)))
    assert from_json(json.loads(json.dumps(kept))) == SetSample(0, 1, 7.0, ((0, 3.0),))
    assert "also" not in to_json(SetSample(0, 1, 7.0))
    assert reopened(session).run.stepper.program.samples[0][0] == (3.0, 7.0)
    session.apply(Undo())
    assert bits(session) == bits(untouched)
    for wrong in (((2, 1.0),), ((0, math.inf),)):
        with pytest.raises(CommandError):
            session.apply(SetSample(0, 1, 7.0, wrong))


@each("position", [(0, 1), (0, 3), (0, 90), (0, 150), (1, 0), (2, 0)])
def test_the_sample_in_memory_changes_at_once(position: tuple[int, int]) -> None:
    session = small()
    session.apply(Goto(*position))
    network = session.snapshot({"network"}).network
    assert network is not None
    assert network.sample is not None
    edit(session, SetSample(network.sample - 1, 0, 9.0))
    edit(session, SetSample(network.sample - 1, None, 0.0))
    shown = session.snapshot({"network"}).network
    assert shown is not None
    assert (shown.inputs, shown.targets) == ((9.0, network.inputs[1]), (-1.0,))
    edit(session, SetSample(network.sample % 4, 0, 8.0))
    again = session.snapshot({"network"}).network
    assert again is not None
    assert again.inputs == shown.inputs


def test_a_later_knob_keeps_an_edited_sample_and_codes_its_target_anew() -> None:
    session = small()
    edit(session, SetSample(0, None, 0.0))
    edit(session, SetSample(0, 0, 4.0))
    assert session.run.stepper.program.samples[0] == ((4.0, -1.0), (-1.0,))
    edit(session, SetKnob("loss", "bce"))
    assert session.run.stepper.program.samples[0] == ((4.0, -1.0), (0.0,))


def test_an_edit_that_breaks_the_bound_leaves_the_fast_variant(bits: Bits) -> None:
    """The numbers of the fast variant must be known to be finite; a huge input unmakes the proof."""
    session, stepped = small(activation="relu", loss="hinge"), small(activation="relu", loss="hinge")
    stepped.compiles_here = False
    for one in (session, stepped):
        one.apply(Forward("step"))
        edit(one, SetSample(1, 0, 1e200))
        edit(one, SetParameter(0, 1e200))
        one.apply(Forward("step", 3))
    assert bits(session) == bits(stepped)
    assert not all(map(math.isfinite, session.parameters))
