"""The own class's numbers laid beside ours: the same to the bit, but for the last digits, or not. Knows one graph's
replay; must not know how numbers were read, nor sessions.

Ours are what is right for the very leaves that the script had. Engines add up in orders of their own, and a formula for
tanh rounds otherwise than the library's: such differences are told by their size, and kept for nothing.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Sequence

from ...autograd.ops.table import OPS
from .graph import Graph, RecordingError
from .recording import Moment, Sparse
from .replayed import Replay

RELATIVE = 1e-9
"""What counts as rounding, of the larger of two numbers: a tanh written with exp may lose seven of its digits."""

SUMMED = 1e-12
"""What counts as rounding, of the sizes of all that was added up."""

Row = Sequence[float]


class Comparison:
    """Makes moments of one graph of what was read from it."""

    def __init__(self, index: int, graph: Graph) -> None:
        self._index = index
        self._graph = graph
        self._replay = Replay(graph)

    def moment(self, place: int, data: Row, before: Row, after: Row) -> Moment:
        """One `backward()`.

        Args:
            place: which of the recording's places called it.
            data: the own class's number of each node, as `backward()` found it.
            before: each node's gradient before it.
            after: each node's gradient after it.

        Raises:
            RecordingError: they have not a number for every node.
        """
        graph = self._graph
        if not len(data) == len(before) == len(after) == len(graph):
            raise RecordingError("a moment has not a number and two gradients for every node")
        given = array("d", [data[node] for node in graph.given])
        taken = array("d", [after[node] for node in graph.taken])
        begun = Sparse.of((node, grad) for node, grad in enumerate(before) if grad != 0.0)
        right_data, right_grad = self._replay.run(given, begun.by_node, taken)
        differing = [*_differing(data, right_data)]
        own_data = self._own_data(data, right_data, differing)
        turned = [*_differing(after, right_grad)]
        own_grad = self._own_grads(after, right_grad, turned)
        if own_grad and len(differing) > len(own_data):
            near = _near(data, right_data, {*own_data})
            own_grad = self._own_grads(after, self._replay.gradients(near, begun.by_node, taken), own_grad)
        return Moment(
            graph=self._index,
            place=place,
            loss=data[-1],
            given=given,
            before=begun,
            taken=taken,
            data=Sparse.of((node, data[node]) for node in own_data),
            grad=Sparse.of((node, after[node]) for node in own_grad),
            rounded=len(differing) + len(turned) - len(own_data) - len(own_grad),
            ulps=max(_most(data, right_data, differing, {*own_data}), _most(after, right_grad, turned, {*own_grad})),
        )

    def uncompared(self, place: int, data: Row) -> Moment:
        """One of which there are the numbers of its given nodes alone: leaves, where there are no unknown operations.

        Raises:
            RecordingError: they are not as many, or there are unknown operations.
        """
        graph = self._graph
        if len(data) != len(graph.given) or graph.opaque:
            raise RecordingError("a moment has not a number for every leaf")
        given, nothing = array("d", data), Sparse.of(())
        right, _ = self._replay.run(given, {}, ())
        return Moment(self._index, place, right[-1], given, nothing, array("d"), nothing, nothing, compared=False)

    def _own_data(self, own: Row, right: Row, differing: Sequence[int]) -> list[int]:
        """Those of the differing numbers that rounding does not explain, theirs or that of what they are made of."""
        apart: dict[int, None] = {}
        for node in differing:
            if self._rounding(node, own, right):
                continue
            begun = any(each in apart for each in self._graph.inputs[node])
            if begun or not self._graph.known(node) or not _close(own[node], self._made(node, own)):
                apart[node] = None
        return list(apart)

    def _made(self, node: int, own: Row) -> float:
        """What our operation makes of the own numbers."""
        inputs = [own[each] for each in self._graph.inputs[node]]
        return OPS[self._graph.ops[node]].forward_function(inputs[0], inputs[-1])

    def _own_grads(self, own: Row, right: Row, differing: Sequence[int]) -> list[int]:
        """Those of the differing gradients that rounding does not explain."""
        apart = [node for node in differing if not _close(own[node], right[node])]
        sizes = self._replay.sizes() if apart else []
        return [node for node in apart if not abs(own[node] - right[node]) <= SUMMED * sizes[node] < math.inf]

    def _rounding(self, node: int, own: Row, right: Row) -> bool:
        """Whether a number differs in its last digits alone: in those of what it was computed from."""
        size = max([abs(right[each]) for each in self._graph.inputs[node]], default=0.0)
        return _close(own[node], right[node]) or abs(own[node] - right[node]) <= SUMMED * size < math.inf


def _near(own: Row, right: Row, wrong: set[int]) -> Row:
    """The own numbers but for those that are wrong. Where two numbers cancel, all that is left of them is rounding, and
    slopes are taken of that.
    """
    return [right[node] if node in wrong else number for node, number in enumerate(own)]


def _differing(own: Row, right: Row) -> Iterator[int]:
    """The nodes with other bits; −0.0 is 0.0, and any nan is any other."""
    for node, (a, b) in enumerate(zip(own, right, strict=True)):
        if a != b and (a == a or b == b):
            yield node


def _close(a: float, b: float) -> bool:
    return abs(a - b) <= RELATIVE * max(abs(a), abs(b)) < math.inf


def _most(own: Row, right: Row, nodes: Sequence[int], but: set[int]) -> float:
    """By how many units in the last place numbers differ at most, of some nodes `but` these."""
    each = (abs(own[n] - right[n]) / math.ulp(max(abs(own[n]), abs(right[n]))) for n in nodes if n not in but)
    return max(each, default=0.0)
