"""Training on by compiled functions, whole step by whole step. Knows compilation and the stepper; must not know the
replay.
"""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Callable, Generator, Sequence
from typing import NamedTuple

from ....compiler.plan import Numbers, Piece, Share
from ..last_op import LastOp
from ..state import State
from ..stepper import Stepper
from .backend import NOTHING, Progress


class CompiledBackend:
    """The backend for whole steps, from the start of one. It computes no nodes: behind it they are stale."""

    engine = "python"
    watched: Sequence[int]

    def __init__(self, stepper: Stepper) -> None:
        self.spacing, self.watched = sys.maxsize, ()
        self._stepper = stepper
        self._compilation = stepper.compilation

    def ready(self, steps: int, *, prepare: bool) -> bool:
        """See `Backend`. To prepare itself is to compile: worth it for several steps, or where it takes no longer than
        one.
        """
        compilation = self._compilation
        worth = compilation.possible and (compilation.small or steps > 2)
        if steps and worth and prepare and not compilation.made:
            compilation.make()
        return steps > 0 and compilation.made

    def advance(
        self, state: State, target: tuple[int, int], samples: int, quantum: Callable[[], int]
    ) -> Generator[int, None, Progress]:
        """See `Backend`. It yields only within a step that is larger than a quantum, and ends sooner where the variant
        that ran may not go on.
        """
        size = self._stepper.timeline(state).size
        if size > quantum():
            return (yield from self._step_in_slices(state, quantum))
        return self._steps(state, min(target[0] - state.step, max(1, samples // size)))

    def _steps(self, state: State, count: int) -> Progress:
        """Whole steps, `count` of them or fewer."""
        stepper, run = self._stepper, self._run
        count = min(count, state.next_multiple(self.spacing) - state.step)
        numbers, moments = numbers_of(state), [moment[-1] for moment in state.moments]
        batches = stepper.program.batches.coming(state.epoch, state.cursor, count)
        pieces = list(zip(batches, map(len, batches), stepper.rates(state.step, count), strict=True))
        # The op that was run last takes the optimiser's state before it, if there is any: the last step goes by itself.
        apart = 1 if moments and count > 1 else 0
        done, losses, rights = run(numbers, pieces[: count - apart], stepper.knobs)
        if apart and done == count - apart:
            moments = [moment[-1] for moment in numbers.moments]
            one, loss, right = run(numbers, pieces[-1:], stepper.knobs)
            done, losses, rights = done + one, losses + loss, rights + right
        return self._complete(state, numbers, _steps(batches[:done], losses, rights, moments))

    def _step_in_slices(self, state: State, quantum: Callable[[], int]) -> Generator[int, None, Progress]:
        """One long step. The state changes at its end only."""
        stepper = self._stepper
        numbers, moments = numbers_of(state), [moment[-1] for moment in state.moments]
        batch, rate = stepper.batch(state), stepper.rate(state.step)
        size, start = len(batch), 0
        while True:
            stop = min(size, start + max(1, quantum()))
            piece = batch[start:stop], size, rate if stop == size else None
            done, losses, rights = self._run(numbers, [piece], stepper.knobs)
            if not done:
                return Progress()
            if stop == size:
                break
            yield stop - start
            start = stop
        progress = self._complete(state, numbers, _steps([batch], losses, rights, moments))
        return progress._replace(samples=size - start)

    def _run(
        self, numbers: Numbers, pieces: Sequence[Share], knobs: Sequence[float]
    ) -> tuple[int, list[float], list[int]]:
        """Take steps: see `Compilation.run`."""
        rows = self._stepper.program.rows
        work: list[Piece] = [
            (rows if len(samples) == len(rows) else [rows[index] for index in samples], size, rate)
            for samples, size, rate in pieces
        ]
        return self._compilation.run(numbers, work, knobs)

    def _complete(self, state: State, numbers: Numbers, steps: Steps) -> Progress:
        """The state is carried behind these steps."""
        taken = len(steps.losses)
        if not taken:
            return Progress()
        stepper, count = self._stepper, len(state.previous)
        state.memory.data[:count] = numbers.parameters
        state.memory.grad[:count] = numbers.gradients
        state.previous[:] = numbers.previous
        for moment, new in zip(state.moments, numbers.moments, strict=True):
            moment[:] = new
        stepper.complete(state, steps.samples, taken)
        state.measured = len(steps.batch)
        state.stale = steps.batch
        accuracies = steps.accuracies if stepper.program.coding.classes else array("d", [math.nan]) * taken
        last = LastOp.of_step(stepper, state, steps.moments)
        return Progress(steps.samples, steps.losses, accuracies, last, steps.marks, steps.traces)


class Steps(NamedTuple):
    """Whole steps that were taken."""

    samples: int
    """Of all of them."""
    batch: Sequence[int]
    """The samples of the last one."""
    losses: Sequence[float]
    """Of each; `accuracies`, fractions that are right where there are classes, likewise."""
    accuracies: Sequence[float]
    moments: Sequence[float]
    """The last parameter's state of the optimiser before the last one."""
    marks: Sequence[array[float]] = ()
    """See `Progress`; traces likewise."""
    traces: array[float] = NOTHING


def numbers_of(state: State) -> Numbers:
    return Numbers(state.memory.data[: len(state.previous)], state.moments, state.updates + 1)


def _steps(
    batches: Sequence[Sequence[int]], losses: Sequence[float], rights: Sequence[int], moments: Sequence[float]
) -> Steps:
    sizes = list(map(len, batches))
    accuracies = [right / size for right, size in zip(rights, sizes, strict=True)]
    return Steps(sum(sizes), batches[-1] if batches else (), losses, accuracies, moments)
