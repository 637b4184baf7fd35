"""Tells from what whole steps leave behind in which of them a breakpoint may be hit. Knows runs and what is waited for;
must not know how a hit is found.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..run.run import Run
from ..run.trace import Trace
from .conditions import Bound, Numbers
from .moments import Recorded, began_rising, numbers_at, numbers_behind
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
        self._trace = Trace(slot for bound in self._others for slot in bound.parameters)
        self._zeroed = dict.fromkeys(self._trace.parameters, 0.0)
        if self._others:
            run.watch(self._trace)
        self._seen = 2 * self._step
        self._dense = run.compilation.dense
        for recorded in self._recorded:
            recorded.begin(run, self._seen)
        self._keep(run)

    def _keep(self, run: Run) -> None:
        if self._others:
            self._stand(numbers_at(run))

    def _stand(self, numbers: Numbers) -> None:
        """The next step that is looked at begins with these."""
        self._before = numbers
        self._held = [bound.holds(*numbers) for bound in self._others]

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
            suspects.update(self._turning(run))
        self._seen = stop
        if not run.state.op:
            self._step = run.state.step
        return sorted(suspects)

    def _is_finite(self, run: Run) -> bool:
        """Whether all was finite. The fast variant proves that of every step; where it gave up, nothing is known."""
        return Troubles.finite(run) and (self._dense or not run.compilation.dense)

    def _turning(self, run: Run) -> set[int]:
        """The steps since the last look in which a condition on parameters may become true."""
        step, op = run.position
        found: set[int] = set()
        first, told = self._step, self._trace.taken()
        for behind in range(first + 1, step):
            if behind not in told:
                return found | {*range(behind - 1, step)}  # nothing is known of these
            now = numbers_behind(run, behind, told[behind], self._before.data)
            if self._turns(now, [True] * 3):
                found.add(behind - 1)
            self._stand(now)
        over, timeline = step > first, run.stepper.timeline(run.state)
        phases = [over or op >= end for end in (timeline.loss_end, timeline.backward_end)]
        if self._turns(numbers_at(run), [*phases, over]):
            found.add(step - 1 if over else step)
        if over and not op:
            self._keep(run)
        return found

    def _turns(self, now: Numbers, phases: Sequence[bool]) -> bool:
        """Whether any of them may become true at the end of one of the phases loss, backward and update that are over,
        in a step that began at the last look.
        """
        before = self._before
        if not phases[0]:
            return False
        # Not by `_replace`: this is asked of every step, and takes as long as all the rest.
        begun = (now.loss, now.accuracy, before.lr, before.step, before.epoch, before.data)
        measured = Numbers(*begun, before.grad, before.previous)
        # A zero_grad that is forgotten leaves the gradients as they are.
        moments = [[measured], [Numbers(*begun, self._zeroed, before.previous), measured]]
        if phases[1]:
            moments.append([Numbers(*begun, now.grad, before.previous)])
        if phases[2]:
            moments.append([now])
        return any(_may_turn(*held, moments) for held in zip(self._others, self._held, strict=True))


def _may_turn(bound: Bound, held: bool, moments: Sequence[Sequence[Numbers]]) -> bool:
    """Whether a condition may become true at one of these moments, each of which has one of several numbers."""
    may_be_false = not held
    for alternatives in moments:
        truths = [bound.holds(*numbers) for numbers in alternatives]
        if may_be_false and any(truths):
            return True
        may_be_false = not all(truths)
    return False
