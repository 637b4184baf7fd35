"""Layers are recognised by the ops of a tape, exactly; what is not the same is none, or is taken as what it is."""

from __future__ import annotations

import random
from copy import copy

from hypothesis import given
from hypothesis import strategies as st

from chainstep.datasets import EXAMPLES
from chainstep.engine.autograd.ops.table import OPS
from chainstep.engine.autograd.replay import OPCODES
from chainstep.engine.autograd.tape import Tape
from chainstep.engine.compiler.plan import Plan
from chainstep.engine.compiler.recognition import Network, Sample, recognised
from chainstep.engine.nn.mlp import ACTIVATIONS
from chainstep.engine.records import replace
from chainstep.engine.training.step.program import Program
from chainstep.engine.training.step.stepper import Stepper
from support.cases import each
from support.compiled import Case, example, pieces_of, replayed, trained
from support.networks import networks

LOSSES = ("sse", "mse", "hinge", "bce", "softmax")


def agrees(program: Program, network: Network) -> None:
    """What was recognised is what was built."""
    assert len(network.layers) == len(program.layers)
    for found, built in zip(network.layers, program.layers, strict=True):
        name = "linear" if found.activation is None else found.activation.name
        assert name == built.activation
        assert found.sums == tuple(unit.sum for unit in built.units)
        assert found.outputs == tuple(unit.output for unit in built.units)
        assert len(found.inputs) == built.inputs
        assert found.parameters.start == built.first_parameter
        for neuron, place in enumerate(range(found.parameters.start, found.parameters.stop, built.inputs + 1)):
            assert found.weights(neuron) == range(place, place + built.inputs)
            assert found.bias(neuron) == place + built.inputs
            assert program.slots.values[found.bias(neuron)].label.endswith("b")
    assert network.layers[0].inputs == tuple(program.inputs)
    assert network.head == program.forward


@each("name", EXAMPLES)
def test_every_example_is_recognised_as_what_it_is(name: str) -> None:
    stepper, _ = example(name)
    network = stepper.program.network
    if not stepper.program.layers:
        assert network is None
        return
    assert network is not None
    agrees(stepper.program, network)


@each("loss", LOSSES)
@each("activation", ACTIVATIONS)
def test_every_activation_under_every_loss(activation: str, loss: str) -> None:
    stepper, _ = example("iris", hidden=(3, 2), activation=activation, loss=loss, class_weights=True, frozen=(1, 5))
    assert stepper.program.network is not None
    agrees(stepper.program, stepper.program.network)


@given(networks(wild=False))
def test_any_network_is_recognised(case: Case) -> None:
    stepper, _, _ = case
    assert stepper.program.network is not None
    agrees(stepper.program, stepper.program.network)


def test_what_is_broken_on_purpose_is_not() -> None:
    for mistake in ("overwrite", "unordered"):
        assert example("lecture", mistakes=(mistake,))[0].program.network is None


def sample(program: Program, tape: Tape) -> Sample:
    """A program with another tape."""
    leaves = program.parameters, program.inputs, range(program.targets.start, program.weight.stop)
    return Sample(tape, *leaves, frozenset(tape.constants), program.outputs, program.root)


def mutated(tape: Tape, k: int, rng: random.Random) -> Tape:
    """The same tape with instruction k changed: another op, or another input."""
    twin = copy(tape)
    twin.program, twin.ops = list(tape.program), list(tape.ops)
    code, i, j, slot = tape.program[k]
    if rng.random() < 0.5:
        others = [op for op in OPS.values() if op.arity == tape.ops[k].arity and op is not tape.ops[k]]
        twin.ops[k] = rng.choice([op for op in others if not op.surrogate and op.name != "powc"])
        code = OPCODES[twin.ops[k]]
    else:
        places = [other for other in range(slot) if other not in (i, j)]
        i, j = (rng.choice(places), j) if tape.ops[k].arity > 1 and rng.random() < 0.5 else (i, rng.choice(places))
        if tape.ops[k].arity == 1:
            i = j
    twin.program[k] = code, i, j, slot
    twin._ordered = twin.program[::-1]
    return twin


@given(networks(wild=False), st.integers(0, 10**6))
def test_one_op_changed_is_no_layer_any_more_or_still_right(case: Case, seed: int) -> None:
    stepper, first, steps = case
    rng, program = random.Random(seed), copy(stepper.program)
    at = rng.randrange(len(program.tape))
    program.tape = mutated(program.tape, at, rng)
    network = recognised(sample(program, program.tape))
    changed = stepper.program.network
    assert changed is not None
    if at < changed.head:
        # Nothing in a layer can be otherwise, but all activations of it, or what its one neuron makes of its sum.
        layer = next(layer for layer in changed.layers if program.tape.first + at <= layer.outputs[-1])
        alone = program.tape.first + at in layer.outputs and len(layer.outputs) == 1 and layer.activation is not None
        assert network is None or alone
    if network is None:
        return
    program.__dict__["network"] = network
    program._compilations = {}
    twin = Stepper(program, stepper.settings)
    assert trained(twin, first, pieces_of(twin, steps), layered=True)[0] == replayed(twin, first, steps)


def test_a_loss_that_reads_some_sums_alone_is_trained_as_it_is_replayed() -> None:
    stepper, first = example("iris", hidden=(), activation="step", loss="perceptron")
    program = copy(stepper.program)
    tape = program.tape
    last = max(k for k, op in enumerate(tape.ops) if op.name == "perceptron")
    program.tape = twin = copy(tape)
    code, _, target, slot = tape.program[last]
    twin.program = [*tape.program[:last], (code, program.targets[0], target, slot), *tape.program[last + 1 :]]
    twin._ordered = twin.program[::-1]
    network = recognised(sample(program, twin))
    assert network is not None
    program.__dict__["network"] = network
    program._compilations = {}
    changed = Stepper(program, stepper.settings)
    assert trained(changed, first, pieces_of(changed, 2), layered=True)[0] == replayed(changed, first, 2)


def test_an_input_that_nobody_reads_and_another_output_are_no_network() -> None:
    program = example("lecture")[0].program
    good = sample(program, program.tape)
    assert recognised(good) is not None
    assert recognised(good._replace(inputs=range(good.inputs.start, good.inputs.stop - 1))) is None
    assert recognised(good._replace(outputs=(good.root,))) is None
    assert recognised(good._replace(parameters=range(good.parameters.stop - 1))) is None
    assert recognised(good._replace(targets=range(0))) is None


def test_the_bound_of_layers_is_that_of_their_ops() -> None:
    for name in EXAMPLES:
        plan: Plan = example(name)[0].compilation.plan
        if plan.network is not None:
            assert plan.limit == replace(plan, network=None).limit, name
