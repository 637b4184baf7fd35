"""Recognises a network of dense layers in a sample's tape, by its very ops. Knows tapes; must not know settings, how
networks are built, or generated code.

What is recognised is exact: not only what is computed but the order of it, since floats do not associate. A neuron is
x0*w0, x1*w1, their sum, x2*w2, the next sum … and then the bias: one instruction behind the other, neuron by neuron
and layer by layer. Backward goes the same way back, so that its order is told as well. Whatever comes behind the last
layer, a loss of any kind, is the head.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import NamedTuple

from ..autograd.ops.operation import Op
from ..autograd.ops.table import OPS
from ..autograd.replay import OPCODES, Instruction
from ..autograd.tape import Tape

_MUL, _ADD = OPCODES[OPS["mul"]], OPCODES[OPS["add"]]


class Sample(NamedTuple):
    """A sample's tape, and what the slots are that it reads or that are read of it."""

    tape: Tape
    parameters: range
    inputs: range
    targets: range
    """What is compared with the outputs, and the sample's weight where it has one."""
    constants: frozenset[int]
    outputs: tuple[int, ...]
    root: int


class Dense(NamedTuple):
    """A layer of m neurons over n inputs, by the slots of the tape's memory."""

    inputs: tuple[int, ...]
    """The n slots that each neuron reads: a sample's inputs, or the outputs of the layer before."""
    parameters: range
    """m·(n + 1) slots, neuron by neuron, each with its n weights in the order of the inputs and then its bias."""
    activation: Op | None
    """What is made of each sum; None where the sums themselves are the outputs."""
    sums: tuple[int, ...]
    """The m sums before the activation."""
    outputs: tuple[int, ...]

    def weights(self, neuron: int) -> range:
        """The n slots of a neuron's weights."""
        start = self.parameters.start + neuron * (len(self.inputs) + 1)
        return range(start, start + len(self.inputs))

    def bias(self, neuron: int) -> int:
        """The slot of a neuron's bias."""
        return self.weights(neuron).stop


class Network(NamedTuple):
    """Dense layers, and behind them a head, which computes the sample's loss from what the last one gives."""

    layers: tuple[Dense, ...]
    head: int
    """The number of the head's first instruction: those before it are the layers'."""
    read: tuple[int, ...]
    """What the head reads of the last layer: its outputs and, where it reads any of them, its sums."""


def recognised(of: Sample) -> Network | None:
    """The network that a tape is, with every parameter, input and instruction accounted for; None if it is none."""
    tape = of.tape
    if tape.overwrites or tape.order != range(len(tape))[::-1] or not of.inputs:
        return None
    layers: list[Dense] = []
    inputs, parameter, at = tuple(of.inputs), of.parameters.start, 0
    while (layer := _layer(of, inputs, parameter, at)) is not None:
        layers.append(layer)
        inputs, parameter = layer.outputs, layer.parameters.stop
        at = layer.outputs[-1] + 1 - tape.first
    if not layers or parameter != of.parameters.stop or layers[-1].outputs != of.outputs:
        return None
    read = _read_by_head(of, layers[-1], at)
    return None if read is None else Network(tuple(layers), at, read)


def _layer(of: Sample, inputs: Sequence[int], parameter: int, at: int) -> Dense | None:
    """The layer over these inputs whose parameters and instructions begin here; None where there is none."""
    tape, start = of.tape, parameter
    sums: list[int] = []
    outputs: list[int] = []
    activations: set[Op | None] = set()
    while parameter < of.parameters.stop:
        neuron = _neuron(inputs, parameter, tape.first + at)
        if tape.program[at : at + len(neuron)] != neuron:
            break
        at += len(neuron)
        parameter += len(inputs) + 1
        sums.append(neuron[-1][3])
        activation = _activation(of, at)
        activations.add(activation)
        at += activation is not None
        outputs.append(tape.first + at - 1)
    if len(activations) != 1:
        return None
    return Dense(tuple(inputs), range(start, parameter), activations.pop(), tuple(sums), tuple(outputs))


def _neuron(inputs: Sequence[int], parameter: int, slot: int) -> list[Instruction]:
    """The instructions of a weighted sum whose first one writes `slot`."""
    slots = count(slot)
    total = next(slots)
    found = [(_MUL, inputs[0], parameter, total)]
    for place, x in enumerate(inputs[1:], start=1):
        product, longer = next(slots), next(slots)
        found += (_MUL, x, parameter + place, product), (_ADD, total, product, longer)
        total = longer
    return [*found, (_ADD, total, parameter + len(inputs), next(slots))]


def _activation(of: Sample, at: int) -> Op | None:
    """The op that instruction `at` makes of the sum before it; None where that sum is an output, or it is another's."""
    tape = of.tape
    total = tape.first + at - 1
    if at == len(tape) or total in of.outputs:
        return None
    op, (_, i, _, _) = tape.ops[at], tape.program[at]
    return op if op.arity == 1 and i == total and op.backward[0] is not None else None


def _read_by_head(of: Sample, last: Dense, at: int) -> tuple[int, ...] | None:
    """What the instructions from `at` on read of the last layer; None where they read what no head does."""
    tape = of.tape
    first = tape.first + at
    if of.root < first:
        return None
    known = {*last.outputs, *last.sums, *of.targets, *of.constants}
    read = {slot for _, i, j, _ in tape.program[at:] for slot in (i, j) if slot < first}
    if not read <= known:
        return None
    return last.outputs if read.isdisjoint({*last.sums} - {*last.outputs}) else (*last.outputs, *last.sums)
