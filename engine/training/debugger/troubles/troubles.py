"""What is asked about troubles of a run's steps, and what was found: searches that can be left, and go on from there.

Knows runs; must not know breakpoints.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator

from ....autograd.ops.ieee import all_finite
from ....autograd.text.notation import text
from ...run.checkpoint import Checkpoint
from ...run.run import Run
from ...run.twin import goto_step, in_short_pieces, scout
from ...step.timeline import Spot
from .nonfinite import bad_op, bad_segment
from .stuck import stuck_units

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
        self.clean = -1
        """A step that is known to have no op that goes bad first."""

    def _turn_to(self, run: Run, step: int) -> None:
        """Forget all but what is asked of a step: it and the one before."""
        kept = (step - 1, step)
        for found in (self._known, self._under_way):
            for key in [key for key in found if key[1] not in kept]:
                del found[key]
        if run.position == (step, 0):
            self._known.setdefault(("start", step, 0), Checkpoint.of(run.stepper, run.state, 0))

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

    def _start(self, run: Run, step: int) -> Generator[int, None, Checkpoint]:
        """The start of a step, with the edits that are made there."""

        def begin() -> Generator[int, None, Checkpoint]:
            twin = scout(run)
            yield from goto_step(twin, step, run.quantum)
            return Checkpoint.of(twin.stepper, twin.state, 0)

        found = yield from self._search(("start", step, 0), begin)
        assert isinstance(found, Checkpoint)
        return found

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
        return all_finite(memory.data[:count]) and all_finite(memory.grad[:count])

    def first_bad(self, run: Run, step: int) -> Generator[int, None, int | None]:
        """The first op of a step whose result is not finite; None where there is none, or where the step before had one
        already. The run stands in the step, or at its end.
        """
        self._turn_to(run, step)
        start = yield from self._start(run, step)
        if not all_finite(start.parameters):
            return None
        segment = yield from self._bad_segment(run, start)
        if segment is None:
            return None
        if step and (yield from self._bad_segment(run, (yield from self._start(run, step - 1)))) is not None:
            return None
        op = yield from self._search(("bad op", step, 0), lambda: bad_op(run, start, segment))
        return op if isinstance(op, int) else None

    def _bad_segment(self, run: Run, start: Checkpoint) -> Generator[int, None, Spot | None]:
        found = yield from self._search(("bad", start.step, 0), lambda: bad_segment(run, start))
        return found if isinstance(found, Spot) else None

    # --- units that do not move

    def newly_stuck(self, run: Run, kind: str) -> Generator[int, None, tuple[str, ...]]:
        """Names of the units that are `dead` or `saturated` for every sample of the step's batch, and were not in the
        step before. The run stands in the step, before its update.
        """
        step, op = run.position
        self._turn_to(run, step)
        now = yield from self._stuck(run, kind, op if run.history.edited_inside(step) else 0)
        if now and step:
            now -= yield from self._stuck_before(run, kind, step - 1)
        values = run.stepper.program.slots.values
        return tuple(text(values[slot]) for slot in sorted(now))

    def _stuck(self, run: Run, kind: str, op: int) -> Generator[int, None, frozenset[int]]:
        stepper, batch, parameters = run.stepper, run.stepper.batch(run.state), run.parameters
        key = kind, run.state.step, op
        return _units((yield from self._search(key, lambda: stuck_units(stepper, batch, parameters, kind))))

    def _stuck_before(self, run: Run, kind: str, step: int) -> Generator[int, None, frozenset[int]]:
        """Those of a step that is over: at the end of its forward, if an edit acts inside it."""
        start = yield from self._start(run, step)
        stepper, state = start.stepper, start.state()
        inside = run.history.edited_inside(step)

        def begin() -> Generator[int, None, frozenset[int]]:
            if not inside:
                return (yield from stuck_units(stepper, stepper.batch(state), start.parameters, kind))
            twin = scout(run)
            yield from in_short_pieces(twin, twin.goto(step, stepper.timeline(state).forward_end))
            return (yield from stuck_units(twin.stepper, twin.stepper.batch(twin.state), twin.parameters, kind))

        return _units((yield from self._search((kind, step, -1 if inside else 0), begin)))


def _units(found: _Found) -> frozenset[int]:
    assert isinstance(found, frozenset)
    return found
