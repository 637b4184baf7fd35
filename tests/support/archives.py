"""Sessions that are saved and opened again: as records, and as one JSON object, as it was in format 2. Must not know
files.
"""

from __future__ import annotations

import base64
import sys
from array import array
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import pytest

from chainstep.engine.training.archive.archive import Archive
from chainstep.engine.training.archive.restore import restore
from chainstep.engine.training.commands import to_json
from chainstep.engine.training.forks.branches import Branch
from chainstep.engine.training.run.checkpoint import Checkpoint
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Trained

_CHECKPOINT = ("step", "epoch", "cursor", "updates", "edits")
_NUMBERS = ("parameters", "grads", "previous")
_MOST_CHECKPOINTS = 8


def reopened(session: Session, subject: Trained | None = None) -> Session:
    """The session as it is opened from its records, and stands where it was left."""
    return restore(subject or session.subject, Archive(session).changes().records, pytest.fail)


def save(session: Session) -> dict[str, Any]:
    """A session as format 2 had it."""
    branches = session.editor.without_redo()
    return {
        "format": 2,
        "granularity": session.granularity,
        "probe": session.inspector.probe,
        "watches": session.inspector.watches,
        "breakpoints": session.debugger.breakpoints.records(),
        "current": branches.current.name,
        "forks": [_save_branch(branch) for branch in branches],
        "log": [to_json(command) for command in session.log],
    }


def _save_branch(branch: Branch) -> dict[str, Any]:
    run = branch.run
    history = run.history
    step, op = run.position
    return {
        "name": branch.name,
        "parent": branch.parent,
        "since": list(branch.since),
        "automatic": branch.automatic,
        "settings": asdict(history.start.stepper.settings),
        "first": list(run.first),
        "amendments": [[*key, value] for key, value in history.start.stepper.program.amendments.items()],
        "position": [step, op],
        "edits": [[e.step, e.op, list(e.issued_at), e.order, to_json(e.command)] for e in history.edits],
        "checkpoints": [_save_checkpoint(kept) for kept in _spread(history.checkpoints, step)],
        "loss": _pack(history.loss[:]),
        "accuracy": _pack(history.accuracy[:]),
        "epochs": list(history.epochs),
        "tests": history.tests,
        "stops": history.stops,
        "begun": history.restarted_by,
        "fault": None if run.fault is None else asdict(run.fault),
        "ghost": None if run.ghost is None else _pack(run.ghost.losses[:]),
    }


def _spread(checkpoints: Sequence[Checkpoint], step: int) -> Sequence[Checkpoint]:
    """Few checkpoints that lead to a step, spread over what is behind it, the latest among them."""
    behind = [kept for kept in checkpoints if kept.step < step]
    return behind[::-1][:: max(1, -(-len(behind) // _MOST_CHECKPOINTS))][::-1]


def _save_checkpoint(kept: Checkpoint) -> dict[str, Any]:
    p = len(kept.stepper.program.first)
    rows = [list(kept.numbers[at : at + p]) for at in range(0, len(kept.numbers), p)]
    numbers = {**dict(zip(_NUMBERS, rows, strict=False)), "moments": rows[len(_NUMBERS) :]}
    return {name: getattr(kept, name) for name in _CHECKPOINT} | numbers


def _pack(numbers: array[float]) -> str:
    """Doubles as base64, little-endian on every machine."""
    copy = array("d", numbers)
    if sys.byteorder == "big":
        copy.byteswap()
    return base64.b64encode(copy.tobytes()).decode("ascii")
