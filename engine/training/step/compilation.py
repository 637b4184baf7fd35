"""A program's compiled functions, and whole steps taken by them. Knows compiler and stepper; must not know history.

Writing a source can be done in pieces. Making its bytecode holds the interpreter for about ten microseconds an op, so a
program with a screen has it made elsewhere. Until a variant is there, the replay does the work.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator, Sequence
from types import CodeType
from typing import NamedTuple
from weakref import WeakKeyDictionary

from ...compiler.compile import Numbers, Piece, Plan, Row, Train, code, function, source, source_in_pieces
from ...nn.optimizers import NAMESPACE, OPTIMIZERS
from ..setup.mistakes import MISTAKES
from .program import Program, Samples
from .stepper import State, Stepper

LARGEST_TAPE = 20_000
"""Ops of a sample beyond which the replay goes on: making the bytecode would take longer than people wait."""


SMALL_TAPE = 1_000
"""Ops of a sample up to which compiling costs no more than one step of replay: it is worth it for the first one."""


class Compilation:
    """The variants of one program under one optimiser, with the same parameters frozen."""

    def __init__(self, program: Program, optimizer: str, frozen: frozenset[int]) -> None:
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
            knobs=row.knobs,
            functions=NAMESPACE,
            classes=program.coding.classes > 0,
            threshold=program.coding.threshold,
            largest=max(numbers, default=0.0) if all(map(math.isfinite, numbers)) else math.inf,
            frozen=frozen,
        )
        self.obstacle = _obstacle(program)
        """Why it is replayed op by op; None where it can be compiled."""
        self.small = len(program.tape) <= SMALL_TAPE
        self.sources: dict[bool, str] = {}
        """The source of each variant that was written; the key says whether it is the dense one."""
        self._functions: dict[bool, Train] = {}
        self._dense = not self.plan.skips

    @property
    def possible(self) -> bool:
        """Whether it can be compiled."""
        return self.obstacle is None

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
        # An update never comes, so its knobs do not matter.
        knobs = [0.0] * len(self.plan.knobs)
        done, _, _ = self._functions[self._dense](numbers, [(rows, len(rows), None)], knobs)
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

    def run(
        self, numbers: Numbers, pieces: Sequence[Piece], knobs: Sequence[float]
    ) -> tuple[int, list[float], list[int]]:
        """Take steps, at most those of `pieces`; fewer where the fast variant may not go on.

        Returns how many, and the loss and the right decisions of each. From there the dense variant is wanted.
        """
        done, losses, rights = self._functions[self._dense](numbers, pieces, knobs)
        self._dense = self._dense or done < len(pieces)
        return done, losses, rights


def _obstacle(program: Program) -> str | None:
    if len(program.tape) > LARGEST_TAPE:
        return f"with {len(program.parameters)} parameters it is too large to be compiled"
    broken = [MISTAKES[name].label for name in program.settings.mistakes if MISTAKES[name].replayed]
    return f"{', '.join(broken)}: what is broken on purpose is not compiled" if broken else None


_MADE: WeakKeyDictionary[Program, dict[tuple[str, frozenset[int]], Compilation]] = WeakKeyDictionary()


def compilation_of(stepper: Stepper) -> Compilation:
    """The compilation of what a stepper runs; the same one each time."""
    key = stepper.settings.optimizer, stepper.frozen
    known = _MADE.setdefault(stepper.program, {})
    if key not in known:
        known[key] = Compilation(stepper.program, *key)
    return known[key]


class Taken(NamedTuple):
    """What is recorded of compiled steps: of each its loss, its right decisions, its samples and its learning rate."""

    losses: list[float]
    rights: list[int]
    sizes: list[int]
    rates: list[float]

    def then(self, more: Taken) -> Taken:
        """These steps, and `more` after them."""
        losses, rights, sizes, rates = more
        return Taken(self.losses + losses, self.rights + rights, self.sizes + sizes, self.rates + rates)


def leap(compilation: Compilation, stepper: Stepper, state: State, count: int) -> Taken:
    """Take `count` whole steps from a step's start, or fewer where the variant that runs may not go on."""
    numbers = _numbers(state)
    batches = _coming(stepper, state, count)
    sizes, rates = list(map(len, batches)), stepper.rates(state.step, count)
    pieces = list(zip(_rows(stepper, batches), sizes, _signed(stepper, rates), strict=True))
    done, losses, rights = compilation.run(numbers, pieces, stepper.knobs)
    if done:
        _put_back(numbers, stepper, state, batches[:done])
    return Taken(losses, rights, sizes[:done], rates[:done])


def stride(
    compilation: Compilation, stepper: Stepper, state: State, quantum: Callable[[], int]
) -> Generator[int, None, tuple[Taken, int]]:
    """Take one long step in slices of `quantum()` samples; yields how many were done, but not the last of them, and
    returns that. If it is left there, the state is as it was. Nothing is taken where the variant may not take the step.
    """
    numbers, batch = _numbers(state), stepper.batch(state)
    (rows,), size, start = _rows(stepper, [batch]), len(batch), 0
    rates = stepper.rates(state.step, 1)
    while True:
        stop = min(size, start + max(1, quantum()))
        rate = _signed(stepper, rates)[0] if stop == size else None
        done, losses, rights = compilation.run(numbers, [(rows[start:stop], size, rate)], stepper.knobs)
        if not done:
            return Taken([], [], [], []), 0
        if stop == size:
            break
        yield stop - start
        start = stop
    _put_back(numbers, stepper, state, [batch])
    return Taken(losses, rights, [size], rates), size - start


def _coming(stepper: Stepper, state: State, count: int) -> list[Sequence[int]]:
    """The batches of the next steps."""
    batches, epoch, cursor = stepper.program.batches, state.epoch, state.cursor
    if batches.size == batches.n:
        return [batches.at(epoch, 0)] * count
    coming = []
    for _ in range(count):
        batch = batches.at(epoch, cursor)
        coming.append(batch)
        cursor += len(batch)
        if cursor >= batches.n:
            epoch, cursor = epoch + 1, 0
    return coming


def _signed(stepper: Stepper, rates: list[float]) -> list[float]:
    """Learning rates as an update takes them: against the gradient, or along it."""
    return [-rate for rate in rates] if stepper.climbs else rates


def _rows(stepper: Stepper, batches: Sequence[Sequence[int]]) -> list[Sequence[Row]]:
    rows, whole = stepper.program.rows, stepper.program.batches.n
    return [rows if len(batch) == whole else [rows[index] for index in batch] for batch in batches]


def _numbers(state: State) -> Numbers:
    return Numbers(state.memory.data[: len(state.previous)], state.moments, state.updates + 1)


def _put_back(numbers: Numbers, stepper: Stepper, state: State, batches: Sequence[Sequence[int]]) -> None:
    count = len(state.previous)
    state.memory.data[:count] = numbers.parameters
    state.memory.grad[:count] = numbers.gradients
    state.previous[:] = numbers.previous
    for moment, new in zip(state.moments, numbers.moments, strict=True):
        moment[:] = new
    stepper.advance(state, sum(map(len, batches)), len(batches))
    state.measured = len(batches[-1])
    state.underived = batches[-1]
