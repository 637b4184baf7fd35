"""What neurons sum up and give has the bits of the tape, neuron by neuron too."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings

from chainstep.engine.autograd.tape import Memory
from chainstep.engine.compiler.layered.sums import Sums
from chainstep.engine.training.step import evaluate
from chainstep.engine.training.step.evaluate import Evaluator
from chainstep.engine.training.step.program import Program
from support.compiled import Case, example
from support.graphs import bits
from support.networks import networks


def seen(program: Program, memory: Memory) -> list[str]:
    """What is read of a memory that a sample has gone through."""
    assert program.network is not None
    slots = (slot for layer in program.network.layers for slot in (*layer.sums, *layer.outputs))
    return [bits(memory.data[slot]) for slot in (*slots, program.root)]


@settings(max_examples=20)
@given(networks(wild=True))
def test_sums_and_outputs_are_those_of_the_tape(case: Case) -> None:
    stepper, first, _ = case
    program, network = stepper.program, stepper.program.network
    if network is None:
        return
    sums = Sums(program.tape, network, first)
    own, expected = (with_parameters(program, first) for _ in range(2))
    for row in range(len(program.samples)):
        for memory in (own, expected):
            stepper.load(memory, row)
        sums.forward(own)
        program.tape.forward(own, network.head)
        program.tape.forward(expected)
        assert seen(program, own) == seen(program, expected)


def with_parameters(program: Program, parameters: Sequence[float]) -> Memory:
    memory = program.slots.memory()
    memory.data[: len(parameters)] = parameters
    return memory


def test_samples_are_looked_at_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    stepper, first = example("iris", hidden=(3, 2))
    expected = Evaluator(stepper).samples(first, range(9), range(4))
    monkeypatch.setattr(evaluate, "_WIDE", 0)
    assert Evaluator(stepper).samples(first, range(9), range(4)) == expected
