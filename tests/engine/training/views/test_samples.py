"""Every sample has the tape's own numbers, and looking at one changes none of the training. Must not know screens."""

from __future__ import annotations

import math
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.autograd.tape import Tape
from chainstep.engine.training.commands import (
    Back,
    Command,
    CommandError,
    Forward,
    Goto,
    LookAtSample,
    SetKnob,
    SetNeuron,
    SetParameter,
    SetSample,
)
from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot.network import NetworkView
from chainstep.engine.training.snapshot.samples.each import SamplesView
from support.cases import each
from support.sessions import Begin, Bits

ALL = range(1000)


def samples_of(session: Session, rows: range = ALL) -> SamplesView:
    samples = session.snapshot({"samples"}, rows).samples
    assert samples is not None
    return samples


def network_of(session: Session) -> NetworkView:
    network = session.snapshot({"network"}).network
    assert network is not None
    return network


@pytest.mark.parametrize("name", ["lecture", "iris"])
def test_as_a_step_goes_forward_its_samples_have_the_tapes_own_numbers(begin: Begin, name: str) -> None:
    session = begin(name)
    session.apply(Forward("step"))
    done = 0
    while session.snapshot(()).position.phase in ("forward", "loss"):
        session.apply(Forward("sample"))
        state, stepper, samples = session.run.state, session.run.stepper, samples_of(session)
        batch = stepper.batch(state)
        assert {row.row for row in samples.rows if row.in_batch} == set(batch)
        assert samples.in_hand == stepper.loaded(state)
        done = min(done + 1, len(batch))
        assert [samples.rows[row].prediction.outputs for row in batch[:done]] == [state.outputs[k] for k in range(done)]
    losses = [state.memory.data[slot] for slot in stepper.program.losses]
    assert [samples.rows[row].loss for row in batch] == losses[: len(batch)]


def test_what_they_lose_together_is_what_the_next_step_measures(begin: Begin) -> None:
    session = begin("lecture")
    for _ in range(3):
        samples = samples_of(session)
        session.apply(Forward("step"))
        assert (samples.loss, samples.mean, samples.count) == (session.loss, False, 4)
        assert samples.right == round(session.snapshot(()).accuracy * 4)


def test_of_many_only_those_that_are_seen_are_made_and_the_loss_is_that_of_all(begin: Begin) -> None:
    session = begin("moons", l2=0.0)
    replayed = samples_of(session, range(95, 120))
    assert [row.row for row in replayed.rows] == [95, 96, 97, 98, 99]
    assert samples_of(session, range(-3, 2)).rows == samples_of(session).rows[:2]
    assert (samples_of(session, range(0)).rows, samples_of(session, range(0)).loss) == ((), None)
    session.compilation.make()
    compiled = samples_of(session, range(3))
    assert (compiled.loss, compiled.right) == (replayed.loss, replayed.right)
    session.apply(Forward("step"))
    assert (compiled.loss, compiled.right) == (session.loss, round(session.snapshot(()).accuracy * 100))


@each(("name", "knobs"), [("iris", {}), ("circles", {}), ("iris", {"loss": "bce"})])
def test_probabilities_are_what_the_loss_takes_the_logarithm_of(
    begin: Begin, name: str, knobs: dict[str, object]
) -> None:
    session = begin(name, **knobs)
    session.apply(Forward("step", 3))
    one_of_all = session.settings.loss == "softmax" or name == "circles"
    for row in samples_of(session, range(20)).rows:
        right = int(row.target)
        assert row.probability == max(row.prediction.probabilities)
        assert row.right == (row.prediction.decision == right)
        parts = [p if k == right else 1 - p for k, p in enumerate(row.prediction.probabilities)]
        assert row.loss == pytest.approx(-math.log(parts[right]) if one_of_all else -sum(map(math.log, parts)))
        if one_of_all:
            assert sum(row.prediction.probabilities) == pytest.approx(1.0)


def test_regression_knows_no_right_and_no_probabilities(begin: Begin) -> None:
    samples = samples_of(begin("sine"))
    row = samples.rows[0]
    assert (row.prediction.decision, row.right, row.probability, samples.right) == (None, None, None, None)
    assert row.loss == (row.prediction.outputs[0] - row.target) ** 2
    targets = [row.target for row in samples.rows]
    mean = sum(targets) / len(targets)
    assert samples.large == pytest.approx(sum((target - mean) ** 2 for target in targets) / len(targets))


def test_an_edited_sample_is_shown_as_it_is_now(begin: Begin) -> None:
    session = begin("xor")
    session.apply(SetSample(1, None, 0.0))
    session.apply(SetSample(1, 0, 0.25))
    row = samples_of(session).rows[1]
    assert (row.prediction.inputs, row.target, row.targets) == ((0.25, 1.0), 0.0, (-1.0,))


def test_the_network_is_shown_on_the_sample_that_is_looked_at(begin: Begin) -> None:
    session = begin("moons")
    session.apply(Forward("step"))
    session.apply(Forward("op", 30))
    session.apply(SetNeuron((0, 3)))
    session.apply(LookAtSample(57))
    snapshot = session.snapshot({"network", "neuron", "samples"}, range(50, 60))
    view, row, neuron = snapshot.network, snapshot.samples.rows[7], snapshot.neuron
    assert (snapshot.looked_at, view.looked_at, view.row, view.sample, view.lit) == (57, True, 57, 58, None)
    assert (view.inputs, view.targets, view.target) == (row.prediction.inputs, row.targets, row.target)
    assert (view.layers[-1].data, view.layers[-1].sums) == (row.prediction.outputs, row.prediction.sums)
    assert view.place == row.prediction.inputs
    assert (neuron.looked_at, neuron.sample, neuron.inputs) == (True, 58, row.prediction.inputs)
    assert None not in (*neuron.products, neuron.output, *neuron.product_grads, neuron.output_grad)
    assert (neuron.sum, neuron.output) == (view.layers[0].sums[3], view.layers[0].data[3])
    assert neuron.output_grad == view.layers[0].grad[3]
    session.apply(LookAtSample(None))
    assert (network_of(session).looked_at, network_of(session).sample) == (False, 1)


def test_its_gradients_are_its_share_of_those_of_the_batch(begin: Begin) -> None:
    session = begin("circles")
    total = [0.0] * len(session.parameters)
    for row in range(session.run.stepper.program.batches.n):
        session.apply(LookAtSample(row))
        layers = network_of(session).layers
        units = [unit for layer in layers for unit in zip(layer.weight_grads, layer.bias_grads, strict=True)]
        own = [grad for weights, bias in units for grad in (*weights, bias)]
        total = [before + grad for before, grad in zip(total, own, strict=True)]
    session.apply(Forward("phase", 4))
    assert session.snapshot({"parameters"}).parameters.grad == pytest.approx(total)


COMMANDS = st.lists(
    st.one_of(
        st.builds(LookAtSample, st.none() | st.integers(0, 3)),
        st.builds(Forward, st.sampled_from(["op", "neuron", "sample", "phase", "step"])),
        st.builds(Back, st.sampled_from(["op", "sample", "phase", "step"])),
        st.builds(SetParameter, st.integers(0, 16), st.floats(-2.0, 2.0)),
        st.builds(SetKnob, st.just("lr"), st.sampled_from([0.1, 0.3])),
    ),
    max_size=12,
)


@given(COMMANDS)
def test_looking_changes_no_bit_of_the_training(begin: Begin, bits: Bits, commands: list[Command]) -> None:
    looking, plain = begin("xor"), begin("xor")
    for command in commands:
        looking.apply(command)
        looking.snapshot({"network", "neuron", "samples"})
        if not isinstance(command, LookAtSample):
            plain.apply(command)
    assert bits(looking) == bits(plain)
    assert list(looking.log) == list(plain.log)


def test_what_is_not_there_cannot_be_looked_at(begin: Begin) -> None:
    session = begin("lecture")
    for row in (-1, 4):
        with pytest.raises(CommandError, match=f"there is no sample {row + 1}: there are 4"):
            session.apply(LookAtSample(row))
    assert session.snapshot(()).looked_at is None
    expression = begin("expression")
    with pytest.raises(CommandError, match="an expression has no samples"):
        expression.apply(LookAtSample(0))
    assert expression.snapshot().samples is None


def test_what_compiled_steps_left_is_derived_once_where_they_ended(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = begin("moons")
    session.apply(Goto(3))
    first = session.snapshot({"network", "next"})
    session.apply(LookAtSample(7))
    looked_at = session.snapshot({"network"}).network
    session.apply(LookAtSample(None))
    derived: list[int] = []
    monkeypatch.setattr(Tape, "backward", lambda tape, *_: derived.append(len(tape)))
    again = session.snapshot({"network", "next"})
    assert again.network.layers[0].grad == first.network.layers[0].grad
    assert asdict(again.next) == asdict(first.next)
    session.apply(LookAtSample(7))
    assert session.snapshot({"network"}).network.layers[0].grad == looked_at.layers[0].grad != ()
    assert derived == []
    session.apply(LookAtSample(None))
    session.apply(Goto(4))
    alone = session.snapshot({"next"}).next
    assert derived == []
    assert asdict(session.snapshot({"network", "next"}).next) == asdict(alone)
    assert derived == [len(session.run.stepper.program.tape)]
