"""A tape replays what Values compute, op by op and to the last bit. Knows Values and tapes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine import MLP, Value
from chainstep.engine.autograd.ops.table import OPS
from chainstep.engine.autograd.tape import Memory, Scope, Slots, Tape
from chainstep.engine.autograd.text.notation import text
from support.graphs import Recipe, bits, grown, recipes

CONSTANTS = (2.0, -0.5, 3.0, -2.0, 1e-7, 0.1)
numbers = st.floats(-3.0, 3.0) | st.sampled_from([0.0, -0.0, 1.0, 1e200, math.inf, math.nan])
points = st.lists(numbers, min_size=3, max_size=3)


def carried_out(recipe: Recipe, leaves: Sequence[Value]) -> Value:
    """The last node of a random graph of the leaves and some constants."""
    return grown([*leaves, *map(Value, CONSTANTS)], recipe, CONSTANTS)[-1]


def leaves_at(point: Sequence[float]) -> list[Value]:
    return [Value(x, label=name) for x, name in zip(point, "abc", strict=True)]


def recorded(leaves: Sequence[Value], root: Value) -> tuple[Slots, Tape, Memory]:
    slots = Slots()
    slots.add_all(leaves)
    tape = Tape(slots, [(Scope(), root)])
    return slots, tape, slots.memory()


@given(recipe=recipes(list(OPS), 20), point=points)
def test_replay_is_backpropagation_of_values(recipe: Recipe, point: list[float]) -> None:
    leaves = leaves_at(point)
    root = carried_out(recipe, leaves)
    slots, tape, memory = recorded(leaves, root)
    root.backward()
    tape.forward(memory)
    memory.grad[slots.of[root]] = 1.0
    tape.backward(memory)
    for value, slot in slots.of.items():
        assert bits(memory.data[slot]) == bits(value.data)
        assert bits(memory.grad[slot]) == bits(value.grad)


@given(recipe=recipes(list(OPS), 20), point=points, other=points)
def test_a_tape_runs_on_other_numbers_than_it_was_recorded_on(
    recipe: Recipe, point: list[float], other: list[float]
) -> None:
    """There is no branch in a recording: another input gives what a new expression would give."""
    leaves = leaves_at(point)
    slots, tape, memory = recorded(leaves, carried_out(recipe, leaves))
    memory.data[:3] = other
    fresh = leaves_at(other)
    root = carried_out(recipe, fresh)
    root.backward()
    tape.forward(memory)
    memory.grad[tape.program[-1][3]] = 1.0
    tape.backward(memory)
    assert bits(memory.data[tape.program[-1][3]]) == bits(root.data)
    assert [bits(x) for x in memory.grad[:3]] == [bits(leaf.grad) for leaf in fresh]
    assert len(slots.values) == len(memory.data)


@given(recipe=recipes(list(OPS), 20), point=points, cuts=st.sets(st.integers(0, 20)))
def test_one_op_at_a_time_or_in_stretches_is_the_whole(recipe: Recipe, point: list[float], cuts: set[int]) -> None:
    leaves = leaves_at(point)
    root = carried_out(recipe, leaves)
    slots, tape, whole = recorded(leaves, root)
    single, stretches = slots.memory(), slots.memory()
    n = len(tape)
    edges = sorted({0, n, *(cut for cut in cuts if cut < n)})
    tape.forward(whole)
    assert list(tape.forward_steps(single)) == list(range(tape.first, tape.first + n))
    for start, stop in pairwise(edges):
        tape.forward(stretches, start, stop)
    for memory in (whole, single, stretches):
        memory.grad[slots.of[root]] = 1.0
    tape.backward(whole)
    assert list(tape.backward_steps(single)) == list(range(tape.first, tape.first + n))[::-1]
    for start, stop in pairwise(edges):
        tape.backward(stretches, start, stop)
    for memory in (single, stretches):
        assert list(map(bits, memory.data)) == list(map(bits, whole.data))
        assert list(map(bits, memory.grad)) == list(map(bits, whole.grad))


def test_a_step_writes_one_slot_and_clears_its_gradient() -> None:
    a, b = Value(2.0, label="a"), Value(3.0, label="b")
    _, tape, memory = recorded([a, b], a * b + a)
    memory.grad[:] = [7.0] * 4
    steps = tape.forward_steps(memory)
    assert next(steps) == tape.first
    assert memory.data == [2.0, 3.0, 6.0, 0.0]
    assert memory.grad == [7.0, 7.0, 0.0, 7.0]
    assert next(steps) == tape.first + 1
    assert memory.data[3] == 8.0


def test_what_was_not_known_before_is_a_constant_of_the_tape() -> None:
    x = Value(3.0, label="x")
    slots, tape, memory = recorded([x], 2 * x + 5)
    assert [memory.data[slot] for slot in tape.constants] == [2.0, 5.0]
    assert tape.first == 3
    assert [text(value) for value in slots.values] == ["x", "2", "5", "2*x", "2*x + 5"]


def test_tapes_share_a_memory() -> None:
    x, w = Value(2.0, label="x"), Value(3.0, label="w")
    slots = Slots()
    slots.add_all([x, w])
    score = x * w
    first = Tape(slots, [(Scope(), score)])
    second = Tape(slots, [(Scope(), (score + w).tanh())])
    assert [op.name for op in second.ops] == ["add", "tanh"]
    memory = slots.memory()
    first.forward(memory)
    second.forward(memory)
    memory.grad[-1] = 1.0
    second.backward(memory)
    first.backward(memory)
    (x * w + w).tanh().backward()
    assert memory.data[-1] == math.tanh(9.0)
    assert memory.grad[:2] == [x.grad, w.grad]


def test_scopes_follow_the_sections() -> None:
    mlp = MLP(2, [2, 1], activation="tanh")
    x = [Value(0.5, label="x0"), Value(-1.0, label="x1")]
    hidden = mlp.layers[0](x)
    (out,) = mlp.layers[1](hidden)
    slots = Slots()
    slots.add_all([*mlp.parameters(), *x])
    sections = [(Scope(1, 1), hidden[0]), (Scope(1, 2), hidden[1]), (Scope(2, 1), out), (Scope(), (out - 1) ** 2)]
    tape = Tape(slots, sections)
    # Two products, two sums and an activation a neuron; then a difference and a square.
    assert tape.scopes == [Scope(1, 1)] * 5 + [Scope(1, 2)] * 5 + [Scope(2, 1)] * 5 + [Scope()] * 2
    assert [op.name for op in tape.ops[:5]] == ["mul", "mul", "add", "add", "tanh"]
