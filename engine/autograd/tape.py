"""Tape: an expression recorded once as a flat program, replayed forward and backward one op at a time.

Knows Values and ops; must not know networks, data or training. A tape is only the program: the numbers live in a
`Memory`, whose slots several tapes may share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from itertools import count
from typing import NamedTuple

from . import replay
from .ops.operation import Op
from .value import Value, topological_order

_TOLD = 10_000
"""Instructions between two words of how many are recorded."""


class Scope(NamedTuple):
    """Where an op belongs inside a sample; layers and neurons count from 1."""

    layer: int | None = None
    neuron: int | None = None


class Memory:
    """The numbers of tapes: `data[slot]` and `grad[slot]`."""

    __slots__ = ("data", "grad")

    def __init__(self, data: Iterable[float]) -> None:
        self.data = list(data)
        self.grad = [0.0] * len(self.data)


class Slots:
    """Gives Values their places in a memory, in the order in which they come."""

    def __init__(self) -> None:
        self.values: list[Value] = []
        self.of: dict[Value, int] = {}
        self._first: list[float] = []
        """What memories begin with."""

    def add_all(self, values: Iterable[Value]) -> range:
        """The slots of new values, side by side."""
        start = len(self.values)
        self.values += values
        self.of.update(zip(self.values[start:], count(start)))
        return range(start, len(self.values))

    def memory(self) -> Memory:
        """A memory with a place for every slot: leaves hold their data, results 0."""
        self._first += [0.0 if value.op else value.data for value in self.values[len(self._first) :]]
        return Memory(self._first)


class Tape:
    """n instructions in topological order; instruction k writes slot `first + k`.

    `constants` are the slots of the leaves that were not known before recording: the numbers inside the expression.
    Backward can be broken in two ways: it overwrites gradients instead of adding to them, or goes from each op
    straight on to its inputs, unordered. It may also begin with instructions that are named, in their order.
    """

    def __init__(
        self,
        slots: Slots,
        sections: Iterable[tuple[Scope, Value]],
        *,
        overwrites: bool = False,
        unordered: bool = False,
        first: Sequence[int] = (),
        told: Callable[[float], None] = lambda _: None,
    ) -> None:
        """Record the sections in order; an op belongs to the first section that needs it. `told` hears now and then
        which share of the instructions is recorded, from 0 to 1.
        """
        seen = set(slots.of)
        nodes: list[Value] = []
        scopes: list[Scope] = []
        for scope, root in sections:
            found = topological_order(root, seen)
            nodes += found
            scopes += [scope] * len(found)
        self.constants = slots.add_all([value for value in nodes if value.op is None])
        results = [value for value in nodes if value.op is not None]
        slots_of_results = slots.add_all(results)
        self.first = slots_of_results.start
        self.scopes = [scope for scope, value in zip(scopes, nodes, strict=True) if value.op is not None]
        self.ops: list[Op] = [value.op for value in results if value.op is not None]
        self.program = [*_recorded(slots, slots_of_results, told)]
        self.overwrites = overwrites
        self._usual: Sequence[int] = self._first_visits() if unordered else range(len(self.program))[::-1]
        self.order: Sequence[int] = self._usual
        """The instruction of each op of backward."""
        self.reordered = False
        """It is in an order of somebody's own."""
        self.out_of_turn = False
        """It fires an op, in that order, before one that uses its result."""
        self._begin_with(first)
        self._zeros = [0.0] * len(self.program)

    def _begin_with(self, first: Sequence[int]) -> None:
        """Have backward begin with some instructions; what is not there is passed over."""
        named = dict.fromkeys(k for k in first if k < len(self.program))
        self.order = [*named, *(k for k in self._usual if k not in named)] if named else self._usual
        self.reordered = bool(named) and [*self.order] != [*self._usual]
        self.out_of_turn = self.reordered and bool(self.early(self.order))
        self._ordered = [self.program[k] for k in self.order]

    def firing(self, first: Sequence[int]) -> Tape:
        """The same tape with a backward that begins with some instructions, in their order."""
        twin = copy(self)
        twin._begin_with(first)
        return twin

    def early(self, fired: Sequence[int]) -> list[int]:
        """Of the instructions that backward has fired, in their order, those that were fired before one that uses their
        result: they passed a gradient on that was not complete.
        """
        when = {k: place for place, k in enumerate(fired)}
        late = len(fired)
        early = set()
        for user, (_, i, j, _) in enumerate(self.program):
            for k in {i - self.first, j - self.first}:
                if k in when and when[k] < when.get(user, late):
                    early.add(k)
        return [k for k in fired if k in early]

    def __len__(self) -> int:
        return len(self.program)

    def rest(self, start: int, leaves: Sequence[int]) -> Tape:
        """The instructions from `start` on as a tape of their own, over a memory in which the `leaves`, the slots of
        all that they read of before, come first.
        """
        slots = {slot: place for place, slot in enumerate(leaves)}
        slots.update(zip(range(self.first + start, self.first + len(self)), count(len(leaves))))
        rest = copy(self)
        rest.first, rest.ops, rest.scopes = len(leaves), self.ops[start:], self.scopes[start:]
        rest.program = [(code, slots[i], slots[j], slots[k]) for code, i, j, k in self.program[start:]]
        rest.constants = range(0)
        rest.order = range(len(rest))[::-1]
        rest._ordered, rest._zeros = rest.program[::-1], self._zeros[start:]
        return rest

    def _first_visits(self) -> list[int]:
        """Depth first from the root, as a `backward` that calls that of its inputs goes, but each op once."""
        order: dict[int, None] = {}
        for root in reversed(range(len(self.program))):
            ahead = [root]
            while ahead:
                k = ahead.pop()
                if k >= 0 and k not in order:
                    order[k] = None
                    _, i, j, _ = self.program[k]
                    ahead += (j - self.first, i - self.first)
        return list(order)

    def forward(self, memory: Memory, start: int = 0, stop: int | None = None) -> None:
        """Run instructions start … stop−1 forward; each clears the grad of what it writes."""
        whole = start == 0 and (stop is None or stop == len(self.program))
        cleared = self._zeros if whole else [0.0] * len(range(*slice(start, stop).indices(len(self.program))))
        memory.grad[self.first + start : self.first + start + len(cleared)] = cleared
        replay.forward(self.program if whole else self.program[start:stop], memory.data, memory.grad)

    def backward(self, memory: Memory, start: int = 0, stop: int | None = None) -> None:
        """Run the chain rule of ops start … stop−1 of backward: the first is the last one on the tape. The caller has
        set the root's grad.
        """
        whole = start == 0 and (stop is None or stop == len(self.program))
        run = replay.overwriting if self.overwrites else replay.backward
        run(self._ordered if whole else self._ordered[start:stop], memory.data, memory.grad)

    def backward_from(self, memory: Memory, stop: int) -> None:
        """Run the chain rule of instructions 0 … stop−1 alone. The caller has set the grads of what they lead to."""
        run = replay.overwriting if self.overwrites else replay.backward
        run([self.program[k] for k in self.order if k < stop], memory.data, memory.grad)

    def correct_backward(self, memory: Memory) -> None:
        """The whole of backward as it should be, even where the tape's own is broken."""
        replay.backward(self.program[::-1], memory.data, memory.grad)

    def forward_steps(self, memory: Memory) -> Iterator[int]:
        """Run forward one op at a time; yields the slot of each result after its op was run."""
        return replay.forward_steps(self.program, memory.data, memory.grad)

    def backward_steps(self, memory: Memory) -> Iterator[int]:
        """Run backward one op at a time; yields the slot of each op after its chain rule was run."""
        run = replay.overwriting_steps if self.overwrites else replay.backward_steps
        return run(self._ordered, memory.data, memory.grad)


def _recorded(slots: Slots, results: range, told: Callable[[float], None]) -> Iterator[replay.Instruction]:
    """The instructions that make the Values of these slots."""
    of, opcodes, values = slots.of, replay.OPCODES, slots.values
    for start in range(results.start, results.stop, _TOLD):
        some = range(start, min(results.stop, start + _TOLD))
        for slot, value in zip(some, values[some.start : some.stop], strict=True):
            op, a, b = value.op, value.a, value.b
            assert op is not None
            assert a is not None
            i = of[a]
            yield opcodes[op], i, i if b is None else of[b], slot
        told((some.stop - results.start) / len(results))
