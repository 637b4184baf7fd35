"""Whole steps taken by compiled functions. Knows compilation and stepper; must not know history."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import NamedTuple

from ...compiler.plan import Numbers, Row
from .compilation import Compilation
from .stepper import State, Stepper


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
