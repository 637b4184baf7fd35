"""Breakpoints sorted by what they wait for, on one model. Must not know how a run comes to them."""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakKeyDictionary

from ..run.run import Run
from ..step.program import Program
from ..step.timeline import Timeline
from .breakpoints import Breakpoint
from .conditions import Bound, Condition, ConditionError
from .places import Place
from .targets import Rising, Trouble


class WatchedPlace:
    """A breakpoint at a place."""

    def __init__(self, known: Breakpoint, place: Place) -> None:
        self.breakpoint = known
        self.step = place.step
        """The only step in which it lies; None where every step has it."""
        self._place = place
        self._ops: WeakKeyDictionary[Timeline, tuple[int, ...]] = WeakKeyDictionary()

    def ops(self, run: Run) -> tuple[int, ...]:
        """The op counts, in order, at which it is hit in the run's step; its number is not looked at."""
        timeline = run.stepper.timeline(run.state)
        found = self._ops.get(timeline)
        if found is None:
            found = self._ops[timeline] = self._place.ops(timeline, run.stepper.program)
        return found


class Watched:
    """What `breakpoints` wait for."""

    def __init__(self, breakpoints: Sequence[Breakpoint], program: Program) -> None:
        self.places = [WatchedPlace(b, b.target) for b in breakpoints if isinstance(b.target, Place)]
        self.rising = [(b, b.target.steps) for b in breakpoints if isinstance(b.target, Rising)]
        self.nan: Breakpoint | None = None
        self.stuck: dict[str, Breakpoint] = {}
        """Those that wait for `dead` or `saturated` units, by these words and in their order."""
        self.conditions: list[tuple[Breakpoint, Bound]] = []
        for known in breakpoints:
            match known.target:
                case Trouble("nan"):
                    self.nan = known
                case Trouble(kind):
                    self.stuck[kind] = known
                case Condition() as condition:
                    try:
                        self.conditions.append((known, condition.bind(program)))
                    except ConditionError:
                        # Typed for another model: here it never holds.
                        continue
        self.stuck = dict(sorted(self.stuck.items()))

    @property
    def recorded(self) -> bool:
        """Whether the record alone tells in which steps hits may lie."""
        return (
            self.nan is None
            and not self.stuck
            and all(bound.recorded for _, bound in self.conditions)
            and all(place.step is not None for place in self.places)
        )

    @property
    def single_steps(self) -> bool:
        """Whether it takes a look after every step: the record does not tell all that is waited for."""
        return bool(self.stuck) or any(not bound.recorded for _, bound in self.conditions)
