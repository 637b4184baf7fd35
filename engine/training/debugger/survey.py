"""Finds out, while a run moves, where breakpoints are hit. Knows runs and what breakpoints wait for; must not know
which movement asks, nor count hits.

A hit is a function of the position alone. Step s is the window from just behind (s, 0) up to (s + 1, 0). Whole steps
are only filtered, by what they leave behind. A step that the filter suspects is walked, phase by phase, to the hit
itself.
"""

from __future__ import annotations

import math
import sys
from bisect import bisect_right
from collections.abc import Generator, Sequence

from ..moves import Moves, finish, result
from ..run.run import Run
from ..run.twin import briefly, goto_step, in_short_pieces, look_back, scout
from .breakpoints import Hit
from .moments import Climbing, Recorded, began_rising, numbers_at, ranges_over
from .ranges import truth
from .step_filter import StepFilter
from .troubles.troubles import Troubles
from .watched import Watched, WatchedPlace

_AT_ONCE = 64
"""Recorded steps that are looked at in one piece."""


class Survey:
    """What is watched on one run, in one movement: in that time nothing is edited but what is recorded."""

    def __init__(self, watched: Watched, found: Troubles) -> None:
        self.watched = watched
        self.found = found
        self.hits: list[Hit] = []
        """What is hit where `walk` has led."""

    # --- whole steps

    def whole_steps(self, run: Run, target: int) -> Generator[int, None, int]:
        """How many whole steps may be taken and filtered at once, from the start of a step up to that of step `target`;
        0 if the step must be walked. Yields samples done.
        """
        step, watched = run.state.step, self.watched
        inside = [edit.step for edit in run.history.edits if edit.op and edit.step >= step]
        # No more than what the record tells of each, with those before them. Beyond the last recorded step begins what
        # is forgotten again where it is overshot: not in one piece with what stays.
        recorded = len(run.history.loss)
        most = min([target, step + run.history.loss.reach, *([recorded] if step < recorded else []), *inside]) - step
        for place in watched.places:
            if most <= 0:
                break
            if place.step is not None and place.step > step:
                most = min(most, place.step - step)
            elif place.step in (None, step):
                most = min(most, 0 if any(place.ops(run)) else 1)
        if most > 0 and (watched.nan or watched.single_steps):
            # Single steps would not be worth compiling, but there are more of them to come.
            run.prepare(target - step)
            most = yield from self._unproven_steps(run, most)
        return max(0, most)

    def _unproven_steps(self, run: Run, most: int) -> Generator[int, None, int]:
        """How many of `most` whole steps may be taken where the record does not tell what is waited for."""
        watched, found = self.watched, self.found
        if watched.single_steps:
            most = min(most, self._traced_steps(run))
        if watched.nan and (run.compilation.dense or not run.compilation.ready):
            most = 1
            if (yield from self._first_bad(run)) is not None:
                return 0
        for kind in watched.stuck:
            if (yield from found.newly_stuck(run, kind)):
                return 0
        return most

    def _traced_steps(self, run: Run) -> int:
        """For how many steps machine code tells of parameters what it takes to know: no further than to an edit."""
        if self.watched.stuck or run.compilation.native is None:
            return 1
        step = run.state.step
        return min((edit.step for edit in run.history.edits if edit.step > step), default=sys.maxsize) - step

    @staticmethod
    def advance(run: Run, step: int) -> Moves:
        """Whole steps up to the start of one, in pieces that are short even where they are replayed."""
        return briefly(run, run.advance(step, 0))

    def filter(self, run: Run) -> Generator[int, None, StepFilter]:
        """A filter of the whole steps from here, the start of a step. Yields samples done."""
        yield from self._look_back(run)
        return StepFilter(self.watched, self.found, run)

    def _look_back(self, run: Run) -> Moves:
        """Whether a loss has risen so often, the losses before it tell."""
        return look_back(run, max((steps + 1 for _, steps in self.watched.rising), default=0))

    def places_here(self, run: Run) -> list[Hit]:
        """The places that are hit where the run stands."""
        step, op = run.position
        here = [place for place in self.watched.places if place.step in (None, step) and op in place.ops(run)]
        return [(place.breakpoint, "") for place in here]

    def suspects(self, run: Run, start: int, stop: int) -> Generator[int, None, list[int]]:
        """The steps from `start` up to `stop`, all behind the run, in which a hit may lie. Yields samples done."""
        found = {edit.step for edit in run.history.edits if edit.op}
        if not self.watched.recorded:
            yield from self._filter_again(run, start, stop, found)
        else:
            for place in self.watched.places:
                found.update((place.step - 1, place.step) if place.step is not None else ())
            before = max((steps + 1 for _, steps in self.watched.rising), default=1)
            for first, last in (yield from self._open(run, start, stop)):
                if run.history.is_exact(max(0, first - before), last):
                    yield from self._recorded(run, first, last, found)
                else:
                    yield from self._filter_again(run, first, last, found)
        return sorted(x for x in found if start <= x < stop)

    def _open(self, run: Run, start: int, stop: int) -> Generator[int, None, list[tuple[int, int]]]:
        """The rows of steps between `start` and `stop` of which the record, as it is, does not tell that nothing of it
        is hit there. A look at a stretch counts as a sample.
        """
        losses, conditions = run.history.loss, self.watched.conditions
        if losses.is_exact(start, stop):
            return [(start, stop)]
        fewest = min((steps for _, steps in self.watched.rising), default=math.inf)
        found: list[tuple[int, int]] = []
        at, looks, climbing = start, 0, Climbing(losses, start)
        while at < stop:
            forgotten = at < losses.exact_from
            last = min((at // losses.width + 1) * losses.width, stop) if forgotten else stop
            ranges = ranges_over(run, at, last) if conditions and forgotten else {}
            rises = fewest < math.inf and (not forgotten or climbing.over(at, last) >= fewest)
            if rises or any(truth(bound.tree, ranges) is None for _, bound in conditions):
                joined = found.pop()[0] if found and found[-1][1] == at else at
                found.append((joined, last))
            at, looks = last, looks + 1
        yield looks
        return found

    def _recorded(self, run: Run, start: int, stop: int, found: set[int]) -> Generator[int, None, None]:
        """Find the steps between `start` and `stop` in which something of the record is hit. Yields steps looked at."""
        for _, bound in self.watched.conditions:
            recorded = Recorded(bound)
            recorded.begin(run, 2 * start)
            for step in range(start, stop, _AT_ONCE):
                after = min(step + _AT_ONCE, stop)
                found.update(recorded.suspects(run, 2 * after))
                yield after - step
        for _, steps in self.watched.rising:
            found.update(x for x in range(start, stop) if began_rising(run.history.loss, x, steps))

    def _filter_again(self, run: Run, start: int, stop: int, found: set[int]) -> Generator[int, None, None]:
        """Go through past steps once more, beside the run."""
        twin = scout(run)
        yield from goto_step(twin, start, run.quantum)
        while twin.state.step < stop:
            step = twin.state.step
            whole = yield from self.whole_steps(twin, stop)
            steps = yield from self.filter(twin)
            twin.quantum = run.quantum
            for done in self.advance(twin, step + max(1, whole)):
                found.update(steps.suspects(twin) if whole else (step,))
                yield done
                twin.quantum = run.quantum
            if self.places_here(twin):
                found.add(twin.state.step - 1)

    # --- one step, exactly

    def walk(self, run: Run, target: tuple[int, int]) -> Generator[int, None, None]:
        """Forwards to the first hit behind this point, but at most to `target`, not beyond the next step's start.

        `hits` tells what is hit there. Left at any piece, the run has passed no hit.
        """
        self.hits = []
        step, op = run.position
        timeline = run.stepper.timeline(run.state)
        ends = (timeline.forward_end, timeline.loss_end, timeline.zero_end, timeline.backward_end, timeline.total)
        truths = None
        yield from self._look_back(run)
        yield from _recomputed(run)
        while run.position < target and not self.hits:
            op = run.state.op
            last = timeline.total if target[0] > step else target[1]
            end = next(end for end in ends if end > op)
            stop = min(last, end, *(self._next_op(run, place, op, last) for place in self.watched.places))
            if stop == end and truths is None:
                truths = self._truths(run, op if op in (0, *ends) else next(e for e in (0, *ends)[::-1] if e < op))
            bad = yield from self._first_bad(run)
            if bad is not None and op <= bad < stop:
                stop = bad + 1
            edited = run.history.edited_inside(step)
            stuck = (yield from self._stuck(run)) if stop == timeline.forward_end and not edited else []
            goal = (step, stop) if stop < timeline.total else (step + 1, 0)
            for done in in_short_pieces(run, run.advance(*goal)):
                if run.position == goal:
                    bad = self._bad_behind(run, step) if bad is None else bad
                    if bad is not None and op <= bad < stop - 1:
                        finish(run.goto(step, bad + 1))
                        goal, stop = run.position, bad + 1
                    if stop == timeline.forward_end and edited:
                        stuck = result(self._stuck(run))
                    now = self._truths(run, stop) if stop == end and self.watched.conditions else None
                    self.hits = self._hits(run, stop, end, truths, now)
                    self.hits += stuck if stop == timeline.forward_end else []
                    self.hits += self._went_bad(bad, stop)
                    truths = truths if now is None else now
                yield done

    def _went_bad(self, bad: int | None, stop: int) -> list[Hit]:
        return [(self.watched.nan, "")] if self.watched.nan and bad is not None and bad + 1 == stop else []

    @staticmethod
    def _next_op(run: Run, place: WatchedPlace, op: int, last: int) -> int:
        """The first op count behind `op` at which a place is hit in the run's step, but at most `last`."""
        if place.step not in (None, run.state.step):
            return last
        ops = place.ops(run)
        after = bisect_right(ops, op)
        return ops[after] if after < len(ops) else last

    def _hits(
        self, run: Run, stop: int, end: int, before: Sequence[bool] | None, now: Sequence[bool] | None
    ) -> list[Hit]:
        """What is hit at op count `stop`, where conditions were true or not `before`, and are `now`."""
        hits = self.places_here(run)
        if before is not None and now is not None:
            turned = zip(self.watched.conditions, before, now, strict=True)
            hits += [(b, "") for (b, _), was, holds in turned if holds and not was]
        phase_ends = run.stepper.timeline(run.state) if run.state.op else None
        if stop == end and phase_ends is not None and end == phase_ends.loss_end:
            step, losses = run.state.step, run.history.loss
            hits += [(b, "") for b, steps in self.watched.rising if began_rising(losses, step, steps)]
        return hits

    def _truths(self, run: Run, op: int) -> list[bool]:
        """Whether each condition holds at op count `op` of the run's step, or where it stands if it got there."""
        if not self.watched.conditions:
            return []
        if run.state.op and run.state.op != op:
            step = run.state.step
            run = scout(run)
            finish(run.goto(step, op))
        numbers = numbers_at(run)
        return [bound.holds(*numbers) for _, bound in self.watched.conditions]

    def _stuck(self, run: Run) -> Generator[int, None, list[Hit]]:
        """What is hit at the end of the step's forward, where nothing is edited before it."""
        hits: list[Hit] = []
        for kind, breakpoint_ in self.watched.stuck.items():
            names = yield from self.found.newly_stuck(run, kind)
            if names:
                hits.append((breakpoint_, _shortened(names)))
        return hits

    def _first_bad(self, run: Run) -> Generator[int, None, int | None]:
        """The op of the run's step that hits `nan`, where that is watched and not disproven."""
        step = run.state.step
        if self.watched.nan is None or self.found.clean == step or self.found.proven(run):
            return None
        bad = yield from self.found.first_bad(run, step)
        if bad is None:
            self.found.clean = step
        return bad

    def _bad_behind(self, run: Run, step: int) -> int | None:
        """Where the proof says nothing, in sums over the batch and in updates: what has gone bad in a step. Not to be
        left halfway: the run stands behind it already.
        """
        if self.watched.nan is None or self.found.clean == step or self.found.finite(run):
            return None
        return result(self.found.first_bad(run, step))


def _recomputed(run: Run) -> Generator[int, None, None]:
    """What compiled steps left stale is recomputed before a step is walked; also if it is left, or it would begin anew
    each time.
    """
    try:
        yield from run.stepper.recompute(run.state)
    except GeneratorExit:
        finish(run.stepper.recompute(run.state))
        raise


def _shortened(names: Sequence[str]) -> str:
    """At most three names."""
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
