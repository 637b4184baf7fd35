"""Which ops of a tape make up one neuron: products, their running sums, the bias, the activation. Knows slots; must not
know numbers, positions or views.
"""

from __future__ import annotations

from ...autograd.tape import Tape
from ...autograd.value import Value
from ...nn.mlp import ACTIVATIONS
from ...records import record

MULTIPLY, ADD, BIAS, ACTIVATE = "multiply", "add", "bias", "activate"
"""What a neuron does, in its order."""


@record(eq=False)
class Anatomy:
    """The slots of one neuron with m inputs."""

    inputs: tuple[int, ...]
    weights: tuple[int, ...]
    products: tuple[int, ...]
    sums: tuple[int, ...]
    """Running sums of the first 2, 3 … m products."""
    bias: int | None
    """None where nothing is added to the products."""
    sum: int
    """What the activation is given."""
    output: int
    """The same as `sum` where there is no activation."""
    activation: str

    def doing(self, slot: int) -> tuple[str, int] | None:
        """What the op that writes a slot does, and on which row: that of an input, or m; None for an op of others."""
        m = len(self.products)
        if slot in self.products:
            return MULTIPLY, self.products.index(slot)
        if slot in self.sums:
            return ADD, self.sums.index(slot) + 1
        if slot == self.sum:
            return BIAS, m
        return (ACTIVATE, m) if slot == self.output else None


def of_unit(tape: Tape, total: int, output: int, activation: str) -> Anatomy:
    """A neuron of a network, by the slots of its sum and of its output."""
    terms, sums = _terms(tape, total)
    factors = [tape.program[slot - tape.first][1:3] for slot in terms[:-1]]
    inputs, weights = zip(*factors, strict=True)
    return Anatomy(inputs, weights, tuple(terms[:-1]), tuple(sums[:-1]), terms[-1], total, output, activation)


def of_expression(tape: Tape, root: int, leaves: range, values: list[Value]) -> Anatomy | None:
    """An expression that is written as a neuron is, `tanh(x1*w1 + x2*w2 + b)`; None for any other.

    In each product one leaf is the weight: that whose name begins with a w, or else the second.
    """
    total, activation = root, "linear"
    if root >= tape.first and tape.ops[root - tape.first].name in ACTIVATIONS:
        activation, total = tape.ops[root - tape.first].name, tape.program[root - tape.first][1]
    terms, sums = _terms(tape, total)
    bias = terms.pop() if len(terms) > 1 and terms[-1] in leaves else None
    factors = [tape.program[slot - tape.first][1:3] for slot in terms if _is(tape, slot, "mul")]
    if len(factors) < len(terms) or any(slot not in leaves for pair in factors for slot in pair):
        return None
    turned = [(j, i) if _is_weight(values[i]) and not _is_weight(values[j]) else (i, j) for i, j in factors]
    inputs, weights = zip(*turned, strict=True)
    if bias is not None:
        sums.pop()
    return Anatomy(inputs, weights, tuple(terms), tuple(sums), bias, total, root, activation)


def _terms(tape: Tape, total: int) -> tuple[list[int], list[int]]:
    """The slots that are added up to a sum from left to right, and those of the running sums, the sum the last."""
    terms, sums = [], []
    while _is(tape, total, "add"):
        _, before, term, _ = tape.program[total - tape.first]
        terms.append(term)
        sums.append(total)
        total = before
    return [total, *terms[::-1]], sums[::-1]


def _is(tape: Tape, slot: int, name: str) -> bool:
    """Whether an op of this name writes the slot."""
    return slot >= tape.first and tape.ops[slot - tape.first].name == name


def _is_weight(value: Value) -> bool:
    return value.label.casefold().startswith("w")
