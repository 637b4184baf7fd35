"""Twins of a run that are sent elsewhere in its place, and movements in pieces that are short enough for a search.

Knows runs; must not know what is searched for.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from ..moves import Moves
from .run import Run

OPS_AT_ONCE = 8_000
"""Ops that are replayed in one piece: a millisecond or two."""


def scout(run: Run) -> Run:
    """A twin that also knows the edits that are recorded ahead, so that it can go there as the run itself would."""
    twin = run.twin()
    twin.history.edits = list(run.history.edits)
    twin.quantum = sys.maxsize
    return twin


def goto_step(twin: Run, step: int, quantum: int) -> Moves:
    """A twin's movement to the start of a step, in pieces of `quantum` samples where they are compiled."""
    twin.quantum = quantum
    return briefly(twin, twin.goto(step, 0))


def look_back(run: Run, steps: int) -> Moves:
    """See to it that the losses of so many steps behind a run are known one by one."""
    history, stop = run.history, run.measured()
    start = max(0, stop - steps)
    if history.loss.is_exact(start, stop):
        return
    twin, step = scout(run), run.state.step
    yield from goto_step(twin, start, run.quantum)
    yield from goto_step(twin, step, run.quantum)
    # In one row with what the run itself has replayed last: only one row of the past is exact.
    losses, accuracies = twin.history.loss[start:step], twin.history.accuracy[start:step]
    history.measured(start, losses + history.loss[step:stop], accuracies + history.accuracy[step:stop])


def paced(run: Run, moves: Moves, quantum: Callable[[], int]) -> Moves:
    """A movement of a run in pieces of about `quantum()` samples, which is asked anew before each."""
    run.quantum = max(1, quantum())
    for done in moves:
        yield done
        run.quantum = max(1, quantum())


def briefly(run: Run, moves: Moves) -> Moves:
    """A movement of a run in pieces that are short even where it is replayed: its quantum may have been measured on
    compiled steps, which are a hundred times as fast.
    """
    return in_short_pieces(run, moves, lambda: not run.compilation.ready)


def in_short_pieces(run: Run, moves: Moves, replayed: Callable[[], bool] = lambda: True) -> Moves:
    """A movement of a run, in pieces of about `OPS_AT_ONCE` while it is replayed."""
    try:
        while True:
            quantum = run.quantum
            if replayed():
                run.quantum = min(quantum, max(1, OPS_AT_ONCE // (4 * len(run.stepper.program.tape) + 1)))
            try:
                done = next(moves, None)
            finally:
                run.quantum = quantum
            if done is None:
                return
            yield done
    finally:
        moves.close()
