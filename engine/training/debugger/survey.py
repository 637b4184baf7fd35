"""Finds out, while a run moves, where breakpoints are hit. Knows runs and what breakpoints wait for; must not know
which movement asks, nor count hits.

A hit is a function of the position alone. Step s is the window from just behind (s, 0) up to (s + 1, 0). Whole steps
are only screened, from what compiled steps leave behind: a screen never misses a hit, but may suspect a step that has
none. A suspected step is walked, phase by phase, to the hit itself.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Generator, Sequence
from typing import TypeVar

from ..run.moves import Moves
from ..run.run import Run
from .breakpoints import Breakpoint, Rising, Trouble
from .conditions import Bound, Condition, ConditionError
from .moments import Recorded, began_rising, numbers_at
from .places import Place
from .trouble import Troubles, arrive, begun, beside, edited_inside, in_pieces

_T = TypeVar("_T")

Hit = tuple[Breakpoint, str]
"""A breakpoint, and what else is to be said."""


class Survey:
    """Breakpoints on one run, for one movement: in that time nothing is edited but what is recorded."""

    def __init__(self, run: Run, watched: Sequence[Breakpoint], found: Troubles) -> None:
        self.places = [(b, b.target) for b in watched if isinstance(b.target, Place)]
        self.rising = [(b, b.target.steps) for b in watched if isinstance(b.target, Rising)]
        self.troubles = {b.target.kind: b for b in watched if isinstance(b.target, Trouble)}
        self.conditions: list[tuple[Breakpoint, Bound]] = []
        for known in watched:
            if isinstance(known.target, Condition):
                try:
                    self.conditions.append((known, known.target.bind(run.stepper.program)))
                except ConditionError:
                    # Typed for another model: here it never holds.
                    continue
        self.hits: list[Hit] = []
        """What is hit where the run stands, if it got there by `walk` or was asked by `arrived`."""
        self.found = found
        self.clean = -1
        """A step that is known to have no hit of `nan`."""

    @property
    def by_record(self) -> bool:
        """Whether the record alone tells in which steps hits may lie."""
        return (
            not self.troubles
            and all(bound.recorded for _, bound in self.conditions)
            and all(place.step is not None for _, place in self.places)
        )

    # --- whole steps

    def whole(self, run: Run, target: int) -> Generator[int, None, int]:
        """How many whole steps may be taken and screened at once from the start of a step; 0 if it must be walked.
        Yields samples done.
        """
        step = run.state.step
        inside = [edit.step for edit in run.history.edits if edit.op and edit.step >= step]
        most = min([target, *inside]) - step
        for _, place in self.places:
            if most <= 0:
                break
            if place.step is not None and place.step > step:
                most = min(most, place.step - step)
            elif place.step in (None, step):
                most = min(most, 0 if any(self._ops(run, place)) else 1)
        if most > 0 and (self.troubles or any(not bound.recorded for _, bound in self.conditions)):
            self._compile(run, target - step)
            most = yield from self._singly(run, most)
        return max(0, most)

    @staticmethod
    def _compile(run: Run, far: int) -> None:
        """Single steps would not be worth compiling, but there are more of them to come."""
        compilation = run.compilation
        if far > 2 and compilation.possible and not compilation.ready and run.compiles_here:
            compilation.make()

    def _singly(self, run: Run, most: int) -> Generator[int, None, int]:
        if any(not bound.recorded for _, bound in self.conditions) or self.troubles.keys() - {"nan"}:
            most = 1
        if "nan" in self.troubles and (run.compilation.dense or not run.compilation.ready):
            most = 1
            if not self.found.proven(run):
                if (yield from self.found.first_bad(run, run.state.step)) is not None:
                    return 0
                self.clean = run.state.step
        for kind in sorted(self.troubles.keys() - {"nan"}):
            if (yield from self.found.newly_stuck(run, kind)):
                return 0
        return most

    @staticmethod
    def moved(run: Run, step: int) -> Moves:
        """Whole steps up to the start of one, in pieces that are short even where nothing is compiled."""
        moves = run.advance(step, 0)
        return moves if run.compilation.ready else in_pieces(run, moves)

    def screen(self, run: Run) -> Screen:
        """Screens whole steps from here, the start of a step."""
        return Screen(self, run)

    def _ops(self, run: Run, place: Place) -> tuple[int, ...]:
        return place.ops(run.stepper.timeline(run.state), run.stepper.program)

    def arrived(self, run: Run) -> list[Hit]:
        """The places that are hit where the run stands."""
        step, op = run.position
        return [(b, "") for b, place in self.places if place.step in (None, step) and op in self._ops(run, place)]

    def suspects(self, run: Run, start: int, stop: int) -> Generator[int, None, list[int]]:
        """The steps from `start` up to `stop`, all of them behind the run, in which a hit may lie."""
        found = {edit.step for edit in run.history.edits if edit.op}
        if self.by_record:
            for _, place in self.places:
                found.update((place.step - 1, place.step) if place.step is not None else ())
            for _, bound in self.conditions:
                recorded = Recorded(bound)
                recorded.begin(run, 2 * start)
                found.update(recorded.suspects(run, 2 * stop))
            for _, steps in self.rising:
                found.update(x for x in range(start, stop) if began_rising(run.history.loss, x, steps))
        else:
            yield from self._seen_again(run, start, stop, found)
        return sorted(x for x in found if start <= x < stop)

    def _seen_again(self, run: Run, start: int, stop: int, found: set[int]) -> Generator[int, None, None]:
        """Go through past steps once more, beside the run."""
        twin = beside(run)
        yield from begun(twin, run.quantum, start)
        while twin.state.step < stop:
            step = twin.state.step
            whole = yield from self.whole(twin, stop)
            screen = self.screen(twin)
            twin.quantum = run.quantum
            for done in self.moved(twin, step + max(1, whole)):
                found.update(screen.look(twin) if whole else (step,))
                yield done
                twin.quantum = run.quantum
            if self.arrived(twin):
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
        yield from _settled(run)
        while run.position < target:
            op = run.state.op
            last = timeline.total if target[0] > step else target[1]
            end = next(end for end in ends if end > op)
            stop = min(last, end, *(self._next(run, place, op, last) for _, place in self.places))
            if stop == end and truths is None:
                truths = self._truths(run, op if op in (0, *ends) else next(e for e in (0, *ends)[::-1] if e < op))
            bad = yield from self._first_bad(run)
            if bad is not None and op <= bad < stop:
                stop = bad + 1
            edited = edited_inside(run, step)
            stuck = (yield from self._stuck(run)) if stop == timeline.forward_end and not edited else []
            goal = (step, stop) if stop < timeline.total else (step + 1, 0)
            for done in in_pieces(run, run.advance(*goal)):
                if run.position == goal:
                    bad = self._bad_behind(run, step) if bad is None else bad
                    if bad is not None and op <= bad < stop - 1:
                        arrive(run.goto(step, bad + 1))
                        goal, stop = run.position, bad + 1
                    if stop == timeline.forward_end and edited:
                        stuck = _result(self._stuck(run))
                    now = self._truths(run, stop) if stop == end and self.conditions else None
                    self.hits = self._hits(run, stop, end, truths, now)
                    self.hits += stuck if stop == timeline.forward_end else []
                    if bad is not None and bad + 1 == stop:
                        self.hits.append((self.troubles["nan"], ""))
                    if now is not None:
                        truths = now
                yield done
            if self.hits:
                return

    def _next(self, run: Run, place: Place, op: int, last: int) -> int:
        if place.step not in (None, run.state.step):
            return last
        ops = self._ops(run, place)
        after = bisect_right(ops, op)
        return ops[after] if after < len(ops) else last

    def _hits(
        self, run: Run, stop: int, end: int, before: Sequence[bool] | None, now: Sequence[bool] | None
    ) -> list[Hit]:
        hits = self.arrived(run)
        if before is not None and now is not None:
            turned = zip(self.conditions, before, now, strict=True)
            hits += [(b, "") for (b, _), was, holds in turned if holds and not was]
        phase_ends = run.stepper.timeline(run.state) if run.state.op else None
        if stop == end and phase_ends is not None and end == phase_ends.loss_end:
            step, losses = run.state.step, run.history.loss
            hits += [(b, "") for b, steps in self.rising if began_rising(losses, step, steps)]
        return hits

    def _truths(self, run: Run, op: int) -> list[bool]:
        """Whether each condition holds at op count `op` of the run's step, or where it stands if it got there."""
        if not self.conditions:
            return []
        if run.state.op and run.state.op != op:
            step = run.state.step
            run = beside(run)
            arrive(run.goto(step, op))
        numbers = numbers_at(run)
        return [bound.holds(*numbers) for _, bound in self.conditions]

    def _stuck(self, run: Run) -> Generator[int, None, list[Hit]]:
        """What is hit at the end of the step's forward, where nothing is edited before it."""
        hits: list[Hit] = []
        for kind in sorted(self.troubles.keys() - {"nan"}):
            names = yield from self.found.newly_stuck(run, kind)
            if names:
                hits.append((self.troubles[kind], _shortened(names)))
        return hits

    def _first_bad(self, run: Run) -> Generator[int, None, int | None]:
        if "nan" not in self.troubles or self.clean == run.state.step or self.found.proven(run):
            return None
        bad = yield from self.found.first_bad(run, run.state.step)
        self.clean = run.state.step if bad is None else self.clean
        return bad

    def _bad_behind(self, run: Run, step: int) -> int | None:
        """Where the proof says nothing, in sums over the batch and in updates: what has gone bad in a step. Not to be
        left halfway: the run stands behind it already.
        """
        if "nan" not in self.troubles or self.clean == step or self.found.finite(run):
            return None
        return _result(self.found.first_bad(run, step))


class Screen:
    """Watches whole steps go by, from a step's start, and suspects those in which a hit may lie."""

    def __init__(self, survey: Survey, run: Run) -> None:
        self._survey = survey
        self._step = run.state.step
        self._recorded = [Recorded(bound) for _, bound in survey.conditions if bound.recorded]
        self._others = [bound for _, bound in survey.conditions if not bound.recorded]
        self._seen = 2 * self._step
        self._dense = run.compilation.dense
        for recorded in self._recorded:
            recorded.begin(run, self._seen)
        self._keep(run)

    def _keep(self, run: Run) -> None:
        if self._others:
            self._before = numbers_at(run)
            self._held = [bound.holds(*self._before) for bound in self._others]

    def look(self, run: Run) -> list[int]:
        """The steps to be suspected, in order, of what has gone by since the last look."""
        survey = self._survey
        stop = run.state.step + run.measured()
        suspects: set[int] = set()
        for recorded in self._recorded:
            suspects.update(recorded.suspects(run, stop))
        for _, steps in survey.rising:
            losses = run.history.loss
            suspects.update(x for x in range((self._seen + 1) // 2, (stop + 1) // 2) if began_rising(losses, x, steps))
        if "nan" in survey.troubles and self._step != survey.clean and not self._is_finite(run):
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


def _result(search: Generator[int, None, _T]) -> _T:
    """What a search finds, carried out to its end."""
    while True:
        try:
            next(search)
        except StopIteration as end:
            found: _T = end.value
            return found


def _settled(run: Run) -> Generator[int, None, None]:
    """What compiled steps left to be derived, before anything is walked; also if it is left, or it would begin anew
    each time.
    """
    try:
        yield from run.stepper.recompute(run.state)
    except GeneratorExit:
        arrive(run.stepper.recompute(run.state))
        raise


def _shortened(names: Sequence[str]) -> str:
    """At most three names."""
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
