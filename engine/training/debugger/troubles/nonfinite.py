"""The first op of a step whose result is not finite, found by going through the step again. Looks at runs from beside;
must not know which steps are asked about.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator

from ....autograd.ops.ieee import all_finite
from ...moves import finish
from ...run import twin
from ...run.checkpoint import Checkpoint
from ...run.run import Run
from ...step.timeline import Spot


def bad_segment(run: Run, start: Checkpoint) -> Generator[int, None, Spot | None]:
    """The first segment of a step that writes what is not finite. Yields samples done."""
    step = _StepAgain(run, start)
    before: Spot | None = None
    ops = samples = 0
    for spot in step.segments():
        if before is not None and not all_finite(step.written(before)):
            return before
        before = spot
        # To compute the forward again and to look takes as long as the ops themselves.
        ops += 3 * spot.length
        samples += spot.phase == "backward"
        if ops > twin.OPS_AT_ONCE:
            yield max(1, samples)
            ops = samples = 0
    return before if before is not None and not all_finite(step.written(before)) else None


def bad_op(run: Run, start: Checkpoint, segment: Spot) -> Generator[int, None, int | None]:
    """The first op of a segment of a step whose result is not finite. Yields samples done."""
    step = _StepAgain(run, start)
    for spot in step.segments():
        if spot.start == segment.start:
            break
        yield 1
    for op in range(segment.start, segment.start + segment.length):
        step.run(op + 1)
        if not all_finite(step.result(segment._replace(op=op))):
            return op
        if op % 256 == 0:
            yield 1
    return None


class _StepAgain:
    """A step that is gone through beside a run, from its start: no record is kept, and none is copied unless an edit
    acts inside the step.
    """

    def __init__(self, run: Run, start: Checkpoint) -> None:
        self._start = start
        self._twin = twin.scout(run) if run.history.edited_inside(start.step) else None
        self._stepper, self._state = start.stepper, start.state()
        self._timeline = self._stepper.timeline(self._state)

    def segments(self) -> Iterator[Spot]:
        """The step's segments from its start on, each before its ops are run."""
        if self._twin is not None:
            finish(self._twin.goto(self._start.step, 0))
            # Nodes of the step before may hold anything there; in a state from a checkpoint they hold nothing.
            self._twin.state = self._state
        op = 0
        while op < self._timeline.total:
            spot = self._timeline.spot(op)
            yield spot
            op = spot.start + spot.length
            self.run(op)

    def run(self, op: int) -> None:
        """Run the ops up to op count `op` of the step."""
        if self._twin is None:
            self._stepper.run(self._state, op)
            return
        finish(self._twin.goto(self._start.step, op))
        self._stepper, self._state = self._twin.stepper, self._twin.state

    def written(self, spot: Spot) -> list[float]:
        """What the ops of a segment have written."""
        program, memory = self._stepper.program, self._state.memory
        if spot.phase == "zero_grad":
            return []
        if spot.phase == "update":
            return memory.data[: spot.length]
        tape = program.tape if spot.sample is not None else program.batch(self._timeline.size).tape
        if spot.phase == "backward":
            return [memory.grad[slot] for slot in {slot for _, i, j, _ in tape.program for slot in (i, j)}]
        first = tape.first + (program.forward if spot.phase == "loss" and spot.sample is not None else 0)
        return memory.data[first : first + spot.length]

    def result(self, spot: Spot) -> list[float]:
        """What the one op that was run last has written."""
        program, memory = self._stepper.program, self._state.memory
        k = self._timeline.instruction(spot)
        if spot.phase in ("zero_grad", "update"):
            return [memory.data[k]] if spot.phase == "update" else []
        tape = program.tape if spot.sample is not None else program.batch(self._timeline.size).tape
        _, i, j, slot = tape.program[k]
        return [memory.grad[i], memory.grad[j]] if spot.phase == "backward" else [memory.data[slot]]
