"""What a script did around the ops of each moment of a run, in the slots of a program: the numbers that we are told,
because no operation of ours computes them. Must not know positions, views or the screen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from ...autograd.tape import Memory, Slots, Tape
from ...autograd.value import Value
from ...records import Caching, record
from .graph import Graph
from .recording import Moment, Recording
from .replayed import BackwardPass, Replay
from .scopes import Groups

Numbers = tuple[float, ...]


@record(eq=False)
class Script(Caching):
    """A run of a script: moment k is step k of a session."""

    recording: Recording
    numbers: Sequence[int]
    """Of its moments in the recording."""
    slots: Slots
    tape: Tape
    values: Sequence[Value]
    """One for each node of the graph."""
    inputs: Sequence[int]
    """Nodes whose numbers each moment tells anew, beside the parameters: other leaves and unknown operations."""
    groups: Groups

    @cached_property
    def graph(self) -> Graph:
        """The graph that all its moments have."""
        return self.recording.graphs[self.moment(0).graph]

    def moment(self, step: int) -> Moment:
        """The moment that a step is."""
        return self.recording.moments[self.numbers[step]]

    @property
    def length(self) -> int:
        """How many moments it has."""
        return len(self.numbers)

    @cached_property
    def wrong(self) -> tuple[int, ...]:
        """The steps in which the own numbers are not all right."""
        return tuple(step for step in range(self.length) if self.moment(step).differs)

    @cached_property
    def slot(self) -> tuple[int, ...]:
        """The slot of each node."""
        return tuple(self.slots.of[value] for value in self.values)

    @cached_property
    def node(self) -> Mapping[int, int]:
        """The node of each slot that has one."""
        return {slot: node for node, slot in enumerate(self.slot)}

    @cached_property
    def _place(self) -> Mapping[int, int]:
        """Where in a moment's `given` the number of a node is."""
        return {node: place for place, node in enumerate(self.graph.given)}

    def _told(self, step: int, nodes: Sequence[int]) -> Numbers:
        given, place = self.moment(step).given, self._place
        return tuple(given[place[node]] for node in nodes)

    def samples(self) -> tuple[tuple[Numbers, Numbers], ...]:
        """The inputs of each step; there are no targets."""
        return tuple((self._told(step, self.inputs), ()) for step in range(self.length))

    def parameters(self, step: int) -> Numbers:
        """The parameters with which a step begins; behind the last one what the script left, if that is known."""
        if step < self.length:
            return self._told(step, self.graph.trained)
        final = self.recording.finals[self.moment(0).graph] if self.is_last else None
        return self._told(self.length - 1, self.graph.trained) if final is None else tuple(final)

    @cached_property
    def is_last(self) -> bool:
        """Whether no other moment of its graph comes after its last one: then it is known how the script left it."""
        last = self.numbers[-1]
        return all(later.graph != self.moment(0).graph for later in self.recording.moments[last + 1 :])

    def replayed(self, step: int) -> tuple[list[float], list[float]]:
        """What is right in a moment: the number and the gradient of each slot that has a node, 0 of others."""
        moment, size = self.moment(step), len(self.slots.values)
        found = [0.0] * size, [0.0] * size
        rows = Replay(self.graph).run(moment.given, moment.before.by_node, moment.taken)
        for numbers, row in zip(found, rows, strict=True):
            for slot, number in zip(self.slot, row, strict=True):
                numbers[slot] = number
        return found

    def zeroed(self, step: int) -> Numbers:
        """The parameters' gradients with which backward of a step begins: 0, unless the script did not zero them."""
        before = self.moment(step).before.by_node
        return tuple(before.get(node, 0.0) for node in self.graph.trained)

    def seed(self, step: int, memory: Memory) -> None:
        """Put in place the gradients of all other nodes with which backward of a step begins."""
        trained = {*self.graph.trained}
        for node, grad in self.moment(step).before:
            if node not in trained:
                memory.grad[self.slot[node]] = grad

    def backward(self, step: int, memory: Memory, start: int, stop: int) -> None:
        """Run ops start … stop−1 of a step's backward."""
        self._backward.run(memory, self.moment(step).taken, start, stop)

    @cached_property
    def _backward(self) -> BackwardPass:
        return BackwardPass(self.graph, self.tape, self.slot)
