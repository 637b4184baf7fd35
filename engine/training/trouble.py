"""Where things go wrong in a run's steps: the first number that is not finite, units that are dead or saturated. Looks
at runs from beside; must not know breakpoints.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Mapping

from ..tape import text
from .history import Checkpoint
from .run import Run
from .timeline import Spot

_NEAR_ONE = 0.99
_ENDS = 0.01

_STUCK: Mapping[str, Mapping[str, Callable[[float], bool]]] = {
    "dead": {"relu": lambda y: y == 0.0},
    "saturated": {
        "tanh": lambda y: abs(y) > _NEAR_ONE,
        "sigmoid": lambda y: y < _ENDS or y > 1.0 - _ENDS,
    },
}
"""For each trouble: the activations that can have it, and when an output does."""


def beside(run: Run) -> Run:
    """A twin that also knows the edits that are recorded ahead, so that it can go there as the run itself would."""
    twin = run.twin()
    twin.history.edits = list(run.history.edits)
    twin.quantum = sys.maxsize
    return twin


def arrive(moves: Iterable[int]) -> None:
    """Carry a movement out to its end."""
    for _ in moves:
        pass


def edited_inside(run: Run, step: int) -> bool:
    """Whether an edit acts in the middle of a step."""
    return any(edit.step == step and edit.op for edit in run.history.edits)


class Troubles:
    """What was found about the steps of one run, while nothing is edited."""

    def __init__(self) -> None:
        self._first_bad: dict[int, int | None] = {}
        self._stuck: dict[tuple[str, int], frozenset[int]] = {}

    # --- numbers that are not finite

    @staticmethod
    def proven(run: Run) -> bool:
        """Whether forward and backward of the step must stay finite, as far as they go through samples."""
        limit = run.compilation.plan.limit
        count = len(run.state.previous)
        return all(-limit <= p <= limit for p in (*run.state.memory.data[:count], *run.state.previous))

    @staticmethod
    def finite(run: Run) -> bool:
        """Whether the newest loss, the parameters and their gradients are finite."""
        measured, count = run.measured(), len(run.state.previous)
        if measured and not math.isfinite(run.history.loss[measured - 1]):
            return False
        memory = run.state.memory
        return all(map(math.isfinite, memory.data[:count])) and all(map(math.isfinite, memory.grad[:count]))

    def first_bad(self, run: Run) -> int | None:
        """The first op of the run's step whose result is not finite; None where there is none, or where the step before
        had one already.
        """
        step = run.state.step
        twin = beside(run)
        arrive(twin.goto(step, 0))
        if not all(map(math.isfinite, twin.parameters)):
            return None
        op = self._search(twin)
        if op is None or not step:
            return op
        arrive(twin.goto(step - 1, 0))
        return op if self._search(twin) is None else None

    def _search(self, twin: Run) -> int | None:
        step = twin.state.step
        if step not in self._first_bad:
            self._first_bad[step] = _first_bad(twin)
        return self._first_bad[step]

    # --- units that do not move

    def newly_stuck(self, run: Run, kind: str) -> tuple[str, ...]:
        """Names of the units that are `dead` or `saturated` for every sample of the step's batch, and were not in the
        step before. The run stands in the step, before its update.
        """
        step = run.state.step
        now = self._stuck_units(run, kind)
        if now and step:
            if (kind, step - 1) not in self._stuck:
                twin = beside(run)
                arrive(twin.goto(step - 1, 0))
                if edited_inside(run, step - 1):
                    arrive(twin.advance(step - 1, twin.stepper.timeline(twin.state).forward_end))
                self._stuck_units(twin, kind)
            now -= self._stuck[kind, step - 1]
        values = run.stepper.program.slots.values
        return tuple(text(values[slot]) for slot in sorted(now))

    def _stuck_units(self, run: Run, kind: str) -> frozenset[int]:
        key = kind, run.state.step
        known = self._stuck.get(key)
        if known is None or edited_inside(run, run.state.step):
            known = self._stuck[key] = _stuck(run, kind)
        return known


def _stuck(run: Run, kind: str) -> frozenset[int]:
    stepper, program = run.stepper, run.stepper.program
    tests = _STUCK[kind]
    tape = program.tape
    rows = zip(tape.ops[: program.forward], tape.program, strict=False)
    left = {slot: tests[op.name] for op, (_, _, _, slot) in rows if op.name in tests}
    memory = program.slots.memory()
    memory.data[: len(run.state.previous)] = run.parameters
    for index in stepper.batch(run.state):
        if not left:
            break
        stepper.load(memory, index)
        tape.forward(memory, 0, program.forward)
        left = {slot: stuck for slot, stuck in left.items() if stuck(memory.data[slot])}
    return frozenset(left)


def _first_bad(twin: Run) -> int | None:
    """Go through the twin's step, and find the first op whose result is not finite."""
    step = twin.state.step
    # Nodes of the step before may hold anything; from here they hold nothing.
    twin.state = Checkpoint.of(twin.stepper, twin.state, 0).state()
    timeline = twin.stepper.timeline(twin.state)
    op = 0
    while op < timeline.total:
        spot = timeline.spot(op)
        end = spot.start + spot.length
        # The last update is looked at alone: beyond it lies the next step, which an edit may begin.
        arrive(twin.advance(step, end) if end < timeline.total else twin.advance(step + 1, 0))
        memory = twin.state.memory
        if not (all(map(math.isfinite, memory.data)) and all(map(math.isfinite, memory.grad))):
            return _within(twin, spot, step)
        op = end
    return None


def _within(twin: Run, segment: Spot, step: int) -> int | None:
    arrive(twin.goto(step, segment.start))
    program, timeline = twin.stepper.program, twin.stepper.timeline(twin.state)
    for op in range(segment.start, segment.start + segment.length):
        spot = timeline.spot(op)
        arrive(twin.advance(step, op + 1) if op + 1 < timeline.total else twin.advance(step + 1, 0))
        memory, k = twin.state.memory, timeline.instruction(spot)
        if spot.phase in ("zero_grad", "update"):
            written = [memory.data[k], memory.grad[k]]
        else:
            tape = program.tape if spot.sample is not None else program.batch(timeline.size).tape
            _, i, j, slot = tape.program[k]
            written = [memory.grad[i], memory.grad[j]] if spot.phase == "backward" else [memory.data[slot]]
        if not all(map(math.isfinite, written)):
            return op
    return None
