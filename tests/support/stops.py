"""Sessions with breakpoints, and a slow search for their stops that looks after every op. Must not know any test."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any

from chainstep.datasets import Dataset
from chainstep.engine.training.commands import Goto, SetKnob, SetParameter
from chainstep.engine.training.debugger.breakpoints import Breakpoints
from chainstep.engine.training.debugger.debugger import Debugger
from chainstep.engine.training.debugger.places import parse
from chainstep.engine.training.moves import finish
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.settings import Settings

Position = tuple[int, int]
Make = Callable[[], Session]
Asked = dict[str, Any]
"""What can be asked at a position."""

POINTS = Dataset.of(
    "points",
    ("x0", "x1"),
    "y",
    ("no", "yes"),
    [((0.5, -1.0), 0.0), ((1.5, 0.3), 1.0), ((-0.7, 0.2), 0.0), ((0.1, 0.9), 1.0), ((-1.2, -0.4), 0.0)],
)


def small(**knobs: object) -> Session:
    """Two hidden neurons on five points, in batches of two."""
    base: dict[str, object] = {"hidden": (2,), "loss": "mse", "lr": 0.7, "batch_size": 2, "seed": 3}
    return Session(POINTS, Settings.of({**base, **knobs}))


def edited() -> Session:
    """A run with a past that was edited, in the middle of steps and between them."""
    session = small()
    for step, op, command in (
        (1, 7, SetParameter(0, 0.9)),
        (2, 0, SetParameter(3, -0.2)),
        (2, 20, SetKnob("lr", 0.3)),
        (3, 0, SetKnob("lr", 0.9)),
    ):
        session.apply(Goto(step, op))
        session.apply(command)
    session.apply(Goto(5))
    session.apply(Goto(0))
    return session


def debugger(session: Session, *texts: str) -> Debugger:
    """One with these breakpoints."""
    breakpoints = Breakpoints()
    for text in texts:
        breakpoints.add(text, session.run.stepper.program)
    return Debugger(breakpoints)


def onwards(session: Session, made: Debugger, limit: int) -> list[Position]:
    """Every stop of continuing to a step."""
    stops = []
    while session.run.position < (limit, 0):
        finish(made.resume(session.run, limit))
        if made.stopped:
            stops.append(session.run.position)
    return stops


def backwards(session: Session, made: Debugger) -> list[Position]:
    """Every stop of continuing backwards, the last at the start."""
    stops = []
    while session.run.position != (0, 0):
        finish(made.reverse(session.run))
        stops.append(session.run.position)
    return stops


# --- the slow search


@cache
def positions(make: Make, limit: int) -> list[tuple[Position, Asked]]:
    """Every position up to the start of step `limit`, with what can be asked there."""
    session, found = make(), []
    while True:
        run, timeline = session.run, session.run.stepper.timeline(session.run.state)
        measured, op = run.measured(), run.state.op
        phase_ends = (timeline.forward_end, timeline.loss_end, timeline.zero_end, timeline.backward_end)
        memory = run.state.memory
        asked: Asked = {
            "loss": run.history.loss[measured - 1] if measured else math.nan,
            "accuracy": run.history.accuracy[measured - 1] if measured else math.nan,
            "lr": run.stepper.lr(run.state.step),
            "step": run.state.step,
            "epoch": run.state.epoch,
            "w": run.parameters[0],
            "g": run.gradients[0],
            "change": run.parameters[0] - run.state.previous[0],
            "end": op == 0 or op in phase_ends,
            "finite": all(map(math.isfinite, (*memory.data, *memory.grad))),
            "timeline": timeline,
            "program": run.stepper.program,
        }
        found.append((run.position, asked))
        if run.position >= (limit, 0):
            return found
        finish(run.forward("op"))


def edges(make: Make, limit: int, holds: Callable[[Asked], bool]) -> list[Position]:
    """Where something begins to hold from one end of a phase to the next."""
    ends = [(position, asked) for position, asked in positions(make, limit) if asked["end"]]
    return [position for (_, was), (position, now) in pairwise(ends) if holds(now) and not holds(was)]


def at_places(make: Make, limit: int, text: str) -> list[Position]:
    """Where a place is, behind the start."""
    place = parse(text)
    return [
        (step, op)
        for (step, op), asked in positions(make, limit)
        if place.step in (None, step) and (step, op) > (0, 0) and op in place.ops(asked["timeline"], asked["program"])
    ]
