"""The own class's numbers beside ours: where they are the same, and where not. Must not know sessions."""

from __future__ import annotations

import math

import pytest

from chainstep.engine.training.recorded.agreement import Comparison
from chainstep.engine.training.recorded.graph import Graph, RecordingError
from chainstep.engine.training.recorded.recording import Moment
from support.scripts.recordings import NEURON, Node, graph_of, numbers

LEAVES = [2.0, -3.0, 6.8]
TWICE: list[Node] = [("", (), "a"), ("mul", (0, 0), ""), ("add", (1, 0), "y")]


def moment(nodes: list[Node] | tuple[Node, ...], rows: tuple[list[float], list[float], list[float]]) -> Moment:
    return Comparison(0, graph_of(nodes, [-1] * len(nodes))).moment(-1, *rows)


def test_what_is_right_agrees_to_the_bit() -> None:
    made = moment([*NEURON], numbers(NEURON, LEAVES))
    assert (made.differs, made.rounded, made.agreement) == (0, 0, "right to the bit")
    assert [*made.given] == LEAVES


def test_a_gradient_that_is_assigned_differs_where_a_value_is_used_again() -> None:
    """a*a + a at 3: backward of * comes last, and leaves 3 where 7 is right."""
    made = moment(TWICE, numbers(TWICE, [3.0], assigns="mul"))
    assert [*made.grad] == [(0, 3.0)]
    assert not made.data.nodes
    assert made.agreement == "1 node differs"


def test_last_digits_are_told_by_their_size_and_kept_for_nothing() -> None:
    data, before, after = numbers(NEURON, LEAVES)
    data[-1] = math.nextafter(data[-1], 1.0)
    made = moment([*NEURON], (data, before, after))
    assert (made.differs, made.rounded, made.ulps) == (0, 1, 1.0)
    assert made.agreement == "right within 1 ulp"


def test_what_follows_from_a_rounded_number_is_no_mistake() -> None:
    """(tanh x + c)² where the sum is what the last digit of tanh leaves: its slope is of the own number, and right."""
    nodes: list[Node] = [("", (), "x"), ("", (), "c"), ("tanh", (0,), ""), ("add", (2, 1), "s"), ("mul", (3, 3), "y")]
    out = math.tanh(0.5)
    near = math.nextafter(out, 1.0)
    left = near - out
    slope = 2 * left
    after = [(1 - near * near) * slope, slope, slope, slope, 1.0]
    rows = [0.5, -out, near, left, left * left], [0.0] * 5, after

    assert moment(nodes, rows).agreement == "right but for rounding"
    after[3] = 3 * left
    assert [node for node, _ in moment(nodes, rows).grad] == [3]


def test_a_sum_that_cancels_may_be_rounded_as_what_is_added() -> None:
    """x*1e8 − x*1e8 with another order of additions: 1e-9 of 1e8 is no mistake, 1e-2 is one."""
    nodes: list[Node] = [
        ("", (), "x"),
        ("", (), ""),
        ("", (), ""),
        ("mul", (0, 1), ""),
        ("mul", (0, 2), ""),
        ("add", (3, 4), ""),
    ]
    data, before, after = numbers(nodes, [1.0, 1e8, -1e8])
    after[0] = 1e-9
    assert not moment(nodes, (data, before, after)).differs
    after[0] = 1e-2
    assert [*moment(nodes, (data, before, after)).grad] == [(0, 1e-2)]


@pytest.mark.parametrize("wrong", [math.nan, math.inf])
def test_what_is_not_finite_on_one_side_alone_differs(wrong: float) -> None:
    data, before, after = numbers(NEURON, LEAVES)
    after[1] = wrong
    assert [*moment([*NEURON], (data, before, after)).grad.nodes] == [1]


def test_gradients_go_on_from_what_was_there_before() -> None:
    before = [0.0, 5.0, 0.0, 0.0, 0.0, 0.0]
    made = moment([*NEURON], numbers(NEURON, LEAVES, before=before))
    assert ([*made.before], made.differs) == ([(1, 5.0)], 0)


def test_through_an_unknown_operation_gradients_are_taken_as_they_are() -> None:
    """relu6(x)·x: what comes back from relu6 cannot be checked, what comes from · can."""
    nodes: list[Node] = [("", (), "x"), ("add", (0, 0), "s"), ("relu6", (1,), "r"), ("mul", (2, 1), "y")]
    rows = numbers(nodes, [1.5])
    made = moment(nodes, rows)
    assert (made.differs, [*made.given], [*made.taken]) == (0, [1.5, 3.0], [rows[2][1]])
    assert moment(nodes, (rows[0], rows[1], [rows[2][0] + 1, *rows[2][1:]])).grad.by_node == {0: rows[2][0] + 1}


def test_a_graph_has_its_inputs_before_what_is_made_of_them() -> None:
    with pytest.raises(RecordingError, match="before its inputs"):
        Graph(["neg", ""], [(1,), ()], ["", ""], [-1, -1])
    with pytest.raises(RecordingError, match="every node"):
        moment([*NEURON], ([1.0], [0.0], [0.0]))


def test_an_op_of_a_known_name_with_other_inputs_is_unknown() -> None:
    graph = Graph(["", "add"], [(), (0,)], ["", ""], [-1, -1])
    assert (graph.opaque, graph.given, graph.taken) == ((1,), (0, 1), (0,))


def test_of_one_of_very_many_moments_the_leaves_are_enough() -> None:
    made = Comparison(0, graph_of(NEURON, [-1] * 6)).uncompared(-1, LEAVES)
    assert (made.loss, made.compared, made.agreement) == (math.tanh(-6 + 6.8), False, "not recorded: all are ours")
    with pytest.raises(RecordingError, match="every leaf"):
        Comparison(0, graph_of(NEURON, [-1] * 6)).uncompared(-1, [1.0])


def test_a_leaf_alone_is_nothing_to_step_through() -> None:
    with pytest.raises(RecordingError, match="leaf"):
        Graph([""], [()], ["a"], [-1])
