"""Debugger: moves a run, forwards and backwards, and stops it where a breakpoint is hit. Must not know the screen, nor
what breakpoints wait for.

A movement yields, after each piece of it, how many samples it has worked through. Closed there, it leaves the run
forwards where it got to, without having passed a hit, and backwards where it began.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Generator, Sequence
from typing import TYPE_CHECKING

from ..commands import (
    AddBreakpoint,
    Back,
    CommandError,
    Continue,
    Debugging,
    DropBreakpoint,
    Forward,
    Goto,
    Movement,
    ReverseContinue,
    RunTo,
    SetGranularity,
    ToggleBreakpoint,
)
from ..moves import Moves, finish
from ..run.history import Edit
from ..run.run import Run
from ..step.program import Program
from ..step.timeline import GRANULARITIES
from .breakpoints import Breakpoint, Breakpoints, Hit, reason
from .early_stop import REASON, EarlyStop, best

if TYPE_CHECKING:
    from ..snapshot.debugger import Fault
    from .places import Place
    from .survey import Survey
    from .troubles.troubles import Troubles
    from .watched import Watched

_Search = Generator[int, None, tuple[tuple[int, int], list[Hit]] | None]
"""Yields samples done, and ends with a position and what is hit there."""

_FARTHEST = 4096
"""Steps that are looked through at once on the way back."""


class Debugger:
    """Movements that honour `breakpoints`."""

    def __init__(self, breakpoints: Breakpoints | None = None) -> None:
        self.breakpoints = Breakpoints() if breakpoints is None else breakpoints
        self.granularity = "op"
        """What one step forwards or back is where a movement names none."""
        self.stopped: str | None = None
        """Why the last movement stopped, if something stopped it."""
        self.best: int | None = None
        """Where it was an early stop: the step at which the loss of the samples that are held out was smallest."""
        self._early_stop = EarlyStop()
        self._suspected = -1
        """A step that is to be walked: a movement that is closed on its way back to it would suspect it for ever."""
        self._watched: tuple[Sequence[Breakpoint], Program, Watched] | None = None
        """The breakpoints on the program for which they were sorted last."""
        self._found: tuple[Run, list[Edit], Troubles] | None = None
        """What was found about a run with its edits: where a movement is closed in a search, the next one goes on."""

    def _survey(self, run: Run, breakpoints: Sequence[Breakpoint]) -> Survey:
        # Where nothing stops a movement, none of these is needed.
        from .survey import Survey
        from .troubles.troubles import Troubles
        from .watched import Watched

        edits, program = run.history.edits, run.stepper.program
        if self._found is None or self._found[0] is not run or self._found[1] != edits:
            self._found = run, list(edits), Troubles()
        if self._watched is None or self._watched[:2] != (breakpoints, program):
            self._watched = breakpoints, program, Watched(breakpoints, program)
        return Survey(self._watched[2], self._found[2])

    def apply(self, command: Debugging, program: Program) -> None:
        """Move otherwise from here on, or stop elsewhere.

        Raises:
            CommandError: there is no such granularity or breakpoint, or the program has no such place; nothing has
                changed.
        """
        match command:
            case SetGranularity(granularity):
                self.granularity = _known(granularity)
            case AddBreakpoint(text):
                self.breakpoints.add(text, program)
            case ToggleBreakpoint(number):
                self.breakpoints.toggle(number)
            case DropBreakpoint(number):
                self.breakpoints.drop(number)

    def move(self, run: Run, command: Movement, *, halts: bool = False) -> Moves:
        """Carry out a movement piece by piece; one that `halts` is a piece of continuous training: it stops where
        numbers first leave the finite ones, and does not begin where an early stop is due.

        Raises:
            CommandError: there is no such position, place or granularity; now, or as the movement gets there.
        """
        moves = self._moves(run, command)
        if not halts:
            return moves
        if isinstance(command, Forward) and run.stepper.program.validation:
            moves = self._unless_due(run, moves)
        return self._halting(run, moves)

    def _moves(self, run: Run, command: Movement) -> Moves:
        self.stopped = self.best = None
        match command:
            case Forward(granularity, count):
                level = _known(granularity or self.granularity)
                return self._times(count, lambda: self.forward(run, level))
            case Back(granularity, count):
                level = _known(granularity or self.granularity)
                return self._times(count, lambda: run.back(level))
            case Goto(step, op):
                return run.goto(step, op)
            case Continue():
                return self.resume(run, run.limit)
            case ReverseContinue():
                return self.reverse(run)
            case RunTo(place, backwards):
                return self.run_to(run, place, backwards)

    def _times(self, count: int, move: Callable[[], Moves]) -> Moves:
        for _ in range(count):
            yield from move()
            if self.stopped:
                return

    # --- forwards

    def forward(self, run: Run, granularity: str) -> Moves:
        """To the next boundary of a granularity, or to the first hit before it."""
        self.stopped = None
        watched = self.breakpoints.enabled
        if not watched:
            return run.forward(granularity)
        run.refuse_end()
        return self._advance(run, self._survey(run, watched), run.boundary(granularity))

    def resume(self, run: Run, step_limit: int | None = None, *, halts: bool = False) -> Moves:
        """Continuous training to the next hit, at most to the start of step `step_limit`; `halts` as in `move`."""
        self.stopped = self.best = None
        stop = min(run.end, sys.maxsize if step_limit is None else step_limit)
        moves = self._patiently(run, stop) if run.stepper.program.validation else self._train(run, stop)
        return self._halting(run, moves) if halts else moves

    def _train(self, run: Run, stop: int) -> Moves:
        """To the start of step `stop`, or to the next hit."""
        watched = self.breakpoints.enabled
        return self._advance(run, self._survey(run, watched), (stop, 0)) if watched else run.advance(stop, 0)

    def _patiently(self, run: Run, stop: int) -> Moves:
        """The same epoch by epoch, to where the loss of the samples that are held out has long not become smaller."""
        while run.state.step < stop and not self.stopped:
            yield from self._unless_due(run, self._train(run, min(stop, run.boundary("epoch")[0])))

    def _unless_due(self, run: Run, moves: Moves) -> Moves:
        """A movement, unless an early stop is due where it begins."""
        yield from self._early_stop.measure(run)
        if self._early_stop.is_due(run):
            run.history.stopped(*run.position, REASON)
            self.stopped, self.best = REASON, best(run)
            return
        yield from moves

    def _halting(self, run: Run, moves: Moves) -> Moves:
        """A movement forwards, but at most to behind the op with which numbers first leave the finite ones. Where they
        have left them already, nothing halts it.

        Nothing is watched for that: the run finds its fault by itself, a piece too late, and it goes back there.
        """
        known, begun = _Known(run), run.position
        hits = [(breakpoint_, breakpoint_.hits) for breakpoint_ in self.breakpoints]
        had = run.fault is not None
        for done in moves:
            fault = run.fault
            behind = begun if fault is None else (fault.step, fault.op + 1)
            if fault is None or had or behind <= begun or (self.stopped and run.position <= behind):
                yield done
                continue
            moves.close()
            for breakpoint_, count in hits:
                breakpoint_.hits = count  # what was hit lies behind it
            yield from _return(run, behind, known)
            self.stopped = _words(fault)
            return

    def _advance(self, run: Run, survey: Survey, target: tuple[int, int], *, counts: bool = True) -> Moves:
        """Forwards to a position or to the first hit before it."""
        known = _Known(run)
        while run.position < target and not self.stopped:
            step, op = run.position
            whole = (yield from survey.whole_steps(run, target[0])) if not op and step != self._suspected else 0
            if not whole:
                yield from self._walk(run, survey, min(target, (step + 1, 0)), counts)
                continue
            steps = yield from survey.filter(run)
            moves = survey.advance(run, step + whole)
            for done in moves:
                suspects = steps.suspects(run)
                if suspects:
                    moves.close()
                    self._suspected = suspects[0]
                    yield from _return(run, (suspects[0], 0), known)
                    yield from self._walk(run, survey, min(target, (suspects[0] + 1, 0)), counts)
                    break
                hits = survey.places_here(run) if run.position == (step + whole, 0) else []
                self._stop(run, hits, counts)
                yield done

    def _walk(self, run: Run, survey: Survey, target: tuple[int, int], counts: bool) -> Moves:
        for done in survey.walk(run, target):
            self._stop(run, survey.hits, counts)
            yield done

    def _stop(self, run: Run, hits: Sequence[Hit], counts: bool = True) -> None:
        if not hits:
            return
        self.stopped = reason(hits)
        for breakpoint_, _ in hits:
            breakpoint_.hits += counts
            if counts:
                run.history.stopped(*run.position, breakpoint_.text)

    # --- backwards

    def reverse(self, run: Run) -> Moves:
        """To the last hit before this point; where there is none, to the very start."""
        self.stopped = None
        if run.position == (0, 0):
            self.stopped = "the start"
            return
        watched = self.breakpoints.enabled
        found = (yield from self._last(run, self._survey(run, watched), run.position)) if watched else None
        yield from run.goto(*(found[0] if found else (0, 0)))
        if found:
            self._stop(run, found[1])
        else:
            self.stopped = "the start"

    def _last(self, run: Run, survey: Survey, here: tuple[int, int]) -> _Search:
        """The last hit before a point, and what is hit there."""
        step, op = here
        found = (yield from self._walked(run, survey, step, here)) if op else None
        stop, size = step, 1
        while stop and not found:
            start = max(0, stop - size)
            suspects = yield from survey.suspects(run, start, stop)
            for suspect in reversed(suspects):
                found = yield from self._walked(run, survey, suspect, here)
                if found:
                    break
            stop, size = start, min(2 * size, _FARTHEST)
        if not found:
            from ..run.twin import scout  # nobody goes back before the first frame

            twin = scout(run)
            finish(twin.goto(0, 0))
            hits = survey.places_here(twin)
            found = ((0, 0), hits) if hits else None
        return found

    @staticmethod
    def _walked(run: Run, survey: Survey, step: int, here: tuple[int, int]) -> _Search:
        """The last hit in a step's window that lies before a point."""
        from ..run.twin import goto_step, scout

        twin = scout(run)
        yield from goto_step(twin, step, run.quantum)
        found = None
        target = min(here, (step + 1, 0))
        while twin.position < target:
            for done in survey.walk(twin, target):
                twin.quantum = run.quantum
                yield done
            if survey.hits and twin.position < here:
                found = twin.position, survey.hits
        return found

    # --- to a place

    def run_to(self, run: Run, place: str, backwards: bool = False) -> Moves:
        """Forwards or backwards to the nearest point of a place, past all breakpoints.

        Raises:
            CommandError: it is no place of this model, or does not lie ahead or behind; the position is as it was.
        """
        from .places import parse

        self.stopped = None
        wanted = parse(place).check(run.stepper.program)
        survey = self._survey(run, [Breakpoint(0, place, wanted)])
        return self._back_to(run, survey, wanted) if backwards else self._on_to(run, survey, wanted)

    def _on_to(self, run: Run, survey: Survey, wanted: Place) -> Moves:
        here, known = run.position, _Known(run)
        last = min(run.end, sys.maxsize if wanted.step is None else wanted.step + 1)
        if here >= (last, 0):
            raise CommandError(f"step {wanted.step} lies behind: run backwards to it")
        if wanted.step is None:
            # What is edited on the way may leave no such place; without edits it comes within an epoch.
            ahead = [edit.step + (edit.op > 0) for edit in run.history.edits if (edit.step, edit.op) > here]
            edited = max(ahead, default=0)
            yield from self._advance(run, survey, (edited, 0), counts=False)
            if self.stopped is None and not wanted.possible(run.stepper.program):
                yield from _return(run, here, known)
                what = wanted.words.removeprefix("before ")
                raise CommandError(f"nothing ahead is {what}: from step {edited} on the model has no such place")
        yield from self._advance(run, survey, (last, 0), counts=False)
        if self.stopped is None:
            yield from _return(run, here, known)
            raise CommandError(f"nothing ahead in step {wanted.step} is {wanted.words.removeprefix('before ')}")
        self.stopped = None

    def _back_to(self, run: Run, survey: Survey, wanted: Place) -> Moves:
        found = yield from self._last(run, survey, run.position)
        if not found:
            raise CommandError(f"nothing lies behind that is {wanted.words.removeprefix('before ')}")
        yield from run.goto(*found[0])


def _known(granularity: str) -> str:
    if granularity not in GRANULARITIES:
        raise CommandError(f"{granularity!r} is no granularity: it is one of {', '.join(GRANULARITIES)}")
    return granularity


def _words(fault: Fault) -> str:
    """`nan at forward: sample 1 › layer 2 › neuron 3`."""
    what = "nan" if math.isnan(fault.result) else "inf" if fault.result > 0.0 else "-inf"
    return f"{what} at {fault.phase}{f': {fault.scope}' if fault.scope else ''}"


class _Known:
    """What was recorded of a run before a movement; what a movement overshot beyond it is forgotten."""

    def __init__(self, run: Run) -> None:
        history = run.history
        self.measured = max(len(history.loss), run.measured())
        self.position = max([run.position, (len(history.loss), 0), *(edit.issued_at for edit in history.edits)])


def _return(run: Run, position: tuple[int, int], known: _Known) -> Moves:
    """Back to a point that was overshot, as if the run had not been further; not to be left halfway."""
    try:
        yield from _way_back(run, position, known)
    except GeneratorExit:
        finish(_way_back(run, position, known))
        raise


def _way_back(run: Run, position: tuple[int, int], known: _Known) -> Moves:
    from ..run.twin import briefly

    point = max(known.position, position)
    if position[0] < known.measured:
        yield from briefly(run, run.forget_beyond(point, known.measured))
    yield from briefly(run, run.goto(*position))
    run.history.forget_after(*point, max(known.measured, run.measured()))
