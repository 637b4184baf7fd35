"""Tells from what whole steps leave behind in which of them a breakpoint may be hit. Knows runs and what is waited for;
must not know how a hit is found.
"""

from __future__ import annotations

from ..run.run import Run
from .conditions import Bound
from .moments import Recorded, began_rising, numbers_at
from .troubles.troubles import Troubles
from .watched import Watched


class StepFilter:
    """Watches whole steps of a run go by, from the start of one. No step with a hit passes unsuspected, but a suspected
    step may have none.
    """

    def __init__(self, watched: Watched, found: Troubles, run: Run) -> None:
        self._watched = watched
        self._found = found
        self._step = run.state.step
        self._recorded = [Recorded(bound) for _, bound in watched.conditions if bound.recorded]
        self._others = [bound for _, bound in watched.conditions if not bound.recorded]
        self._seen = 2 * self._step
        self._dense = run.compilation.dense
        for recorded in self._recorded:
            recorded.begin(run, self._seen)
        self._keep(run)

    def _keep(self, run: Run) -> None:
        if self._others:
            self._before = numbers_at(run)
            self._held = [bound.holds(*self._before) for bound in self._others]

    def suspects(self, run: Run) -> list[int]:
        """The suspected steps, in order, of what has gone by since the last look."""
        watched = self._watched
        stop = run.state.step + run.measured()
        suspects: set[int] = set()
        for recorded in self._recorded:
            suspects.update(recorded.suspects(run, stop))
        for _, steps in watched.rising:
            losses = run.history.loss
            suspects.update(x for x in range((self._seen + 1) // 2, (stop + 1) // 2) if began_rising(losses, x, steps))
        if watched.nan and self._step != self._found.clean and not self._is_finite(run):
            suspects.add(self._step)
        if self._others:
            if any(self._may_turn(run, *held) for held in zip(self._others, self._held, strict=True)):
                suspects.add(self._step)
            if not run.state.op and run.state.step > self._step:
                self._keep(run)
        self._seen = stop
        if not run.state.op:
            self._step = run.state.step
        return sorted(suspects)

    def _is_finite(self, run: Run) -> bool:
        """Whether all was finite. The fast variant proves that of every step; where it gave up, nothing is known."""
        return Troubles.finite(run) and (self._dense or not run.compilation.dense)

    def _may_turn(self, run: Run, bound: Bound, held: bool) -> bool:
        """Whether a condition may become true at the end of a phase of the step that began at the last look."""
        step, op = run.position
        before, now = self._before, numbers_at(run)
        timeline = run.stepper.timeline(run.state)
        over = step > self._step
        if not over and op < timeline.loss_end:
            return False
        measured = before._replace(loss=now.loss, accuracy=now.accuracy)
        # A zero_grad that is forgotten leaves the gradients as they are.
        moments = [[measured], [measured._replace(grad=[0.0] * len(before.grad)), measured]]
        if over or op >= timeline.backward_end:
            moments.append([measured._replace(grad=now.grad)])
        if over:
            moments.append([now])
        may_be_false = not held
        for alternatives in moments:
            truths = [bound.holds(*numbers) for numbers in alternatives]
            if may_be_false and any(truths):
                return True
            may_be_false = not all(truths)
        return False
