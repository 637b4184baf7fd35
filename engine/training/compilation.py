"""A program's compiled functions, and whole steps taken by them. Knows compiler and stepper; must not know history.

Writing a source can be done in pieces. Making its bytecode holds the interpreter for about ten microseconds an op, so a
program with a screen has it made elsewhere. Until a variant is there, the replay does the work.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator, Sequence
from itertools import islice
from types import CodeType
from typing import NamedTuple
from weakref import WeakKeyDictionary

from ..compiler import Numbers, Piece, Plan, Train, code, function, source, source_in_pieces
from ..optimizers import NAMESPACE, OPTIMIZERS
from .program import Program, Samples
from .stepper import State, Stepper

LARGEST_TAPE = 20_000
"""Ops of a sample beyond which the replay goes on: making the bytecode would take longer than people wait."""


SMALL_TAPE = 1_000
"""Ops of a sample up to which compiling costs no more than one step of replay: it is worth it for the first one."""


class Compilation:
    """The variants of one program under one optimiser."""

    def __init__(self, program: Program, optimizer: str) -> None:
        row = OPTIMIZERS[optimizer]
        numbers = [abs(number) for sample in (*program.samples, *program.tests) for half in sample for number in half]
        self.plan = Plan(
            tape=program.tape,
            parameters=program.parameters,
            inputs=program.inputs,
            targets=program.targets,
            constants={slot: program.slots.values[slot].data for slot in program.tape.constants},
            outputs=program.outputs,
            root=program.root,
            mean=program.mean,
            l1=program.settings.l1,
            l2=program.settings.l2,
            lines=row.lines,
            state=row.state,
            functions=NAMESPACE,
            classes=program.coding.classes > 0,
            threshold=program.coding.threshold,
            largest=max(numbers, default=0.0) if all(map(math.isfinite, numbers)) else math.inf,
        )
        self.possible = len(program.tape) <= LARGEST_TAPE
        self.small = len(program.tape) <= SMALL_TAPE
        self.sources: dict[bool, str] = {}
        """The source of each variant that was written; the key says whether it is the dense one."""
        self._functions: dict[bool, Train] = {}
        self._dense = not self.plan.skips

    @property
    def wanted(self) -> bool:
        """Which variant is to go on: whether it is the dense one."""
        return self._dense

    @property
    def ready(self) -> bool:
        """Whether that one is there."""
        return self._dense in self._functions

    def write(self) -> Iterator[None]:
        """Write the source of the variant that is wanted, piece by piece."""
        dense = self._dense
        pieces = []
        for piece in source_in_pieces(self.plan, dense=dense):
            pieces.append(piece)
            yield
        self.sources[dense] = "".join(pieces)

    def install(self, dense: bool, made: CodeType) -> None:
        """Take in the bytecode of a variant's source."""
        self._functions[dense] = function(self.plan, made)

    def measure(self, parameters: Sequence[float], samples: Samples) -> tuple[float, int] | None:
        """The sum of samples' losses and the number of wrong decisions: a step that is begun and never ended.

        None where the variant at hand may not be used for these parameters.
        """
        numbers = Numbers(parameters, [[0.0] * len(parameters) for _ in self.plan.state], 1)
        rows = [(*inputs, *targets) for inputs, targets in samples]
        done, _, _ = self._functions[self._dense](numbers, [(rows, len(rows), None)], 0.0)
        return (numbers.total, numbers.wrong) if done else None

    def source(self, *, dense: bool = False) -> str:
        """The source of a variant: the fast one, or the dense one where it is asked for or the only one."""
        dense = dense or not self.plan.skips
        if dense not in self.sources:
            self.sources[dense] = source(self.plan, dense=dense)
        return self.sources[dense]

    def make(self) -> None:
        """Write and install the variant that is wanted, here and now."""
        for _ in self.write():
            pass
        self.install(self._dense, code(self.sources[self._dense]))

    def run(self, numbers: Numbers, pieces: Sequence[Piece], mu: float) -> tuple[int, list[float], list[int]]:
        """Take steps, at most those of `pieces`; fewer where the fast variant may not go on.

        Returns how many, and the loss and the right decisions of each. From there the dense variant is wanted.
        """
        done, losses, rights = self._functions[self._dense](numbers, pieces, mu)
        self._dense = self._dense or done < len(pieces)
        return done, losses, rights


_MADE: WeakKeyDictionary[Program, dict[str, Compilation]] = WeakKeyDictionary()


def compilation_of(program: Program, optimizer: str) -> Compilation:
    """The compilation of a program under an optimiser; the same one each time."""
    known = _MADE.setdefault(program, {})
    if optimizer not in known:
        known[optimizer] = Compilation(program, optimizer)
    return known[optimizer]


class Taken(NamedTuple):
    """What is recorded of a compiled step."""

    loss: float
    right: int
    size: int


def leap(compilation: Compilation, stepper: Stepper, state: State, count: int) -> list[Taken]:
    """Take `count` whole steps from a step's start, or fewer where the variant that runs may not go on."""
    numbers = _numbers(state)
    batches = list(islice(_coming(stepper, state), count))
    rates = [_rate(stepper, state.step + k) for k in range(count)]
    pieces = [(_rows(stepper, batch), len(batch), rate) for batch, rate in zip(batches, rates, strict=True)]
    done, losses, rights = compilation.run(numbers, pieces, stepper.settings.momentum)
    if done:
        _put_back(numbers, stepper, state, batches[:done])
    return [Taken(*taken) for taken in zip(losses, rights, map(len, batches), strict=False)]


def stride(
    compilation: Compilation, stepper: Stepper, state: State, quantum: Callable[[], int]
) -> Generator[int, None, Taken | None]:
    """Take one long step in slices of `quantum()` samples; yields how many were done. If it is left there, the state is
    as it was. Gives None where the variant may not take the step.
    """
    numbers, batch = _numbers(state), stepper.batch(state)
    rows, size, start = _rows(stepper, batch), len(batch), 0
    while start < size:
        stop = min(size, start + max(1, quantum()))
        rate = _rate(stepper, state.step) if stop == size else None
        done, losses, rights = compilation.run(numbers, [(rows[start:stop], size, rate)], stepper.settings.momentum)
        if not done:
            return None
        if stop < size:
            yield stop - start
        start = stop
    _put_back(numbers, stepper, state, [batch])
    return Taken(losses[0], rights[0], size)


def _coming(stepper: Stepper, state: State) -> Iterator[Sequence[int]]:
    """The batches from the state's step on."""
    batches, epoch, cursor = stepper.program.batches, state.epoch, state.cursor
    while True:
        batch = batches.at(epoch, cursor)
        yield batch
        cursor += len(batch)
        if cursor >= batches.n:
            epoch, cursor = epoch + 1, 0


def _rate(stepper: Stepper, step: int) -> float:
    return -stepper.lr(step) if stepper.settings.maximise else stepper.lr(step)


def _rows(stepper: Stepper, batch: Sequence[int]) -> Sequence[tuple[float, ...]]:
    rows = stepper.program.rows
    return rows if len(batch) == len(rows) else [rows[index] for index in batch]


def _numbers(state: State) -> Numbers:
    return Numbers(state.memory.data[: len(state.previous)], state.moments, state.updates + 1)


def _put_back(numbers: Numbers, stepper: Stepper, state: State, batches: Sequence[Sequence[int]]) -> None:
    count = len(state.previous)
    state.memory.data[:count] = numbers.parameters
    state.memory.grad[:count] = numbers.gradients
    state.previous[:] = numbers.previous
    for moment, new in zip(state.moments, numbers.moments, strict=True):
        moment[:] = new
    for batch in batches:
        stepper.advance(state, len(batch))
    state.measured = len(batches[-1])
    state.underived = batches[-1]
