"""What the runs of a session keep, measured object by object. Must not know how they leave anything out."""

from __future__ import annotations

import gc
import sys
from array import array
from types import FunctionType, ModuleType

import pytest

from chainstep.engine.training.commands import Fork, Forward, Restart
from chainstep.engine.training.run.checkpoint import Checkpoint
from chainstep.engine.training.run.run import Run
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.step.state import State
from chainstep.engine.training.step.stepper import Stepper
from support.sessions import Begin

_NOT_RECORDED = (Stepper, State, Settings, type, FunctionType, ModuleType)
"""What computes, not what was measured."""

_CHECKPOINTS = 128
"""More than there is room for where there are several runs."""


def as_if_played(run: Run) -> None:
    """Record what a quarter of a million steps would leave behind, and stand there."""
    history, start = run.history, run.state.step
    stop = start + _CHECKPOINTS * history.spacing
    numbers = array("d", [0.5]) * (stop - start)
    history.measured(start, numbers, numbers)
    for step in range(start, stop, history.spacing):
        run.state.step = step + history.spacing
        history.keep_checkpoint(Checkpoint.of(run.stepper, run.state, 0))
    run.stand_at(history.newest[-1])


def recorded(session: Session) -> int:
    """Bytes of all that is kept of what the runs did, each object once."""
    seen: set[int] = set()
    waiting: list[object] = []
    for run in session.editor.runs:
        waiting += [run.history, run._drafts, run.ghost]
    total = 0
    while waiting:
        found = waiting.pop()
        if id(found) in seen or isinstance(found, _NOT_RECORDED):
            continue
        seen.add(id(found))
        total += sys.getsizeof(found)
        waiting += [found.history, found._drafts] if isinstance(found, Run) else gc.get_referents(found)
    return total


@pytest.mark.parametrize(("forks", "hidden"), [(8, (64, 64)), (8, (2,))])
def test_all_runs_of_a_session_take_64_megabytes_at_most(forks: int, hidden: tuple[int, ...], begin: Begin) -> None:
    session = begin("moons", hidden=hidden, batch_size=1)
    as_if_played(session.run)
    for _ in range(forks):
        session.apply(Fork())
        as_if_played(session.run)
    session.apply(Restart())
    as_if_played(session.run)
    assert len(list(session.editor.runs)) == forks + 3
    assert 4 * 2**20 < recorded(session) <= 64 * 2**20


def test_what_a_session_keeps_of_each_sample_can_be_taken_out_bit_by_bit(begin: Begin) -> None:
    session = begin("iris")
    data, kept = session.subject, session.of_samples()
    assert [len(each) for each in kept[:2]] == [len(data.train_inputs), len(data.test_inputs)]
    assert list(data.train_inputs) in kept
    assert list(data.test_targets) in kept
    for each in kept:
        each.clear()
    session.apply(Forward("step"))  # they are lists of their own
    assert session.step == 1
