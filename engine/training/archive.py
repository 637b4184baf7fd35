"""A session as plain data for JSON, and back again to the bit. Must not know files or where data comes from."""

from __future__ import annotations

import base64
import sys
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import chain
from typing import Any

from .commands import CommandError, SetKnob, SetParameter, SetProbe, SetSample, from_json, to_json
from .debugger.breakpoints import Breakpoints
from .forks.branches import Branch, Branches
from .forks.edit_checks import check_edits, check_sample
from .log import Log
from .run.begin import begin, build
from .run.checkpoint import Checkpoint
from .run.epochs import EpochStarts
from .run.history import Edit
from .run.run import Ghost
from .saved import SavedError, ascending, look_at_session
from .session import Session
from .setup.data import Formula, TrainingData
from .setup.settings import Settings, turned
from .setup.size import refuse_giant
from .snapshot.debugger import Fault, Link
from .snapshot.series.series import Series
from .snapshot.series.stretches import is_past
from .step.stepper import Stepper

FORMAT = 2

_MOST_CHECKPOINTS = 8
"""Checkpoints that are saved: going back from where a session was left starts at one of them."""


class ArchiveError(ValueError):
    """The data is no saved session, or one of another subject; the message is one line."""


def save(session: Session) -> dict[str, Any]:
    """Everything that `load` needs to open the session again at its very position, with its forks, curves and edits.

    What was undone cannot be redone there, and the runs before a restart are not kept; the session itself stays as it
    is.
    """
    branches = session.editor.without_redo()
    return {
        "format": FORMAT,
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
        "checkpoints": [_save_checkpoint(kept) for kept in history.some_checkpoints(step, _MOST_CHECKPOINTS)],
        "loss": _save_series(history.loss),
        "accuracy": _save_series(history.accuracy),
        "epochs": list(history.epochs),
        "tests": history.tests,
        "stops": history.stops,
        "begun": history.restarted_by,
        "fault": None if run.fault is None else asdict(run.fault),
        "ghost": None if run.ghost is None else _save_series(run.ghost.losses),
    }


def _save_checkpoint(kept: Checkpoint) -> dict[str, Any]:
    p = len(kept.stepper.program.first)
    rows = [list(kept.numbers[at : at + p]) for at in range(0, len(kept.numbers), p)]
    numbers = {**dict(zip(_NUMBERS, rows, strict=False)), "moments": rows[len(_NUMBERS) :]}
    return {name: getattr(kept, name) for name in _CHECKPOINT} | numbers


def _save_series(series: Series) -> dict[str, Any]:
    width, columns, tail = series.stored()
    return {"width": width, "columns": [_pack(column) for column in columns], "tail": _pack(tail)}


def load(subject: TrainingData | Formula, saved: Mapping[str, Any]) -> Session:
    """The session of `save`, on the same subject.

    Raises:
        ArchiveError: `saved` is no saved session, or not one of this subject.
    """
    if saved.get("format") != FORMAT:
        raise ArchiveError(f"saved in format {saved.get('format')!r}, this version reads {FORMAT}")
    try:
        look_at_session(saved)
        return _load(subject, saved)
    except (KeyError, TypeError, ValueError, IndexError, AssertionError, ArithmeticError) as error:
        raise ArchiveError(f"the saved session cannot be read: {error}") from error


_CHECKPOINT = ("step", "epoch", "cursor", "updates", "edits")
_NUMBERS = ("parameters", "grads", "previous")


def _load(subject: TrainingData | Formula, saved: Mapping[str, Any]) -> Session:
    settings = [_settings(subject, branch["settings"]) for branch in saved["forks"]]
    session = Session(subject, settings[0], saved["forks"][0]["first"])
    session.debugger.granularity = saved["granularity"]
    session.inspector.apply(SetProbe(None if saved["probe"] is None else tuple(saved["probe"])), session.run)
    session.restore(Branches([_load_branch(subject, branch) for branch in saved["forks"]], saved["current"]))
    session.inspector.watches = tuple(saved["watches"])
    session.debugger.breakpoints = Breakpoints.of(saved["breakpoints"])
    session.log = Log([from_json(record) for record in saved["log"]])
    return session


def _load_branch(subject: TrainingData | Formula, saved: Mapping[str, Any]) -> Branch:
    settings, first = _settings(subject, saved["settings"]), tuple(saved["first"])
    program = build(subject, settings)
    if len(first) != len(program.first):
        raise SavedError("it has not a first weight for every parameter")
    amendments = {(sample, feature): value for sample, feature, value in saved["amendments"]}
    for (sample, feature), value in amendments.items():
        check_sample(program, SetSample(sample, feature, value))
    program = program.amended(amendments)
    ghost = None if saved["ghost"] is None else Ghost(_series(saved["ghost"]), None)
    run = begin(subject, program, settings, first, ghost)
    history = run.history
    history.loss, history.accuracy = _series(saved["loss"]), _series(saved["accuracy"])
    if len(history.loss) != len(history.accuracy):
        raise SavedError("its measurements are not of the same steps")
    ascending(saved["epochs"], "epochs")
    ascending([step for step, *_ in saved["tests"]], "tests", strictly=False)
    history.epochs = EpochStarts(saved["epochs"])
    history.tests = [(step, loss, accuracy) for step, loss, accuracy in saved["tests"]]
    history.stops = [(step, op, what) for step, op, what in saved.get("stops", ())]
    history.restarted_by = saved.get("begun", "")
    for step, op, issued_at, order, record in saved["edits"]:
        command = from_json(record)
        if not isinstance(command, SetKnob | SetParameter | SetSample):
            raise CommandError(f"{record!r} is no edit")
        history.edits.append(Edit(step, op, command, (issued_at[0], issued_at[1]), order))
    ascending([(edit.step, edit.op) for edit in history.edits], "edits", strictly=False)
    check_edits(subject, program, settings, history.edits)
    ascending([kept["step"] for kept in saved["checkpoints"]], "checkpoints")
    # They are not spread as the run's own will be.
    history.checkpoints = [_checkpoint(subject, run.stepper, history.edits, kept) for kept in saved["checkpoints"]]
    if saved["fault"] is not None:
        run.fault = _fault(saved["fault"])
    step, op = saved["position"]
    if step > len(history.loss):
        raise ValueError(f"it stands at step {step}, and has losses of {len(history.loss)}")
    run.restore(history, step, op)
    since = (saved["since"][0], saved["since"][1])
    return Branch(saved["name"], run, saved["parent"], since, saved["automatic"])


def _fault(saved: Mapping[str, Any]) -> Fault:
    inputs = tuple((name, number) for name, number in saved["inputs"])
    return Fault(**{**saved, "inputs": inputs, "chain": tuple(Link(**link) for link in saved["chain"])})


def _checkpoint(
    subject: TrainingData | Formula, start: Stepper, edits: Sequence[Edit], saved: Mapping[str, Any]
) -> Checkpoint:
    """A checkpoint again, with the settings and samples that the edits before it had made."""
    settings, amendments = start.settings, dict(start.program.amendments)
    for edit in edits[: saved["edits"]]:
        if isinstance(edit.command, SetKnob):
            settings = turned(settings, edit.command.name, edit.command.value)
        elif isinstance(edit.command, SetSample):
            amendments[edit.command.sample, edit.command.feature] = edit.command.value
    stepper = Stepper(build(subject, settings).amended(amendments), settings)
    rows = [*(saved[name] for name in _NUMBERS), *saved["moments"]]
    numbers, batches = array("d", chain.from_iterable(rows)), stepper.program.batches
    if {*map(len, rows)} != {len(stepper.program.first)} or len(numbers) != Checkpoint.length(stepper):
        raise SavedError("a checkpoint has not a number for every parameter")
    if saved["cursor"] % batches.size or saved["cursor"] >= batches.n or saved["edits"] > len(edits):
        raise SavedError("a checkpoint lies where no step begins")
    return Checkpoint(stepper, **{name: saved[name] for name in _CHECKPOINT}, numbers=numbers)


def _series(saved: str | Mapping[str, Any]) -> Series:
    """Format 2 has all numbers in one row."""
    if isinstance(saved, str):
        return Series(_unpack(saved))
    width, columns = saved["width"], [_unpack(column) for column in saved["columns"]]
    if not is_past(width, columns):
        raise SavedError("its curves are not what a session saves")
    return Series.of(width, columns, _unpack(saved["tail"]))


def _settings(subject: TrainingData | Formula, values: Mapping[str, Any]) -> Settings:
    settings = Settings.of(values)
    if not isinstance(subject, Formula):
        refuse_giant(len(settings.features or subject.features), settings.hidden, len(subject.classes))
    return settings


def _pack(numbers: array[float]) -> str:
    """Doubles as base64, little-endian on every machine."""
    copy = array("d", numbers)
    if sys.byteorder == "big":
        copy.byteswap()
    return base64.b64encode(copy.tobytes()).decode("ascii")


def _unpack(text: str) -> array[float]:
    numbers = array("d")
    numbers.frombytes(base64.b64decode(text, validate=True))
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
