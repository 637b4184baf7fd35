"""A recorded graph as our own operations, on a tape: from the numbers that it was given to what is right. Knows Values
and tapes; must not know the own numbers, sessions or the screen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...autograd.ops.table import GIVEN, OPS
from ...autograd.tape import Memory, Scope, Slots, Tape
from ...autograd.value import Value, apply
from .graph import Graph


class GraphValues:
    """The Values of a graph. Each opaque node is made of one that holds its number: what it was made of in truth is cut
    off there.

    `fixed` are the numbers of leaves that are the same in every moment: constants of the expression. `numbers` are
    those that the others hold before they are told any.
    """

    def __init__(
        self, graph: Graph, fixed: Mapping[int, float] | None = None, numbers: Mapping[int, float] | None = None
    ) -> None:
        fixed, numbers = fixed or {}, numbers or {}
        self.values: list[Value] = []
        """One a node."""
        self.sources: dict[int, Value] = {}
        """Of each given node that is not fixed, the Value that is told its number."""
        for node, (op, inputs, name) in enumerate(zip(graph.ops, graph.inputs, graph.names, strict=True)):
            if not op:
                value = Value(
                    fixed.get(node, numbers.get(node, 0.0)), label=name if node in fixed else name or f"leaf{node + 1}"
                )
                if node not in fixed:
                    self.sources[node] = value
            elif graph.known(node):
                value = apply(OPS[op], *(self.values[each] for each in inputs))
                value.label = name
            else:
                told = Value(numbers.get(node, 0.0), label=called(op, [written(self.values[each]) for each in inputs]))
                self.sources[node] = told
                value = apply(GIVEN, told)
                value.label = name
            self.values.append(value)

    def sections(self, scopes: Sequence[Scope] | None = None) -> list[tuple[Scope, Value]]:
        """The results in the order of the graph, each with its scope."""
        results = [(node, value) for node, value in enumerate(self.values) if value.op is not None]
        return [(Scope() if scopes is None else scopes[node], value) for node, value in results]


class BackwardPass:
    """Backward over a graph's tape. What passes through an unknown operation is told, and put in place before the chain
    rule of what it goes into.
    """

    def __init__(self, graph: Graph, tape: Tape, slots: Sequence[int]) -> None:
        """`slots` has that of each node."""
        self._tape = tape
        last = len(tape) - 1
        told = [(slots[node], place) for place, node in enumerate(graph.taken)]
        # What no operation made comes last.
        self._stops = sorted((min(last - (slot - tape.first), last + 1), place, slot) for slot, place in told)

    def run(self, memory: Memory, taken: Sequence[float], start: int, stop: int) -> None:
        """Run ops start … stop−1; `taken` are the gradients of the graph's `taken` nodes."""
        tape = self._tape
        for offset, place, slot in self._stops:
            if start <= offset < stop or offset == stop == len(tape):
                tape.backward(memory, start, offset)
                memory.grad[slot], start = taken[place], offset
        tape.backward(memory, start, stop)


class Replay:
    """Computes a graph's numbers and gradients by our operations, again and again."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        traced = GraphValues(graph)
        slots = Slots()
        slots.add_all(traced.sources.values())
        self._tape = Tape(slots, traced.sections())
        self._memory: Memory = slots.memory()
        self.slots = [slots.of[value] for value in traced.values]
        """Of each node."""
        self._told = [slots.of[traced.sources[node]] for node in graph.given]
        self._backward = BackwardPass(graph, self._tape, self.slots)

    def run(
        self, given: Sequence[float], before: Mapping[int, float], taken: Sequence[float]
    ) -> tuple[list[float], list[float]]:
        """Each node's number and, after a backward pass from the last one, its gradient.

        Args:
            given: the numbers of the graph's `given` nodes.
            before: gradients to begin with, by node; the others begin with 0.
            taken: the gradients of the graph's `taken` nodes.
        """
        memory, tape = self._memory, self._tape
        for slot, number in zip(self._told, given, strict=True):
            memory.data[slot] = number
        tape.forward(memory)
        data = [memory.data[slot] for slot in self.slots]
        return data, self._gradients(before, taken)

    def gradients(self, data: Sequence[float], before: Mapping[int, float], taken: Sequence[float]) -> list[float]:
        """Each node's gradient after a backward pass over other numbers than ours: `data` has each node's."""
        for slot, number in zip(self.slots, data, strict=True):
            self._memory.data[slot] = number
        return self._gradients(before, taken)

    def _gradients(self, before: Mapping[int, float], taken: Sequence[float]) -> list[float]:
        memory = self._memory
        memory.grad[:] = [0.0] * len(memory.grad)
        for node, number in before.items():
            memory.grad[self.slots[node]] = number
        memory.grad[self.slots[-1]] = 1.0
        self._backward.run(memory, taken, 0, len(self._tape))
        return [memory.grad[slot] for slot in self.slots]

    def sizes(self) -> list[float]:
        """After `run`: for each node the sum of the sizes of all that was added to its gradient, and of all that was
        added to what that came of. Errors of rounding go by it, not by the sum, which may be small.
        """
        memory, tape = self._memory, self._tape
        data, sizes = memory.data, [0.0] * len(memory.data)
        sizes[self.slots[-1]] = 1.0
        for op, (_, i, j, k) in zip(reversed(tape.ops), reversed(tape.program), strict=True):
            for slot, slope in zip((i, j), op.backward_functions, strict=False):
                if slope is not None:
                    sizes[slot] += abs(slope(data[i], data[j], data[k])) * sizes[k]
        return [sizes[slot] for slot in self.slots]


def called(op: str, inputs: Sequence[str]) -> str:
    """An operation that we do not know, as text: `relu6(x)`."""
    return f"{op}({', '.join(inputs)})"


def written(value: Value) -> str:
    """A Value in an unknown operation's brackets: what has no name is left out."""
    return value.label or "…"
