"""The ops of one training step in their order, and the boundaries of every granularity between them.

Knows counts and scopes; must not know numbers: where an op lies depends on the program and the batch's size alone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, groupby
from operator import attrgetter
from typing import NamedTuple

from ...autograd.tape import Scope, Tape
from .program import Program

PHASES = ("forward", "loss", "zero_grad", "backward", "update")
"""The phases of a training step, in the order in which they are run."""

GRANULARITIES = ("op", "neuron", "layer", "sample", "phase", "step", "epoch")
"""What one step forward or back may be, from the finest to the coarsest."""


class Spot(NamedTuple):
    """Where op number `op` of a step lies: op `offset` of a segment of `length` ops that starts at op `start`."""

    op: int
    phase: str
    sample: int | None
    """Number of the sample in the batch, from 0; None for ops of the batch or of a parameter."""
    start: int
    length: int

    @property
    def offset(self) -> int:
        return self.op - self.start


class Timeline:
    """One step of a program on a batch of `size` samples: `total` ops, numbered from 0.

    forward: the samples' forward ops; loss: the samples' own loss ops, then the batch tape; zero_grad: an op a
    parameter, or nothing where it is forgotten; backward: the batch tape, then the samples, and where it is called a
    second time all of them again, which is a phase of its own; update: an op a parameter.
    """

    def __init__(self, program: Program, size: int) -> None:
        self.program = program
        self.size = size
        self._forward = program.forward
        self._own = len(program.tape) - program.forward
        self._batch_tape = program.batch(size).tape
        self._batch = len(self._batch_tape)
        self._parameters = len(program.parameters)
        self.forward_end = size * self._forward
        self.loss_end = self.forward_end + size * self._own + self._batch
        forgotten = "no_zero_grad" in program.settings.mistakes
        self.zeroes = not forgotten
        """Whether the step has a zero_grad."""
        self.zero_end = self.loss_end + (self._parameters if self.zeroes else 0)
        once = self._batch + size * len(program.tape)
        calls = 2 if "twice" in program.settings.mistakes else 1
        self.backwards = tuple(self.zero_end + call * once for call in range(calls))
        """The first op of each call of backward."""
        self.backward_end = self.zero_end + calls * once
        self.total = self.backward_end + self._parameters
        before, after = (self.forward_end, self.loss_end, self.zero_end), (*self.backwards[1:], self.backward_end)
        names = (*PHASES[:3], *["backward"] * calls, PHASES[4])
        ends = (*before, *after, self.total)
        self._phases = tuple(zip(names, (0, *ends), ends, strict=False))
        self.phases = tuple(dict.fromkeys(name for name, start, end in self._phases if start < end))
        """The phases that have ops: an expression has no loss of its own, and a zero_grad may be forgotten."""
        self._ends: dict[tuple[str, bool, str], Sequence[int]] = {}

    def phase(self, index: int) -> tuple[str, int, int]:
        """The phase of op `index`, its first op, and the one after its last."""
        for phase in self._phases:
            if index < phase[2]:
                return phase
        raise IndexError(index)

    def spot(self, index: int) -> Spot:
        """Where op `index` lies.

        Raises:
            IndexError: the step has no such op.
        """
        phase, start, _ = self.phase(index)
        if phase in ("zero_grad", "update"):
            return Spot(index, phase, None, start, self._parameters)
        if phase == "forward":
            each, samples_start = self._forward, start
        elif phase == "loss":
            each, samples_start = self._own, start
            batch_start = start + self.size * self._own
            if index >= batch_start:
                return Spot(index, phase, None, batch_start, self._batch)
        else:
            each, samples_start = self._forward + self._own, start + self._batch
            if index < samples_start:
                return Spot(index, phase, None, start, self._batch)
        sample = (index - samples_start) // each
        return Spot(index, phase, sample, samples_start + sample * each, each)

    def scope(self, spot: Spot) -> Scope:
        """Layer and neuron of an op."""
        if spot.phase in ("zero_grad", "update"):
            return self.program.parameter_scopes[spot.offset]
        if spot.sample is None:
            return Scope()
        return self.program.tape.scopes[self.instruction(spot)]

    def second(self, spot: Spot) -> bool:
        """Whether an op belongs to the second call of backward."""
        return spot.phase == "backward" and spot.op >= self.backwards[-1] > self.zero_end

    def instruction(self, spot: Spot) -> int:
        """Number of an op's instruction on its tape; of a parameter's op, the parameter."""
        if spot.phase == "loss" and spot.sample is not None:
            return self._forward + spot.offset
        return self.tape(spot).order[spot.offset] if spot.phase == "backward" else spot.offset

    def tape(self, spot: Spot) -> Tape:
        """The tape that an op of forward, loss or backward belongs to."""
        return self._batch_tape if spot.sample is None else self.program.tape

    def next(self, index: int, granularity: str) -> int:
        """The first boundary after op count `index`; at most the end of the step."""
        if granularity in ("step", "epoch"):
            return self.total
        if granularity == "op":
            return index + 1
        if granularity == "phase":
            return self.phase(index)[2]
        spot = self.spot(index)
        if granularity == "sample":
            return spot.start + spot.length
        ends = self._unit_ends(spot, granularity)
        return spot.start + ends[bisect_right(ends, spot.offset)]

    def previous(self, index: int, granularity: str) -> int:
        """The last boundary before op count `index` > 0; at least 0."""
        if granularity in ("step", "epoch"):
            return 0
        if granularity == "op":
            return index - 1
        if granularity == "phase":
            return self.phase(index - 1)[1]
        spot = self.spot(index - 1)
        if granularity == "sample":
            return spot.start
        ends = self._unit_ends(spot, granularity)
        place = bisect_right(ends, spot.offset)
        return spot.start + (ends[place - 1] if place else 0)

    def _unit_ends(self, spot: Spot, granularity: str) -> Sequence[int]:
        """The offsets in an op's segment at which one neuron or layer ends, ascending."""
        key = spot.phase, spot.sample is None, granularity
        if key not in self._ends:
            units = groupby(self._scopes(spot), None if granularity == "neuron" else attrgetter("layer"))
            self._ends[key] = [*accumulate(len([*ops]) for _, ops in units)]
        return self._ends[key]

    def _scopes(self, spot: Spot) -> Sequence[Scope]:
        """Layer and neuron of each op of an op's segment."""
        if spot.phase in ("zero_grad", "update"):
            return self.program.parameter_scopes
        if spot.sample is None:
            return [Scope()] * spot.length
        tape = self.program.tape
        if spot.phase == "backward":
            return tape.scopes[::-1] if tape.order == range(len(tape))[::-1] else [tape.scopes[k] for k in tape.order]
        start = self._forward if spot.phase == "loss" else 0
        return tape.scopes[start : start + spot.length]
