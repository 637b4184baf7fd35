"""Values, ops and networks are copied and pickled: the same ops, the same shape, any depth. Knows Values and tapes."""

from __future__ import annotations

import copy
import pickle
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine import MLP, Value
from chainstep.engine.autograd.ops.table import OPS
from chainstep.engine.autograd.tape import Scope, Slots, Tape
from chainstep.engine.autograd.value import topological_order
from support.cases import each
from support.graphs import Recipe, bits, grown, recipes

Copy = Callable[[Any], Any]


def pickled(item: Any, protocol: int) -> Any:
    return pickle.loads(pickle.dumps(item, protocol))


every_copy = pytest.mark.parametrize(
    "copied",
    [copy.deepcopy, *(partial(pickled, protocol=n) for n in range(pickle.HIGHEST_PROTOCOL + 1))],
    ids=["deepcopy", *(f"pickle {n}" for n in range(pickle.HIGHEST_PROTOCOL + 1))],
)


@every_copy
@given(recipe=recipes(list(OPS), 20), data=st.lists(st.floats(), min_size=2, max_size=2))
def test_a_copy_is_the_same_expression(copied: Copy, recipe: Recipe, data: list[float]) -> None:
    leaves = [Value(number, label=name) for number, name in zip(data, "ab", strict=True)]
    root = grown([*leaves, Value(2.0)], recipe, (2.0, -0.5))[-1]
    root.backward()
    twins = topological_order(copied(root))
    nodes = topological_order(root)
    place = {node: index for index, node in enumerate(nodes)}
    places = {node: index for index, node in enumerate(twins)}
    for node, twin in zip(nodes, twins, strict=True):
        assert twin is not node
        assert twin.op is node.op
        assert twin.label == node.label
        assert (bits(twin.data), bits(twin.grad)) == (bits(node.data), bits(node.grad))
        assert [places[each] for each in twin.inputs] == [place[each] for each in node.inputs]


@every_copy
def test_what_is_shared_stays_shared(copied: Copy) -> None:
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    y = a * b + a
    twins: tuple[Value, Value, Value, Value] = copied((a, y, b, y))
    assert twins[1] is twins[3]
    twins[1].backward()
    assert (twins[0].grad, twins[2].grad) == (-2.0, 2.0)
    assert (a.grad, b.grad) == (0.0, 0.0)


@every_copy
def test_a_tape_is_recorded_of_a_copy(copied: Copy) -> None:
    slots = Slots()
    tape = Tape(slots, [(Scope(), copied((Value(2.0) * 3 - 1) ** 2))])
    memory = slots.memory()
    tape.forward(memory)
    assert memory.data[-1] == 25.0


# 1,000 is how many a pickler takes at a time.
@every_copy
@each("depth", [1, 2, 999, 1000, 1001, 1002, 5000])
def test_depth_is_no_matter(copied: Copy, depth: int) -> None:
    assert sys.getrecursionlimit() < 5000
    x = y = Value(1.0)
    for _ in range(depth):
        y = y + x
    x, y = copied([x, y])
    y.backward()
    assert (y.data, x.grad) == (depth + 1.0, depth + 1.0)


def test_a_pickle_grows_with_the_expression() -> None:
    """Each node is in it once, however deep."""
    sizes = []
    for depth in (500, 1000, 2000, 4000):
        y = Value(1.0)
        for _ in range(depth):
            y = -y
        sizes.append(len(pickle.dumps(y)) / depth)
    assert max(sizes) < 1.1 * min(sizes)


@every_copy
def test_an_op_is_one_object(copied: Copy) -> None:
    for op in OPS.values():
        assert copied(op) is op


@every_copy
def test_a_network_and_its_loss(copied: Copy) -> None:
    mlp = MLP(2, [3, 1])
    loss = (mlp([1.0, -2.0]) - 1) ** 2  # type: ignore[operator]
    loss.backward()
    twin, lost = copied((mlp, loss))
    gradients = [parameter.grad for parameter in mlp.parameters()]
    assert [parameter.grad for parameter in twin.parameters()] == gradients
    twin.zero_grad()
    for node in topological_order(lost):
        node.grad = 0.0
    lost.backward()
    assert [parameter.grad for parameter in twin.parameters()] == gradients


class Named(Value):
    """A Value with more than a Value has."""

    def __init__(self, data: float, notes: list[str]) -> None:
        super().__init__(data)
        self.notes = notes


@every_copy
def test_a_subclass_keeps_what_is_its_own(copied: Copy) -> None:
    leaf = Named(2.0, ["first"])
    twin, made = copied((leaf, leaf * 3))
    assert made.inputs[0] is twin
    assert type(twin) is Named
    assert twin.notes == ["first"]
    assert twin.notes is not leaf.notes


def test_a_shallow_copy_has_the_same_inputs() -> None:
    y = Value(2.0) * 3
    twin = copy.copy(y)
    assert twin is not y
    assert twin.inputs == y.inputs


def test_a_pickle_that_fails_leaves_the_next_one_in_order() -> None:
    broken: Any = Value(1.0)
    broken.label = lambda: None
    y = Value(1.0)
    for _ in range(3000):
        y = y + broken
    with pytest.raises((AttributeError, pickle.PicklingError)):
        pickle.dumps(y)
    broken.label = ""
    assert pickle.loads(pickle.dumps(y)).data == 3001.0
