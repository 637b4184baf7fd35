"""Training on by the tapes, op by op, from anywhere to anywhere. Knows the stepper; must not know compiled code."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Generator, Sequence

from ..last_op import LastOp
from ..state import State
from ..stepper import Stepper
from .backend import Progress

MOST_AT_ONCE = 20_000
"""Ops of one sample that are run in one piece: a millisecond or two."""

MOST_UPDATED = 3_000
"""Parameters that are updated in one piece: each takes as long as several ops."""


class ReplayBackend:
    """The backend that can always go on."""

    engine = "replay"
    watched: Sequence[int]

    def __init__(self, stepper: Stepper) -> None:
        self.spacing, self.watched = sys.maxsize, ()
        self._stepper = stepper
        program = stepper.program
        # A sample of a script may be a whole batch of the script's own, with a tape as long.
        long = stepper.timeline_of(program.batches.size).total if program.script else len(program.tape)
        self._wide = max(long, len(program.parameters)) > MOST_AT_ONCE
        """It goes on in pieces of samples."""

    def ready(self, steps: int, *, prepare: bool) -> bool:
        """See `Backend`: it needs no preparation."""
        return True

    def advance(
        self, state: State, target: tuple[int, int], samples: int, quantum: Callable[[], int]
    ) -> Generator[int, None, Progress]:
        """See `Backend`. It yields only while it recomputes what compiled steps left stale, or what the next op of a
        wide network reads.
        """
        stepper = self._stepper
        target = min(target, (state.next_multiple(self.spacing), 0))
        losses: list[float] = []
        accuracies: list[float] = []
        done, last = 0, None
        while done < samples and (state.step, state.op) < target:
            timeline, batch = stepper.timeline(state), stepper.batch(state)
            stop, work = self._piece(state, target, samples - done)
            if stop < timeline.total:
                yield from stepper.recompute(state, MOST_AT_ONCE)
            if self._wide:
                yield from stepper.preparing(state, MOST_AT_ONCE)
            done += work
            ends = done >= samples or target == ((state.step, stop) if stop < timeline.total else (state.step + 1, 0))
            points = {stop, timeline.loss_end, stop - 1 if ends else stop}
            for point in sorted(point for point in points if state.op < point <= stop):
                op = LastOp(stepper, state) if ends and point == stop else None
                stepper.run(state, point)
                last = op and op.finish(state)
                if point == timeline.loss_end:
                    losses.append(state.memory.data[stepper.program.batch(len(batch)).root])
                    accuracies.append(self._accuracy(state, batch))
                    state.measured = len(batch)
        return Progress(done, losses, accuracies, last)

    def _piece(self, state: State, target: tuple[int, int], samples: int) -> tuple[int, int]:
        """How far to go at once: to which op of this step, and how many samples' worth of work that is."""
        timeline, op = self._stepper.timeline(state), state.op
        stop = target[1] if target[0] == state.step else timeline.total
        if self._wide:
            # Of pieces there is one in a slice: what a sample takes elsewhere says nothing of them.
            phase, _, end = timeline.phase(op)
            most = op + (MOST_UPDATED if phase == "update" else MOST_AT_ONCE)
            return min(stop, end if self._stepper.program.script else timeline.next(op, "sample"), most), samples
        if op == 0 and stop == timeline.total and timeline.size <= samples:
            return stop, timeline.size
        work = 0
        while op < stop and work < samples:
            op = timeline.next(op, "sample")
            work += 1
        return min(op, stop), work

    def _accuracy(self, state: State, batch: Sequence[int]) -> float:
        program = self._stepper.program
        if not program.coding.classes:
            return math.nan
        targets = [program.samples[index][1] for index in batch]
        right = sum(program.coding.is_right(state.outputs[place], row) for place, row in enumerate(targets))
        return right / len(batch)
