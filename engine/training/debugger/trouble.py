"""Where things go wrong in a run's steps: the first number that is not finite, units that are dead or saturated. Looks
at runs from beside; must not know breakpoints.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence

from ...autograd.notation import text
from ..run.checkpoint import Checkpoint
from ..run.moves import Moves
from ..run.run import Run
from ..step.stepper import Stepper
from ..step.timeline import Spot

_NEAR_ONE = 0.99
_ENDS = 0.01

_PIECE = 8_000
"""Ops that are replayed at once: a millisecond or two."""

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


def in_pieces(run: Run, moves: Moves) -> Moves:
    """A movement of the run that is replayed, in pieces that take no longer than those of a search: its quantum may
    have been measured on compiled steps, which are a hundred times as fast.
    """
    most = max(1, _PIECE // (4 * len(run.stepper.program.tape) + 1))
    try:
        while True:
            given = run.quantum
            run.quantum = min(given, most)
            try:
                done = next(moves, None)
            finally:
                run.quantum = given
            if done is None:
                return
            yield done
    finally:
        moves.close()


def begun(twin: Run, quantum: int, step: int) -> Moves:
    """The way of a twin to the start of a step."""
    twin.quantum = quantum
    moves = twin.goto(step, 0)
    yield from moves if twin.compilation.ready else in_pieces(twin, moves)


def edited_inside(run: Run, step: int) -> bool:
    """Whether an edit acts in the middle of a step."""
    return any(edit.step == step and edit.op for edit in run.history.edits)


_Found = Checkpoint | frozenset[int] | Spot | int | None
_Key = tuple[str, int, int]
"""What is searched for, and in which step, from which op on."""


class Troubles:
    """What was found about the newest steps of one run, while nothing is edited.

    Searches yield samples done. One that is left goes on from there when it is asked for again.
    """

    def __init__(self) -> None:
        self._known: dict[_Key, _Found] = {}
        self._under_way: dict[_Key, Generator[int, None, _Found]] = {}

    def _turn_to(self, run: Run, step: int) -> None:
        """Forget all but what is asked of a step: it and the one before."""
        kept = (step - 1, step)
        for found in (self._known, self._under_way):
            for key in [key for key in found if key[1] not in kept]:
                del found[key]
        if run.position == (step, 0):
            self._known.setdefault(("start", step, 0), Checkpoint.of(run.stepper, run.state, 0))

    def _start(self, run: Run, step: int) -> Generator[int, None, Checkpoint]:
        """The start of a step, with the edits that are made there."""
        found = yield from self._search(("start", step, 0), lambda: _start(beside(run), run.quantum, step))
        assert isinstance(found, Checkpoint)
        return found

    def _search(self, key: _Key, begin: Callable[[], Generator[int, None, _Found]]) -> Generator[int, None, _Found]:
        while key not in self._known:
            search = self._under_way.get(key) or self._under_way.setdefault(key, begin())
            try:
                done = next(search)
            except StopIteration as end:
                self._known[key] = end.value
                break
            except BaseException:
                # What was interrupted cannot go on.
                del self._under_way[key]
                raise
            yield done
        self._under_way.pop(key, None)
        return self._known[key]

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
        return _finite(memory.data[:count]) and _finite(memory.grad[:count])

    def first_bad(self, run: Run, step: int) -> Generator[int, None, int | None]:
        """The first op of a step whose result is not finite; None where there is none, or where the step before had one
        already. The run stands in the step, or at its end.
        """
        self._turn_to(run, step)
        start = yield from self._start(run, step)
        if not _finite(start.parameters):
            return None
        segment = yield from self._bad_segment(run, start)
        if segment is None:
            return None
        if step and (yield from self._bad_segment(run, (yield from self._start(run, step - 1)))) is not None:
            return None
        op = yield from self._search(("bad op", step, 0), lambda: _within(_Beside(run, start), segment))
        return op if isinstance(op, int) else None

    def _bad_segment(self, run: Run, start: Checkpoint) -> Generator[int, None, Spot | None]:
        found = yield from self._search(("bad", start.step, 0), lambda: _bad_segment(_Beside(run, start)))
        return found if isinstance(found, Spot) else None

    # --- units that do not move

    def newly_stuck(self, run: Run, kind: str) -> Generator[int, None, tuple[str, ...]]:
        """Names of the units that are `dead` or `saturated` for every sample of the step's batch, and were not in the
        step before. The run stands in the step, before its update.
        """
        step, op = run.position
        self._turn_to(run, step)
        now = yield from self._stuck(run, kind, op if edited_inside(run, step) else 0)
        if now and step:
            now -= yield from self._stuck_before(run, kind, step - 1)
        values = run.stepper.program.slots.values
        return tuple(text(values[slot]) for slot in sorted(now))

    def _stuck(self, run: Run, kind: str, op: int) -> Generator[int, None, frozenset[int]]:
        stepper, batch, parameters = run.stepper, run.stepper.batch(run.state), run.parameters
        key = kind, run.state.step, op
        return _units((yield from self._search(key, lambda: _stuck(stepper, batch, parameters, kind))))

    def _stuck_before(self, run: Run, kind: str, step: int) -> Generator[int, None, frozenset[int]]:
        """Those of a step that is over: at the end of its forward, if an edit acts inside it."""
        start = yield from self._start(run, step)
        key = kind, step, -1 if edited_inside(run, step) else 0

        def begin() -> Generator[int, None, _Found]:
            if not edited_inside(run, step):
                batch = start.stepper.batch(start.state())
                return _stuck(start.stepper, batch, start.parameters, kind)
            return _stuck_inside(beside(run), step, start.stepper.timeline(start.state()).forward_end, kind)

        return _units((yield from self._search(key, begin)))


def _units(found: _Found) -> frozenset[int]:
    assert isinstance(found, frozenset)
    return found


def _start(twin: Run, quantum: int, step: int) -> Generator[int, None, Checkpoint]:
    yield from begun(twin, quantum, step)
    return Checkpoint.of(twin.stepper, twin.state, 0)


def _stuck_inside(twin: Run, step: int, op: int, kind: str) -> Generator[int, None, frozenset[int]]:
    yield from in_pieces(twin, twin.goto(step, op))
    return (yield from _stuck(twin.stepper, twin.stepper.batch(twin.state), twin.parameters, kind))


def _stuck(
    stepper: Stepper, batch: Sequence[int], parameters: Sequence[float], kind: str
) -> Generator[int, None, frozenset[int]]:
    program = stepper.program
    tests = _STUCK[kind]
    tape = program.tape
    rows = zip(tape.ops[: program.forward], tape.program, strict=False)
    left = {slot: tests[op.name] for op, (_, _, _, slot) in rows if op.name in tests}
    memory = program.slots.memory()
    memory.data[: len(parameters)] = parameters
    many = _PIECE // (program.forward + 1) + 1
    for count, index in enumerate(batch, start=1):
        if not left:
            break
        stepper.load(memory, index)
        tape.forward(memory, 0, program.forward)
        left = {slot: stuck for slot, stuck in left.items() if stuck(memory.data[slot])}
        if count % many == 0:
            yield many
    return frozenset(left)


class _Beside:
    """A step that is gone through beside a run, from its start: no record is kept, and none is copied unless an edit
    acts inside the step.
    """

    def __init__(self, run: Run, start: Checkpoint) -> None:
        self._start = start
        self._edited = beside(run) if edited_inside(run, start.step) else None

    def begin(self) -> None:
        """Stand at the step's start. Nodes of the step before may hold anything; from here they hold nothing."""
        self.stepper, self.state = self._start.stepper, self._start.state()
        self.timeline = self.stepper.timeline(self.state)
        if self._edited is not None:
            arrive(self._edited.goto(self._start.step, 0))
            self._edited.state = self.state

    def to(self, op: int) -> None:
        """Run the ops up to op count `op` of the step."""
        if self._edited is None:
            self.stepper.run(self.state, op)
            return
        arrive(self._edited.goto(self._start.step, op))
        self.stepper, self.state = self._edited.stepper, self._edited.state

    def segments(self) -> Iterator[Spot]:
        """The step's segments from its start on, each before its ops are run."""
        self.begin()
        op = 0
        while op < self.timeline.total:
            spot = self.timeline.spot(op)
            yield spot
            op = spot.start + spot.length
            self.to(op)

    def written(self, spot: Spot) -> list[float]:
        """What the ops of a segment have written."""
        program, memory = self.stepper.program, self.state.memory
        if spot.phase == "zero_grad":
            return []
        if spot.phase == "update":
            return memory.data[: spot.length]
        tape = program.tape if spot.sample is not None else program.batch(self.timeline.size).tape
        if spot.phase == "backward":
            return [memory.grad[slot] for slot in {slot for _, i, j, _ in tape.program for slot in (i, j)}]
        first = tape.first + (program.forward if spot.phase == "loss" and spot.sample is not None else 0)
        return memory.data[first : first + spot.length]

    def result(self, spot: Spot) -> list[float]:
        """What the one op that was run last has written."""
        program, memory = self.stepper.program, self.state.memory
        k = self.timeline.instruction(spot)
        if spot.phase in ("zero_grad", "update"):
            return [memory.data[k]] if spot.phase == "update" else []
        tape = program.tape if spot.sample is not None else program.batch(self.timeline.size).tape
        _, i, j, slot = tape.program[k]
        return [memory.grad[i], memory.grad[j]] if spot.phase == "backward" else [memory.data[slot]]


def _bad_segment(beside: _Beside) -> Generator[int, None, Spot | None]:
    """Go through a step to the first segment that writes what is not finite."""
    before: Spot | None = None
    ops = samples = 0
    for spot in beside.segments():
        if before is not None and not _finite(beside.written(before)):
            return before
        before = spot
        # To derive the forward again and to look takes as long as the ops themselves.
        ops += 3 * spot.length
        samples += spot.phase == "backward"
        if ops > _PIECE:
            yield max(1, samples)
            ops = samples = 0
    return before if before is not None and not _finite(beside.written(before)) else None


def _within(beside: _Beside, segment: Spot) -> Generator[int, None, int | None]:
    """The op of a segment whose result is not finite."""
    for spot in beside.segments():
        if spot.start == segment.start:
            break
        yield 1
    for op in range(segment.start, segment.start + segment.length):
        beside.to(op + 1)
        if not _finite(beside.result(segment._replace(op=op))):
            return op
        if op % 256 == 0:
            yield 1
    return None


def _finite(numbers: Sequence[float]) -> bool:
    # A sum of what is finite may overflow, but one that is finite has nothing else in it.
    return math.isfinite(sum(numbers)) or all(map(math.isfinite, numbers))
