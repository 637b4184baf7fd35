"""A native function with the arrays that it works on. Knows a frame's fields; must not know how the function was made.

The arrays stay where they are as long as the function is there: what runs is given nothing but their addresses.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, chain
from typing import NamedTuple, Protocol

from ..plan import Numbers, Plan, Row, Share
from .batches.orders import Orders
from .batches.work import Work
from .code import LANES
from .frame import Call, Places, address, aligned, stride


class Loaded(Protocol):
    """Machine code in this process, which is there as long as this is."""

    @property
    def entry(self) -> Callable[[int], int]:
        """`@train`: the address of a frame -> pieces done."""
        ...

    def call(self, name: str) -> Callable[[int], int]:
        """Another function that takes the address of a frame."""
        ...


_BEHIND = 8
"""Numbers that may be read behind an array, for a whole vector."""

ROOM = 2**20
"""Bytes of marks that one call may make, unless one alone is larger;"""

LONGEST = 2**14
"""and steps that it may take, unless there are more from one mark to the next."""


class Looks(NamedTuple):
    """What is to be told of whole steps besides."""

    due: int = 0
    """Behind so many steps, and behind `spacing` more each, all the numbers are marked; with 0 nowhere."""
    spacing: int = 1
    watched: Sequence[int] = ()
    """Parameters that are traced."""


_NONE = Looks()


class Taken(NamedTuple):
    """What was done."""

    pieces: int
    losses: array[float]
    """Of each step that was ended; `rights`, the right decisions, and `accuracies` likewise."""
    rights: array[int]
    accuracies: array[float]
    marks: Sequence[array[float]]
    """All the numbers behind the steps that were to be marked: parameters, gradients, the parameters before the last
    update, and the optimiser's state variables.
    """
    last: Sequence[float]
    """The optimiser's state for the last parameter before its last update."""
    traces: array[float]
    """Of each step that was ended, data and gradient of each parameter that was watched."""


class NativeFunction:
    """Trains on the samples that it was made with, as a generated function does."""

    def __init__(self, plan: Plan, code: Loaded, scratch: int, rows: Iterable[Row]) -> None:
        """`scratch` is how many doubles the function needs for itself."""
        count, inputs = len(plan.parameters), len(plan.inputs)
        self._plan, self._code, self._count = plan, code, count
        self.orders: Orders | None = None
        """Of the epochs, where samples are shuffled."""
        frozen = sorted(plan.frozen & {*range(count)})
        self._size = count * (3 + len(plan.state))
        self._numbers = _zeros(self._size + _BEHIND)
        rows = list(rows)
        fill = (1.0, *(0.0,) * (stride(inputs) - inputs - 1))
        lines = array("d", chain.from_iterable((*row[:inputs], *fill) for row in rows))
        self._rows = _zeros(len(lines) + LANES)
        at = (aligned(self._rows) - address(self._rows)) // self._rows.itemsize
        self._rows[at : at + len(lines)] = lines
        self._targets = array("d", chain.from_iterable(row[inputs:] for row in rows))
        self._marks = _zeros(1)
        self._frozen = array("q", frozen or [0])
        self._scratch = _zeros(scratch + len(frozen) * (1 + len(plan.state)) + LANES)
        self._totals, self._begun, self._last = _zeros(1), array("q", [0, 0]), _zeros(len(plan.state))
        own = accumulate((address(self._numbers), *(8 * count,) * 3))
        told: tuple[array[float] | array[int], ...]
        told = self._targets, self._totals, self._begun, self._frozen, self._last
        vectors = aligned(self._rows), aligned(self._scratch)
        self._places = Places._make((*own, *vectors, *(address(each) for each in told), len(frozen)))

    def run(
        self, numbers: Numbers, work: Sequence[Share], knobs: Sequence[float], *, bounded: bool
    ) -> tuple[int, list[float], list[int]]:
        """Do pieces of work: how many were done, and the loss and the right decisions of each step that they ended. If
        it is `bounded`, it stops before a step whose parameters are behind the plan's limit.
        """
        if not work:
            return 0, [], []
        taken = self.take(numbers, Work.of(work), knobs, bounded=bounded)
        return taken.pieces, taken.losses.tolist(), taken.rights.tolist()

    def most(self, spacing: int) -> int:
        """How many steps one call may take where every `spacing`-th is to be marked."""
        return max(1, min(ROOM // (8 * self._size), LONGEST // spacing)) * spacing

    def take(
        self, numbers: Numbers, work: Work, knobs: Sequence[float], *, bounded: bool, looks: Looks = _NONE
    ) -> Taken:
        """The same with more to tell, where that is to be looked at."""
        due, spacing, watched = looks
        steps = work.steps(work.pieces)
        losses, accuracies, rights = _zeros(steps), _zeros(steps), array("q", bytes(8 * max(1, steps)))
        missing = _marked(steps, due, spacing) * self._size - len(self._marks)
        self._marks.extend(_zeros(missing) if missing > 0 else ())
        marks = self._marks
        traces = _zeros(2 * steps * len(watched))
        self._take(numbers)
        told, seen = array("d", knobs or [0.0]), array("q", watched or [0])
        held = (*work.arrays, told, losses, rights, accuracies, marks, seen, traces)
        each, turning, (samples, batch, cursor) = len(work.counts) > 1, len(work.rates) - 1, work.epoch
        whole = (work.pieces, bounded, due, spacing, each, turning, numbers.t, len(watched), batch, samples, cursor)
        frame = array("q", self._places + Call._make((*map(address, held), *whole)))
        done = self._code.entry(address(frame))
        steps = work.steps(done)
        if done:
            self._give(numbers, steps)
        size = self._size
        copies = [marks[at : at + size] for at in range(0, _marked(steps, due, spacing) * size, size)]
        last = self._last.tolist()[: len(self._plan.state)]
        traces = traces[: 2 * steps * len(watched)]
        return Taken(done, losses[:steps], rights[:steps], accuracies[:steps], copies, last, traces)

    def _take(self, numbers: Numbers) -> None:
        """Take a session's numbers."""
        count = self._count
        self._numbers[:count] = array("d", numbers.parameters)
        if numbers.begun:
            self._numbers[count : 2 * count] = array("d", numbers.gradients)  # a step that begins has none
        for at, moments in zip(range(3 * count, self._size, count), numbers.moments, strict=True):
            self._numbers[at : at + count] = array("d", moments)
        self._totals[0] = numbers.total
        self._begun[:] = array("q", [numbers.begun, numbers.wrong])

    def _give(self, numbers: Numbers, steps: int) -> None:
        """Give them back, so many steps on."""
        count, size = self._count, self._size
        every: Sequence[float] = self._numbers.tolist()
        numbers.parameters, numbers.gradients = every[:count], every[count : 2 * count]
        if steps:
            numbers.previous = every[2 * count : 3 * count]
        numbers.moments = [every[at : at + count] for at in range(3 * count, size, count)]
        numbers.total, numbers.begun, numbers.wrong = self._totals[0], bool(self._begun[0]), self._begun[1]
        numbers.t += steps


def _marked(steps: int, due: int, spacing: int) -> int:
    """How many marks so many steps make."""
    return 1 + (steps - due) // spacing if 0 < due <= steps else 0


def _zeros(count: int) -> array[float]:
    """So many zeros, at an address of their own."""
    return array("d", bytes(8 * max(count, 1)))
